"""The adjacency principle: what touches a number and was not read makes it void.

Digits, letters, signs, fractions, slashes, marks of currencies or notes, invisible characters, and
number words at a blank's distance change what a number says. A reader that passes over one of them
has read another number than the text's; so its reading is no value, and the reason is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.reading.bounds import SLASH_PERIODS
from extractor.reading.digits import MARK, SIGNS, VULGAR, may_open, touches_unit
from extractor.reading.money import is_currency
from extractor.reading.numeral import Numeral, Void
from extractor.reading.scales import BLANKS, SCALE, SCALES

_WORDS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
# Digits behind a no-break blank, or behind any blank with zeros in front, go on with a number.
_DIGITS_NEXT = re.compile(r"[\u00a0\u2009\u202f]\d+|\s0\d+")
_DIGITS_BEFORE = re.compile(rf"\d[\u00a0\u2009\u202f]$|\b{SCALES}\s$", re.IGNORECASE)
_DIGIT_HERE = re.compile(r"[\d.]")
_PLAIN_DIGITS = re.compile(r"[\d.,]*\d(?![\w-])")
# "Five thousand 200 men" is one number that is not read; "two thousand 40-kg bombs" are two.
_SCALE_THEN_DIGITS = re.compile(r"\s[\d.,]*\d(?![\w-])")
_LEADING_ZEROS = re.compile(r"0\d")
_SCALE_NEXT = re.compile(
    rf"[{BLANKS}-](?:(?:{SCALES})(?:ths?)?(?![A-Za-z])|[{VULGAR}]|[1-9][/\u2044]\d)", re.IGNORECASE
)
_PART_NEXT = re.compile(
    r"[\s-]+and[\s-]+(?:a|one|two|three)[\s-]+(?:half|quarters?|thirds?)\b(?!\s+of)", re.IGNORECASE
)
# "Nineteen ninety-nine" is one number that is not read; "six one-hour shifts" are two.
_WORD_END = rf"(?!\w)(?!-(?!(?:{_WORDS})\b))"
_WORD_NEXT = re.compile(rf"[{BLANKS}](?:{_WORDS}){_WORD_END}|-(?:{_WORDS})", re.IGNORECASE)
_WORD_BEFORE = re.compile(rf"\b(?:{_WORDS}|{SCALES})[{BLANKS}-]$", re.IGNORECASE)
# "And a half million" behind a number that was not read is no half a million.
_AND_BEFORE = re.compile(rf"(?:\d\w*|\b(?:{_WORDS}|{SCALES}))[\s-]and[\s-]$", re.IGNORECASE)
_PART_HERE = re.compile(
    r"(?:an?|one|two|three)?[\s-]?(?:half|quarters?|thirds?|fifths?)\b", re.IGNORECASE
)
_WORD_HERE = re.compile(rf"(?:{_WORDS}){_WORD_END}", re.IGNORECASE)
_REFERENCE = re.compile(r"\[(?:\d{1,3})\]")
_BELOW_ZERO = re.compile(
    r"(?:\s?\u00b0\s?[CF]?|\s(?:degrees?)(?:\s\w+)?)?\s(?:below\s(?:zero|freezing)|sub-?zero)",
    re.IGNORECASE,
)
_ENDS_IN_SCALE = re.compile(rf"\b{SCALES}$", re.IGNORECASE)
_STARTS_WITH_SCALE = re.compile(rf"(?:{SCALE})|[{VULGAR}]|[1-9][/\u2044]", re.IGNORECASE)
_NUMBER_BEFORE = re.compile(rf"(?:[\d{VULGAR}]|\b(?:{_WORDS}|{SCALES}))[{BLANKS}-]$", re.IGNORECASE)
_QUOTES = "\"'\u201c\u2018\u201e\u201f\u00ab\u2039"
_OPENERS = f"([{{{_QUOTES}\u00bf\u00a1|*~\u2248<>\u2264\u2265\u2026\u2022\u00b7"
_CLOSERS = ")]}\"'\u201d\u2019\u00bb\u203a;!?|\u2026%\u2030\u00b0\u2033\u2032"
_STOPS = ".,:"
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015"
# "A minus-40 night", "a sub-4 time", "the now-14 members", "$5m-6m"; "AK-47" is a name.
_PREFIX = re.compile(
    r"(?:\b(?i:minus|sub|now|mid|late|early|to|a|the|some)|\d[kmbt]n?|\d%)[-\u2013]$"
)
_MARK_TOUCHED = re.compile(rf"(?:[_=%/&@^#\\]|\d[:\u2010-\u2015-]){MARK}$")
_MARK_WITH_POINT = re.compile(r"(?<!\w)[A-Z][a-z]{0,2}\.$")  # "Rs.500", "P.5bn"
_NOTE_MARK = re.compile(r"[*\u2020\u2021\u00a7]{1,3}(?!\w)|\[(?:\d{1,3}|[a-z]|note \d+)\]")
_SHORT_YEAR = re.compile(r"(?<!\w)['\u2018\u2019]$")
_PLUS = re.compile(r"(?<![\w+])\+$")
_RATE = re.compile(r"/\s?(?P<word>[A-Za-z\u00b5]+[23\u00b2\u00b3]?)(?!\w)")
_LETTERS_AFTER = re.compile(r"[^\W\d_]+")
_TAIL_WORDS = re.compile(r"-(?:ish|something|fold)|-?(?:th|st|nd|rd|s)(?![A-Za-z])", re.IGNORECASE)
_RANGE_AFTER = re.compile(r"[-\u2010-\u2015](?:to-)?\d")
_RANGE_BEFORE = re.compile(r"\d-to-$")
_SCORE_HEAD = re.compile(r"(?<![\w.,-])\d{1,3}[-\u2013]$")
_SCORE_END = re.compile(r"\d{1,3}(?![\w-]|[.,]\d)")
_SCORE = re.compile(r"(?<![\w.,-])\d{1,3}[-\u2013]\d{1,3}(?![\w-]|[.,]\d)")


def checked(text: str, numbers: Sequence[Numeral | Void]) -> list[Numeral | Void]:
    """`numbers` in order, each void where something unread touches it."""
    found: list[Numeral | Void] = []
    for number in numbers:
        reason = None if isinstance(number, Void) else unread_at(text, number.start, number.end)
        found.append(number if reason is None else Void(number.start, number.end, reason))
    return found


def unread_at(text: str, start: int, end: int) -> str | None:
    """What touches the number at `start:end` and is no part of it; None where it stands alone."""
    return _inside(text, start, end) or _before(text, start) or _after(text, start, end)


def _inside(text: str, start: int, end: int) -> str | None:
    if _LEADING_ZEROS.match(text, start):
        return "zeros in front of it"
    scripts = {ord(c) - int(c) for c in text[start:end] if c.isdecimal()}
    return "digits of two scripts" if len(scripts) > 1 else None


def _before(text: str, start: int) -> str | None:
    near = text[max(0, start - 40) : start]
    if not near:
        return None
    last = near[-1]
    if last.isspace():
        unread = _goes_on(text, start, near)
        return f"{near.split()[-1]!r} before it is unread" if unread else None
    return _touched_before(text, start, near)


def _goes_on(text: str, start: int, near: str) -> bool:
    """What is read goes on with a number that stands before it and was not read."""
    pairs = (
        (_STARTS_WITH_SCALE, _NUMBER_BEFORE),
        (_WORD_HERE, _WORD_BEFORE),
        (_PLAIN_DIGITS, _DIGITS_BEFORE),
        (_PART_HERE, _AND_BEFORE),
    )
    return any(here.match(text, start) and before.search(near) for here, before in pairs)


def _touched_before(text: str, start: int, near: str) -> str | None:
    last, digit = near[-1], _DIGIT_HERE.match(text, start) is not None
    if last == "[" and _REFERENCE.match(text, start - 1):
        return "a reference's mark"
    if last in _OPENERS:
        return "a short year" if _is_short_year(text, start, near) else None
    if last in SIGNS:
        return f"{_touching(near)!r} touches it" if _MARK_TOUCHED.search(near) else None
    if _opens(text, start, near, digit):
        return None
    return f"{_touching(near)!r} touches it"


def _is_short_year(text: str, start: int, near: str) -> bool:
    short = re.compile(r"\d\d(?!\d|[\u2019'])").match(text, start)
    return bool(short and _SHORT_YEAR.search(near))


def _opens(text: str, start: int, near: str, digit: bool) -> bool:
    """Dashes, marks of money and bound signs that may stand before a number."""
    last, ahead = near[-1], near[-2:-1]
    if last in _DASHES:
        apart = not ahead.isalnum() or (last in "\u2013\u2014\u2015" and ahead.isalpha())
        if _RANGE_BEFORE.search(near):
            return False
        scored = _SCORE_HEAD.search(near) and _SCORE_END.match(text, start)
        return apart or not (digit or ahead.isdigit()) or bool(_PREFIX.search(near) or scored)
    if last == "+":
        percent = re.compile(r"[\d.]+\s?%").match(text, start)
        return bool(_PLUS.search(near) and percent)
    if last.isalpha():
        return digit and may_open(text, start)
    if last in _STOPS:
        return not (digit or ahead.isdigit()) or bool(_MARK_WITH_POINT.search(near))
    return (last == ";" and not digit) or near.endswith("Y=")  # wire services write yen so


def _touching(near: str) -> str:
    return re.search(r"\S{1,12}$", near)[0]  # type: ignore[index]


def _after(text: str, start: int, end: int) -> str | None:
    following = text[end : end + 40]
    if not following:
        return None
    first = following[0]
    if first.isspace() or first == "-":
        if unread := _number_behind(text, end, following):
            return f"{unread.strip()!r} behind it is unread"
        if first.isspace():
            return None
    if first in _CLOSERS and not re.match(r"['\u2019\"]\d", following):
        return None
    if first in _STOPS:
        return f"{following[:2]!r} touches it" if following[1:2].isdigit() else None
    return None if _closes(text, start, end, following) else f"{_ahead(following)!r} touches it"


def _number_behind(text: str, end: int, following: str) -> str | None:
    """A scale, a fraction, a sign ("below zero") or a word that goes on with the number."""
    for pattern in (_DIGITS_NEXT, _SCALE_NEXT, _PART_NEXT, _BELOW_ZERO):
        if match := pattern.match(following):
            return match[0]
    if not text[end - 1].isdigit() and (match := _WORD_NEXT.match(following)):
        return match[0]
    if _ENDS_IN_SCALE.search(text, max(0, end - 10), end):
        match = _SCALE_THEN_DIGITS.match(following)
        return match[0] if match else None
    return None


def _closes(text: str, start: int, end: int, following: str) -> bool:
    first = following[0]
    if first in _DASHES:
        joined = _RANGE_AFTER.match(following)
        score = _SCORE.match(text, start) if joined and text[start].isdigit() else None
        return bool(score) or not (joined or _TAIL_WORDS.match(following))
    if first == "+":
        return not following[1:2].isalnum()
    if first == "/":
        rate = _RATE.match(following)
        return bool(rate and rate["word"].lower() in SLASH_PERIODS)
    if first in SIGNS:
        return not following[1:2].isalnum()
    if first.isalpha():
        return _letters_close(text, end, following)
    return bool(_NOTE_MARK.match(following))


def _letters_close(text: str, end: int, following: str) -> bool:
    """Letters that touch a number are those of a unit or a currency."""
    letters = _LETTERS_AFTER.match(following)
    return touches_unit(text, end) or (letters is not None and is_currency(letters[0]))


def _ahead(following: str) -> str:
    return re.match(r"\S{1,12}", following)[0]  # type: ignore[index]
