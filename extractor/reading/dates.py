"""Dates as written, and as EDTF (ISO 8601-2) where the text settles them.

spaCy finds the expressions, the `edtf` library reads them. A date that needs the day of
publication, or another sentence, stays unresolved with its reason.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extractor.reading.parse import ParsedSentence
from extractor.records import Precision, Span, TimeExpression

if TYPE_CHECKING:
    from spacy.tokens import Span as TokenSpan

_RANGE = re.compile(
    r"^(?:from|between)?\s*(?P<first>.+?)\s+(?:to|and|until|till)\s+(?P<second>.+)$", re.IGNORECASE
)
_YEARS = re.compile(r"(?P<first>\d{4})\s?[-\u2013]\s?(?P<second>\d{4})")
_ORDINALS = ("first", "second", "third", "fourth")
_DIVISION = re.compile(
    rf"^(?:the )?(?P<ordinal>{'|'.join(_ORDINALS)}) (?P<part>quarter|half) of (?P<year>\d{{4}})$",
    re.IGNORECASE,
)
_QUARTERS_FROM = 33  # ISO 8601-2, 4.8: codes 33 to 36 in place of a month are quarters
_HALVES = ("{0}-01/{0}-06", "{0}-07/{0}-12")
_PART = re.compile(r"^(?:the )?(?:end|beginning|start|middle) of\s+", re.IGNORECASE)
_NO_YEAR = "no year in the text"
_NOT_A_DATE = "not a calendar date"


def find_dates(parsed: ParsedSentence) -> list[TokenSpan]:
    """Date expressions of one sentence, adjoining ones ("from ... to ...") as spaCy joins them."""
    return [entity for entity in parsed.tokens.ents if entity.label_ == "DATE"]


def time_expression(parsed: ParsedSentence, tokens: TokenSpan) -> TimeExpression:
    """The expression with its EDTF form, or with the reason why it has none."""
    return written_date(parsed.token_span(tokens))


def written_date(span: Span) -> TimeExpression:
    """The date that the words of `span` write, or the reason why they write none."""
    edtf = to_edtf(span.text)
    if edtf is None:
        return TimeExpression(as_written=span.text, span=span, unresolved=_NOT_A_DATE)
    if "XXXX" in edtf:
        return TimeExpression(as_written=span.text, span=span, unresolved=_NO_YEAR)
    return TimeExpression(as_written=span.text, span=span, edtf=edtf, precision=_precision(edtf))


def to_edtf(words: str) -> str | None:
    """EDTF of an English date or range; unknown years are `XXXX`; None where it is no date."""
    words = " ".join(words.split())
    if match := _DIVISION.match(words):
        return _division(match)
    if match := _YEARS.fullmatch(words) or _RANGE.match(words):
        first, second = _single(match["first"]), _single(match["second"])
        return f"{_with_year(first, second)}/{second}" if first and second else None
    return _single(words)


def _division(match: re.Match[str]) -> str | None:
    """A quarter or a half of a year; there is no third half."""
    number = _ORDINALS.index(match["ordinal"].lower())
    if match["part"].lower() == "quarter":
        return f"{match['year']}-{_QUARTERS_FROM + number}"
    return _HALVES[number].format(match["year"]) if number < len(_HALVES) else None


def _with_year(first: str, second: str) -> str:
    """The year is that of both months in "March to June 2024", not in "May to March 2024"."""
    months = first.removeprefix("XXXX-"), second[5:]
    same = first.startswith("XXXX-") and second[:4].isdigit() and months[0] <= months[1]
    return first.replace("XXXX", second[:4]) if same else first


def _single(words: str) -> str | None:
    from edtf import text_to_edtf

    read = text_to_edtf(_PART.sub("", words))
    return str(read) if read and re.fullmatch(r"(?=.*\d)[\dX~?%-]+/?", str(read)) else None


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
