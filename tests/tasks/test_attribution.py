"""Attribution: who a counted statement comes from, step by step."""

from __future__ import annotations

import pytest

from extractor import Document
from extractor.reading.reading import Reading
from extractor.records import AttributionStep
from extractor.tasks.attribution import attribution, named_reference


def chain(*paragraphs: str) -> list[AttributionStep]:
    """The attribution of the last number."""
    reading = Reading(Document.from_paragraphs([(text, False) for text in paragraphs]))
    last = [quantity for found in reading.quantities for quantity in found][-1]
    return attribution(reading, last.span)


def names(steps: list[AttributionStep]) -> list[str]:
    return [step.name.resolved or step.name.as_written for step in steps]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The navy lost 30 men.", []),
        ("I counted 30 men and I said that 30 had fled.", []),
        ("Grey Lake Radio, citing the coast guard, reported that 30 men fled.", ["coast guard"]),
        ("The general staff put its losses at 30, a toll that it says fell.", ["general staff"]),
        ("\u201cWe were cold,\u201d said Ada Obi. \u201cWe lost 30 men.\u201d", ["Ada Obi"]),
        ("\u201cWe were cold. We lost 30 men,\u201d Ada Obi said.", ["Ada Obi"]),
        ("The navy denied a claim by the rebels that it had lost 30 men.", ["rebels"]),
        ("Ada Obi was quoted by Grey Lake Radio as saying that 30 had fled.", ["Ada Obi"]),
    ],
)
def test_origin(text: str, expected: list[str]) -> None:
    assert names(chain(text))[-1:] == expected


def test_the_outlet_that_was_told_comes_first() -> None:
    steps = chain("Tom Hale told Grey Lake Radio that 30 men had fled.")
    assert names(steps) == ["Grey Lake Radio", "Tom Hale"]
    assert [step.kind for step in steps] == ["outlet", "person"]


def test_the_medium_comes_behind_who_used_it() -> None:
    steps = chain("The coast guard said on Telegram that 30 men had fled.")
    assert [(name, step.kind) for name, step in zip(names(steps), steps, strict=True)] == [
        ("coast guard", "organisation"),
        ("Telegram", "medium"),
    ]


def test_date_and_occasion_of_the_step() -> None:
    [step] = chain("Ada Obi said at a briefing on Friday that 30 men had fled.")
    assert step.occasion == "briefing"
    assert step.occasion_span is not None


def test_a_list_has_the_chain_of_its_lead() -> None:
    assert names(chain("According to the coast guard:", "- 30 men fled;")) == ["coast guard"]


def test_another_sentence_has_no_source() -> None:
    assert chain("The coast guard said it was short of men. Some 30 boats were built.") == []


def test_a_source_line_opens_the_chain_but_not_of_the_background() -> None:
    story = ("Source: the coast guard", "Some 30 boats sank in the storm.")
    assert names(chain(*story)) == ["coast guard"]
    assert chain(*story, "Background:", "In May, 40 boats sank in the storm.") == []


def test_stance_of_an_outlet_is_reported() -> None:
    [step] = chain("The newspaper said that 30 men had fled.")
    assert (step.kind, step.stance) == ("outlet", "reported")


def test_pronouns_without_a_person_refer_to_nobody() -> None:
    reading = Reading(Document.from_text("It sank."))
    span = reading.document.span(0, 2)
    assert named_reference(reading, 0, span) is None
