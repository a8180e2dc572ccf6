"""Dates that count from the day of publication: "last year", "on Tuesday", "two weeks ago".

All forms are EDTF (ISO 8601-2). A week is its interval from Monday to Sunday, as in ISO 8601.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from extractor.reading.numerals import find_numerals

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}  # ISO 8601-2, 4.8
_LAST_MONTH_OF = {21: 5, 22: 8, 23: 11, 24: 2}

_UNITS = "day|week|month|year"
_PART_OF_DAY = r"(?: (?:morning|afternoon|evening|night))?"
_PART = r"(?:(?:early|earlier|late|later|mid|the (?:start|beginning|end|middle) of)[ -])?"
_TODAY = re.compile(r"today|tonight|this (?:morning|afternoon|evening)|earlier today")
_YESTERDAY = re.compile(rf"yesterday{_PART_OF_DAY}|last night")
_TOMORROW = re.compile(rf"tomorrow{_PART_OF_DAY}")
_NAMED = re.compile(
    rf"{_PART}(?:the )?(?P<which>last|this|next|previous|current|coming|past) "
    rf"(?P<name>{'|'.join(('week', 'month', 'year', *SEASONS, *MONTHS, *WEEKDAYS))}){_PART_OF_DAY}"
)
_WEEKDAY = re.compile(rf"(?P<name>{'|'.join(WEEKDAYS)}){_PART_OF_DAY}")
_AGO = re.compile(rf"(?P<count>.+) (?P<unit>{_UNITS})s? ago")
_UP_TO_NOW = re.compile(rf"(?:the )?(?:last|past) (?P<count>.+) (?P<unit>{_UNITS})s")
_EDGE = re.compile(r"(?:the )?(?P<edge>start|beginning|end) of (?:the|this) year")
_STEP = {"last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "next": 1, "coming": 1}

_Reader = Callable[[re.Match[str], date, bool], str | None]


def resolve(words: str, day: date, *, ahead: bool = False) -> str | None:
    """EDTF of an expression that counts from `day`; None where it is none.

    Args:
        words: without a preposition before them.
        day: of publication.
        ahead: the sentence speaks of what is to come, so that "on Friday" is the next one.
    """
    plain = " ".join(words.casefold().split())
    for pattern, read in _READERS:
        if match := pattern.fullmatch(plain):
            return read(match, day, ahead)
    return None


def with_year(edtf: str, day: date, *, ahead: bool = False) -> str:
    """`XXXX-05-14` in the last year in which it is not after `day`, or the next one if `ahead`."""
    month = int(edtf[5:7])
    month = _LAST_MONTH_OF.get(month, month)
    same = (month, int(edtf[8:10])) if len(edtf) > 7 else (month, day.day)
    today = (day.month, day.day)
    step = (same < today) if ahead else -(same > today)
    return f"{day.year + step:04}{edtf[4:]}"


def _shifted(day: date, unit: str, count: int) -> str:
    """The day, week, month or year that lies `count` of them after the one that holds `day`."""
    if unit == "day":
        return (day + timedelta(days=count)).isoformat()
    if unit == "week":
        monday = day + timedelta(days=7 * count - day.weekday())
        return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
    if unit == "year":
        return f"{day.year + count:04}"
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return f"{year:04}-{month + 1:02}"


def _by_days(count: int) -> _Reader:
    return lambda _match, day, _ahead: _shifted(day, "day", count)


def _named(match: re.Match[str], day: date, _ahead: bool) -> str | None:
    step, name = _STEP[match["which"]], match["name"]
    if name in WEEKDAYS:
        return _weekday_near(name, day, step)
    if name in MONTHS:
        return _of_year(MONTHS.index(name) + 1, f"{MONTHS.index(name) + 1:02}", day, step)
    if name in SEASONS:
        code = SEASONS[name]
        return _of_year(_LAST_MONTH_OF[code], str(code), day, step)
    return _shifted(day, name, step)


def _of_year(last_month: int, code: str, day: date, step: int) -> str:
    """The month or season before this one, of this year, or after this one."""
    over = last_month < day.month
    year = day.year + {-1: 0 if over else -1, 0: 0, 1: 1 if over else 0}[step]
    return f"{year:04}-{code}"


def _weekday_near(name: str, day: date, step: int) -> str:
    """The nearest one strictly before or after `day`; of the same week for `step` 0."""
    away = WEEKDAYS.index(name) - day.weekday()
    if step:
        away = (away % 7 or 7) if step > 0 else -((-away) % 7 or 7)
    return _shifted(day, "day", away)


def _weekday(match: re.Match[str], day: date, ahead: bool) -> str:
    away = WEEKDAYS.index(match["name"]) - day.weekday()
    return _shifted(day, "day", away % 7 if ahead else -((-away) % 7))


def _ago(match: re.Match[str], day: date, _ahead: bool) -> str | None:
    count = _count(match["count"])
    if count is None:
        return None
    if match["unit"] == "week":
        return f"{_shifted(day, 'day', -7 * count)}~"
    return _shifted(day, match["unit"], -count)


def _up_to_now(match: re.Match[str], day: date, _ahead: bool) -> str | None:
    count = _count(match["count"])
    if count is None:
        return None
    unit, count = ("day", 7 * count) if match["unit"] == "week" else (match["unit"], count)
    return f"{_shifted(day, unit, -count)}/{_shifted(day, unit, 0)}"


def _edge(match: re.Match[str], day: date, _ahead: bool) -> str:
    return f"{day.year:04}-{'12' if match['edge'] == 'end' else '01'}"


def _count(words: str) -> int | None:
    """A whole number in digits or words, or "a"; at most a few centuries of years."""
    if words in ("a", "an", "one"):
        return 1
    numeral = next(iter(find_numerals(words)), None)
    whole = numeral is not None and (numeral.start, numeral.end) == (0, len(words))
    value = numeral.value if numeral is not None and whole and numeral.upper is None else None
    return int(value) if value is not None and value == int(value) and value < 1000 else None


_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_TODAY, _by_days(0)),
    (_YESTERDAY, _by_days(-1)),
    (_TOMORROW, _by_days(1)),
    (_NAMED, _named),
    (_WEEKDAY, _weekday),
    (_AGO, _ago),
    (_UP_TO_NOW, _up_to_now),
    (_EDGE, _edge),
)
