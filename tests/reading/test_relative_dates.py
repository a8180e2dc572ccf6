"""Dates that count from the day of publication."""

from __future__ import annotations

from datetime import date

import pytest

from extractor.reading.date_words import UnreadError
from extractor.reading.relative_dates import resolve

TUESDAY = date(2031, 3, 18)


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("today", "2031-03-18"),
        ("this morning", "2031-03-18"),
        ("last night", "2031-03-17"),
        ("Tuesday", "2031-03-18"),
        ("Wednesday evening", "2031-03-12"),
        ("last Tuesday", "2031-03-11"),
        ("next Friday", "2031-03-21"),
        ("earlier this month", "2031-03"),
        ("last month", "2031-02"),
        ("last week", "2031-03-10/2031-03-16"),
        ("late last year", "2030"),
        ("last March", "2030-03"),
        ("last autumn", "2030-23"),
        ("two weeks ago", "2031-03-04~"),
        ("four months ago", "2030-11"),
        ("the past six months", "2030-09/2031-03"),
        ("the start of the year", "2031-01"),
        ("the same month", None),
        ("some weeks ago", None),
    ],
)
def test_resolve(words: str, edtf: str | None) -> None:
    assert resolve(words, TUESDAY) == edtf


def test_weekdays_ahead() -> None:
    assert resolve("Monday", TUESDAY, ahead=True) == "2031-03-24"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("last May", date(2031, 6, 15)),  # a month ago, or thirteen
        ("next May", date(2031, 3, 18)),
        ("last spring", date(2031, 7, 1)),
        ("last winter", date(2031, 7, 1)),  # it lies in two years
        ("the weekend", date(2031, 3, 15)),  # a Saturday
        ("next year", date(9999, 5, 1)),
        ("tomorrow", date(9999, 12, 31)),
        ("900 years ago", date(800, 1, 1)),
    ],
)
def test_what_may_be_of_two_years_or_of_none_is_refused(words: str, day: date) -> None:
    with pytest.raises(UnreadError):
        resolve(words, day)


@pytest.mark.parametrize(
    ("words", "day", "edtf"),
    [
        ("last October", date(2031, 6, 15), "2030-10"),
        ("next May", date(2031, 6, 15), "2032-05"),
        ("this past May", date(2031, 6, 15), "2031-05"),
        ("the weekend", TUESDAY, "2031-03-15/2031-03-16"),
        ("the past year", TUESDAY, "2030/2031"),
        ("this quarter", TUESDAY, "2031-33"),
        ("the day before yesterday", TUESDAY, "2031-03-16"),
    ],
)
def test_resolve_at_other_days(words: str, day: date, edtf: str) -> None:
    assert resolve(words, day) == edtf
