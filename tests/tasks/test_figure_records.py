"""Figure records: who is counted, what a count is part of, where and when."""

from __future__ import annotations

import pytest

from extractor.reading.reading import Reading
from extractor.records import Figure
from extractor.tasks.figure_records import Labelled, merge_mentions
from extractor.verification import verify
from tests.tasks.examples import reading_of


def built(reading: Reading, things: str = "", measure: str = "other") -> dict[str, Figure]:
    """Figures by the words of their first number; those before a word of `things` are no people."""
    labelled = []
    for quantity in (quantity for found in reading.quantities for quantity in found):
        noun = quantity.unit_text.text if quantity.unit_text else things
        people = quantity.unit is None and (not things or noun not in things)
        labelled.append(Labelled(quantity, "", people, measure))
    records = merge_mentions(reading, labelled).records
    figures = [record for record in records if isinstance(record, Figure)]
    assert not [fault for f in figures for fault in verify(f, reading.document.text)]
    return {figure.mentions[0].number.text: figure for figure in figures}


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("The patrol took on 90 divers, 40 of whom left.", "40", "90"),
        ("The patrol took on 90 divers and 40 of them left.", "40", "90"),
        ("Only 40 of the 90 divers came home.", "40", "90"),
        ("Of the 90 divers who left, 40 came home.", "40", "90"),
        ("Of the 90 divers, 40 came by sea and 30 by land.", "30", "90"),
        ("The patrol took on 90 divers, including 40 nurses.", "40", "90"),
        ("We employ 118 divers. Of these, 61 are men.", "61", "118"),
        ("We employ 118 divers. Sixty-two came by sea, 35 by land and 21 by air.", "35", "118"),
    ],
)
def test_a_part_knows_its_whole(text: str, part: str, whole: str) -> None:
    figures = built(reading_of(text))
    assert figures[part].subset_of == figures[whole].id
    assert figures[whole].subset_of is None


def test_counts_side_by_side_are_no_parts() -> None:
    figures = built(reading_of("The patrol took on 90 divers and 40 nurses."))
    assert [figure.subset_of for figure in figures.values()] == [None, None]


def test_a_reference_is_resolved_and_a_part_counts_what_its_whole_does() -> None:
    figures = built(reading_of("The office holds 412 maps and could match 96 of them."), "maps")
    assert figures["96"].unit == "maps"
    people = built(reading_of("Some 90 divers from Kenya joined and 40 of them left."))
    population = people["40"].population
    assert population is not None
    assert (population.as_written, population.resolved) == ("them", "divers from Kenya")


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Some 90 men and women joined.", "men and women"),
        ("The number of recruits rose to 90.", "recruits"),
        ("Eleven divers were killed and four captured.", "divers"),
    ],
)
def test_who_is_counted(text: str, who: str) -> None:
    *_, last = built(reading_of(text)).values()
    assert last.population is not None
    assert last.population.as_written == who


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("The patrol took on 90 divers from Kenya and Nepal.", ["KE", "NP"]),
        ("Some 90 people, all of them Ghanaian or Somali, were rescued.", ["GH", "SO"]),
        ("Some 90 citizens of Yemen joined.", ["YE"]),
    ],
)
def test_nationalities(text: str, codes: list[str]) -> None:
    (figure,) = built(reading_of(text)).values()
    assert figure.nationalities == codes


@pytest.mark.parametrize(
    ("text", "number", "edtf"),
    [
        ("The office cleared 90 lanes and destroyed 40 mines in May 2031.", "90", "2031-05"),
        ("The office cleared 90 lanes in May 2031 and destroyed 40 mines.", "40", "2031-05"),
        ("Almost 90 divers are in camps, down from 400 in 2029.", "90", None),
        ("That is twice the 400 divers who left in 2029.", "400", "2029"),
        ("Divers have lost 90 boats since 2029.", "90", "2029/.."),
        ("Each diver gets 90 tablets and 14 days of rest.", "90", None),
    ],
)
def test_period(text: str, number: str, edtf: str | None) -> None:
    period = built(reading_of(text), "lanes mines boats tablets days")[number].period
    assert (period and period.edtf) == edtf


def test_as_of_is_no_period() -> None:
    (figure,) = built(reading_of("The guard had 90 members as of 1 October 2031.")).values()
    assert figure.as_of is not None
    assert (figure.as_of.edtf, figure.period) == ("2031-10-01", None)


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("Some 90 divers were killed in Kenya.", "Kenya", "KE"),
        ("Some 90 migrants reached Yemen.", "Yemen", "YE"),
        ("The crew forced 90 migrants into the sea off southern Yemen.", "southern Yemen", None),
    ],
)
def test_place(text: str, place: str, code: str | None) -> None:
    (figure,) = built(reading_of(text)).values()
    assert figure.place is not None
    assert (figure.place.as_written, figure.place.code) == (place, code)


def test_a_sentence_speaks_for_a_headline() -> None:
    reading = reading_of("At least 640 hired divers joined.", "Patrol takes on about 640 Kenyans")
    (figure,) = built(reading).values()
    assert (figure.unit_text, figure.bound) == ("hired divers", "at_least")


def test_the_source_is_taken_from_the_mention_that_names_one() -> None:
    reading = reading_of("Some 640 divers joined, the office said.", "At least 640 divers joined.")
    (figure,) = built(reading).values()
    assert figure.bound == "at_least"
    assert [step.name.as_written for step in figure.attribution] == ["office"]


@pytest.mark.parametrize(
    ("things", "measures"),
    [("", ["recruited", "contracts_signed"]), ("treaties", ["contracts_signed"])],
)
def test_people_who_signed_contracts_were_recruited(things: str, measures: list[str]) -> None:
    text = f"They counted 640 {things or 'divers'}."
    (figure,) = built(reading_of(text), things, "contracts_signed").values()
    assert figure.measure == measures


@pytest.mark.parametrize("number", ["one", "a single"])
def test_one_thing_is_counted_in_the_plural(number: str) -> None:
    (figure,) = built(reading_of(f"They have not lost {number} ship."), "ship").values()
    assert (figure.unit, figure.unit_text) == ("ships", "ship")
