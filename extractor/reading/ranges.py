"""Numbers that belong together: ranges, and one number in two parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from extractor.reading.digits import MARK
from extractor.reading.numeral import Numeral, Void
from extractor.reading.scales import LETTERS, SCALE, scaled

_ODD_RATIO = 100
_HUNDRED, _THOUSAND = 100, 1000
_REACH = 40  # characters before a number in which words may say what it begins
# Both ends of a range may carry their own unit: "$5m to $7m", "10% to 20%".
_JOINER = re.compile(
    rf"^(?:\s?%|\sper\s?cent)?\s?(?:[-\u2013\u2014]|to-?|and|or)\s?(?:{MARK}|Rs\.?\s?)?$"
)
_PERCENT_AFTER = re.compile(r"\s?%|\sper\s?cent", re.IGNORECASE)
_MARK_BEFORE = re.compile(rf"{MARK}$")
# "From 5 to 7" and "by 5 to 7" are two numbers, unless the verb says that it is a range.
_TWO_NUMBERS = re.compile(
    rf"(?<!anywhere )(?<!ranging )(?<!ranged )(?<!ranges )(?<!range )(?<!ran )(?<!run )(?<!vary )"
    rf"(?<!varied )(?<!varying )(?<!estimates )\b(?:from|by)\s+{MARK}?$",
    re.IGNORECASE,
)
# "Up 3 to 250" is a change and a level, "up 5 to 7" is a range; so is none "in 2017 to 900,000".
_CHANGED = re.compile(
    r"\b(?:up|down|higher|lower|r[io]se[ns]?|f[ae]ll(?:en|s)?|gain\w*|los[te]\w*|add(?:s|ed)|dropp?\w*"
    rf"|climb\w*|jump\w*|sl[iu]d\w*|slipp?\w*|shed|surg\w+|advanc\w+)\s+{MARK}?$",
    re.IGNORECASE,
)
_CHANGE_SHARE = 3
_IN_YEAR = re.compile(r"\b(?:in|since|during)\s+$", re.IGNORECASE)
_YEARS = range(1500, 2200)
_BETWEEN = re.compile(r"\bbetween\W+(?:\w+\W+)?$", re.IGNORECASE)
_DASH = re.compile(r"\s?[-\u2013\u2014]\s?")
_SCALE_END = re.compile(rf"(?i:(?P<word>{SCALE}))s?$|(?<=[\d.])(?P<letters>[A-Za-z]{{1,3}})$")
_GROUPS = re.compile(r"(?P<lead>\d{1,3})(?:[,\u00a0\u202f ]000)+$")

Pair = Callable[[str, Numeral, Numeral], Numeral | Void | None]


def joined(text: str, numbers: Sequence[Numeral | Void], join: Pair) -> list[Numeral | Void]:
    """Neighbours of `numbers` made one where `join` says so."""
    found: list[Numeral | Void] = []
    for number in numbers:
        last = found[-1] if found else None
        both = isinstance(last, Numeral) and isinstance(number, Numeral)
        if both and (merged := join(text, last, number)):  # type: ignore[arg-type]
            found[-1] = merged
        else:
            found.append(number)
    return found


def continued(text: str, high: Numeral, low: Numeral) -> Numeral | None:
    """ "One thousand, three hundred and eleven", "2 crore 40 lakh" are one number."""
    if high.value is None or low.value is None or high.upper or low.upper:
        return None
    between, words = text[high.end : low.start], text[low.start : low.end]
    spelled = text[high.start].isalpha() and between == ", " and " and " in words
    stepped = between == " " and _falls(text, high, low)
    if stepped or (spelled and not high.value % _THOUSAND and _HUNDRED < low.value < _THOUSAND):
        return Numeral(high.start, low.end, value=high.value + low.value)
    return None


def _falls(text: str, high: Numeral, low: Numeral) -> bool:
    """Both end in a scale, and the second is less than one of the first's."""
    first = _SCALE_END.search(text, high.start, high.end)
    second = _SCALE_END.search(text, low.start, low.end)
    if first is None or second is None or not first["word"] or not second["word"]:
        return False
    return 0 <= (low.value or 0) < scaled(Decimal(1), first["word"])


def ranged(text: str, low: Numeral, high: Numeral) -> Numeral | Void | None:
    """`low` and `high` as one range, or None where the words between them do not join.

    Void where it cannot be told whether a scale belongs to both ends ("30 to 35,000").
    """
    between = text[low.end : high.start]
    if len(between) > _REACH or low.value is None or high.value is None:
        return None
    if not _JOINER.match(between) or low.upper or high.upper:
        return None
    if problem := _unclear_thousands(text, low, high, between):
        return Void(low.start, high.end, problem)
    before = text[max(0, low.start - _REACH) : low.start]
    if not _opens_range(before, between) or not _like_marked(text, low, high):
        return None
    value = _share_scale(low.value, high.value, text[high.start : high.end])
    if value >= high.value or _is_level(before, value, high.value, between):
        return None
    value *= _shared_groups(text, low, high) or 1
    return Numeral(low.start, high.end, value=value, upper=high.value)


def _unclear_thousands(text: str, low: Numeral, high: Numeral, between: str) -> str | None:
    """ "30 to 35,000" may begin at 30 or at 30,000; of "35-30,000" one end is misspelt."""
    if not _GROUPS.fullmatch(text, high.start, high.end) or " or" in between:
        return None
    dash, shared = _DASH.fullmatch(between), _shared_groups(text, low, high)
    joined_by_and = "and" in between.split() and not _BETWEEN.search(
        text, max(0, low.start - _REACH), low.start
    )
    if joined_by_and or low.value is None or high.value is None:
        return None
    if shared and not dash:
        return "the thousands may belong to one end or to both"
    odd = dash and not shared and 0 < low.value * _ODD_RATIO < high.value
    return "the ends of a range that lie too far apart" if odd else None


def _shared_groups(text: str, low: Numeral, high: Numeral) -> int:
    """1000 in "30-35,000", where the zeros may be meant for both ends; else 0."""
    groups = _GROUPS.fullmatch(text, high.start, high.end)
    if groups is None or low.value is None or high.value is None:
        return 0
    factor = int(high.value) // int(groups["lead"] or 1) if int(groups["lead"]) else 0
    plain = text[low.start : low.end].isdigit() and low.value >= 1
    near = low.value < int(groups["lead"]) <= 10 * low.value
    return factor if plain and near else 0


def _is_level(before: str, low: Decimal, high: Decimal, joiner: str) -> bool:
    """The second number is what the first changed something to, or the first is a year."""
    if "to" not in joiner.split():
        return False
    year = low in _YEARS and high not in _YEARS and _IN_YEAR.search(before)
    return bool(year) or (high > low * _CHANGE_SHARE and bool(_CHANGED.search(before)))


def _like_marked(text: str, low: Numeral, high: Numeral) -> bool:
    """Both ends in one unit: "up 4% to $9" is no range, "4% to 9%" and "4 to 9%" are."""
    if _PERCENT_AFTER.match(text, low.end) and not _PERCENT_AFTER.match(text, high.end):
        return False
    marked = _MARK_BEFORE.search(text, max(0, high.start - 5), high.start)
    return marked is None or _MARK_BEFORE.search(text, max(0, low.start - 5), low.start) is not None


def _opens_range(before: str, joiner: str) -> bool:
    words = joiner.split()
    if "and" in words:
        return bool(_BETWEEN.search(before))
    return "to" not in words or not _TWO_NUMBERS.search(before)


def _share_scale(low: Decimal, high: Decimal, high_text: str) -> Decimal:
    """In "300 to 400 thousand" the scale belongs to both ends, in "900 to 2 thousand" not."""
    scale = _SCALE_END.search(high_text)
    if scale is None or low >= _THOUSAND:
        return low
    word = scale["word"] or scale["letters"]
    if scale["letters"] and word.lower() not in LETTERS:
        return low
    raised = scaled(low, word)
    return raised if raised < high else low
