"""The dates of a sentence, found once: every number and every cue in it asks for them."""

from __future__ import annotations

from functools import lru_cache

from extractor.reading.dates import find_dates
from extractor.reading.parse import ParsedSentence
from extractor.reading.tokens import TokenSpan


@lru_cache(maxsize=16)
def dates_of(parsed: ParsedSentence) -> tuple[TokenSpan, ...]:
    """As `find_dates`."""
    return tuple(find_dates(parsed))
