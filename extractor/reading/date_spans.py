"""Where date expressions stand in a sentence, from their first word to their last.

spaCy and a pattern find them; both may stop short of the words that settle the year or the other
end of a range, so each is then grown over what belongs to it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator

from extractor.reading.date_words import MONTHS, SEASONS, WEEKDAYS
from extractor.reading.parse import ParsedSentence
from extractor.reading.tokens import TokenSpan
from extractor.records import SHORT_CHARACTERS

# Names of months and their abbreviations, for patterns that ignore case.
MONTH = "|".join([*MONTHS, *(rf"{month[:3]}\b\.?" for month in MONTHS), r"sept\b\.?"])
_NAMED_DAY = "|".join(WEEKDAYS)
_RELATIVE = (
    rf"(?:last|this|next|previous|past|current) (?:year|month|week|{_NAMED_DAY}"
    rf"|{'|'.join(SEASONS)}|(?:{'|'.join(MONTHS)}))"
    r"|(?:this|yesterday|tomorrow) (?:morning|afternoon|evening)|last night"
    r"|(?:an?|\w+) (?:day|week|month|year)s? ago|(?:start|end|beginning) of the year"
)
_DIVISION = (
    r"q[1-4](?: of)?[ ']{0,2}(?:\d{4}|\d{2})|[1-4]q[ ']{0,2}(?:\d{4}|\d{2})"
    r"|(?:h[12](?: of)? ?|[12]h ?)(?:\d{4}|\d{2})"
    r"|(?:first|second|third|fourth)[ -](?:quarter|half)(?: of)? (?:\d{4}|(?:last|this) year)"
)
_MONTH_AND_TWO = rf"(?:{MONTH})(?: of)? ?['\u2019]\d\d"
_SHORT_RANGE = rf"\d{{1,2}} ?[-\u2013] ?\d{{1,2}}(?: of)? (?:{MONTH})"
# What says that words name a time of the calendar, not a length ("14 days") or a rate ("daily").
_CALENDAR = re.compile(
    rf"\b(?:{MONTH}|{_NAMED_DAY}|{'|'.join(SEASONS)})(?!\w)|\b\d{{4}}s?\b"
    rf"|\d[-/.]\d(?!\S* ?(?:second|minute|hour|day|night|week|month|year)s?\b)"
    rf"|\b(?:today|yesterday|tomorrow|tonight|{_RELATIVE}|(?:last|past) [\w-]+ "
    rf"(?:days|weeks|months|years)|same (?:period|year|month|week|day)|{_DIVISION})\b",
    re.IGNORECASE,
)
_DAY_MONTH = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? )?(?:{MONTH})(?: \d{{1,2}}(?:st|nd|rd|th)?)?"
_MISSED = re.compile(
    rf"\b(?:{_SHORT_RANGE}|{_MONTH_AND_TWO}|{_DIVISION}|{_DAY_MONTH},? \d{{4}}"
    rf"|\d{{1,2}} (?:{MONTH})|(?:{MONTH}) \d{{1,2}}\b|{_NAMED_DAY}"
    rf"|{_RELATIVE}|(?:the )?same (?:period|year|month)(?: of \d{{4}})?|yesterday|today)(?!\w)"
    r"|(?<=\bin )(?:19|20)\d\d\b|(?<=\bsince )(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_OPENERS = {"since", "until", "till", "by", "between", "from"}
# What may tie the words behind an expression, or before it, to it. "In May, and in June 2023" are
# two, and so are "on 5 May, 1500 soldiers".
_GOES_ON = re.compile(
    r"\s?[-\u2013\u2014/]|,?\s(?:of|in|to|until|till|through|last|this|next|a)\b|\sand\s(?!in|on)"
    rf"|,?\s?\(|\s['\u2019]\d\d\b|,?\s(?:18|19|20)\d\d\b|,\s(?!and\b)|\s(?:{MONTH})\b",
    re.IGNORECASE,
)
_NUMBER_BEHIND = re.compile(r",\s[12]\d{3}\b")
_COMES_BEFORE = re.compile(
    rf"(?:\w\s?[-\u2013\u2014/]\s?|\b(?:to|until|till|through|and|of|in|the|{_NAMED_DAY}),?\s\(?"
    rf"|\b(?:{MONTH}|{'|'.join(SEASONS)}|q[1-4]|[1-4]q|h[12]|[12]h),?\s|\b\d\d?(?:st|nd|rd|th)?\s"
    r"|\b(?:early|late|mid)[\s-](?:in\s|on\s)?|\b(?:week|quarter|half|fiscal|financial|ending"
    r"|ended|beginning|commencing|fy)\s)$",
    re.IGNORECASE,
)
_YEAR_LEFT_OUT = re.compile(r",?\s(?:of\s)?(?:19|20)\d\d\S*")
_DAY_LEFT_OUT = re.compile(r"(?<![\w.,-])\d\d?(?:st|nd|rd|th)?(?:\sof)?\s$")
_STARTS_WITH_MONTH = re.compile(rf"(?:{MONTH})\b", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"\d\S*\s(?:of\s)?(?:{MONTH})$", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}|['\u2019]\d\d\b|\b(?:year|ago)\b", re.IGNORECASE)
_YEAR_OF_ITS_OWN = re.compile(
    r"(?:\b(?:fiscal|financial|academic|school|tax|budget|FY|season)(?:\syear)?"
    r"|\b(?:week|quarter|months|year|season)\s(?:of|to|ended|ending|beginning|commencing|starting)"
    r"(?:\son)?)\s(?:the\s)?$",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"(?:in|on|of|at|during|over|for|as)\s", re.IGNORECASE)
# "Wounding 12 and 13 May" is no range, nor is "in May, and in June 2023".
_TWO_TIMES = re.compile(r"^\d+\s+and\s|,\s+and\b|\band\s+(?:in|on)\b", re.IGNORECASE)
_CLOCK = re.compile(r"\d:\d\d")
_WORD = re.compile(r"[^\s\[]+")
_MOST_WORDS = 8  # as far as an expression is grown to one side

Reads = Callable[[str], bool]


def expressions(parsed: ParsedSentence, reads: Reads) -> list[TokenSpan]:
    """The date expressions of a sentence in order; none overlaps another.

    reads: whether words are a date as a whole. An expression grows to the longest that is one.
    """
    kept: list[TokenSpan] = []
    starts = [word.idx for word in parsed.tokens.words]
    for found in sorted(_found(parsed, starts), key=lambda e: e.start):
        grown = _opened(_grown(parsed, starts, found, reads))
        if kept and grown.start < kept[-1].end:
            if grown.end > kept[-1].end:
                kept[-1] = parsed.tokens[kept[-1].start : grown.end]
            continue
        kept.append(grown)
    return kept


def names_calendar(words: str) -> bool:
    """A word or number in them names a time of the calendar, not a length ("14 days")."""
    return bool(_CALENDAR.search(words))


def _found(parsed: ParsedSentence, starts: list[int]) -> Iterator[TokenSpan]:
    tokens, ents = parsed.tokens, parsed.tokens.ents
    found = [e for e in ents if e.label_ == "DATE" and names_calendar(e.text)]
    yield from found
    taken = {index for e in found for index in range(e.start, e.end)}
    for match in _MISSED.finditer(parsed.text):
        first, last = bisect_left(starts, match.start()), bisect_left(starts, match.end())
        if first < last and taken.isdisjoint(range(first, last)):
            yield tokens[first:last]


def _grown(parsed: ParsedSentence, starts: list[int], found: TokenSpan, reads: Reads) -> TokenSpan:
    """The longest expression that holds the words found, in whole tokens."""
    end = _grown_right(parsed.text, found.start_char, found.end_char, reads)
    start = _grown_left(parsed.text, found.start_char, end, reads)
    if (start, end) == (found.start_char, found.end_char):
        return found
    return parsed.tokens[bisect_right(starts, start) - 1 : bisect_left(starts, end)]


def _grown_right(text: str, start: int, end: int, reads: Reads) -> int:
    """To the last place at which all is one date, or over what cannot be left out."""
    day_first = _DAY_FIRST.search(text[start:end])
    if not _GOES_ON.match(text, end) or (day_first and _NUMBER_BEHIND.match(text, end)):
        return end
    words = [end + m.end() for m in _WORD.finditer(text[end : end + SHORT_CHARACTERS])]
    for stop in reversed(words[:_MOST_WORDS]):
        trimmed = len(text[:stop].rstrip(".,;:!?"))
        more = text[end:trimmed]
        if more and not _CLOCK.search(more) and reads(text[start:trimmed]):
            return trimmed
    touching = re.compile(r"[-\u2013/]\w[\w/.\u2013-]*").match(text, end)
    if touching and re.search(r"\d", touching[0]):
        return touching.end()
    year = None if _YEAR.search(text[start:end]) else _YEAR_LEFT_OUT.match(text, end)
    return year.end() if year else end


def _grown_left(text: str, start: int, end: int, reads: Reads) -> int:
    """From the first place at which all is one date, or from what cannot be left out."""
    before = text[max(0, start - SHORT_CHARACTERS) : start]
    if own := _YEAR_OF_ITS_OWN.search(before):
        return start - (len(before) - own.start())
    if not _COMES_BEFORE.search(before):
        return start
    for match in list(_WORD.finditer(before))[-_MOST_WORDS:]:
        begin = start - (len(before) - match.start())
        words = text[begin:end]
        if _TWO_TIMES.search(words) or _PREPOSITION.match(words) or not words[0].isalnum():
            continue
        if reads(words) and _is_more(text[begin:start]):
            return begin
    left_out = re.search(r"\w[\w/.\u2013-]*[-\u2013/]$", before)
    if left_out is None and _STARTS_WITH_MONTH.match(text, start):
        left_out = _DAY_LEFT_OUT.search(before)
    digits = left_out is not None and re.search(r"\d", left_out[0])
    return start - len(left_out[0]) if left_out and digits else start


def _is_more(words: str) -> bool:
    """Not only "in" or "the" stand before."""
    return bool(
        re.sub(
            r"\b(?:the|in|on|of|from|during|over|for|as|at|by|since|until|till)\b|\W",
            "",
            words,
            flags=re.IGNORECASE,
        )
    )


def _opened(tokens: TokenSpan) -> TokenSpan:
    """The expression with the preposition that makes it open at one end."""
    doc, start = tokens.doc, tokens.start
    if start >= 2 and doc[start - 2 : start].text.lower() in ("as of", "as at"):
        return doc[start - 2 : tokens.end]
    if start and doc[start - 1].lower_ in _OPENERS:
        return doc[start - 1 : tokens.end]
    return tokens
