"""All amounts of a sentence: what they are, their unit, and changes from one to another."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extractor.documents import Document
from extractor.evaluation.benchmarks.newsquant_amounts import Amount, find_amounts
from extractor.reading.parse import parse


def amounts(text: str) -> list[Amount]:
    [parsed] = parse(Document.from_text(text))
    return find_amounts(parsed)


@pytest.mark.parametrize(
    ("text", "kinds", "units"),
    [
        ("The ferry took 9 hours.", ["duration"], ["hour"]),
        ("The 9-year-old waited.", ["age"], ["year of age"]),
        ("A 9mm pistol was found.", ["size"], ["millimetre"]),
        ("Oil costs $90 a barrel.", ["money"], ["USD per barrel"]),
        ("They earned 90 cents a share.", ["measure"], ["cent per share"]),
        ("They sold 90 tickets per day.", ["count"], ["tickets per day"]),
        ("Wages rose 9% from a year earlier.", ["percent"], ["percent"]),
        ("The calf weighs 90 pounds.", ["money"], ["pound-mass"]),
        ("The British library paid 90 pounds.", ["money"], ["GBP"]),
        ("Two-thirds of the boats sank.", ["fraction"], ["boats"]),
        ("They met in 1999 at 9 a.m.", [], []),
    ],
)
def test_kind_and_unit(text: str, kinds: list[str], units: list[str]) -> None:
    found = amounts(text)
    assert ([one.kind for one in found], [one.unit for one in found]) == (kinds, units)


@pytest.mark.parametrize(
    ("text", "ends", "unit"),
    [
        ("Output fell from 90 tons in 2001 to 70 tons.", ("90", "70"), "ton"),
        ("Debt grew from 2.5 to 3 billion euros.", ("2500000000", "3000000000"), "EUR"),
        ("Rents slid from $90 to $80 per month.", ("90", "80"), "USD per month"),
        ("The sea warmed by 1 to 1.5 degrees.", ("1", "1.5"), "degree"),
    ],
)
def test_from_one_amount_to_another_is_one(text: str, ends: tuple[str, str], unit: str) -> None:
    [found] = amounts(text)
    assert (found.value, found.upper) == tuple(map(Decimal, ends))
    assert found.unit == unit


@pytest.mark.parametrize(
    "text", ["It rose by $9 to $90.", "It rose 9% to 90 tons.", "It fell to 9 tons from 90 tons."]
)
def test_change_and_level_are_two(text: str) -> None:
    assert [one.upper for one in amounts(text)] == [None, None]


def test_a_suspended_hyphen_shares_the_unit() -> None:
    found = amounts("They sell four- and six-wheel carts.")
    assert [one.value for one in found] == [Decimal(4), Decimal(6)]
    assert [one.unit for one in found] == ["wheel", "wheel"]
