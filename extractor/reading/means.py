"""Means of recruitment: words that may tell how people are brought in, from a list kept as data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from extractor.reading.parse import ParsedSentence
from extractor.reading.quantities import Quantity
from extractor.reading.recipients import is_received
from extractor.reading.tokens import TokenSpan
from extractor.reading.units import SHARES
from extractor.records import Span

PAY = "pay"
BONUS = "bonus"


@dataclass(frozen=True)
class Means:
    """A word of the text that may tell of a tactic."""

    tactic: str
    words: Span


def find_means(parsed: ParsedSentence, quantities: Sequence[Quantity]) -> list[Means]:
    """Each tactic that a sentence has a word for, once, at its first word; none in a heading.

    A sum of money that goes to people is a word for pay where no other is.
    """
    found = [
        means for tactic, words in _words().items() if (means := _first(parsed, tactic, words))
    ]
    sums = (q.span for q in quantities if _is_money(q) and _goes_to_people(parsed, q.span))
    if not any(means.tactic in (PAY, BONUS) for means in found) and (money := next(sums, None)):
        found.append(Means(PAY, money))
    return sorted(_apart(found), key=lambda means: means.words.start) if parsed.is_prose else []


def _is_money(quantity: Quantity) -> bool:
    return quantity.unit is not None and quantity.unit not in SHARES


def _goes_to_people(parsed: ParsedSentence, words: Span) -> bool:
    return is_received(parsed.tokens_of(words).root)


def tells_of_recruiting(sentences: Sequence[ParsedSentence], position: int) -> bool:
    """The sentence at `position` or the one before it has a word for taking people on."""
    near = sentences[max(0, position - 1) : position + 1]
    return any(_recruiting().search(parsed.text) for parsed in near)


def _first(parsed: ParsedSentence, tactic: str, words: re.Pattern[str]) -> Means | None:
    for match in words.finditer(parsed.text):
        tokens = parsed.tokens.char_span(*match.span(), alignment_mode="expand")
        if tokens is not None and not _is_body(tokens):
            return Means(tactic, parsed.span(*match.span()))
    return None


def _is_body(tokens: TokenSpan) -> bool:
    """A part of a name ("Prison Service"), or "forces" as a body of troops."""
    named = any(token.pos_ == "PROPN" and token.ent_type_ == "ORG" for token in tokens)
    troops = tokens[0].lower_ in ("force", "forces") and tokens[0].pos_ != "VERB"
    return named or troops


def _apart(found: Sequence[Means]) -> list[Means]:
    """Where two words overlap ("signing payment", "payment"), the longer one stands."""
    kept: list[Means] = []
    for means in sorted(found, key=lambda one: len(one.words.text), reverse=True):
        if not any(means.words.overlaps(other.words) for other in kept):
            kept.append(means)
    return kept


@cache
def _data() -> dict[str, Any]:
    import yaml

    text = resources.files("extractor.reading").joinpath("means.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


@cache
def _words() -> dict[str, re.Pattern[str]]:
    """Tactic -> pattern of its words."""
    return {tactic: _pattern(words) for tactic, words in _data()["tactics"].items()}


@cache
def _recruiting() -> re.Pattern[str]:
    return _pattern(_data()["recruiting"])


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words.split(' / '))})(?![\w-])", re.IGNORECASE)
