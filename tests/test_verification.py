"""Verification: every corrupted record is found, hardly any good one is refused."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal

import pytest
from pydantic import ValidationError

from extractor import Grounded, ground, verify_grounded
from extractor.output import RECORD_TYPES
from extractor.reading.numeral import Numeral
from extractor.records import Article, Entity, Figure, Mention, Quotation, Record, Span
from extractor.typed.checks import number_problem
from extractor.typed.markers import Number
from extractor.verification import Fault, verify, verify_figure
from tests.corruptions import Corruption, corruptions
from tests.corruptions_told import ALL_CHANGES
from tests.corruptions_typed import RECORD_CHANGES, TYPED_CHANGES
from tests.good_records import TYPES, Count, Good, counts, extract

MOST_REFUSED = 0.01
FEWEST_CORRUPTIONS = 2000

Check = Callable[[Record, str], list[Fault]]


@pytest.fixture(scope="module")
def extracted() -> Good:
    """What the pipeline makes of whole pages: type, record, canonical text."""
    return asyncio.run(extract())


@pytest.fixture(scope="module")
def corrupted(extracted: Good) -> list[tuple[Corruption, Record]]:
    """Corrupted records that the schema still accepts."""
    kept = []
    for type_ in ALL_CHANGES:
        good = [
            (type_, record.model_dump(mode="json"), text)
            for own, record, text in extracted
            if own == type_ and not verify(record, text)
        ]
        for corruption in corruptions(good, seed=11, changes=ALL_CHANGES):
            try:
                kept.append((corruption, RECORD_TYPES[type_].model_validate(corruption.record)))
            except ValidationError:
                continue
    return kept


def accepted(corrupted: list[tuple[Corruption, Record]], check: Check) -> Counter[str]:
    """How many pass the check, by kind of corruption."""
    passed = (c.kind for c, record in corrupted if not check(record, c.text))
    return Counter(passed)


def test_no_corrupted_record_is_accepted(corrupted: list[tuple[Corruption, Record]]) -> None:
    assert len(corrupted) >= FEWEST_CORRUPTIONS
    assert accepted(corrupted, verify) == Counter()


def test_the_count_shows_a_check_that_finds_nothing(
    corrupted: list[tuple[Corruption, Record]],
) -> None:
    assert accepted(corrupted, lambda _record, _text: []).total() == len(corrupted) > 0


@pytest.mark.parametrize("type_", TYPES)
def test_good_records_are_hardly_ever_refused(type_: str, extracted: Good) -> None:
    own = [(record, text) for found, record, text in extracted if found == type_]
    assert own
    faults = [(record.id, found) for record, text in own if (found := verify(record, text))]
    assert len(faults) <= MOST_REFUSED * len(own), faults


@pytest.fixture(scope="module")
def typed(extracted: Good) -> list[tuple[dict[str, Any], str]]:
    """The figures as records of a user's type."""
    return list(counts(extracted))


def grounded(given: dict[str, Any]) -> Grounded[Count]:
    fields = {"id": "rec-01", "record": given["record"], "evidence": given["evidence"]}
    return Grounded[Count].model_validate(fields)


def test_no_corrupted_record_of_a_users_type_is_accepted(
    typed: list[tuple[dict[str, Any], str]],
) -> None:
    good = (("counts", given, text) for given, text in typed)
    made = list(corruptions(good, seed=11, changes=TYPED_CHANGES))
    assert len(made) >= FEWEST_CORRUPTIONS
    passed = [c for c in made if not verify_grounded(grounded(c.record), c.text)]
    assert Counter(c.kind for c in passed) == Counter()


def test_no_evidence_is_found_for_a_corrupted_record_of_a_users_type(
    typed: list[tuple[dict[str, Any], str]],
) -> None:
    good = (("counts", given, text) for given, text in typed)
    made = list(corruptions(good, seed=13, changes={"counts": RECORD_CHANGES}))
    found = [(c.kind, ground(grounded(c.record).record, c.text)) for c in made]
    assert len(found) > 500
    assert [(kind, place) for kind, place in found if isinstance(place, Grounded)] == []


def test_good_records_of_a_users_type_are_hardly_ever_refused(
    typed: list[tuple[dict[str, Any], str]],
) -> None:
    refused = [
        given["record"]
        for given, text in typed
        if verify_grounded(grounded(given), text)
        or not isinstance(ground(grounded(given).record, text), Grounded)
    ]
    assert len(refused) <= MOST_REFUSED * len(typed), refused


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start=start, end=start + len(words), text=words)


def figure(text: str, number: str, **fields: Any) -> Figure:
    """A bare exact figure at the first place of `number`; its value is the number's digits."""
    place = span(text, number)
    mention = Mention(span=place, number=place, bound="exact")
    given = {"value": Decimal(number.replace(",", "")), "bound": "exact", "mentions": [mention]}
    return Figure(id="fig-01", **(given | fields))


@pytest.mark.parametrize(
    ("text", "number", "field"),
    [
        ("They lost 118,000 nets.", "18,000", "mentions[0].number"),
        ("They lost 3.5 nets.", "3", "mentions[0].number"),
        ("They lost 18,000 million nets.", "18,000", "mentions[0].number"),
        ("The harbour office says that the whole of the fleet has lost 18\nmillion nets.", "18",
         "mentions[0].number"),
        ("They lost nearly 300 nets.", "300", "mentions[0].bound"),
        ("They lost 300 or more nets.", "300", "mentions[0].bound"),
        ("They have not lost 300 nets.", "300", "mentions[0].negated"),
        ("The nets fell by 300.", "300", "mentions[0].change"),
        ("They lost 30% of the nets.", "30", "mentions[0].unit"),
        ("They lost £300 on nets.", "300", "mentions[0].unit"),
    ],
)  # fmt: skip
def test_what_stands_around_a_number_counts(text: str, number: str, field: str) -> None:
    found = verify(figure(text, number, unit="people"), text)
    assert [fault.field for fault in found] == [field]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("They lost 300 nets.", "300"),
        ("The crew handed over 800 nets.", "800"),
        ("Not one of the 9 boats sank.", "9"),
        ("Home\n12\n300 nets were lost.", "12"),
    ],
)
def test_a_bare_number_is_accepted(text: str, number: str) -> None:
    assert verify(figure(text, number), text) == []


@pytest.mark.parametrize("change", ["decrease", None])
def test_a_rise_is_no_fall(change: Literal["decrease"] | None) -> None:
    text = "The nets rose by 300."
    assert verify(figure(text, "300", change="increase"), text) == []
    found = verify(figure(text, "300", change=change), text)
    assert [fault.field for fault in found] == ["mentions[0].change"]


def test_unit_words_and_period_need_their_evidence() -> None:
    text = "They lost 300 nets a month.\nBoats are dearer."
    evidence = {"unit_text": span(text, "nets"), "per": span(text, "a month")}
    given = {"unit": "nets", "unit_text": "nets", "per": "month", "evidence": evidence}
    assert verify(figure(text, "300", **given), text) == []
    elsewhere = {**evidence, "unit_text": span(text, "Boats")}
    wrong = {"unit": "boats", "unit_text": "Boats", "per": "week", "evidence": elsewhere}
    found = verify(figure(text, "300", **wrong), text)
    assert {fault.field for fault in found} == {"mentions[0].unit", "unit_text", "per"}


def test_a_figure_may_not_claim_less_than_its_bounded_mention() -> None:
    text = "About 300 nets were lost. The 300 nets are dear."
    second = text.rindex("300")
    mentions = [
        Mention(span=span(text, "About 300"), number=span(text, "300"), bound="about",
                bound_text=span(text, "About")),
        Mention(span=(bare := Span(start=second, end=second + 3, text="300")), number=bare,
                bound="exact"),
    ]  # fmt: skip
    assert verify(figure(text, "300", mentions=mentions, bound="about"), text) == []
    found = verify(figure(text, "300", mentions=mentions), text)
    assert [fault.field for fault in found] == ["bound"]


def test_a_quotation_reaches_from_mark_to_mark() -> None:
    text = "“We do not sell nets,” she said."
    whole, part = span(text, "We do not sell nets,"), span(text, "sell nets,")
    good = Quotation(id="quo-01", text=whole.text, evidence={"text": whole})
    assert verify(good, text) == []
    cut = Quotation(id="quo-01", text=part.text, evidence={"text": part})
    changed = good.model_copy(update={"text": "We do sell nets,"})
    assert [fault.field for fault in verify(cut, text)] == ["text"]
    assert [fault.field for fault in verify(changed, text)] == ["text"]


def test_the_forms_of_an_entity_are_its_mentions() -> None:
    text = "Ann Lee sails. Lee-Ann waves to Annex."
    entity = Entity(id="ent-01", name="Ann Lee", kind="person", mentions=[span(text, "Ann Lee")])
    assert verify(entity, text) == []
    aliased = entity.model_copy(update={"aliases": ["Leigh"]})
    assert [fault.field for fault in verify(aliased, text)] == ["name"]
    cut = entity.model_copy(update={"name": "Anne", "mentions": [span(text, "Anne")]})
    assert [fault.field for fault in verify(cut, text)] == ["mentions[0]"]


def test_spans_of_other_records_are_verbatim() -> None:
    title = span("Nets lost", "Nets lost")
    article = Article(id="art-01", title="Nets lost", evidence={"title": title})
    assert verify(article, "Nets lost") == []
    assert [fault.field for fault in verify(article, "Nets last")] == ["evidence.title"]


HALF_READ = [
    ("The army hired 640\u00b9\u00b2 men.", "640", Decimal(640)),
    ("The army hired 2\u00bd million men.", "million", Decimal(1_000_000)),
    ("The army hired 1,200/7 men.", "1,200", Decimal(1200)),
    ("The army hired 6\u200b40 men.", "40", Decimal(40)),
    ("The army hired 25 lakh men.", "25", Decimal(25)),
    ("The army hired minus ten men.", "ten", Decimal(10)),
]


@pytest.mark.parametrize(("text", "number", "value"), HALF_READ)
def test_a_half_read_number_is_refused_even_if_the_reader_takes_it(
    text: str, number: str, value: Decimal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader is made to lie: it takes a part of the number for the whole. The verifier and the
    grounding of users' types must see by themselves that something touches it."""
    start = text.index(number)
    lie = Numeral(start, start + len(number), value=value)
    monkeypatch.setattr("extractor.reading.context.numerals_of", lambda _: (lie,))
    monkeypatch.setattr(
        "extractor.reading.context._numerals_by_place", lambda _: {(lie.start, lie.end): lie}
    )
    span = Span(start=lie.start, end=lie.end, text=number)
    mention = Mention(span=span, number=span, bound="exact")
    figure = Figure(id="f", value=value, bound="exact", measure=["other"], mentions=[mention])
    assert [fault.field for fault in verify_figure(figure, text)] == ["mentions[0].number"]
    assert number_problem(value, Number(), span, text) is not None


def test_a_denied_adjective_denies_no_number() -> None:
    text = "It isn\u2019t cheap at $140, but it did not sell 30 of them."

    def figure(number: str, span: str, **fields: Any) -> Figure:
        places = [
            Span(start=text.index(w), end=text.index(w) + len(w), text=w) for w in (span, number)
        ]
        mention = Mention(span=places[0], number=places[1], bound="exact")
        value = {"id": "f", "bound": "exact", "measure": ["other"], "mentions": [mention]}
        return Figure(value=Decimal(number), **value, **fields)

    mark = Span(start=text.index("$"), end=text.index("$") + 1, text="$")
    price = {"unit": "USD", "unit_text": "$", "evidence": {"unit_text": mark}}
    assert verify(figure("140", "$140", **price), text) == []
    denied = verify(figure("140", "$140", negated=True, **price), text)
    assert [fault.field for fault in denied] == ["mentions[0].negated"]
    assert [fault.field for fault in verify(figure("30", "30"), text)] == ["mentions[0].negated"]
    assert verify(figure("30", "30", negated=True), text) == []
