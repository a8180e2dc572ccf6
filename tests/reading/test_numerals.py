"""Numbers as written: their value and their exact place."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.reading.numerals import NUMBERS_PER_SENTENCE, find_numerals, sentence_numbers

texts = st.text(
    st.sampled_from("0123456789 ,.-\u2013$%\u00a0\nabk") | st.characters(), max_size=40
) | st.lists(
    st.sampled_from(
        ["a", "one", "two", "and", "half", "hundred", "million", "dozen", "tens of", "to", "7", ","]
    ),
    max_size=9,
).map(" ".join)


@pytest.mark.parametrize(
    ("text", "number", "value"),
    [
        ("Some 4,310 men left", "4,310", "4310"),
        ("12 400 habitants", "12 400", "12400"),
        ("12\u00a0400 habitants", "12\u00a0400", "12400"),
        ("12,34,567 voters", "12,34,567", "1234567"),
        (
            "a force of twenty-one thousand five hundred",
            "twenty-one thousand five hundred",
            "21500",
        ),
        ("two and a half million people", "two and a half million", "2500000"),
        ("a million and a half people", "a million and a half", "1500000"),
        ("half a million shells", "half a million", "500000"),
        ("about a hundred and fifty drones", "a hundred and fifty", "150"),
        ("one thousand, two hundred and six names", "one thousand, two hundred and six", "1206"),
        ("thirty-eight hundred", "thirty-eight hundred", "3800"),
        ("three dozen trucks", "three dozen", "36"),
        ("\u00a38.5bn of aid", "8.5bn", "8500000000"),
        ("$2m", "2m", "2000000"),
        ("1.25 million rounds", "1.25 million", "1250000"),
        ("three\nthousand people", "three\nthousand", "3000"),
        ("some 600km of coast", "600", "600"),
        ("a 2,000-strong brigade", "2,000", "2000"),
        ("4 hundred million bees", "4 hundred million", "400000000"),
        ("two and a half hours", "two and a half", "2.5"),
        ("3 1/2 cups", "3 1/2", "3.5"),
        ("3\u00bd cups", "3\u00bd", "3.5"),
        ("a share of .5 per cent", ".5", "0.5"),
        ("it gained +0.4% today", "0.4", "0.4"),
        ("minus 40 degrees", "minus 40", "-40"),
        ("a minus-40 night", "minus-40", "-40"),
        ("a loss of $-40", "-40", "-40"),
        ("1.5\u00d710^3 cells", "1.5\u00d710^3", "1500"),
        ("a 40mm shell", "40", "40"),
        ("a 40m wide river", "40", "40"),
        ("a 40m people state", "40m", "40000000"),
        ("some USD40m", "40m", "40000000"),
        ("RM2.70 each", "2.70", "2.70"),
        ("$US4,000 more", "4,000", "4000"),
    ],
)
def test_value(text: str, number: str, value: str) -> None:
    [numeral] = find_numerals(text)
    assert (text[numeral.start : numeral.end], numeral.value) == (number, Decimal(value))
    assert numeral.upper is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("between 300 and 450 men", 300, 450),
        ("between eight and ten thousand people", 8000, 10000),
        ("40-50 at a time", 40, 50),
        ("1.3\u20131.6 million", 1300000, 1600000),
        ("between $2,600 and $3,400", 2600, 3400),
        ("10% to 20%", 10, 20),
        ("five or six boats", 5, 6),
        ("900 to 2 thousand", 900, 2000),
        ("estimates ran from 700 to 800", 700, 800),
        ("$4bn-5bn", 4_000_000_000, 5_000_000_000),
        ("a 4-6kW motor", 4, 6),
        ("it rose 4 to 6 points", 4, 6),
    ],
)
def test_range(text: str, low: int, high: int) -> None:
    [numeral] = find_numerals(text)
    assert [numeral.value, numeral.upper] == [low, high]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("raised from 500 to 750", [500, 750]),
        ("rose by 190 to 1,104", [190, 1104]),
        ("shares fell 3p to 250p", [3, 250]),
        ("from 4 tons in 2001 to 9,000", [4, 2001, 9000]),
        ("20 tanks and 30 guns", [20, 30]),
        ("He had one thousand, two hundred of whom fled", [1000, 200]),
        ("12 and 14 were hurt", [12, 14]),
    ],
)
def test_two_numbers_are_no_range(text: str, values: list[int]) -> None:
    assert [numeral.value for numeral in find_numerals(text)] == values


@pytest.mark.parametrize(
    ("text", "magnitude"),
    [
        ("dozens of men", 1),
        ("hundreds", 2),
        ("several thousand", 3),
        ("tens of thousands", 4),
        ("hundreds of thousands", 5),
        ("a few million", 6),
        ("Scores were hurt", 1),
    ],
)
def test_vague_amount_has_a_power_of_ten(text: str, magnitude: int) -> None:
    [numeral] = find_numerals(text)
    assert (numeral.value, numeral.magnitude) == (None, magnitude)


@pytest.mark.parametrize(
    "text",
    [
        "the AK-47",
        "a T-72 tank",
        "3,50",
        "the 14th",
        "the second man",
        "two-thirds",
        "the ones",
        "4x4",
        "COP26",
        "a PS5",
    ],
)
def test_no_number(text: str) -> None:
    assert find_numerals(text) == []


@given(st.integers(0, 10**12))
def test_grouped_digits_keep_their_value(value: int) -> None:
    text = f"They counted {value:,} of them."
    [numeral] = find_numerals(text)
    assert numeral.value == value
    assert text[numeral.start : numeral.end] == f"{value:,}"


@given(st.decimals(0, 10**6, places=2), st.sampled_from(["million", "billion"]))
def test_scaled_digits_keep_their_value(value: Decimal, scale: str) -> None:
    [numeral] = find_numerals(f"worth {value} {scale}.")
    assert numeral.value == value * {"million": 10**6, "billion": 10**9}[scale]


@given(texts)
def test_any_text_is_read_without_overlap(text: str) -> None:
    end = 0
    for numeral in find_numerals(text):
        assert end <= numeral.start < numeral.end <= len(text)
        assert (numeral.value is None) != (numeral.magnitude is None)
        assert numeral.upper is None or (numeral.value or 0) < numeral.upper
        end = numeral.end


@pytest.mark.parametrize(
    "text", ["exports fell 7% to $2.3 billion", "shares rose 9.4 per cent to $84"]
)
def test_ends_in_different_units_are_no_range(text: str) -> None:
    assert [numeral.upper for numeral in find_numerals(text)] == [None, None]


@pytest.mark.parametrize("text", ["4% to 9% more", "4 to 9% more", "€40-€50 each", "$5-7 million"])
def test_ends_in_one_unit_are_a_range(text: str) -> None:
    (numeral,) = find_numerals(text)
    assert numeral.upper is not None


@pytest.mark.parametrize("count", [NUMBERS_PER_SENTENCE, NUMBERS_PER_SENTENCE + 7])
def test_a_sentence_has_so_many_numbers_and_no_more(count: int) -> None:
    read = sentence_numbers("; ".join(f"{number} boats" for number in range(40, 40 + count)))
    assert len(read.numerals) == NUMBERS_PER_SENTENCE
    reasons = [void.reason for void in read.voids]
    assert reasons == ["too many numbers in one sentence"] * (count - NUMBERS_PER_SENTENCE)
