"""Dates and ranges of the calendar: every word has its place in the result, or nothing is read.

The words become letters (D day, M month, Y year, W weekday, S season, Q quarter, B months of a
year, X decade, N a day in digits, P year and month in digits); only whole shapes of them are dates.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import replace
from datetime import date

from extractor.reading.date_parts import PARTS, Frame, Written, two_years
from extractor.reading.date_words import (
    EITHER_YEAR,
    NO_ANCHOR,
    NO_SUCH_DAY,
    NOT_UNDERSTOOD,
    QUARTERS_FROM,
    SEASONS,
    UnreadError,
    Word,
    words_of,
)

NO_YEAR = "no year in the text"
DISAGREE = "weekday and date disagree"
BACKWARDS = "ends before it begins"
NOT_ONE_PERIOD = "names two periods, not one"
_WINTER = 24

_LETTERS = {
    "day": "D", "month": "M", "weekday": "W", "season": "S", "year": "Y", "short_year": "Y",
    "counted_year": "Y", "quarter": "Q", "months": "B", "decade": "X", "numeric": "N",
    "year_and_two": "P", "joined": "-", "and": "&",
}  # fmt: skip
_DAYS = re.compile(
    r"W?(?:DMY?|MDY?|YMD|YDM|N)|W\((?:DMY?|MDY?|N|D)\)|(?:DMY?|MDY?|N)\(W\)|(?:DM|MD)\(W\)Y|WD"
)
_OTHERS = re.compile(r"[MSQB]Y?|Y[MSQB]?|X|P")
_DAY_ONLY = re.compile(r"W?D")  # one side of a range whose other side names the month
_DAY_AND_YEAR = re.compile(r"W?DY")  # of "May 12-14, 2024"


def read_calendar(text: str, frame: Frame) -> str:
    """EDTF of a plain text; `XXXX` stands for a year that nothing tells.

    Raises UnreadError with the reason where the words are no date, or not for sure.
    """
    words = words_of(text)
    split = [i for i, word in enumerate(words) if word.kind in ("joined", "and")]
    if not split:
        return _single(_Side(words, frame), frame)
    if len(split) > 1:
        raise UnreadError(NOT_UNDERSTOOD)
    left, right = words[: split[0]], words[split[0] + 1 :]
    return _range(_Side(left, frame), _Side(right, frame), words[split[0]].kind == "and", frame)


def _single(side: _Side, frame: Frame) -> str:
    if side.shape == "P" and (years := two_years(side.words[0].text)):
        return f"{years[0]}/{years[1]}"
    return _edtf(_with_year(_checked(side.read()), frame))


class _Side:
    """One date's words, as a shape and its parts."""

    def __init__(self, words: list[Word], frame: Frame) -> None:
        self._frame = frame
        kinds = {word.kind for word in words}
        self._about = "about" in kinds
        self._part_of_day = bool(kinds & {"part_of_day", "clock"})
        self.words = [w for w in words if w.kind in _LETTERS or w.kind == "bracket"]
        self.shape = "".join(_LETTERS.get(w.kind, w.text) for w in self.words)

    def read(self, *, beside: str = "") -> Written:
        """The parts; `beside` is the shape of the range's other side, which may name the month."""
        of_day = bool(_DAYS.fullmatch(self.shape))
        if beside and "M" in beside and not of_day:
            of_day = bool(_DAY_ONLY.fullmatch(self.shape) or _DAY_AND_YEAR.fullmatch(self.shape))
        if not of_day and not _OTHERS.fullmatch(self.shape):
            raise UnreadError(NO_ANCHOR if self.shape == "W" else NOT_UNDERSTOOD)
        if self.shape == "WD" and not beside and self.words[-1].text.isdigit():
            raise UnreadError(NOT_UNDERSTOOD)  # "on Monday, 3 men", unlike "Monday the 3rd"
        if self._part_of_day and not of_day:
            raise UnreadError(NOT_UNDERSTOOD)
        written = Written(about=self._about)
        for word in self.words:
            if word.kind != "bracket":
                written = PARTS[word.kind](written, word.text, self._frame)
        return written


def _checked(written: Written) -> Written:
    """There is such a day, on such a weekday."""
    if written.year is not None and not 1 <= written.year <= 9999:
        raise UnreadError(NO_SUCH_DAY)
    if written.day is None or written.month is None:
        return written
    last = 29 if written.year is None and written.month == 2 else 0
    last = last or calendar.monthrange(written.year or 2001, written.month)[1]
    if written.day > last:
        raise UnreadError(NO_SUCH_DAY)
    if written.year is not None and written.weekday is not None:
        day = date(written.year, written.month, written.day)
        if day.weekday() != written.weekday:
            raise UnreadError(DISAGREE)
    return written


def _with_year(written: Written, frame: Frame) -> Written:
    """A date without a year in the last year in which it is not after the day of publication, or
    the next one if what is dated lies ahead.
    """
    published = frame.published
    if written.year is not None or written.decade is not None:
        return written
    if published is None:
        if written.month is None and written.day is not None:
            raise UnreadError(NO_ANCHOR)
        return written
    if written.month is None and written.day is not None:
        return _in_month(written, published, frame.ahead)
    _refuse_open_season(written, published)
    first, last = _months_named(written)
    within = first <= published.month <= last
    if within and written.months and published.month != last:
        raise UnreadError(EITHER_YEAR)
    day = written.day or (published.day if within else 1)
    month = published.month if within else first
    years = range(
        published.year, published.year + (9 if frame.ahead else -9), 1 if frame.ahead else -1
    )
    today = (published.year, published.month, published.day)
    for year in years:
        on_time = (year, month, day) >= today if frame.ahead else (year, month, day) <= today
        if on_time and 1 <= year <= 9999 and _exists(year, month, written.day):
            return _checked(replace(written, year=year))
    raise UnreadError(NO_SUCH_DAY)


def _exists(year: int, month: int, day: int | None) -> bool:
    return day is None or day <= calendar.monthrange(year, month)[1]


def _refuse_open_season(written: Written, published: date) -> None:
    """A winter is of two years, and a season that lasts may be this year's or the last one's."""
    if written.code is None or written.code > _WINTER:
        return
    first, last = _months_named(written)
    if written.code == _WINTER or first <= published.month < last:
        raise UnreadError(EITHER_YEAR)


def _months_named(written: Written) -> tuple[int, int]:
    if written.months:
        return written.months
    if written.code is None:
        return written.month or 1, written.month or 12
    if written.code >= QUARTERS_FROM:
        first = 3 * (written.code - QUARTERS_FROM) + 1
        return first, first + 2
    first = 3 * (written.code - min(SEASONS.values())) + 3
    return first, first + 2


def _in_month(written: Written, published: date, ahead: bool) -> Written:
    """ "Thursday (9)": the nearest 9th, if it was a Thursday."""
    day = written.day or 0
    month_of = published.year * 12 + published.month - 1
    if ahead and day < published.day:
        month_of += 1
    elif not ahead and day > published.day:
        month_of -= 1
    year, month = divmod(month_of, 12)
    return _checked(replace(written, year=year, month=month + 1))


def _range(left: _Side, right: _Side, joined_by_and: bool, frame: Frame) -> str:
    first, last = left.read(beside=right.shape), right.read(beside=left.shape)
    first, last = _share_month(first, last), _share_month(last, first)
    first, last = _share_year(_checked(first), _checked(last), frame)
    if first.level != last.level and not _dated_both(first, last):
        raise UnreadError(NOT_UNDERSTOOD)
    if "decade" in (first.level, last.level) or _is_season(first) or _is_season(last):
        raise UnreadError(NOT_UNDERSTOOD)
    if first.year is None and last.year is None:
        return f"{_edtf(first)}/{_edtf(last)}"
    start, end = _bounds(first), _bounds(last)
    if start[0] > end[0]:
        raise UnreadError(BACKWARDS)
    if joined_by_and and end[0].toordinal() - start[1].toordinal() > 1:
        raise UnreadError(NOT_ONE_PERIOD)
    return f"{_edtf(first, start=True)}/{_edtf(last, start=False)}"


def _share_month(one: Written, other: Written) -> Written:
    return replace(one, month=other.month) if one.day and not one.month else one


def _dated_both(first: Written, last: Written) -> bool:
    """A month and a day may bound a range where both have their year."""
    levels = {first.level, last.level}
    return first.year is not None and last.year is not None and levels <= {"day", "month", "year"}


def _is_season(written: Written) -> bool:
    return written.code is not None and written.code <= _WINTER


def _place(written: Written) -> tuple[int, int]:
    return _months_named(written)[0], written.day or 0


def _share_year(first: Written, last: Written, frame: Frame) -> tuple[Written, Written]:
    """ "March to June 2024" is of one year, "May to March 2024" of two that are not both told."""
    if first.year is None and last.year is not None:
        if last.level == "year":
            raise UnreadError(NOT_UNDERSTOOD)
        if _place(first) > _place(last):
            raise UnreadError(NO_YEAR)
        return _checked(replace(first, year=last.year)), last
    if last.year is None and first.year is not None:
        dated = _with_year(last, frame)
        if dated.year != first.year or _place(first) > _place(last):
            raise UnreadError(NO_YEAR)
        return first, _checked(dated)
    if first.year is None and frame.published is not None and first.level == last.level != "decade":
        return _both_from(first, last, frame)
    return first, last


def _both_from(first: Written, last: Written, frame: Frame) -> tuple[Written, Written]:
    """Neither has a year: the last one counts from the publication, the first comes before it."""
    published = frame.published
    assert published is not None
    last = _with_year(last, frame)
    year = (last.year or 0) - (_place(first) > _place(last))
    first = _checked(replace(first, year=year))
    begun = _place(first) <= (published.month, published.day)
    if frame.ahead:
        open_at_both_ends = _bounds(first)[1] < published
    else:
        open_at_both_ends = year == published.year - 1 == last.year and begun
    if open_at_both_ends:
        raise UnreadError(EITHER_YEAR)  # it lasts, or it was over a year ago
    return first, last


def _bounds(written: Written) -> tuple[date, date]:
    """First and last day; of a date with its year."""
    year = written.year or 1
    if written.day and written.month:
        day = date(year, written.month, written.day)
        return day, day
    first, last = _months_named(written)
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _edtf(written: Written, *, start: bool | None = None) -> str:
    """EDTF; as the start or the end of a range, quarters and halves are named by their months."""
    year = "XXXX" if written.year is None else f"{written.year:04}"
    about = "~" if written.about else ""
    if written.decade is not None:
        return f"{written.decade // 10:03}X{about}"
    if start is not None and (written.months or written.code):
        return f"{year}-{_months_named(written)[0 if start else 1]:02}{about}"
    if written.months:
        return f"{year}-{written.months[0]:02}/{year}-{written.months[1]:02}"
    if written.code is not None:
        return f"{year}-{written.code}{about}"
    if written.month is None:
        return f"{year}{about}"
    return f"{year}-{written.month:02}" + (f"-{written.day:02}" if written.day else "") + about
