"""Dates as written, and as EDTF (ISO 8601-2) where the text settles them.

spaCy and a pattern find the expressions, the `edtf` library reads them. What counts from the day of
publication is resolved where that day is known; what the text does not settle stays unresolved with
its reason.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from extractor.documents import Document
from extractor.reading.parse import ParsedSentence
from extractor.reading.relative_dates import MONTHS, SEASONS, WEEKDAYS, resolve, with_year
from extractor.reading.tokens import Token, TokenSpan
from extractor.records import Precision, Span, TimeExpression

_RANGE = re.compile(
    r"^(?:from|between)?\s*(?P<first>.+?)\s+(?:to|and|until|till)\s+(?P<second>.+)$", re.IGNORECASE
)
_YEARS = re.compile(r"(?P<first>\d{4})\s?[-\u2013]\s?(?P<second>\d{4})")
_ORDINALS = ("first", "second", "third", "fourth")
_DIVISION = re.compile(
    rf"^(?:the )?(?P<ordinal>{'|'.join(_ORDINALS)}) (?P<part>quarter|half)"
    r" of (?P<year>\d{4}|this year|last year)$",
    re.IGNORECASE,
)
_QUARTERS_FROM = 33  # ISO 8601-2, 4.8: codes 33 to 36 in place of a month are quarters
_HALVES = ("{0}-01/{0}-06", "{0}-07/{0}-12")
_PART = re.compile(
    r"^(?:(?:the )?(?:(?:very )?(?:end|beginning|start|middle) of|same \w+ (?:of|in))|early|late"
    r"|mid)[\s-]+",
    re.IGNORECASE,
)
_NO_YEAR = "no year in the text"
_NO_ANCHOR = "counts from a day that the text does not give"
_NOT_A_DATE = "not a calendar date"

_MONTH = "|".join([*MONTHS, *(rf"{month[:3]}\b\.?" for month in MONTHS), r"sept\b\.?"])
_NAMED_DAY = "|".join(WEEKDAYS)
_RELATIVE = (
    rf"(?:last|this|next|previous|past|current) (?:year|month|week|{_NAMED_DAY}"
    rf"|{'|'.join(SEASONS)}|(?:{'|'.join(MONTHS)}))"
    r"|(?:this|yesterday|tomorrow) (?:morning|afternoon|evening)|last night"
    r"|(?:an?|\w+) (?:day|week|month|year)s? ago|(?:start|end|beginning) of the year"
)
# What says that words name a time of the calendar, not a length ("14 days") or a rate ("daily").
_CALENDAR = re.compile(
    rf"\b(?:{_MONTH}|{_NAMED_DAY}|{'|'.join(SEASONS)})(?!\w)|\b\d{{4}}s?\b|\d[-/.]\d"
    rf"|\b(?:today|yesterday|tomorrow|tonight|{_RELATIVE}|(?:last|past) [\w-]+ "
    r"(?:days|weeks|months|years)|same (?:period|year|month|week|day))\b",
    re.IGNORECASE,
)
_DAY_MONTH = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? )?(?:{_MONTH})(?: \d{{1,2}}(?:st|nd|rd|th)?)?"
_MISSED = re.compile(
    rf"\b(?:{_DAY_MONTH},? \d{{4}}|\d{{1,2}} (?:{_MONTH})|(?:{_MONTH}) \d{{1,2}}\b|{_NAMED_DAY}"
    rf"|{_RELATIVE}|(?:the )?same (?:period|year|month)(?: of \d{{4}})?|yesterday|today)(?!\w)"
    r"|(?<=\bin )(?:19|20)\d\d\b|(?<=\bsince )(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_OPENERS = {"since", "until", "till", "by", "between", "from"}
_LEADING = re.compile(
    r"^(?:(?P<from>since)|(?P<to>until|till|by)|as (?:of|at)|from|on|in|during|over|for)\s+"
    r"(?!.+\bto\b)",
    re.IGNORECASE,
)
_AS_OF = re.compile(r"^as (?:of|at)\s", re.IGNORECASE)
_DATELINE = re.compile(r"^.{2,90}?\s?[\u2013\u2014-]{1,2}\s")

_FULL = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTH}),? \d{{4}}"
    rf"|(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{4})(?!\w)",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
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


def _iso(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def find_dates(parsed: ParsedSentence) -> list[TokenSpan]:
    """Date expressions of one sentence in order, with "since", "until", "by" or "as of" before.

    Durations, rates and ages are none, nor is the day in a dateline.
    """
    tokens, ents = parsed.tokens, parsed.tokens.ents
    found = [e for e in ents if e.label_ == "DATE" and _CALENDAR.search(e.text)]
    for match in _MISSED.finditer(parsed.text):
        span = tokens.char_span(*match.span(), alignment_mode="contract")
        if span is not None and not any(e.start < span.end and span.start < e.end for e in found):
            found.append(span)
    dateline = _DATELINE.match(parsed.text) if _FULL.search(parsed.text[:90]) else None
    head = dateline.end() if dateline and _FULL.search(dateline[0]) else 0
    return [_opened(e) for e in sorted(found, key=lambda e: e.start) if e.end_char > head]


def _opened(tokens: TokenSpan) -> TokenSpan:
    """The expression with the preposition that makes it open at one end."""
    doc, start = tokens.doc, tokens.start
    if start >= 2 and doc[start - 2 : start].text.lower() in ("as of", "as at"):
        return doc[start - 2 : tokens.end]
    if start and doc[start - 1].lower_ in _OPENERS:
        return doc[start - 1 : tokens.end]
    return tokens


def is_as_of(tokens: TokenSpan) -> bool:
    """ "As of 1 October": the day up to which it was counted, not when it happened."""
    return bool(_AS_OF.match(tokens.text))


def time_expression(parsed: ParsedSentence, tokens: TokenSpan) -> TimeExpression:
    """The expression with its EDTF form, or with the reason why it has none."""
    return written_date(
        parsed.token_span(tokens), publication_day(parsed.document), ahead=_ahead(tokens.root)
    )


def _ahead(token: Token) -> bool:
    """What is to come: a future, or a present with a day ("leaves on Friday")."""
    verb = next((up for up in token.ancestors if up.pos_ in ("VERB", "AUX")), None)
    if verb is None or token.lower_ == "since":
        return False
    helpers = [child for child in verb.children if child.dep_ in ("aux", "auxpass")]
    if any(child.lower_ in ("will", "'ll", "shall") for child in helpers):
        return True
    finite = helpers[0] if helpers else verb
    return finite.tag_ in ("VBZ", "VBP") and finite.lower_ not in ("has", "have", "'ve", "\u2019ve")


def written_date(
    span: Span, published: date | None = None, *, ahead: bool = False
) -> TimeExpression:
    """The date that the words of `span` write, or the reason why they write none.

    Args:
        span: an expression such as "since 4 May".
        published: the day that a date without a year, or "last week", counts from.
        ahead: what is dated is still to come.
    """
    edtf = to_edtf(span.text, published, ahead=ahead)
    if edtf is None:
        reason = _NO_ANCHOR if _CALENDAR.search(span.text) else _NOT_A_DATE
        return TimeExpression(as_written=span.text, span=span, unresolved=reason)
    if "XXXX" in edtf:
        return TimeExpression(as_written=span.text, span=span, unresolved=_NO_YEAR)
    return TimeExpression(as_written=span.text, span=span, edtf=edtf, precision=_precision(edtf))


def to_edtf(words: str, published: date | None = None, *, ahead: bool = False) -> str | None:
    """EDTF of an English date or range; unknown years are `XXXX`; None where it is no date.

    "Since" opens the end, "until" and "by" the beginning: `2027-01/..`, `../2027-01`.
    """
    words = " ".join(words.split())
    opener = _LEADING.match(words)
    plain = words[opener.end() :] if opener else words
    edtf = _whole(plain, published, ahead)
    if edtf is None or opener is None or "/" in edtf:
        return edtf
    if opener["from"]:
        return f"{edtf}/.."
    return f"../{edtf}" if opener["to"] else edtf


def _whole(words: str, published: date | None, ahead: bool) -> str | None:
    if not _CALENDAR.search(words):
        return None
    if published and (edtf := resolve(words, published, ahead=ahead)):
        return edtf
    if match := _DIVISION.match(words):
        return _division(match, published)
    if match := _YEARS.fullmatch(words) or _RANGE.match(words):
        first, second = _single(match["first"]), _single(match["second"])
        read = f"{_with_year(first, second)}/{second}" if first and second else None
    else:
        read = _single(words)
    if published and read and read.startswith("XXXX-") and "/" not in read:
        return with_year(read, published, ahead=ahead)
    return read


def _division(match: re.Match[str], published: date | None) -> str | None:
    """A quarter or a half of a year; there is no third half."""
    number = _ORDINALS.index(match["ordinal"].lower())
    year = match["year"]
    if not year.isdigit():
        year = (published and resolve(year, published)) or ""
    if not year:
        return None
    if match["part"].lower() == "quarter":
        return f"{year}-{_QUARTERS_FROM + number}"
    return _HALVES[number].format(year) if number < len(_HALVES) else None


def _with_year(first: str, second: str) -> str:
    """The year is that of both months in "March to June 2024", not in "May to March 2024"."""
    months = first.removeprefix("XXXX-"), second[5:]
    same = first.startswith("XXXX-") and second[:4].isdigit() and months[0] <= months[1]
    return first.replace("XXXX", second[:4]) if same else first


def _single(words: str) -> str | None:
    from edtf import text_to_edtf

    if match := _NUMERIC.fullmatch(words):
        return _numeric(int(match[1]), int(match[2]), match[3])
    read = text_to_edtf(_PART.sub("", words))
    return str(read) if read and re.fullmatch(r"(?=.*\d)[\dX~?%-]+/?", str(read)) else None


def _numeric(first: int, second: int, year: str) -> str | None:
    """Day and month in whichever order makes a date; 3/4/2024 may be read both ways and is none."""
    possible = {
        f"{year}-{month:02}-{day:02}"
        for day, month in ((first, second), (second, first))
        if _iso(f"{year}-{month:02}-{day:02}")
    }
    return possible.pop() if len(possible) == 1 else None


def _precision(edtf: str) -> Precision:
    if "/" in edtf:
        return "interval"
    parts = edtf.rstrip("~?%").split("-")
    if len(parts) == 1:
        return "decade" if "X" in edtf else "year"
    if len(parts) == 2:
        code = int(parts[1]) if parts[1].isdigit() else 0
        return "quarter" if code >= _QUARTERS_FROM else "season" if code > 12 else "month"
    return "day"
