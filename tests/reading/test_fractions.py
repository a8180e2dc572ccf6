"""Parts of a whole: their value, and what only looks like one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extractor.reading.fractions import find_fractions


@pytest.mark.parametrize(
    ("text", "fraction", "value"),
    [
        ("nearly two-thirds of voters", "two-thirds", Decimal(2) / 3),
        ("three quarters agree", "three quarters", Decimal("0.75")),
        ("a third of the crew", "a third", Decimal(1) / 3),
        ("one fifth left", "one fifth", Decimal("0.2")),
        ("Half of them", "Half", Decimal("0.5")),
        ("half its fleet", "half", Decimal("0.5")),
        ("more than half", "half", Decimal("0.5")),
        ("1/16 of a pint", "1/16", Decimal("0.0625")),
        ("one in five men", "one in five", Decimal("0.2")),
        ("9 out of 10 men", "9 out of 10", Decimal("0.9")),
    ],
)
def test_value_and_place(text: str, fraction: str, value: Decimal) -> None:
    [found] = find_fractions(text)
    assert (text[found.start : found.end], found.value) == (fraction, value)


@pytest.mark.parametrize(
    "text",
    [
        "the first half of the game",
        "half an hour",
        "half a million",
        "the third quarter",
        "a third man",
        "the 9/11 attacks",
        "a half-hour show",
        "five in a row",
    ],
)
def test_no_fraction(text: str) -> None:
    assert find_fractions(text) == []
