"""Dates that count from the day of publication: "last year", "on Tuesday", "two weeks ago".

All forms are EDTF (ISO 8601-2). A week is its interval from Monday to Sunday, as in ISO 8601.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from extractor.reading.date_words import (
    EITHER_YEAR,
    MONTHS,
    NO_SUCH_DAY,
    QUARTERS_FROM,
    SEASONS,
    WEEKDAYS,
    UnreadError,
    small_count,
)

_LAST_MONTH_OF = {21: 5, 22: 8, 23: 11}
_WINTER = 24
_TWO_WEEKS = "may be a week earlier or later"
_UNITS = "day|week|month|year"
_PART_OF_DAY = r"(?: (?:morning|afternoon|evening|night))?"
_PART = (
    r"(?:(?:early|earlier|late|later|mid|overnight|the (?:start|beginning|end|middle) of"
    r"|the (?:morning|afternoon|evening|night) of)[ -](?:on |in )?)?"
)
_TODAY = re.compile(r"(?:earlier |later )?today|tonight|this (?:morning|afternoon|evening)")
_YESTERDAY = re.compile(rf"(?:early |late )?yesterday{_PART_OF_DAY}|last night")
_TOMORROW = re.compile(rf"(?:early |late )?tomorrow{_PART_OF_DAY}")
_BEFORE_YESTERDAY = re.compile(r"(?:the )?day before yesterday")
_AFTER_TOMORROW = re.compile(r"(?:the )?day after tomorrow")
_NAMES = "|".join((*SEASONS, *MONTHS, *WEEKDAYS))
_CALENDAR_UNIT = re.compile(
    rf"{_PART}(?P<which>last|this|next|the current) (?P<unit>week|month|quarter|year)"
)
_NAMED = re.compile(
    rf"{_PART}(?:the )?(?P<which>last|this past|this coming|this|next|coming|past) "
    rf"(?P<name>{_NAMES}){_PART_OF_DAY}"
)
_WEEKDAY = re.compile(rf"{_PART}(?P<name>{'|'.join(WEEKDAYS)}){_PART_OF_DAY}")
_WEEKEND = re.compile(r"(?P<which>the|last) weekend")
_AGO = re.compile(rf"(?P<count>.+) (?P<unit>{_UNITS})s? ago")
_UP_TO_NOW = re.compile(
    rf"(?:the )?(?:last|past) (?P<count>.+) (?P<unit>{_UNITS})s|the past (?P<one>{_UNITS})"
)
_EDGE = re.compile(r"(?:the )?(?P<edge>start|beginning|end) of (?:the|this) year")
_STEP = {
    "last": -1, "past": -1, "this past": -1, "this": 0, "the current": 0,
    "next": 1, "coming": 1, "this coming": 1,
}  # fmt: skip
_COUNTED_ANYWAY = ("past", "this past", "coming", "this coming")

_Reader = Callable[[re.Match[str], date, bool], str | None]


def resolve(words: str, day: date, *, ahead: bool = False) -> str | None:
    """EDTF of an expression that counts from `day`; None where it is none.

    Args:
        words: without a preposition before them.
        day: of publication.
        ahead: the sentence speaks of what is to come, so that "on Friday" is the next one.

    Raises:
        UnreadError: it counts from `day`, but may mean more than one date, or none of the calendar.
    """
    plain = " ".join(words.casefold().split())
    for pattern, read in _READERS:
        if match := pattern.fullmatch(plain):
            try:
                return read(match, day, ahead)
            except OverflowError as error:
                raise UnreadError(NO_SUCH_DAY) from error
    return None


def _shifted(day: date, unit: str, count: int) -> str:
    """The day, week, month or year that lies `count` of them after the one that holds `day`."""
    if unit == "day":
        return (day + timedelta(days=count)).isoformat()
    if unit == "week":
        monday = day + timedelta(days=7 * count - day.weekday())
        return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
    if unit == "year":
        return f"{_in_calendar(day.year + count):04}"
    if unit == "quarter":
        year, quarter = divmod(day.year * 4 + (day.month - 1) // 3 + count, 4)
        return f"{_in_calendar(year):04}-{QUARTERS_FROM + quarter}"
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return f"{_in_calendar(year):04}-{month + 1:02}"


def _in_calendar(year: int) -> int:
    if not 1 <= year <= 9999:
        raise UnreadError(NO_SUCH_DAY)
    return year


def _by_days(count: int) -> _Reader:
    return lambda _match, day, _ahead: _shifted(day, "day", count)


def _calendar_unit(match: re.Match[str], day: date, _ahead: bool) -> str:
    return _shifted(day, match["unit"], _STEP[match["which"]])


def _named(match: re.Match[str], day: date, _ahead: bool) -> str:
    which, name = match["which"], match["name"]
    if name in WEEKDAYS:
        return _weekday_near(name, day, _STEP[which])
    code = SEASONS.get(name, 0)
    if code == _WINTER:
        raise UnreadError(EITHER_YEAR)  # it lies in two
    last_month = _LAST_MONTH_OF[code] if code else MONTHS.index(name) + 1
    year = _year_of(last_month, day, which)
    return f"{_in_calendar(year):04}-{code or last_month:02}"


def _year_of(last_month: int, day: date, which: str) -> int:
    """Of the month or season before this one, of this year, or after this one.

    "Last May", said in June, may be of this year or of the last; said in April it is of the last.
    """
    step = _STEP[which]
    over, current = last_month < day.month, last_month == day.month
    if not step:
        return day.year
    in_this_year = over if step < 0 else not over and not current
    if not in_this_year:
        return day.year + step
    if which not in _COUNTED_ANYWAY:
        raise UnreadError(EITHER_YEAR)
    return day.year


def _weekday_near(name: str, day: date, step: int) -> str:
    """The nearest one strictly before or after `day`; of the same week for `step` 0."""
    away = WEEKDAYS.index(name) - day.weekday()
    if not step and away < 0:
        raise UnreadError(_TWO_WEEKS)
    if step:
        away = (away % 7 or 7) if step > 0 else -((-away) % 7 or 7)
    return _shifted(day, "day", away)


def _weekday(match: re.Match[str], day: date, ahead: bool) -> str:
    away = WEEKDAYS.index(match["name"]) - day.weekday()
    return _shifted(day, "day", away % 7 if ahead else -((-away) % 7))


def _weekend(match: re.Match[str], day: date, ahead: bool) -> str:
    """The one before or after a working day; on a weekend "the weekend" may be either."""
    saturday = 5 - day.weekday()
    if saturday <= 0 and match["which"] == "the":
        raise UnreadError(_TWO_WEEKS)
    if not (ahead and match["which"] == "the"):
        saturday -= 7
    return f"{_shifted(day, 'day', saturday)}/{_shifted(day, 'day', saturday + 1)}"


def _ago(match: re.Match[str], day: date, _ahead: bool) -> str | None:
    count = small_count(match["count"])
    if count is None:
        return None
    if match["unit"] == "week":
        return f"{_shifted(day, 'day', -7 * count)}~"
    return _shifted(day, match["unit"], -count)


def _up_to_now(match: re.Match[str], day: date, _ahead: bool) -> str | None:
    count, unit = (
        (1, match["one"]) if match["one"] else (small_count(match["count"]), match["unit"])
    )
    if count is None:
        return None
    unit, count = ("day", 7 * count) if unit == "week" else (unit, count)
    return f"{_shifted(day, unit, -count)}/{_shifted(day, unit, 0)}"


def _edge(match: re.Match[str], day: date, _ahead: bool) -> str:
    return f"{day.year:04}-{'12' if match['edge'] == 'end' else '01'}"


_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_TODAY, _by_days(0)),
    (_YESTERDAY, _by_days(-1)),
    (_TOMORROW, _by_days(1)),
    (_BEFORE_YESTERDAY, _by_days(-2)),
    (_AFTER_TOMORROW, _by_days(2)),
    (_CALENDAR_UNIT, _calendar_unit),
    (_NAMED, _named),
    (_WEEKDAY, _weekday),
    (_WEEKEND, _weekend),
    (_AGO, _ago),
    (_UP_TO_NOW, _up_to_now),
    (_EDGE, _edge),
)
