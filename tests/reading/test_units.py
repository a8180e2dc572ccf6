"""Units after a number: names, abbreviations and what is none."""

from __future__ import annotations

import re

import pytest

from extractor.reading.units import find_percent, find_unit, name_of_unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("40 miles away", "mile"),
        ("40-mile road", "mile"),
        ("40km", "kilometre"),
        ("40 kilometers per hour", "kilometre per hour"),
        ("40 km/h", "kilometre per hour"),
        ("40 mph", "mile per hour"),
        ("40 sq m of floor", "square metre"),
        ("40 cubic feet", "cubic foot"),
        ("40m\u00b2", "square metre"),
        ("40 GWh a year", "gigawatt hour"),
        ("40 gigapascals", "gigapascal"),
        ("40C", "celsius"),
        ("40 degrees Fahrenheit", "fahrenheit"),
        ("40 basis points", "basis point"),
        ("40 pence", "penny"),
        ("40 months", "month"),
    ],
)
def test_unit_has_its_british_name(text: str, unit: str) -> None:
    found = find_unit(text, 2)
    assert found is not None and found.name == unit
    assert not text[found.start : found.end].startswith((" ", "-"))


@pytest.mark.parametrize(
    "text", ["40 in hospital", "40 pm", "40 TV sets", "40 men", "40 at home", "40 points", "40"]
)
def test_what_is_no_unit(text: str) -> None:
    assert find_unit(text, 2) is None


@pytest.mark.parametrize("text", ["5%", "5 %", "5 per cent", "5 percentage points", "5pc", "5 pct"])
def test_percent(text: str) -> None:
    span = find_percent(text, 1)
    assert span is not None and re.fullmatch(r"%|p.*", text[slice(*span)])


@pytest.mark.parametrize(
    ("words", "unit"),
    [("metres", "metre"), ("meter", "metre"), ("sq ft", "square foot"), ("goats", None)],
)
def test_name_of_whole_words(words: str, unit: str | None) -> None:
    assert name_of_unit(words) == unit
