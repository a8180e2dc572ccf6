"""What the words of one date say, put together part by part."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from extractor.reading.date_words import (
    MONTHS,
    NO_ANCHOR,
    NO_SUCH_DAY,
    NOT_UNDERSTOOD,
    QUARTERS_FROM,
    SEASONS,
    TWO_DIGITS,
    WEEKDAYS,
    YEAR_OF_ITS_OWN,
    UnreadError,
    day_number,
    full_year,
    index_of,
    numeric_day,
    ordinal,
    small_count,
)

_MONTHS_OF = re.compile(r"(?:the )?(?P<edge>first|last) (?P<count>.+) months")


@dataclass(frozen=True)
class Written:
    """A date as its words write it; what they leave out is None.

    code: ISO 8601-2 season or quarter, in place of a month.
    months: first and last month of a part of the year.
    decade: its first year. about: "around 2015".
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    code: int | None = None
    months: tuple[int, int] | None = None
    decade: int | None = None
    about: bool = False

    @property
    def level(self) -> str:
        """What it names, for two ends of a range must name the same."""
        for name in ("decade", "months", "code", "day", "month"):
            if getattr(self, name) is not None:
                return name
        return "year"


@dataclass(frozen=True)
class Frame:
    """What an expression counts from: the day of publication; `ahead` of it lies what is dated."""

    published: date | None
    ahead: bool = False


def _day_part(written: Written, text: str, _frame: Frame) -> Written:
    return replace(written, day=day_number(text))


def _month_part(written: Written, text: str, _frame: Frame) -> Written:
    return replace(written, month=index_of(text, MONTHS) + 1)


def _weekday_part(written: Written, text: str, _frame: Frame) -> Written:
    return replace(written, weekday=index_of(text, WEEKDAYS))


def _season_part(written: Written, text: str, _frame: Frame) -> Written:
    return replace(written, code=SEASONS[text])


def _year_part(written: Written, text: str, _frame: Frame) -> Written:
    return replace(written, year=int(text[-4:]))


def _short_year_part(written: Written, text: str, frame: Frame) -> Written:
    return replace(written, year=full_year(int(text[-2:]), frame.published))


def _counted_year_part(written: Written, text: str, frame: Frame) -> Written:
    if frame.published is None:
        raise UnreadError(NO_ANCHOR)
    if text.endswith("before last"):
        step: int | None = -2
    elif text.endswith("ago"):
        count = small_count(re.sub(r" years? ago$", "", text))
        step = -count if count is not None else None
    else:
        step = {"last": -1, "this": 0, "next": 1}[text.split(maxsplit=1)[0]]
    if step is None:
        raise UnreadError(NOT_UNDERSTOOD)
    return replace(written, year=frame.published.year + step)


def _quarter_part(written: Written, text: str, _frame: Frame) -> Written:
    return replace(written, code=QUARTERS_FROM - 1 + (ordinal(text) or 4))


def _months_part(written: Written, text: str, _frame: Frame) -> Written:
    match = _MONTHS_OF.fullmatch(text)
    if match is None:
        return replace(written, months=(1, 6) if ordinal(text) == 1 else (7, 12))
    count = small_count(match["count"])
    if count is None or not 1 <= count <= 12:
        raise UnreadError(NOT_UNDERSTOOD)
    return replace(written, months=(1, count) if match["edge"] == "first" else (13 - count, 12))


def _decade_part(written: Written, text: str, frame: Frame) -> Written:
    """Of a hundred years' first decade ("the 1900s") one cannot tell it from the century."""
    digits = re.sub(r"\D", "", text)
    year = int(digits) if len(digits) == 4 else full_year(int(digits), frame.published)
    if (year % 100 == 0 and year != 2000) or (len(digits) == 2 and year >= 2000):
        raise UnreadError(TWO_DIGITS)
    return replace(written, decade=year)


def _numeric_part(written: Written, text: str, frame: Frame) -> Written:
    day = numeric_day(text, frame.published)
    return replace(written, year=day.year, month=day.month, day=day.day)


def two_years(text: str) -> tuple[int, int] | None:
    """First and last year of "2022-25"; None of "2024-05", which is a month.

    Raises UnreadError for "2022-23", which may be a year of its own, and "2010-12", which may be a
    month.
    """
    year, two = int(text[:4]), int(text[5:])
    last = year - year % 100 + two + (100 if two <= year % 100 else 0)
    ranges, month = last - year <= 50, 1 <= two <= 12
    if ranges and month:
        raise UnreadError(TWO_DIGITS)
    if not ranges and not month:
        raise UnreadError(NO_SUCH_DAY)
    if ranges and last - year == 1:
        raise UnreadError(YEAR_OF_ITS_OWN)
    return (year, last) if ranges else None


def _year_month_part(written: Written, text: str, _frame: Frame) -> Written:
    if two_years(text):
        raise UnreadError(NOT_UNDERSTOOD)
    return replace(written, year=int(text[:4]), month=int(text[5:]))


PARTS: dict[str, Callable[[Written, str, Frame], Written]] = {
    "day": _day_part,
    "month": _month_part,
    "weekday": _weekday_part,
    "season": _season_part,
    "year": _year_part,
    "short_year": _short_year_part,
    "counted_year": _counted_year_part,
    "quarter": _quarter_part,
    "months": _months_part,
    "decade": _decade_part,
    "numeric": _numeric_part,
    "year_and_two": _year_month_part,
}
