"""Reasons: sure where they are given, absent where a number may count something."""

from __future__ import annotations

import pytest

from extractor.audit.reasons import name_reason, number_reasons


def reason_at(text: str, word: str) -> str | None:
    """The reason of the last place of `word`."""
    place = text.rindex(word)
    starts = [0, *(i + 1 for i, sign in enumerate(text) if sign == "\n")]
    hits = (reason for a, b, reason in number_reasons(text, starts) if a <= place < b)
    return next(hits, None)


@pytest.mark.parametrize(
    ("text", "number", "reason"),
    [
        ("It began on 14 May 2031.", "14", "date"),
        ("It began on May 14, 2031.", "2031", "date"),
        ("From 3 to 7 oct. they waited", "3", "date"),
        ("Since 2029 the camp has grown.", "2029", "date"),
        ("in the spring of 2031 they left", "2031", "date"),
        ("a plan for the 2020s", "2020", "date"),
        ("logged 2031-05-14 there", "05", "date"),
        ("At 10:30 they met.", "10:30", "time"),
        ("It rang at 6 am again.", "6", "time"),
        ("They held out for twelve days.", "twelve", "time"),
        ("two to three more weeks", "two", "time"),
        ("a 24-hour watch", "24", "time"),
        ("a 19-year-old student", "19", "age"),
        ("men aged 18 to 45", "45", "age"),
        ("Ana Ruiz, 31, left.", "31", "age"),
        ("“Yes,” said Ana Ruiz, 31.", "31", "age"),
        ("She was seventeen.", "seventeen", "age"),
        ("the third wave", "third", "ordinal"),
        ("the 21st attempt", "21", "ordinal"),
        ("one in five stayed", "five", "ratio"),
        ("three times as much", "three", "ratio"),
        ("half of them", "half", "ratio"),
        ("two-thirds agreed", "two", "ratio"),
        ("1. Background", "1", "list_number"),
        ("an old T-72 tank", "72", "name"),
        ("under Article 5 of it", "5", "name"),
        ("call +44 20 7946 0000 now", "7946", "name"),
        ("No one came.", "one", "phrase"),
        ("one of the best", "one", "phrase"),
        ("six-party talks", "six", "phrase"),
        ("There was a single road.", "a single", "phrase"),
    ],
)
def test_numbers_that_count_nothing(text: str, number: str, reason: str) -> None:
    assert reason_at(text, number) == reason


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("They burned 2000 villages in all.", "2000"),
        ("In March 30 soldiers died.", "30"),
        ("It cost $2031 to build.", "2031"),
        ("Chad, 12, and Mali", "12"),
        ("Only one person came.", "one"),
        ("He says that one soldier died.", "one"),
        ("Not one of them returned.", "one"),
        ("Nobody asked for a single tent.", "a single"),
        ("It has not asked for a single tent.", "a single"),
        ("They get $500 a month.", "500"),
        ("half a million people", "half"),
        ("a nine-member panel", "nine"),
        ("a 500-man battalion", "500"),
        ("1,900 of 2,000 were freed", "1,900"),
    ],
)
def test_numbers_that_may_count(text: str, number: str) -> None:
    assert reason_at(text, number) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Kenyans", "demonym"),
        ("South Korean", "demonym"),
        ("Kenyan President", "title"),
        ("Deputy Defence Minister", "title"),
        ("Kenya", None),
        ("Defence Ministry", None),
        ("Royal Navy", None),
        ("President Ruiz", None),
    ],
)
def test_capitals_that_are_no_name(name: str, reason: str | None) -> None:
    assert name_reason(name.split()) == reason
