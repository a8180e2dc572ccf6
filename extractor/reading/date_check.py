"""Whether an EDTF date says what its words say: a second look, which shares no code with reading.

Every number, month, weekday, season and part of a year in the words must come back in the date, in
their order, and the date may name nothing that the words leave out, unless they count from the day
of publication.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import TypeVar

_Item = TypeVar("_Item", int, str)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4}
_EDTF = re.compile(
    r"(?P<year>[0-9]{4}|[0-9]{3}X)(?:-(?P<part>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?(?P<about>~?)"
)
_MARKS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
                       | dict.fromkeys("\u2018\u2019\u02bc`", "'"))  # fmt: skip
_GLUED_YEAR = re.compile(r"\b(q[1-4]|[1-4]q|h[12]|[12]h)'?(?=[0-9]{2})")
_WORDS = re.compile(
    r"(?P<clock>\b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?|\b[0-9]{1,2}\.[0-9]{2}(?= ?[ap]\.?m\b)"
    r"|[+][0-9]{4}\b)"
    r"|(?P<numeric>(?<![\w/.-])[0-9]{1,4}([-/.])[0-9]{1,2}\3[0-9]{1,4}(?![\w/-]))"
    r"|(?P<pair>(?<![\w/-])[1-9][0-9]{3}-[0-9]{2}(?![\w/-]))"
    r"|(?P<decade>(?<!\w)(?:[1-9][0-9]{2}|')[0-9]?0s\b)"
    r"|(?P<quarter>\bq[1-4]\b|\b[1-4]q\b|\b(?:first|second|third|fourth|final|1st|2nd|3rd|4th)"
    r"[ -]quarter\b|\blast quarter(?= of))"
    r"|(?P<half>\bh[12]\b|\b[12]h\b|\b(?:first|second|last|1st|2nd)[ -]half\b)"
    r"|(?P<some_months>\b(?:first|last) (?:[a-z]+|[0-9]+) months(?= of))"
    r"|(?P<count>\b(?:last|past) [\w-]+ (?:day|week|month|year)s\b"
    r"|\b[\w-]+ (?:day|week|month|year)s? ago\b)"
    r"|(?P<month>\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t|tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b)"
    r"|(?P<weekday>\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|mon|tues?|wed|thur?s?|fri|sat|sun)\b)"
    r"|(?P<season>\b(?:spring|summer|autumn|fall|winter)\b)"
    r"|(?P<short>'[0-9]{2}\b)|(?P<number>[0-9]+(?:st|nd|rd|th)?)(?!\w)"
    r"|(?P<unknown>[\w]*[0-9][\w,.]*)"
    r"|(?P<relative>\b(?:last|this|next|past|current|coming|today|tonight|yesterday"
    r"|tomorrow|week\w*|of the year)\b)"
    r"|(?P<word>(?:(?:twenty|thirty)-)?[a-z]+)"
)
_SINCE = re.compile(r"since |as from |(?:starting|beginning) |from .+ on(?:wards?)?$")
_UNTIL = re.compile(r"(?:until|till|by|up to|up until) ")
_ABOUT = re.compile(r"\b(?:about|around|circa|approximately|roughly|weeks? ago)\b|\bc\.")


@dataclass(frozen=True)
class _End:
    """One date of the EDTF: `part` is a month, or the code of a season or quarter."""

    year: str
    part: int | None
    day: int | None

    @property
    def month(self) -> int | None:
        return self.part if self.part is not None and self.part <= 12 else None

    def bounds(self) -> tuple[str, str] | None:
        """First and last day as they sort; None for a season, whose months no standard fixes."""
        if self.part is not None and 13 <= self.part <= 32:
            return None
        if self.part is not None and self.part > 32:
            month = 3 * (self.part - 33) + 1
            return f"{self.year}-{month:02}-01", f"{self.year}-{month + 2:02}-31"
        first = f"{self.year.replace('X', '0')}-{self.part or 1:02}-{self.day or 1:02}"
        last = f"{self.year.replace('X', '9')}-{self.part or 12:02}-{self.day or 31:02}"
        return first, last


@dataclass
class _Said:
    """What the words name, each kind in its order."""

    years: list[str] = field(default_factory=list)  # "2024", or "24" after an apostrophe
    months: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    weekdays: list[int] = field(default_factory=list)
    seasons: list[int] = field(default_factory=list)
    quarters: list[int] = field(default_factory=list)
    halves: list[int] = field(default_factory=list)
    decades: list[str] = field(default_factory=list)
    some_months: bool = False
    relative: bool = False
    counted: bool = False


def misdated(words: str, edtf: str) -> str | None:
    """What is wrong with `edtf` as the date that `words` write; None where nothing is."""
    text = " ".join(words.translate(_MARKS).casefold().split())
    ends = _ends(edtf)
    if ends is None:
        return f"{edtf} is no EDTF date"
    opened, closed = edtf.endswith("/.."), edtf.startswith("../")
    if opened != bool(_SINCE.match(text)) or closed != bool(_UNTIL.match(text)):
        return f"{edtf} is not open as {words!r} is"
    if "~" in edtf and not _ABOUT.search(text):
        return f"{words!r} is not approximate"
    problem = next(_problems(text, ends), None)
    return f"{edtf} is not {words!r}: {problem}" if problem else None


def _ends(edtf: str) -> list[_End] | None:
    sides = edtf.split("/")
    if len(sides) > 2 or all(side == ".." for side in sides):
        return None
    ends = []
    for side in sides:
        if side == ".." and len(sides) == 2:
            continue
        match = _EDTF.fullmatch(side)
        end = match and _end(match)
        if not end:
            return None
        ends.append(end)
    bounds = [end.bounds() for end in ends]
    if len(ends) == 2 and bounds[0] and bounds[1] and bounds[0][0] > bounds[1][1]:
        return None
    return ends


def _end(match: re.Match[str]) -> _End | None:
    part = int(match["part"]) if match["part"] else None
    day = int(match["day"]) if match["day"] else None
    if part is not None and not (1 <= part <= 12 or 21 <= part <= 24 or 33 <= part <= 36):
        return None
    if day is not None:
        if part is None or part > 12 or "X" in match["year"] or match["year"] == "0000":
            return None
        if not 1 <= day <= calendar.monthrange(int(match["year"]), part)[1]:
            return None
    return _End(match["year"], part, day)


def _problems(text: str, ends: list[_End]) -> Iterator[str]:
    said = _Said()
    text = _GLUED_YEAR.sub(lambda m: f"{m[1]} '" if not _four_follow(m) else f"{m[1]} ", text)
    for match in _WORDS.finditer(text):
        if problem := _told(match.lastgroup or "", match.group(), said, ends):
            yield problem
            return
    yield from _year_problems(said, ends)
    yield from _part_problems(said, ends)
    if "week" in text and not said.counted:
        yield from _week_problems(said, ends)
    else:
        yield from _month_problems(said, ends)
        yield from _day_problems(said, ends)
    yield from _weekday_problems(said, ends)


def _four_follow(match: re.Match[str]) -> bool:
    return bool(re.match(r"[0-9]{4}", match.string[match.end() :]))


def _told(kind: str, text: str, said: _Said, ends: Sequence[_End]) -> str | None:
    """Puts one word of the expression where it belongs; what is wrong with it, if anything."""
    if kind == "numeric":
        return _numeric(text, said, ends)
    if kind == "unknown":
        return f"{text} is no part of a date"
    if kind == "number":
        return _number(text, said)
    if kind == "pair":
        return _pair(text, said, ends)
    if kind == "word" and text in _spelled():
        said.days.append(_spelled()[text])
    elif kind == "short":
        said.years.append(text[1:])
    elif kind == "decade":
        said.decades.append(re.sub(r"\D", "", text)[:-1])
    elif kind in ("quarter", "half"):
        (said.quarters if kind == "quarter" else said.halves).append(_ordinal(text, kind))
    elif kind == "month":
        said.months.append(_MONTHS.index(text[:3]) + 1)
    elif kind == "weekday":
        said.weekdays.append(_WEEKDAYS.index(text[:3]))
    elif kind == "season":
        said.seasons.append(_SEASONS[text])
    said.some_months |= kind == "some_months"
    said.counted |= kind == "count" or text == "past"
    said.relative |= kind in ("relative", "count")
    return None


def _ordinal(text: str, kind: str) -> int:
    if digit := re.search("[1-4]", text):
        return int(digit.group())
    return _ORDINALS.get(re.split("[ -]", text)[0], 4 if kind == "quarter" else 2)


def _number(text: str, said: _Said) -> str | None:
    digits = re.sub(r"\D", "", text)
    if len(digits) <= 2:
        said.days.append(int(digits))
    elif len(digits) == 4:
        said.years.append(digits)
    else:
        return f"{text} is no part of a date"
    return None


def _numeric(text: str, said: _Said, ends: Sequence[_End]) -> str | None:
    """Three numbers are one of the days, in some order."""
    numbers = sorted(re.split("[-/.]", text.lstrip("0")), key=len)
    for end in ends:
        if end.month and end.day:
            year = end.year if any(len(n) > 2 for n in numbers) else end.year[2:]
            if sorted(map(int, numbers)) == sorted((int(year), end.month, end.day)):
                said.years.append(year)
                said.months.append(end.month)
                said.days.append(end.day)
                return None
    return f"{text} is none of its days"


def _pair(text: str, said: _Said, ends: Sequence[_End]) -> str | None:
    """ "2024-05" is a month, "2022-25" two years."""
    year, two = text.split("-")
    if any((end.year, end.part) == (year, int(two)) and int(two) <= 12 for end in ends):
        said.years.append(year)
        said.months.append(int(two))
    elif len(ends) == 2 and (ends[0].year, ends[1].year[2:]) == (year, two):
        said.years += [year, two]
    else:
        return f"{text} is neither its month nor its years"
    return None


@lru_cache(maxsize=1)
def _spelled() -> dict[str, int]:
    import inflect

    engine = inflect.engine()
    return {str(engine.number_to_words(engine.ordinal(n))): n for n in range(1, 32)}  # type: ignore[arg-type]


def _each_once(items: Sequence[_Item]) -> list[_Item]:
    """Without what is repeated right after itself: two ends may share a month."""
    return [item for item, _ in groupby(items)]


def _year_problems(said: _Said, ends: list[_End]) -> Iterator[str]:
    decades = [end.year[:3] for end in ends if "X" in end.year]
    if len(decades) != len(said.decades) or not all(
        decade.endswith(named) for decade, named in zip(decades, said.decades, strict=True)
    ):
        yield "the decade differs"
    years = _each_once([end.year for end in ends if "X" not in end.year])
    named = _each_once(said.years)
    if not named:
        return  # they count from the day of publication
    told = [year for year in years if any(_is_year(name, year) for name in named)]
    if len(told) != len(named) or (len(told) < len(years) and not said.relative):
        yield "the years differ"


def _is_year(named: str, year: str) -> bool:
    """Two digits name a year of the last century or of this one."""
    return named == year or (year[2:] == named and year[:2] in ("19", "20"))


def _part_problems(said: _Said, ends: list[_End]) -> Iterator[str]:
    parts = [end.part or 0 for end in ends]
    if [part for part in parts if 21 <= part <= 24] != said.seasons:
        yield "the season differs"
    codes = [part - 32 for part in parts if part > 32]
    if codes and not said.quarters and not said.relative:
        yield "no quarter is named"
    first_months = [3 * quarter - 2 for quarter in said.quarters]
    as_months = (
        len(ends) == 2 and said.quarters and parts == [first_months[0], first_months[-1] + 2]
    )
    if said.quarters and codes != said.quarters and not as_months:
        yield "the quarter differs"
    if said.halves and parts != [6 * said.halves[0] - 5, 6 * said.halves[-1]]:
        yield "the half differs"


def _month_problems(said: _Said, ends: list[_End]) -> Iterator[str]:
    months = _each_once([end.month for end in ends if end.month])
    if said.months and months != _each_once(said.months):
        yield "the months differ"
    elsewhere = said.quarters or said.halves or said.some_months or said.weekdays or said.relative
    if months and not said.months and not elsewhere:
        yield "no month is named"


def _day_problems(said: _Said, ends: list[_End]) -> Iterator[str]:
    days = _each_once([end.day for end in ends if end.day])
    if said.days and days != _each_once(said.days):
        yield "the days differ"
    if days and not said.days and not (said.weekdays or said.relative):
        yield "no day is named"
    if days and said.months and not said.days:
        yield "only a month is named"


def _week_problems(said: _Said, ends: list[_End]) -> Iterator[str]:
    """A week has the day that names it at one of its ends."""
    if any((end.day is None) for end in ends):
        yield "a week is from day to day"
    days, months = {end.day for end in ends}, {end.month for end in ends}
    if not days.issuperset(said.days) or not months.issuperset(said.months):
        yield "the week differs"


def _weekday_problems(said: _Said, ends: list[_End]) -> Iterator[str]:
    days = [date(int(e.year), e.month, e.day).weekday() for e in ends if e.month and e.day]
    if not set(said.weekdays) <= set(days):
        yield "the weekday differs"
