"""Dates that count from the day of publication."""

from __future__ import annotations

from datetime import date

import pytest

from extractor.reading.relative_dates import resolve, with_year

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
    ("edtf", "ahead", "full"),
    [
        ("XXXX-03", False, "2031-03"),
        ("XXXX-05", False, "2030-05"),
        ("XXXX-05", True, "2031-05"),
        ("XXXX-03-19", False, "2030-03-19"),
        ("XXXX-02-01", True, "2032-02-01"),
    ],
)
def test_the_year_is_that_of_the_nearest_one(edtf: str, ahead: bool, full: str) -> None:
    assert with_year(edtf, TUESDAY, ahead=ahead) == full
