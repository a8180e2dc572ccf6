"""The value of a number in words, by the grammar of English numerals alone (Hurford 1975).

It shares no code with the reader of numbers, which is held against it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

_UNITS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
_SCALES = {
    "thousand": 10**3, "lakh": 10**5, "lac": 10**5, "million": 10**6, "crore": 10**7,
    "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
NUMBER_WORDS = (*_UNITS, *_TENS, *_SCALES, "hundred")
_POINT = {"point", "dot", "comma"}


def spelled_value(words: str) -> Decimal | None:
    """The value of "a hundred and fifty thousand"; None where the words are not one number."""
    parts = [word for word in re.findall(r"[a-z]+", words.lower()) if word != "and"]
    parts = [
        "one" if word in ("a", "an") else "zero" if word in ("nought", "oh") else word
        for word in parts
    ]
    at = next((index for index, word in enumerate(parts) if word in _POINT), None)
    if at is None:
        return _whole(parts)
    scales = [word for word in parts[at + 1 :] if word in _SCALES or word == "hundred"]
    digits = [_UNITS.get(word) for word in parts[at + 1 : len(parts) - len(scales)]]
    head = _whole(parts[:at] or ["zero"])
    if head is None or not digits or any(digit is None or digit > 9 for digit in digits):
        return None
    value = head + Decimal(f"0.{''.join(map(str, digits))}")
    for scale in scales:
        value *= 100 if scale == "hundred" else _SCALES[scale]
    return value


def _whole(words: Sequence[str]) -> Decimal | None:
    """The sum of groups that fall in scale, each of at most 99 hundreds and 99."""
    total, group, last = 0, 0, 0
    seen = False
    for word in words:
        if word in _SCALES:
            if not seen or (last and _SCALES[word] >= last):
                return None
            total, group, last, seen = total + group * _SCALES[word], 0, _SCALES[word], False
            continue
        grown = _grown(group, word, seen)
        if grown is None:
            return None
        group, seen = grown, True
    return Decimal(total + group) if words and (seen or last) else None


def _grown(group: int, word: str, seen: bool) -> int | None:
    """`group` with one more word of it, or None where the word cannot follow."""
    if word == "hundred":
        return group * 100 if 0 < group < 100 else None
    if word in _TENS:
        return group + _TENS[word] if group % 100 == 0 else None
    if word not in _UNITS or (word == "zero" and seen):
        return None
    after_ten = group % 100 in _TENS.values() and 0 < _UNITS[word] < 10
    return group + _UNITS[word] if group % 100 == 0 or after_ten else None
