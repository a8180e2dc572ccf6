"""A number in its paragraph: what it reads as, and the words around it that change what it says."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from extractor.reading.bounds import find_bound
from extractor.reading.countries import countries_told
from extractor.reading.denials import DENIAL, NEGATION, denies_adjective
from extractor.reading.money import find_currency
from extractor.reading.numerals import Numeral, find_numerals
from extractor.reading.units import find_percent, share_unit
from extractor.records import Bound, Span

REACH = 1_000  # characters around a number in which words may say something of it
_WRAP_WIDTH = 60  # characters: shorter lines are headings and items, not wrapped prose
_LINE_BREAK = re.compile(r"\n")
_CLOSES_LINE = (".", "!", "?", ":", ";", '"', "\u201d", ")")
_VERB_REACH = 60  # characters before "over" in which its verb stands
_CLAUSE_START = re.compile(
    r"[.,;:!?()\u2013\u2014]|\b(?:that|who|whom|which|because|if|when|while|but|and|or|as|whether"
    r"|where|how|than|until|after|before)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?]['\"\u2019\u201d)]*\s+(?=\S)")
# "Handed over 800 rifles": the word belongs to the verb and bounds nothing.
_PHRASAL = re.compile(
    r"\b(?:hand|turn|tak|took|giv|gave|pass|bring|brought|sign|win|won|run|ran|mov)\w*\s+$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Place:
    """A span in its paragraph. `start` and `end` are offsets in `text`, the paragraph's own.

    offset: where the paragraph starts in the canonical text.
    """

    text: str
    offset: int
    start: int
    end: int

    @property
    def before(self) -> str:
        """The words of the span's own sentence that stand before it, `REACH` characters at most."""
        ends = _sentence_ends(self.text)
        at = bisect_left(ends, self.start)
        return self.text[max(self.start - REACH, ends[at - 1] if at else 0) : self.start]

    @property
    def behind(self) -> str:
        """The `REACH` characters behind the span."""
        return self.text[self.end : self.end + REACH]

    @property
    def numeral(self) -> Numeral | None:
        """The number that the span is, None where it is none or only a part of one."""
        return _numerals_by_place(self.text).get((self.start, self.end))

    def contains(self, span: Span) -> bool:
        """True when `span` lies in this paragraph."""
        return self.offset <= span.start and span.end <= self.offset + len(self.text)

    def span(self, start: int, end: int) -> Span:
        """Paragraph offsets as a span of the canonical text."""
        return Span(start=self.offset + start, end=self.offset + end, text=self.text[start:end])


def place_of(text: str, span: Span) -> Place:
    """`span` in its paragraph: its line, with the lines that a hard-wrapped one continues it in."""
    breaks = _paragraph_breaks(text)
    first, last = bisect_left(breaks, span.start), bisect_left(breaks, span.end)
    start = breaks[first - 1] + 1 if first else 0
    end = breaks[last] if last < len(breaks) else len(text)
    return Place(_cut(text, start, end), start, span.start - start, span.end - start)


@lru_cache(maxsize=4)
def _paragraph_breaks(text: str) -> list[int]:
    """Offsets of the line breaks that end a paragraph."""
    breaks = (match.start() for match in _LINE_BREAK.finditer(text))
    return [at for at in breaks if not _wraps(text, at)]


@lru_cache(maxsize=64)
def _cut(text: str, start: int, end: int) -> str:
    """One and the same string for all numbers of a paragraph: what is kept by it is found fast."""
    return text[start:end]


def _wraps(text: str, at: int) -> bool:
    """The line break at `at` stands within a sentence: a number may go on after it."""
    line = text[text.rfind("\n", 0, at) + 1 : at].rstrip()
    following = text[at + 1 : at + 2]
    if not line or not following.strip() or line.endswith(_CLOSES_LINE):
        return False
    return len(line) >= _WRAP_WIDTH or following.islower()


@lru_cache(maxsize=512)
def numerals_of(paragraph: str) -> tuple[Numeral, ...]:
    """The numerals of a paragraph, see `find_numerals`; kept, for they are asked for often."""
    return tuple(find_numerals(paragraph))


@lru_cache(maxsize=64)
def _numerals_by_place(paragraph: str) -> dict[tuple[int, int], Numeral]:
    return {(numeral.start, numeral.end): numeral for numeral in numerals_of(paragraph)}


@lru_cache(maxsize=64)
def _sentence_ends(paragraph: str) -> list[int]:
    return [match.end() for match in _SENTENCE_END.finditer(paragraph)]


def bound_at(place: Place, numeral: Numeral) -> tuple[Bound, Span | None]:
    """Bound of the number at `place`, and the words that say so."""
    hit = find_bound(place.text, place.start, place.end)
    if hit and not _is_particle(place, hit[1]):
        return hit[0], place.span(*hit[1])
    if numeral.magnitude is not None:
        return "vague", None
    return ("exact" if numeral.upper is None else "between"), None


def _is_particle(place: Place, words: tuple[int, int]) -> bool:
    start, end = words
    return place.text[start:end].lower() == "over" and bool(
        _PHRASAL.search(place.text[max(0, start - _VERB_REACH) : start])
    )


def unit_at(place: Place, text: str) -> tuple[str | None, Span] | None:
    """Percent or money at the number: `percent`, or the ISO 4217 code, and the words that say so.

    The code is None where the currency is unclear. Lower-case words may be no money ("two won").
    """
    if words := find_percent(place.text, place.end):
        return share_unit(place.text[slice(*words)]), place.span(*words)
    hit = find_currency(place.text, place.start, place.end)
    if hit is None:
        return None
    if hit[0] is None or place.text[slice(*hit[1])].islower():
        hit = find_currency(place.text, place.start, place.end, countries_told(text)) or hit
    return hit[0], place.span(*hit[1])


def clause_before(place: Place, bound_text: Span | None) -> str:
    """The words of the number's clause before it and before the words that bound it.

    Those ("no more than", "not fewer than") deny nothing.
    """
    cut = place.start - _read_until(place, bound_text)
    return _CLAUSE_START.split(place.before[: max(0, len(place.before) - cut)])[-1]


def _read_until(place: Place, bound_text: Span | None) -> int:
    return place.start if bound_text is None else min(place.start, bound_text.start - place.offset)


def denials_at(place: Place, bound_text: Span | None) -> list[Span]:
    """The words that deny the number in its clause; for "a single" any in its sentence."""
    single = place.text[place.start : place.end].lower() == "a single"
    clause = place.before if single else clause_before(place, bound_text)
    end = place.start if single else _read_until(place, bound_text)
    words = NEGATION if single else DENIAL
    found = words.finditer(place.text, end - len(clause), end)
    return [
        place.span(*match.span())
        for match in found
        if single or not denies_adjective(place.text, match.end())
    ]
