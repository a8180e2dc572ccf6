"""Peers' answers become predictions: places, numbers, units, joined mentions, what is left out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from evals.comparisons.peers.convert import body_of, prediction
from extractor.documents import Document
from extractor.evaluation.checks import check
from extractor.evaluation.suite import Case
from extractor.records import Figure, Quotation, Span
from tests.evaluation.synthetic import article

TEXT = (
    "Harbour takes on 640 divers\n"
    "At least 640 divers signed up and earn $1.9 million a month, Tomas Lindqvist said on Monday.\n"
    "“We have no nets left,” Lindqvist told reporters, and dozens of boats stayed in the port.\n"
)
PAGE = Document.from_text(TEXT)


def converted(*lines: dict[str, Any]) -> tuple[list[Figure], list[Quotation], int]:
    found, lost = prediction("page.txt", body_of(PAGE), lines)
    figures = [one for one in found.records["figures"] if isinstance(one, Figure)]
    quotations = [one for one in found.records["quotations"] if isinstance(one, Quotation)]
    return figures, quotations, lost


def figure(words: str, **values: object) -> dict[str, Any]:
    return {"kind": "figure", "values": {"words": words, **values}}


def test_a_figure_with_all_its_fields() -> None:
    (one,), _, lost = converted(
        figure(
            "At least 640 divers", number="640", bound="at_least", unit="People",
            measure="recruited", per=None, change=None, negated=False,
            population="divers", source="Tomas Lindqvist",
        )
    )  # fmt: skip
    assert one.value == 640
    assert (one.bound, one.unit, one.measure) == ("at_least", "people", ["recruited"])
    assert one.mentions[0].span.text == "At least 640 divers"
    assert one.mentions[0].number.text == "640"
    assert one.population is not None and one.population.as_written == "divers"
    assert one.attribution[0].name.as_written == "Tomas Lindqvist"
    assert lost == 0


def test_the_number_is_read_from_the_article_where_the_peer_gave_a_part_of_it() -> None:
    (one,), _, _ = converted(figure("$1.9 million", number="1.9", bound="exact", unit="$"))
    assert (one.value, one.unit) == (Decimal(1_900_000), "USD")
    assert one.mentions[0].number.text == "1.9 million"


def test_a_changed_number_stays_what_the_peer_said() -> None:
    (one,), _, _ = converted(figure("640 divers", number="6,400"))
    assert one.value == 6400
    assert one.mentions[0].number.text == "640"


def test_a_digit_of_a_number_is_not_that_number() -> None:
    (one,), _, _ = converted(figure("640 divers", number="64"))
    assert one.value == 64


def test_a_vague_amount() -> None:
    (one,), _, _ = converted(figure("dozens of boats", number="dozens", unit="boats"))
    assert (one.value, one.magnitude, one.bound, one.unit) == (None, 1, "vague", "boats")


@pytest.mark.parametrize(
    ("given", "unit"),
    [("USD", "USD"), ("US dollars", "USD"), ("money", "USD"), ("%", "percent"), ("", None)],
)
def test_units_in_the_records_terms(given: str, unit: str | None) -> None:
    (one,), _, _ = converted(figure("$1.9 million", number="1.9 million", unit=given))
    assert one.unit == unit


def test_mentions_of_one_count_are_one_record_with_the_bound_that_tells_more() -> None:
    found, _, _ = converted(
        figure("640 divers", number="640", bound="exact", unit="people"),
        {**figure("At least 640 divers", number="640", bound="at_least", unit="people"),
         "start": TEXT.index("At least"), "end": TEXT.index(" signed")},
        figure("640 divers", number="640", bound="exact", unit="boats"),
    )  # fmt: skip
    assert [(one.unit, one.bound, len(one.mentions)) for one in found] == [
        ("people", "at_least", 2),
        ("boats", "exact", 1),
    ]


def test_the_place_is_the_peers_own_alignment() -> None:
    start = TEXT.index("640 divers signed")
    (one,), _, _ = converted(
        {**figure("640 divers", number="640"), "start": start, "end": start + len("640 divers")}
    )
    assert one.mentions[0].number.start == start


def test_what_is_not_in_the_article_is_counted_apart() -> None:
    found, quotations, lost = converted(
        figure("900 sailors", number="900"),
        figure("the port", number="many"),
        {"kind": "quotation", "values": {"words": "Nobody came", "speaker": None}},
    )
    assert (found, quotations, lost) == ([], [], 3)


def test_a_quotation_without_its_marks_and_its_speaker() -> None:
    line = {
        "kind": "quotation",
        "values": {"words": "“We have no nets left,”", "speaker": "tomas lindqvist"},
    }
    _, (one,), _ = converted(line, line)
    assert one.text == "We have no nets left,"
    assert one.evidence["text"].text == "We have no nets left,"
    assert one.speaker is not None and one.speaker.as_written == "Tomas Lindqvist"


def test_a_speaker_who_is_nowhere_in_the_article_is_left_out() -> None:
    _, (one,), _ = converted(
        {"kind": "quotation", "values": {"words": "no nets left", "speaker": "Ilse Brandt"}}
    )
    assert one.speaker is None


def test_offsets_lead_back_to_the_page_over_its_furniture() -> None:
    page = Document.from_paragraphs([("Menu", True), ("A storm rose.", False), ("Ads", True),
                                     ("It cost 31 rescuers their lives.", False)])  # fmt: skip
    body = body_of(page)
    assert body.text == "A storm rose.\nIt cost 31 rescuers their lives."
    found, _ = prediction("page", body, [figure("31 rescuers", number="31")])
    (one,) = found.records["figures"]
    assert isinstance(one, Figure)
    span = one.mentions[0].span
    assert page.text[span.start : span.end] == span.text == "31 rescuers"
    whole = body.in_page(Span(start=0, end=len(body.text), text=body.text))
    assert whole.text.startswith("A storm rose.\nAds\nIt")


def test_predictions_hold_the_hard_limits() -> None:
    gold, text = article([(640, "about", "2021-03-04")], voices=1)
    page = Document.from_text(text)
    lines = [figure("640", number="640", source="x"), figure(text.split(".")[0], number="640")]
    found, _ = prediction(gold.document.name, body_of(page), lines)
    checked = check([Case(page, gold)], {gold.document.name: found})
    assert checked.spans > 0 and checked.verbatim == checked.spans
