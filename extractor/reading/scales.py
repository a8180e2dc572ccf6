"""Words and letters that multiply the number before them. English, South Asian English included."""

from __future__ import annotations

from decimal import Decimal

BLANKS = " \u00a0\u2009\u202f"
NUMBER_SCALES = {
    "hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12,
    "lakh": 5, "lac": 5, "crore": 7,
}  # fmt: skip
LETTERS = {
    "k": 3, "m": 6, "mn": 6, "mln": 6, "mio": 6, "mil": 6, "b": 9, "bn": 9, "bln": 9, "mrd": 9,
    "t": 12, "tn": 12, "trn": 12, "cr": 7,
}  # fmt: skip
SCALE = r"(?:hundred|thousand|million|billion|trillion|lakh|lac|crore|dozen)"
SCALES = rf"(?:{SCALE[3:-1]})s?"
# Letters that are a scale beside a sum of money, and elsewhere a unit or a name ("5 m", "flat 5B").
MONEY_LETTERS = frozenset({"b", "t", "cr"})
_DOZEN = "dozen"


def scaled(value: Decimal, word: str) -> Decimal:
    """`value` times what a scale's word or letters stand for ("million", "bn", "lakhs")."""
    word = word.lower()
    if word not in LETTERS:
        word = word.removesuffix("s")
    if word == _DOZEN:
        return whole(value * 12)
    return whole(value * Decimal(10) ** (NUMBER_SCALES.get(word) or LETTERS[word]))


def power(word: str) -> int:
    """The power of ten of a scale's word, "dozen" and "tens" included."""
    word = word.lower().removesuffix("s")
    return NUMBER_SCALES.get(word, 1)


def whole(value: Decimal) -> Decimal:
    """Without the zeros behind a point: 5 for 5.00."""
    integral = value.to_integral_value()
    return integral if value == integral else value
