"""The words that bound a number, and the words that say how often: English closed classes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import get_args

from extractor.records import Bound, Per

_MODAL = r"(?:(?:could|would|may|might|will|can|must|should|to|already|has|have|had) )?"
_BEFORE: dict[Bound, str] = {
    "at_least": r"at (?:the very |the |a )?(?:least|minimum(?: of)?)|no fewer than"
    r"|not fewer than|no less than"
    r"|not less than|a minimum of|minimum of|minimum|as few as|as little as|\u2265|>="
    r"|starting at|from as few as",
    "more_than": r"(?:(?:just|well|slightly|a little|far|considerably) )?(?:more than|over"
    r"|above)|upwards? of"
    r"|north of|topping|in excess of|exceeding|greater than|higher than|larger than|surpassing"
    rf"|{_MODAL}(?:exceed|surpass|top)|exceed(?:ed|s)|surpass(?:ed|es)|topped|tops|has passed"
    rf"|have passed|>",
    "at_most": r"(?:anything )?up to|at (?:the very |the )?most|at (?:a )?maximum(?: of)?"
    r"|as many as|as much as|no more than"
    r"|not more than|a maximum of|maximum of|not exceeding|not to exceed|capped at|\u2264|<=",
    "less_than": r"(?:(?:well|slightly|a little|far) )?(?:fewer than|less than|lower than"
    r"|smaller than|under|below)"
    r"|short of|fell short of|falls short of|<",
    "almost": r"almost|nearly|close to|nearing|approaching|just under|just short of|just below"
    r"|not quite"
    r"|virtually|practically",
    "about": r"about|around|approximately|approx\.?|~|\u2248|some|roughly|circa|ca\.?|c\."
    r"|an estimated|estimated"
    r"|in the region of|(?:in|of|on) the order of|in the neighbou?rhood of|in the vicinity of"
    r"|or so|perhaps|maybe|possibly"
    r"|something like|give or take|more or less|barely|hardly|scarcely|somewhere around"
    r"|an approximate"
    r"|averag(?:ing|es|ed)|an average of|on average",
}
_AFTER: dict[Bound, str] = {
    "at_least": r"or more|or above|or over|or greater|or higher|and (?:above|over|up|more"
    r"|upwards)|at least"
    r"|at (?:the very|the) least|at (?:a )?minimum|\+|-?plus\b|upwards|if not more|and counting",
    "at_most": r"or fewer|or less|or under|or below|at (?:the )?most|at the very most"
    r"|at (?:a )?maximum|or lower|and under",
    "about": r"or so|or thereabouts|give or take|-odd|-some|more or less|on average|approximately",
}
# "200 people or more", "40 men or so": two words at most may stand between.
_AFTER_NOUN: dict[Bound, str] = {
    "at_least": r"or (?:more|above|over)|at (?:the very |the )?least|if not more|and (?:more"
    r"|counting)|upwards",
    "at_most": r"or (?:fewer|less)|at (?:the )?(?:very )?most|at (?:a )?maximum",
    "about": r"or (?:so|thereabouts)|give or take",
}
# A currency mark or code, an article or a quotation mark may stand before the number.
_GAP = (
    r"(?:\s+(?:an?|the)\b)?\s*[\"'\u201c\u2018]?"
    r"(?:[A-Za-z]{0,3}[$\u00a3\u20ac\u00a5\u20bd\u20b9\u20b4]|(?-i:[A-Z]{3}|[A-Z][a-z]{1,2}\.?)\s"
    r"|(?-i:P|K|N|R|Q|RM|Rp|Rs\.?|KSh|Shs?|Tk)\.?)?\s*-?"
)
_HEDGE = r"(?:\s+(?:some|about|around|an\s+estimated|perhaps|probably))?"
_REACH = 70  # characters before a number in which the words that bound it may begin
# A preposition of its own, no bound: "charged under six articles", "spread over three provinces".
_PREPOSITIONS = re.compile(r"(?:over|under|above|below|about|around)$", re.IGNORECASE)
_UNDER_NOUNS = re.compile(
    r"\s(?:\w+\s){0,2}?(?:articles?|sections?|paragraphs?|clauses?|provisions?|laws?|acts?"
    r"|statutes?|counts?|charges?"
    r"|headings?|codes?|rules?|regulations?|governments?|presidents?|administrations?|leaders?"
    r"|commanders?"
    r"|kings?|contracts?|agreements?|treat(?:y|ies)|conventions?|names?|flags?|programmes?"
    r"|programs?"
    r"|names|aliases|conditions|circumstances|jurisdictions|scenarios|regimes|bosses|coaches"
    r"|managers)\b",
    re.IGNORECASE,
)
_TAKES_UNDER = re.compile(
    r"\b(?:charged|convicted|tried|accused|arrested|detained|booked|indicted|prosecuted"
    r"|sentenced|held|sued|filed"
    r"|registered|listed|punishable|liable|prohibited|banned|protected|covered|obligations?"
    r"|rights|falls?|fell"
    r"|operat\w+|serv(?:ed|es|ing)|work(?:ed|s|ing)|liv(?:ed|es|ing)|trained|fought|fighting"
    r"|united|cases?)\s(?:\w+\s)?$",
    re.IGNORECASE,
)
_TAKES_OVER = re.compile(
    r"\b(?:divided|distributed|scattered|split|spread|stretch(?:ed|ing)|disputes?|argu\w+"
    r"|fight\w*|fought|quarrel\w*"
    r"|concern\w*|worr(?:y|ied)|anger|outrage|charges|control|power|protest\w*|presid\w+|flew"
    r"|fly|flying|flown"
    r"|hovered|bridges?|authority|jurisdiction|trial)\s$",
    re.IGNORECASE,
)
_TAKES_ABOUT = re.compile(
    r"\b(?:talk\w*|spoke|speak\w*|ask\w*|knows?|knew|worr\w+|complain\w*|information|details"
    r"|questions?|wrote|writ\w+"
    r"|told\s\w+|heard|learned|stories|story|reports?|data|truth|doubts?|lied|lying|read"
    r"|concerned)\s$",
    re.IGNORECASE,
)
_TAKES = {"under": _TAKES_UNDER, "over": _TAKES_OVER, "about": _TAKES_ABOUT}


def _flexible(words: str) -> str:
    """A line may break between the words."""
    return words.replace(" ", r"\s+")


_PATTERNS_BEFORE = [
    (bound, re.compile(rf"(?<!\w)(?P<words>{_flexible(words)}){_HEDGE}{_GAP}$", re.IGNORECASE))
    for bound, words in _BEFORE.items()
]
_PATTERNS_AFTER = [
    (bound, re.compile(rf"\s?(?P<words>{_flexible(words)})(?!\w)(?!\s+than)", re.IGNORECASE))
    for bound, words in _AFTER.items()
]
_PATTERNS_AFTER_NOUN = [
    (
        bound,
        re.compile(rf"(?:%|\s[a-z][\w-]*){{1,2}}\s(?P<words>{_flexible(words)})(?!\w)(?!\s+than)"),
    )
    for bound, words in _AFTER_NOUN.items()
]
_PERIODS = "|".join(get_args(Per))
SLASH_PERIODS: dict[str, Per] = {
    **{period: period for period in get_args(Per)},
    "hr": "hour", "h": "hour", "wk": "week", "mo": "month", "mth": "month", "yr": "year",
    "pa": "year",
}  # fmt: skip
# "A year ago", "for a week", "a quarter of": the article makes no rate of these.
_SLASHES = "|".join(SLASH_PERIODS)
_PER = re.compile(
    rf"(?<!\bhalf )\b(?:an?|per|each|every)\s+(?:single\s+)?(?P<period>{_PERIODS})\b"
    r"(?!\s+(?:ago|later|earlier|before|after|of|long)\b)"
    r"|\b(?P<adverb>hourly|daily|weekly|monthly|quarterly|yearly|annually|annual)\b"
    r"|\b(?P<latin>per annum|p\.\s?a\.)"
    rf"|\s?/\s?(?P<slash>{_SLASHES})\b",
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
        if (match := pattern.search(text, max(0, start - _REACH), start))
    ]
    before = [hit for hit in before if not _is_preposition(text, hit[1], end)]
    if before:
        return min(before, key=lambda hit: (hit[1][0], -hit[1][1]))
    for bound, pattern in (*_PATTERNS_AFTER, *_PATTERNS_AFTER_NOUN):
        if match := pattern.match(text, end):
            return bound, (match.start("words"), match.end("words"))
    return None


def _is_preposition(text: str, words: tuple[int, int], number_end: int) -> bool:
    """ "Charged under six articles", "spread over three provinces": the word bounds nothing."""
    word = text[slice(*words)].lower()
    if not _PREPOSITIONS.match(word):
        return False
    if word == "under" and _UNDER_NOUNS.match(text, number_end):
        return True
    takes = _TAKES.get(word)
    return takes is not None and bool(takes.search(text, max(0, words[0] - _REACH), words[0]))


@lru_cache(maxsize=64)
def find_periods(text: str) -> tuple[tuple[Per, int, int], ...]:
    """Every "a month", "each day", "monthly" of a sentence or a paragraph, with offsets."""
    hits: list[tuple[Per, int, int]] = []
    for match in _PER.finditer(text):
        if adverb := match["adverb"]:
            hits.append((_ADVERBS[adverb.lower()], *match.span()))
        elif match["latin"]:
            hits.append(("year", *match.span()))
        elif match["slash"]:
            hits.append((SLASH_PERIODS[match["slash"].lower()], *match.span()))
        elif not _is_duration(text, match):
            word = match["period"].lower()
            hits.extend((per, *match.span()) for per in get_args(Per) if per == word)
    return tuple(hits)


def _is_duration(text: str, match: re.Match[str]) -> bool:
    article = match.group().lower().startswith("a")
    return article and bool(
        _DURATION_BEFORE.search(text, max(0, match.start() - _REACH), match.start())
    )
