"""Words that bound a number, and words that make a rate of it."""

from __future__ import annotations

import pytest

from extractor.reading.bounds import find_bound, find_periods


@pytest.mark.parametrize(
    ("text", "bound", "words"),
    [
        ("at least 7", "at_least", "at least"),
        ("No fewer than 7", "at_least", "No fewer than"),
        ("not fewer than\n7", "at_least", "not fewer than"),
        ("no more than 7", "at_most", "no more than"),
        ("more than $7", "more_than", "more than"),
        ("upwards of \u20ac7", "more_than", "upwards of"),
        ("well over 7", "more_than", "well over"),
        ("just under 7", "almost", "just under"),
        ("close to a 7", "almost", "close to"),
        ("fewer than 7", "less_than", "fewer than"),
        ("about Rs 7", "about", "about"),
        ("over EUR 7", "more_than", "over"),
        ("north of 7", "more_than", "north of"),
        ("as few as 7", "at_least", "as few as"),
        ("~7", "about", "~"),
        ("\u2248 7", "about", "\u2248"),
        ("around \u201c7", "about", "around"),
        ("7 or more", "at_least", "or more"),
        ("7 or so", "about", "or so"),
        ("7 at the very least", "at_least", "at the very least"),
        ("7+", "at_least", "+"),
    ],
)
def test_bound(text: str, bound: str, words: str) -> None:
    place = text.index("7")
    found = find_bound(text, place, place + 1)
    assert found is not None
    assert (found[0], text[slice(*found[1])]) == (bound, words)


@pytest.mark.parametrize(
    "text", ["the 7 men", "cover 7", "at least one of 7", "7 more", "threesome 7"]
)
def test_no_bound(text: str) -> None:
    place = text.index("7")
    assert find_bound(text, place, place + 1) is None


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("90 a month", ["month"]),
        ("a monthly wage", ["month"]),
        ("9 per day and 60 each week", ["day", "week"]),
        ("$40/hour", ["hour"]),
        ("three times a week", ["week"]),
        ("every single day", ["day"]),
        ("a year ago", []),
        ("for a week", []),
        ("half a year", []),
        ("a quarter of it", []),
        ("more than a month", []),
    ],
)
def test_rate(text: str, periods: list[str]) -> None:
    assert [period for period, _, _ in find_periods(text)] == periods
