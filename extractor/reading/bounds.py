"""The words that bound a number, and the words that say how often: English closed classes."""

from __future__ import annotations

import re
from typing import get_args

from extractor.records import Bound, Per

_BEFORE: dict[Bound, str] = {
    "at_least": r"at least|no fewer than|not fewer than|no less than|not less than|a minimum of"
    r"|as few as|as little as",
    "more_than": r"more than|over|above|upwards? of|north of|topping|in excess of|exceeding"
    r"|greater than|well over",
    "at_most": r"at most|up to|as many as|as much as|no more than|not more than|a maximum of",
    "less_than": r"fewer than|less than|lower than|under|below|short of",
    "almost": r"almost|nearly|close to|nearing|approaching|just under|just short of|not quite",
    "about": r"about|around|approximately|approx\.?|~|\u2248|some|roughly|circa"
    r"|an estimated|estimated|in the region of|in the order of|on the order of",
}
_AFTER: dict[Bound, str] = {
    "at_least": r"or more|or above|at least|at the very least|at the least|\+|plus\b",
    "at_most": r"or fewer|or less|or under|at most|at the most",
    "about": r"or so|or thereabouts|give or take",
}
# A currency mark or code, an article or a quotation mark may stand before the number.
_GAP = (
    r"(?:\s+(?:an?|the)\b)?\s*[\"'\u201c\u2018]?"
    r"(?:[A-Za-z]{0,3}[$\u00a3\u20ac\u00a5\u20bd\u20b9\u20b4]|(?-i:[A-Z]{3}|[A-Z][a-z]\.?)\s)?\s*"
)


def _flexible(words: str) -> str:
    """A line may break between the words."""
    return words.replace(" ", r"\s+")


_PATTERNS_BEFORE = [
    (bound, re.compile(rf"(?<!\w)(?P<words>{_flexible(words)}){_GAP}$", re.IGNORECASE))
    for bound, words in _BEFORE.items()
]
_PATTERNS_AFTER = [
    (bound, re.compile(rf"\s?(?P<words>{_flexible(words)})(?!\w)", re.IGNORECASE))
    for bound, words in _AFTER.items()
]
_PERIODS = "|".join(get_args(Per))
# "A year ago", "for a week", "a quarter of": the article makes no rate of these.
_PER = re.compile(
    rf"(?<!\bhalf )\b(?:an?|per|each|every)\s+(?:single\s+)?(?P<period>{_PERIODS})\b"
    r"(?!\s+(?:ago|later|earlier|before|after|of|long)\b)"
    r"|\b(?P<adverb>hourly|daily|weekly|monthly|quarterly|yearly|annually|annual)\b"
    rf"|/(?P<slash>{_PERIODS})\b",
    re.IGNORECASE,
)
_DURATION_BEFORE = re.compile(
    r"\b(?:for|in|within|after|before|than|as|about|over|during|until|to|once|twice)\s+$",
    re.IGNORECASE,
)
_ADVERBS: dict[str, Per] = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
    "annually": "year",
    "annual": "year",
}


def find_bound(text: str, start: int, end: int) -> tuple[Bound, tuple[int, int]] | None:
    """Bound of the number at `start:end` and the offsets of the words that say so, or None.

    A tie ("no more than" ends in "more than") goes to the longer wording.
    """
    before = [
        (bound, (match.start("words"), match.end("words")))
        for bound, pattern in _PATTERNS_BEFORE
        if (match := pattern.search(text, 0, start))
    ]
    if before:
        return min(before, key=lambda hit: hit[1][0])
    for bound, pattern in _PATTERNS_AFTER:
        if match := pattern.match(text, end):
            return bound, (match.start("words"), match.end("words"))
    return None


def find_periods(text: str) -> list[tuple[Per, int, int]]:
    """Every "a month", "each day", "monthly" of a sentence, with offsets."""
    hits: list[tuple[Per, int, int]] = []
    for match in _PER.finditer(text):
        if adverb := match["adverb"]:
            hits.append((_ADVERBS[adverb.lower()], *match.span()))
        elif match["slash"] or not _is_duration(text, match):
            word = (match["period"] or match["slash"]).lower()
            hits.extend((per, *match.span()) for per in get_args(Per) if per == word)
    return hits


def _is_duration(text: str, match: re.Match[str]) -> bool:
    article = match.group().lower().startswith("a")
    return article and bool(_DURATION_BEFORE.search(text, 0, match.start()))
