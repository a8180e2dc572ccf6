"""Numbers as they are written: digits, words, scales, ranges and vague magnitudes.

A number is read whole or not at all: see `adjacency`. A numeral keeps its span, so that the number
shown is always the number read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from extractor.reading.adjacency import checked
from extractor.reading.digits import digits_read
from extractor.reading.invisible import is_invisible, reversed_ranges, seen
from extractor.reading.number_words import fractions_read, vague_amounts, words_read
from extractor.reading.numeral import NumbersRead, Numeral, Void
from extractor.reading.ranges import continued, joined, ranged

__all__ = [
    "NUMBERS_PER_SENTENCE",
    "NumbersRead",
    "Numeral",
    "Void",
    "find_numerals",
    "read_numbers",
    "sentence_numbers",
]

# Of one sentence: news have 30 at most, a table pasted as one line some 100. Each is compared with
# the others and may be asked about, so what stands behind them is given up.
NUMBERS_PER_SENTENCE = 120
TOO_MANY = "too many numbers in one sentence"

_BREAKS = re.compile(r"[\t\n\r\v\f]")
_MINUS = re.compile(
    r"(?:(?<![^\W_])(?P<word>(?i:minus)[\s-])|(?P<sign>\u2212)"
    r"|(?<![^\s(\[])(?P<hyphen>-)|(?<=[$\u00a3\u20ac])(?P<money>-)"
    r"|\b(?:was|were|is|of|at|to|by|reached|hit|below|from)\s(?P<dash>\u2013))$"
)
_MARK_END = re.compile(r"(?:[A-Z]{0,3}[$\u00a3\u20ac\u00a5\u20b9])$")
_SUBTRACTED = re.compile(r"\d\s$")


def find_numerals(text: str) -> list[Numeral]:
    """All numbers of a sentence or a paragraph that are read whole, in order, ranges joined."""
    return list(read_numbers(text).numerals)


def sentence_numbers(text: str) -> NumbersRead:
    """The numbers of one whole sentence; those behind the first `NUMBERS_PER_SENTENCE` are void."""
    read = read_numbers(text)
    over = read.numerals[NUMBERS_PER_SENTENCE:]
    voids = [*read.voids, *(Void(one.start, one.end, TOO_MANY) for one in over)]
    voids.sort(key=lambda void: void.start)
    return NumbersRead(read.numerals[:NUMBERS_PER_SENTENCE], tuple(voids))


@lru_cache(maxsize=2048)
def read_numbers(text: str) -> NumbersRead:
    """The numbers of a sentence or a paragraph, and those that could only be read in part."""
    if text.isascii() and text.isprintable():
        return _read(text)
    shown, places = seen(_BREAKS.sub(" ", text))  # a hard-wrapped line may break in a number
    if len(shown) == len(text):
        return _read(shown)
    return _placed(text, _read(shown), places)


def _placed(text: str, read: NumbersRead, places: list[int]) -> NumbersRead:
    """What was read without the invisible characters, at its places in the text with them.

    A number that they touch, or stand in, is void: what is seen is not what is written.
    """
    numerals: list[Numeral] = []
    voids: list[Void] = []
    turned = reversed_ranges(text)
    found: tuple[Numeral | Void, ...] = (*read.numerals, *read.voids)
    for one in found:
        start, end = places[one.start], places[one.end - 1] + 1
        hidden = next(filter(is_invisible, text[max(0, start - 1) : end + 1]), None)
        hidden = hidden or next((text[a] for a, b in turned if a < end and start < b), None)
        if isinstance(one, Void):
            voids.append(Void(start, end, one.reason))
        elif hidden is None:
            numerals.append(replace(one, start=start, end=end))
        else:
            reason = f"a character that is not seen (U+{ord(hidden):04X}) touches it"
            voids.append(Void(start, end, reason))
    return NumbersRead(tuple(numerals), tuple(sorted(voids, key=lambda void: void.start)))


def _read(text: str) -> NumbersRead:
    candidates = (
        *vague_amounts(text),
        *fractions_read(text),
        *digits_read(text),
        *words_read(text),
    )
    numbers: list[Numeral | Void] = [_signed(text, number) for number in _longest(candidates)]
    for join in (continued, ranged):
        numbers = joined(text, numbers, join)
    kept = checked(text, numbers)
    return NumbersRead(
        tuple(number for number in kept if isinstance(number, Numeral)),
        tuple(number for number in kept if isinstance(number, Void)),
    )


def _longest(candidates: Iterable[Numeral | Void]) -> list[Numeral | Void]:
    """Without those that overlap a longer one; of equal ones the first. In order of place."""
    found: list[Numeral | Void] = []
    starts: list[int] = []
    for one in sorted(candidates, key=lambda number: number.start - number.end):
        at = bisect_left(starts, one.start)
        before_ends = at == 0 or found[at - 1].end <= one.start
        if before_ends and (at == len(found) or one.end <= found[at].start):
            found.insert(at, one)
            starts.insert(at, one.start)
    return found


def _signed(text: str, number: Numeral | Void) -> Numeral | Void:
    """With the minus before it: "minus 40", "minus ten", "\u221240", "-40", "$-40", "-$40"."""
    if isinstance(number, Void) or number.value is None:
        return number
    near = text[max(0, number.start - 20) : number.start]
    mark = _MARK_END.search(near) if text[number.start].isdigit() else None
    sign = _MINUS.search(near[: mark.start()] if mark else near)
    if sign is None or (sign["word"] and mark):
        return number
    if _SUBTRACTED.search(near[: sign.start()]):
        return Void(number.start, number.end, "a sum or a difference")
    if sign["hyphen"] and (
        not text[: number.start].strip(" -") or not text[number.start].isdigit()
    ):
        return Void(number.start, number.end, "a hyphen that may be a minus or a list's mark")
    if mark:
        return replace(number, value=-number.value)
    length = len(sign[sign.lastgroup or 0])
    return replace(number, start=number.start - length, value=-number.value)
