"""Dates in every form that they are written in, whole and disturbed: right, or not read."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.reading.date_check import misdated
from extractor.reading.date_words import MONTHS, WEEKDAYS
from extractor.reading.dates import to_edtf

PUBLISHED = date(2024, 6, 15)
ROWS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("dates.yaml").read_text())
FORMS = 6000
_ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}

Form = tuple[str, str]  # words, EDTF


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["words"]))
def test_labelled_forms(row: dict[str, Any]) -> None:
    assert to_edtf(row["words"], PUBLISHED) == row["edtf"]


@pytest.mark.parametrize("row", [row for row in ROWS if row["edtf"]], ids=lambda r: str(r["words"]))
def test_labels_pass_the_check(row: dict[str, Any]) -> None:
    assert misdated(row["words"], row["edtf"]) is None


def _day_forms(day: date) -> list[Form]:
    month, edtf = MONTHS[day.month - 1].title(), day.isoformat()
    ordinal = f"{day.day}{_ORDINALS.get(day.day, 'th')}"
    weekday = WEEKDAYS[day.weekday()].title()
    short = month if month in ("May", "June", "July") else f"{month[:3]}."
    return [
        (f"{day.day} {month} {day.year}", edtf),
        (f"{month} {day.day}, {day.year}", edtf),
        (f"{short} {day.day}, {day.year}", edtf),
        (f"the {ordinal} of {month} {day.year}", edtf),
        (f"{month} {ordinal}, {day.year}", edtf),
        (f"{weekday}, {day.day} {month} {day.year}", edtf),
        (f"{weekday} ({month} {day.day}, {day.year})", edtf),
        (f"the night of {day.day} {month} {day.year}", edtf),
        (edtf, edtf),
        (f"since {month} {day.day}, {day.year}", f"{edtf}/.."),
        (f"until {day.day} {month} {day.year}", f"../{edtf}"),
    ]


def _range_forms(first: date, last: date) -> list[Form]:
    edtf = f"{first.isoformat()}/{last.isoformat()}"
    one, two = MONTHS[first.month - 1].title(), MONTHS[last.month - 1].title()
    forms = [
        (f"{one} {first.day}, {first.year} to {two} {last.day}, {last.year}", edtf),
        (f"between {first.day} {one} {first.year} and {last.day} {two} {last.year}", edtf),
    ]
    if first.year == last.year:
        forms += [
            (f"{first.day} {one} - {last.day} {two} {last.year}", edtf),
            (f"{one} {first.day}-{two} {last.day}, {last.year}", edtf),
        ]
    if (first.year, first.month) == (last.year, last.month):
        forms += [
            (f"{one} {first.day}-{last.day}, {first.year}", edtf),
            (f"{first.day}\u2013{last.day} {one} {first.year}", edtf),
            (f"{first.day} to {last.day} {one} {first.year}", edtf),
            (f"between {first.day} and {last.day} {one} {first.year}", edtf),
        ]
    return forms


def _period_forms(year: int, month: int) -> list[Form]:
    name, quarter, half = MONTHS[month - 1].title(), (month - 1) // 3 + 1, (month - 1) // 6 + 1
    ordinal = ("first", "second", "third", "fourth")[quarter - 1]
    months = ("01", "06") if half == 1 else ("07", "12")
    half_edtf = f"{year}-{months[0]}/{year}-{months[1]}"
    return [
        (f"{name} {year}", f"{year}-{month:02}"),
        (f"mid-{name} {year}", f"{year}-{month:02}"),
        (f"{name} '{year % 100:02}", f"{year}-{month:02}"),
        (f"Q{quarter} {year}", f"{year}-{32 + quarter}"),
        (f"{quarter}Q{year % 100:02}", f"{year}-{32 + quarter}"),
        (f"the {ordinal} quarter of {year}", f"{year}-{32 + quarter}"),
        (f"H{half} {year}", half_edtf),
        (f"the {('first', 'second')[half - 1]} half of {year}", half_edtf),
        (f"from {name} {year} to December {year + 1}", f"{year}-{month:02}/{year + 1}-12"),
        (f"{year}", f"{year}"),
        (f"late {year}", f"{year}"),
        (f"the {year // 10}0s", f"{year // 10}X"),
    ]


def forms(seed: int, count: int) -> list[Form]:
    """Plain forms of random days, ranges and periods of 1980 to 2031."""
    random = Random(seed)
    made: list[Form] = []
    while len(made) < count:
        first = date(1980, 1, 1) + timedelta(days=random.randrange(52 * 365))
        last = first + timedelta(days=random.choice((1, 2, 9, 40, 300)))
        made.append(random.choice(_day_forms(first)))
        made.append(random.choice(_range_forms(first, last)))
        made.append(random.choice(_period_forms(first.year, first.month)))
    return made[:count]


def disturbed(random: Random, words: str) -> str:
    """Words with something more touching or beside them, as pages have."""
    digits = [i for i, letter in enumerate(words) if letter.isdigit()]
    at = random.choice(digits) if digits else 0
    return random.choice(
        (
            words[:at] + random.choice("123456789") + words[at:],
            f"{words}{random.choice('123456789')}",
            f"{words}[{random.randrange(1, 40)}]",
            f"{words}\u00b9",
            f"{words}/{random.randrange(1, 99)}",
            f"{words}-{random.randrange(1, 99)}",
            f"{words}, {random.randrange(1990, 2030)}",
            f"{random.randrange(1, 40)} {words}",
            f"{words} ({random.randrange(1, 40)})",
            f"{random.randrange(1, 30)}/{words}",
            f"{words} last year",
            f"{random.choice(WEEKDAYS)} {words}",
            f"{words} and {random.choice(MONTHS)}",
            words.replace(" ", "", 1),
        )
    )


def _may_mean(words: str, edtf: str) -> bool:
    """A disturbance can make another date of full right: then all its numbers are in the date."""
    return misdated(words, edtf) is None


def test_plain_forms_are_read_and_never_as_another_date() -> None:
    made = forms(seed=3, count=FORMS)
    read = [(words, edtf, to_edtf(words, PUBLISHED)) for words, edtf in made]
    assert [(w, e, found) for w, e, found in read if found not in (None, e)] == []
    assert sum(found == edtf for _, edtf, found in read) >= 0.9 * FORMS


def test_disturbed_forms_are_read_whole_or_not_at_all() -> None:
    random, wrong = Random(5), []
    for words, edtf in forms(seed=4, count=FORMS):
        other = disturbed(random, words)
        found = to_edtf(other, PUBLISHED)
        if found not in (None, edtf) and not _may_mean(other, found):
            wrong.append((other, edtf, found))
        if found == edtf and _digits(other) != _digits(words):
            wrong.append((other, edtf, found))
    assert wrong == []


def _digits(words: str) -> str:
    return "".join(letter for letter in words if letter.isdigit())


def test_the_check_finds_a_wrong_date_of_any_form() -> None:
    made = forms(seed=6, count=2000)
    assert [(w, e, problem) for w, e in made if (problem := misdated(w, e))] == []
    random, missed = Random(7), []
    for words, edtf in made:
        at = random.choice([i for i, letter in enumerate(edtf) if letter.isdigit()])
        digit = random.choice([d for d in "0123456789" if d != edtf[at]])
        other = edtf[:at] + digit + edtf[at + 1 :]
        if misdated(words, other) is None:
            missed.append((words, other))
    assert missed == []


_PIECES = (
    "May", "29 February", "2 March", "12", "14th", "2023", "'22", "Q3", "first half of", "last",
    "year", "Friday", "-", "to", "and", "between", "since", "until", "the", "of", "(", ")", ",",
    "/", "week", "2024-05", "13/04/2024", "ago", "two", "early", "the past", "winter", "31 June",
    "1990s",
)  # fmt: skip


@settings(max_examples=1500, deadline=None)
@given(
    st.one_of(
        st.text(alphabet="0123456789-/.,()' 'MayQ3HstJunfridyoelwkg", max_size=60),
        st.lists(st.sampled_from(_PIECES), max_size=7).map(" ".join),
        st.tuples(
            st.sampled_from(_PIECES), st.sampled_from("-\u2013 "), st.sampled_from(_PIECES)
        ).map("".join),
    ),
    st.dates(date(1970, 1, 1), date(2080, 12, 31)),
    st.booleans(),
)
def test_no_words_crash_and_what_is_read_passes_the_check(
    words: str, published: date, ahead: bool
) -> None:
    found = to_edtf(words, published, ahead=ahead)
    assert found is None or misdated(words, found) is None, (words, found)
