"""Dates as written, and as EDTF (ISO 8601-2) where the text settles them.

An expression is read as a whole or not at all: its calendar words by `calendar_dates`, what counts
from the day of publication by `relative_dates`. What the text does not settle stays unresolved with
its reason.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from extractor.documents import Document
from extractor.reading.calendar_dates import (
    BACKWARDS,
    DISAGREE,
    NO_YEAR,
    NOT_ONE_PERIOD,
    read_calendar,
)
from extractor.reading.date_parts import Frame
from extractor.reading.date_spans import MONTH, expressions
from extractor.reading.date_words import (
    ANY_ORDER,
    EITHER_YEAR,
    MAX_CHARACTERS,
    NO_ANCHOR,
    NO_SUCH_DAY,
    NOT_UNDERSTOOD,
    QUARTERS_FROM,
    TWO_DIGITS,
    UnreadError,
    plain,
)
from extractor.reading.parse import ParsedSentence
from extractor.reading.relative_dates import resolve
from extractor.reading.tokens import Token, TokenSpan
from extractor.records import SHORT_CHARACTERS, Precision, Span, TimeExpression

_OPENER = re.compile(
    r"(?:(?P<from>since|as from|(?:starting|beginning) (?:in|on|from|with))"
    r"|(?P<to>up until|up to|until|till|by)|as (?:of|at)|from|on|in|during|over|for) "
)
_ONWARDS = re.compile(r"from (?P<date>.+) on(?:wards?)?")
_BETWEEN = re.compile(r"between (?P<first>.+?)(?: and | to |-)(?P<second>.+)")
_WEEK = re.compile(
    r"(?:the )?week (?P<side>of|beginning|commencing|starting|ending)(?: on)? (?P<day>.+)"
)
_AS_OF = re.compile(r"^as (?:of|at)\s", re.IGNORECASE)
_TOO_LONG = "longer than a date"
_WEEK_UNSURE = "may be a week that begins on another day"
_OPEN_PERIOD = "opens or ends within a period, on a day that is not told"
_DATELINE = re.compile(r"^.{2,90}?\s?[\u2013\u2014-]{1,2}\s")
_UNSETTLED = {
    ANY_ORDER, BACKWARDS, DISAGREE, EITHER_YEAR, NOT_ONE_PERIOD, NO_SUCH_DAY, NO_YEAR, TWO_DIGITS,
}  # fmt: skip
_SAMPLE_DAY = date(2024, 6, 12)  # shows whether words count from a day at all

_FULL = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{MONTH}),? \d{{4}}"
    rf"|(?:{MONTH}) \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{4})(?!\w)",
    re.IGNORECASE,
)
_NAMES_DAY = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{MONTH})|(?:{MONTH}) \d{{1,4}})(?!\w)",
    re.IGNORECASE,
)
_HEAD_CHARACTERS = 120  # a longer first line is no date line; a dateline is shorter
_HEAD_LINES = 14


@lru_cache(maxsize=8)
def publication_day(document: Document) -> date | None:
    """The day that the caller gives or else that the page's own head or dateline writes in full."""
    if given := document.metadata.published:
        return _iso(given[:10])
    span = publication_date(document)
    return _iso(to_edtf(span.text) or "") if span else None


def publication_date(document: Document) -> Span | None:
    """Where the page's own head, or the dateline that opens the story, writes a day in full."""
    for block in document.blocks[:_HEAD_LINES]:
        line = document.text[block.start : block.end]
        prose = not block.furniture and len(line) > _HEAD_CHARACTERS
        dateline = _DATELINE.match(line)
        head = line if not prose else dateline[0] if dateline else ""
        if len(head) <= _HEAD_CHARACTERS and (match := _FULL.search(head)):
            return document.span(block.start + match.start(), block.start + match.end())
        if prose:
            return None
    return None


def names_day(line: str) -> bool:
    """True where a line has a day of a month or a month of a year: "Ann Lee - 19 November"."""
    return _NAMES_DAY.search(line) is not None or _FULL.search(line) is not None


def full_date(words: str) -> tuple[int, int] | None:
    """Where the words name a day with its year, whatever else they say; start and end."""
    match = _FULL.search(words)
    return match.span() if match else None


def _iso(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def find_dates(parsed: ParsedSentence) -> list[TokenSpan]:
    """Date expressions of one sentence in order, with "since", "until", "by" or "as of" before.

    Durations, rates and ages are none, nor is the day in a dateline.
    """
    dateline = _DATELINE.match(parsed.text) if _FULL.search(parsed.text[:90]) else None
    head = dateline.end() if dateline and _FULL.search(dateline[0]) else 0
    return [e for e in expressions(parsed, _is_expression) if e.end_char > head]


def _is_expression(words: str) -> bool:
    """The words are one expression of a date, whether or not they settle which."""
    try:
        _read(words, _SAMPLE_DAY, ahead=False)
    except UnreadError as error:
        return str(error) in _UNSETTLED
    return True


def is_as_of(tokens: TokenSpan) -> bool:
    """ "As of 1 October": the day up to which it was counted, not when it happened."""
    return bool(_AS_OF.match(tokens.text))


def time_expression(parsed: ParsedSentence, tokens: TokenSpan) -> TimeExpression:
    """The expression with its EDTF form, or with the reason why it has none."""
    span, published = parsed.token_span(tokens), publication_day(parsed.document)
    tense = _tense(tokens.root)
    written = written_date(span, published, ahead=tense != "past")
    if tense == "present" and published is not None and _is_far(written.edtf, published):
        past = written_date(span, published)
        if past.edtf != written.edtf:
            return TimeExpression(as_written=span.text, span=span, unresolved=EITHER_YEAR)
    return written


def _is_far(edtf: str | None, published: date) -> bool:
    """More than a season ahead: "leaves on Friday" is to come, "is 90 in May" is not for sure."""
    limit = published.year * 12 + published.month + 3
    years = re.search(r"(\d{4})-(\d\d)", edtf or "")
    return years is not None and int(years[1]) * 12 + int(years[2]) > limit


def _tense(token: Token) -> Literal["past", "present", "future"]:
    """Of the verb that the date belongs to; "since" looks back from any."""
    verb = next((up for up in token.ancestors if up.pos_ in ("VERB", "AUX")), None)
    if verb is None or token.lower_ == "since":
        return "past"
    helpers = [child for child in verb.children if child.dep_ in ("aux", "auxpass")]
    if any(child.lower_ in ("will", "'ll", "shall") for child in helpers):
        return "future"
    finite = helpers[0] if helpers else verb
    perfect = finite.lower_ in ("has", "have", "'ve", "\u2019ve")
    return "present" if finite.tag_ in ("VBZ", "VBP") and not perfect else "past"


def written_date(
    span: Span, published: date | None = None, *, ahead: bool = False
) -> TimeExpression:
    """The date that the words of `span` write, or the reason why they write none.

    A span beyond a record's limit is cut there, and unresolved.

    Args:
        span: an expression such as "since 4 May".
        published: the day that a date without a year, or "last week", counts from.
        ahead: what is dated is still to come.
    """
    if len(span.text) > SHORT_CHARACTERS:
        end = span.start + SHORT_CHARACTERS
        span = Span(start=span.start, end=end, text=span.text[:SHORT_CHARACTERS])
    try:
        edtf = _read(span.text, published, ahead)
        if "XXXX" in edtf:
            raise UnreadError(NO_YEAR)
    except UnreadError as error:
        return TimeExpression(as_written=span.text, span=span, unresolved=str(error))
    return TimeExpression(as_written=span.text, span=span, edtf=edtf, precision=_precision(edtf))


def to_edtf(words: str, published: date | None = None, *, ahead: bool = False) -> str | None:
    """EDTF of an English date or range; unknown years are `XXXX`; None where it is no date, or not
    for sure.

    "Since" opens the end, "until" and "by" the beginning: `2027-01/..`, `../2027-01`.
    """
    try:
        return _read(words, published, ahead)
    except UnreadError:
        return None


def _read(words: str, published: date | None, ahead: bool) -> str:
    if len(words) > MAX_CHARACTERS:
        raise UnreadError(_TOO_LONG)
    text = plain(words)
    if match := _BETWEEN.fullmatch(text):
        return _whole(f"{match['first']} to {match['second']}", published, ahead)
    if match := _ONWARDS.fullmatch(text):
        return f"{_point(match['date'], published, ahead)}/.."
    opener = _OPENER.match(text)
    if opener is None:
        return _whole(text, published, ahead)
    rest = text[opener.end() :]
    if opener["from"]:
        return f"{_point(rest, published, ahead)}/.."
    return (
        f"../{_point(rest, published, ahead)}" if opener["to"] else _whole(rest, published, ahead)
    )


def _point(text: str, published: date | None, ahead: bool) -> str:
    """What an open period may begin or end with; of "since last week" no day is told."""
    edtf = _whole(text, published, ahead)
    if "/" in edtf:
        raise UnreadError(_OPEN_PERIOD)
    return edtf


def _whole(text: str, published: date | None, ahead: bool) -> str:
    if match := _WEEK.fullmatch(text):
        return _week(match["side"], match["day"], published, ahead)
    edtf = resolve(text, published or _SAMPLE_DAY, ahead=ahead)
    if edtf is not None and published is None:
        raise UnreadError(NO_ANCHOR)
    return edtf or read_calendar(text, Frame(published, ahead))


def _week(side: str, words: str, published: date | None, ahead: bool) -> str:
    """Seven days from or up to a day. "The week of" a day is sure only where that is a Monday, for
    weeks begin on Sunday elsewhere, and some mean the seven days from that day on.
    """
    day = _iso(read_calendar(words, Frame(published, ahead)))
    if day is None:
        raise UnreadError(NO_ANCHOR if published is None else NOT_UNDERSTOOD)
    if side == "of" and day.weekday():
        raise UnreadError(_WEEK_UNSURE)
    try:
        other = day + timedelta(days=-6 if side == "ending" else 6)
    except OverflowError as error:
        raise UnreadError(NOT_UNDERSTOOD) from error
    first, last = sorted((day, other))
    return f"{first.isoformat()}/{last.isoformat()}"


def _precision(edtf: str) -> Precision:
    if "/" in edtf:
        return "interval"
    parts = edtf.rstrip("~?%").split("-")
    if len(parts) == 1:
        return "decade" if "X" in edtf else "year"
    if len(parts) == 2:
        code = int(parts[1]) if parts[1].isdigit() else 0
        return "quarter" if code >= QUARTERS_FROM else "season" if code > 12 else "month"
    return "day"
