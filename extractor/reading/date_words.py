"""The words of a date expression, each with what it says: a month, a day's number, a quarter.

A word that is not known here makes the whole expression unread, so that nothing of it can be lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from extractor.reading.numerals import find_numerals

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}  # ISO 8601-2, 4.8
QUARTERS_FROM = 33  # ISO 8601-2, 4.8: codes 33 to 36 in place of a month are quarters
MAX_CHARACTERS = 120  # a longer expression is a sentence

NO_ANCHOR = "counts from a day that the text does not give"
NOT_UNDERSTOOD = "not understood as a whole"
NO_SUCH_DAY = "no such day in the calendar"
ANY_ORDER = "day, month and year may be in another order"
TWO_DIGITS = "the century of the year is not told"
EITHER_YEAR = "may be of this year or of another"
YEAR_OF_ITS_OWN = "a year of its own, whose months the text does not give"
_REFUSED = {
    "own_year": YEAR_OF_ITS_OWN,
    "told_before": "counts from a time that is told elsewhere in the text",
    "no_year": ANY_ORDER,  # "9/11"
}

_ORDINALS = ("first", "second", "third", "fourth")
_SPELLED = {
    word: number
    for number, word in enumerate(
        (
            *_ORDINALS, "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
            "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
            "eighteenth", "nineteenth", "twentieth",
            *(f"twenty-{ordinal}" for ordinal in (*_ORDINALS, "fifth", "sixth", "seventh",
                                                  "eighth", "ninth")),
            "thirtieth", "thirty-first",
        ),
        start=1,
    )
}  # fmt: skip
_DASH = "[\u2010-\u2015\u2212-]"
_SPACED_DASH = re.compile(rf"\s{_DASH}\s")
_DASHES = re.compile(rf"\s?{_DASH}\s?")
_MONTH = "|".join([*MONTHS, r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"])
_WEEKDAY = "|".join([*WEEKDAYS, r"(?:mon|tues?|wed|thur?s?|fri|sat|sun)\b\.?"])
_ORDINAL = rf"(?:{'|'.join(_ORDINALS)}|1st|2nd|3rd|4th|final)"
_YEAR_WORDS = r"(?:the )?(?:[1-9][0-9]{3}|'[0-9]{2}|last|this|next)\b"

# In this order: the longer form of what begins alike comes first.
_FORMS = (
    ("numeric", r"(?<![-/.])(?:[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}"
     r"|[0-9]{1,2}([-/.])[0-9]{1,2}\2[0-9]{2,4})(?!-)"),
    ("own_year", r"(?:the )?(?:fy ?'?[0-9]*|fiscal|financial|academic|school|tax|budget|season)\b"),
    ("own_year", r"[1-9][0-9]{3}/[0-9]{2,4}"),
    ("no_year", r"[0-9]{1,2}/[0-9]{1,2}"),
    ("year_and_two", r"(?<![-/.])[1-9][0-9]{3}-[0-9]{2}(?!-)"),
    ("clock", r"(?:at )?(?:[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?|[0-9]{1,2}\.[0-9]{2}(?= ?[ap]\.?m\b))"
     r"(?: ?[ap]\.?m\.?)?(?: (?:gmt|utc|[a-z]?[es]t))?"),
    ("quarter", r"q[1-4]|[1-4]q"
     rf"|(?:the )?{_ORDINAL}[ -]quarter|(?:the )?last quarter(?= of {_YEAR_WORDS})"),
    ("months", r"h[12]|[12]h"
     rf"|(?:the )?(?:first|second|1st|2nd)[ -]half|(?:the )?last half(?= of {_YEAR_WORDS})"
     rf"|(?:the )?(?:first|last) [\w-]{{1,12}} months(?= of {_YEAR_WORDS})"),
    ("decade", r"(?:the )?(?:[1-9][0-9]{2}0s|'[0-9]0s)"),
    ("counted_year", r"(?:the )?year before last|(?:last|this|next) year"
     r"|(?:an?|[\w-]{1,12}) years? ago"),
    ("told_before", r"(?:the )?(?:previous|following|preceding|prior|earlier|later|next|last) \w+"
     r"|that \w+|(?:the )?same (?!period|time|point|stage)\w+"),
    ("edge", r"(?:the )?(?:(?:very )?(?:start|beginning|middle|end) of|same \w+ (?:of|in))"
     r"|(?:early|late|mid)(?=[ -])-?"),
    ("part_of_day", r"(?:the )?(?:early )?(?:morning|afternoon|evening|night)(?: of)?"
     r"|overnight(?: on)?"),
    ("about", r"about|around|circa|approximately|roughly|c\."),
    ("day", rf"(?:0?[1-9]|[12][0-9]|3[01])(?:(?<=1)(?<!11)st|(?<=2)(?<!12)nd|(?<=3)(?<!13)rd"
     rf"|(?<=[04-9])th"
     rf"|(?<=1[1-3])th)?(?![0-9'])|(?:{'|'.join(sorted(_SPELLED, key=len, reverse=True))})"),
    ("month", _MONTH),
    ("weekday", _WEEKDAY),
    ("season", "|".join(SEASONS)),
    ("year", r"(?:the )?(?:calendar )?year [1-9][0-9]{3}|[1-9][0-9]{3}"),
    ("short_year", r"'[0-9]{2}"),
    ("joined", r"-|to|until|till|through"),
    ("and", r"and"),
    ("filler", r"(?:(?:the )?whole|all|throughout|(?:the )?months?) of|throughout|the|of|in|on|,"),
    ("bracket", r"[()]"),
)  # fmt: skip
_GLUED_YEAR = re.compile(r"\b(q[1-4]|[1-4]q|h[12]|[12]h)(?:'?([0-9]{2})|([0-9]{4}))\b")


@dataclass(frozen=True)
class Word:
    """One word or fixed phrase. `kind` is the name of its form, `text` in lower case."""

    kind: str
    text: str


class UnreadError(ValueError):
    """Words that name no date, or not for sure; the message is the reason for a reader."""


def plain(words: str) -> str:
    """In lower case, with single blanks and plain dashes and apostrophes, no mark at the end."""
    text = " ".join(words.casefold().split())
    for mark in "\u2018\u2019\u02bc`":
        text = text.replace(mark, "'")
    text = _GLUED_YEAR.sub(lambda m: f"{m[1]} '{m[2]}" if m[2] else f"{m[1]} {m[3]}", text)
    return _DASHES.sub("-", _SPACED_DASH.sub(" to ", text)).strip(" ,;:")


def words_of(text: str) -> list[Word]:
    """The words of a plain text in order.

    Raises UnreadError at the first that no date has, or that leaves open which date is meant.
    """
    found, at = [], 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        word, end = _word_at(text, at)
        found.append(word)
        at = end
    if found and found[-1].kind in ("filler", "about", "edge", "joined", "and"):
        raise UnreadError(NOT_UNDERSTOOD)
    return found


def _word_at(text: str, at: int) -> tuple[Word, int]:
    for kind, pattern in _PATTERNS:
        match = pattern.match(text, at)
        if match is None or not _ends_at(text, match):
            continue
        if kind in _REFUSED:
            raise UnreadError(_REFUSED[kind])
        return Word(kind, match.group()), match.end()
    raise UnreadError(NOT_UNDERSTOOD)


def _ends_at(text: str, match: re.Match[str]) -> bool:
    """No letter or digit touches the word's end, and no number goes on behind it."""
    end = match.end()
    if end >= len(text) or not match.group()[-1].isalnum():
        return True
    following = text[end]
    point = following == "." and text[end + 1 : end + 2].isdigit()
    return not (following.isalnum() or following in "_/'%" or point or _is_thousand(text, end))


def _is_thousand(text: str, end: int) -> bool:
    """ "12,500" goes on behind "12"."""
    return bool(re.match(r",[0-9]{3}(?![0-9])", text[end : end + 5])) and text[end - 1].isdigit()


def day_number(text: str) -> int:
    """Of "12", "12th" and "twelfth"."""
    return _SPELLED.get(text) or int(re.sub(r"\D", "", text))


def index_of(text: str, names: tuple[str, ...]) -> int:
    """Of the month or weekday that the word or its abbreviation names, counted from 0."""
    start = text.rstrip(".")[:3]
    return next(index for index, name in enumerate(names) if name.startswith(start))


def ordinal(text: str) -> int:
    """The number of the quarter or half in "q3", "3rd quarter" or "third-quarter"; last is 0."""
    if digit := re.search(r"[1-4]", text):
        return int(digit.group())
    return next((n for n, word in enumerate(_ORDINALS, start=1) if word in text), 0)


def small_count(words: str) -> int | None:
    """A whole number in digits or words, or "a"; at most a few centuries of years."""
    if words in ("a", "an", "one"):
        return 1
    if len(words) > MAX_CHARACTERS:
        return None
    numeral = next(iter(find_numerals(words)), None)
    whole = numeral is not None and (numeral.start, numeral.end) == (0, len(words))
    value = numeral.value if numeral is not None and whole and numeral.upper is None else None
    return int(value) if value is not None and value == int(value) and value < 1000 else None


def full_year(two_digits: int, published: date | None) -> int:
    """The year that "'22" means at a publication day.

    Raises UnreadError where there is none, and where two centuries are possible.
    """
    if published is None:
        raise UnreadError(TWO_DIGITS)
    first = published.year - 69  # longer ago than a career, and further ahead than a plan, is open
    year = first + (two_digits - first) % 100
    if year > published.year + 10:
        raise UnreadError(TWO_DIGITS)
    return year


def numeric_day(text: str, published: date | None) -> date:
    """The one day that digits with marks between them can mean.

    Raises UnreadError where day and month fit both ways round (3/4/2024), or none fits.
    """
    first, second, third = (int(part) for part in re.split(r"[-/.]", text))
    if re.match(r"[0-9]{4}", text):
        return _day(first, second, third)
    orders = [(third, second, first), (third, first, second)]
    if len(re.split(r"[-/.]", text)[2]) == 3:
        raise UnreadError(NOT_UNDERSTOOD)
    if third < 100:
        # A year may come first where it has two digits, as in 24.05.12; not with slashes.
        year = full_year(third, published)
        orders = [(year, second, first), (year, first, second)]
        if re.fullmatch(r"[0-9]{2}[-.][0-9]{2}[-.][0-9]{2}", text):
            orders.append((full_year(first, published), second, third))
    days = {day for order in orders if (day := _valid(*order))}
    if not days:
        raise UnreadError(NO_SUCH_DAY)
    if len(days) > 1:
        raise UnreadError(ANY_ORDER)
    return days.pop()


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day(year: int, month: int, day: int) -> date:
    found = _valid(year, month, day)
    if found is None:
        raise UnreadError(NO_SUCH_DAY)
    return found


_PATTERNS = tuple((kind, re.compile(form)) for kind, form in _FORMS)
