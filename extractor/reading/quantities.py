"""Candidate figures: numbers of the body that may count something, with what code can tell.

Dates, times, ages, ordinals and the numbers of names ("Article 5", "T-72") are left out here.
What remains is offered to a model, which says what is counted and may still say "not a count".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from extractor.reading.bounds import find_bound, find_periods
from extractor.reading.context import REACH
from extractor.reading.kinds import Kind, find_money, is_negated, kind_of, tokens_of
from extractor.reading.numerals import Numeral, find_numerals
from extractor.reading.parse import ParsedSentence
from extractor.reading.tokens import Token, TokenSpan
from extractor.reading.units import find_percent, find_unit, share_unit
from extractor.records import Bound, Per, Span

Change = Literal["increase", "decrease"]

COUNTED: frozenset[Kind] = frozenset({"count", "money", "percent", "measure"})
"""The kinds of numbers that are offered as figures."""

_RISES = (
    r"r[io]se[ns]?|rising|rais\w+|increas\w+|gr[eo]w\w*|climb\w*|jump\w*|surg\w+|soar\w*|sw[eo]l\w+"
    r"|expand\w*|gain\w*"
)
_FALLS = (
    r"f[ae]ll\w*|drop\w*|declin\w+|decreas\w+|shr[aiu]nk\w*|cut\w*|reduc\w+|dip\w*|plung\w+"
    r"|lower\w*|slash\w*|trim\w*|slump\w*|plummet\w*|tumbl\w+"
)
# "Called up 200" and "shot down 3" are no changes: the word belongs to its verb.
_PHRASAL = re.compile(
    r"\w+(?:ed|ing)|made?|make|set|took|take|taken|put|held|hold|shot|shoot|brought|bring|got|gave"
    r"|give|laid|lay|blow|blew|broke|call|calls|sign|signs|round|rounds|pick|picks|line|turn|turns",
    re.IGNORECASE,
)
_THAN_BEFORE = re.compile(
    r"(?:\s?%|\s+per\s?cent|(?:\s+percentage)?\s+points?)?\s+"
    r"(?:(?P<up>more|higher)|(?P<down>fewer|less|lower))\s+than\s+"
    r"(?:(?:in|at|on|during|for)\s|last\b|a\s(?:year|month|week|decade)\b|the\sprevious\b|before\b"
    r"|(?:19|20)\d\d\b)",
    re.IGNORECASE,
)
_RATE_REACH = 60  # characters between a number and "a month"
_LABEL = re.compile(r"(?:^|[.;]\s)\W*(?P<label>[A-Z][^\W\d]+(?:\s[a-z]+){0,3}):\s$")
_SKIPPED = {
    "more", "other", "further", "additional", "extra", "such", "of", "than", "or", "so", "odd",
    "plus",
}  # fmt: skip
_CASUALTIES = {"dead", "wounded", "missing", "killed", "injured", "captured"}
_NOMINAL = {"NOUN", "PROPN"}
_OBJECTS = {"pobj", "dobj"}  # an adjective in their place stands for a noun: "a foreign national"


@dataclass(frozen=True)
class Quantity:
    """A number of the text and its surroundings.

    `kind` says what sort of number it is (see `kinds.kind_of`); those of `COUNTED` are figures.
    `number` holds the number alone, `span` also the bound words and the unit where they adjoin.
    `unit` is known to code only for money (ISO 4217) and percent; `counted` is the noun phrase
    after the number ("foreign nationals"), or the words a number refers with ("them").
    """

    parsed: ParsedSentence
    kind: Kind
    number: Span
    span: Span
    value: Decimal | None
    upper: Decimal | None
    magnitude: int | None
    bound: Bound
    bound_text: Span | None
    unit: str | None
    unit_text: Span | None
    counted: Span | None
    per: Per | None
    per_text: Span | None
    change: Change | None
    negated: bool


def find_quantities(parsed: ParsedSentence, end: int | None = None) -> list[Quantity]:
    """All candidate figures of one sentence, in order of their place.

    Args:
        end: offset in the document; numbers that reach beyond it are left out.
    """
    return [quantity for quantity in read_quantities(parsed, end) if quantity.kind in COUNTED]


def read_quantities(parsed: ParsedSentence, end: int | None = None) -> list[Quantity]:
    """All numbers of one sentence that a token holds, of every kind, in order of their place.

    Only one that counts, pays or measures something can have a rate.
    """
    last = len(parsed.text) if end is None else end - parsed.sentence.start
    found = (n for n in find_numerals(parsed.text) if n.end <= last and tokens_of(parsed, n))
    kinds = {n: kind_of(parsed, n) for n in found}
    rates = _nearest_rates(parsed, [n for n, kind in kinds.items() if kind in COUNTED])
    return [_quantity(parsed, n, kind, rates.get(n)) for n, kind in kinds.items()]


def _nearest_rates(
    parsed: ParsedSentence, numerals: list[Numeral]
) -> dict[Numeral, tuple[Per, int, int]]:
    """Each "a month" belongs to the number that ends nearest before it, else to the next one.

    Both numbers have the rate in "90 marks (54 dollars) a day".
    """
    rates: dict[Numeral, tuple[Per, int, int]] = {}
    for rate in find_periods(parsed.text):
        if _is_noun(parsed, rate):
            continue
        for numeral in _rated(parsed, numerals, rate):
            rates.setdefault(numeral, rate)
    return rates


def _is_noun(parsed: ParsedSentence, rate: tuple[Per, int, int]) -> bool:
    """ "The daily reported": a newspaper, no rate."""
    token = next((t for t in parsed.tokens if t.idx == rate[1]), None)
    return token is not None and token.text.endswith("ly") and token.pos_ in _NOMINAL


def _rated(
    parsed: ParsedSentence, numerals: list[Numeral], rate: tuple[Per, int, int]
) -> list[Numeral]:
    _, start, end = rate
    after = [n for n in numerals if end <= n.start <= end + _RATE_REACH]
    after = after[:1] + [n for n in after[1:2] if _is_same_rate(parsed.text, after[0], n)]
    if _describes_noun(parsed, start):
        return after
    before = [n for n in numerals if start - _RATE_REACH <= n.end <= start]
    nearest = [n for n in before if not _is_apart(parsed.text[n.end : start])]
    if not nearest:
        return after
    bracket = parsed.text.rfind("(", 0, nearest[-1].start)
    inside = ")" in parsed.text[nearest[-1].end : start]
    return [n for n in nearest[-2:] if n is nearest[-1] or (inside and n.end <= bracket)]


def _is_same_rate(text: str, one: Numeral, other: Numeral) -> bool:
    """ "A monthly wage of 900 pesos (about $50)", "the yearly intake from 500 to 750"."""
    between = text[one.end : other.start]
    ranged = re.fullmatch(r"(?:\s\w+)?\sto\s\W?", between) and text[: one.start].endswith("from ")
    return bool(ranged or re.fullmatch(r"[^()]{0,25}\([^()\d]{0,15}", between))


def _is_apart(between: str) -> bool:
    """Another clause lies between, or a bracket opens that holds the rate."""
    between = re.sub(r"\([^)]*\)", "", between)
    return bool(re.search(r"[;:\u2014]|\(|,.*,|\b(?:but|who|which|that|if)\b", between))


def _describes_noun(parsed: ParsedSentence, start: int) -> bool:
    """ "A monthly wage of 500", not "500 monthly" or "each month"."""
    token = next((t for t in parsed.tokens if t.idx == start), None)
    return token is not None and token.pos_ == "ADJ" and token.head.i > token.i


def _quantity(
    parsed: ParsedSentence, numeral: Numeral, kind: Kind, rate: tuple[Per, int, int] | None
) -> Quantity:
    tokens = tokens_of(parsed, numeral)
    assert tokens is not None  # kind_of has seen it
    number = parsed.span(numeral.start, numeral.end)
    bound, bound_text = _bound(parsed, numeral)
    unit, unit_text = _unit(parsed, numeral)
    counted = None if unit_text else counted_words(parsed, numeral)
    adjoining = [span for span in (bound_text, number, unit_text, counted) if span]
    return Quantity(
        parsed=parsed,
        kind=kind,
        number=number,
        span=_hull(parsed, number, adjoining),
        value=numeral.value,
        upper=numeral.upper,
        magnitude=numeral.magnitude,
        bound=bound,
        bound_text=bound_text,
        unit=unit,
        unit_text=unit_text
        or unit_words(parsed, counted)
        or _symbol(parsed, numeral, kind)
        or _heading(parsed, numeral, counted),
        counted=counted,
        per=rate[0] if rate else None,
        per_text=parsed.span(*rate[1:]) if rate else None,
        change=find_change(
            parsed.text[max(0, numeral.start - REACH) : numeral.start],
            parsed.text[numeral.end : numeral.end + REACH],
        ),
        negated=is_negated(tokens) and not _is_denied_bound(bound_text),
    )


def _is_denied_bound(bound_text: Span | None) -> bool:
    """ "Not exceeding 200" denies more, not the 200."""
    return bound_text is not None and bound_text.text.lower().startswith(("not ", "no "))


def _symbol(parsed: ParsedSentence, numeral: Numeral, kind: Kind) -> Span | None:
    """The symbol of a unit that touches its number: "212p", "40km"."""
    unit = find_unit(parsed.text, numeral.end) if kind == "measure" else None
    return parsed.span(unit.start, unit.end) if unit and unit.start == numeral.end else None


def _heading(parsed: ParsedSentence, numeral: Numeral, counted: Span | None) -> Span | None:
    """ "Houses lost: 45": the plural noun that heads a label in front of the number."""
    match = _LABEL.search(parsed.text, 0, numeral.start)
    if match is None or counted is not None:
        return None
    words = parsed.tokens.char_span(*match.span("label"))
    plural = words is not None and words[0].tag_ in ("NNS", "NNPS")
    return parsed.token_span(words[:1]) if words is not None and plural else None


def _bound(parsed: ParsedSentence, numeral: Numeral) -> tuple[Bound, Span | None]:
    hit = find_bound(parsed.text, numeral.start, numeral.end)
    if hit and not _is_particle(parsed, hit[1]):
        return hit[0], parsed.span(*hit[1])
    if numeral.magnitude is not None:
        return "vague", None
    return ("between" if numeral.upper is not None else "exact"), None


def _is_particle(parsed: ParsedSentence, words: tuple[int, int]) -> bool:
    """ "Over" belongs to its verb in "handed over 800 rifles"."""
    tokens = parsed.tokens.char_span(*words)
    return tokens is not None and len(tokens) == 1 and tokens[0].tag_ == "RP"


def _unit(parsed: ParsedSentence, numeral: Numeral) -> tuple[str | None, Span | None]:
    if words := find_percent(parsed.text, numeral.end):
        return share_unit(parsed.text[slice(*words)]), parsed.span(*words)
    if hit := find_money(parsed, numeral):
        return hit[0], parsed.span(*hit[1])
    return None, None


def counted_words(parsed: ParsedSentence, numeral: Numeral) -> Span | None:
    """The noun phrase counted, to the right of the number, without the number itself."""
    tokens = tokens_of(parsed, numeral)
    if tokens is None:
        return None
    if compound := re.compile(r"-(?!(?:strong|plus|odd|some)\b)([a-z]+)\b").match(
        parsed.text, numeral.end
    ):
        return parsed.span(*compound.span(1))
    following = tokens.doc[tokens.end :]
    if len(following) and following[0].lower_ == "of":
        head = next((child for child in following[0].children if child.dep_ == "pobj"), None)
        first = following[0].i + 1
    else:
        head = _head_after(tokens)
        first = tokens.end
    if head is None or not _may_be_counted(head):
        return None
    phrase = _without_determiners(tokens.doc[first : _compound_end(head)], head)
    return parsed.token_span(phrase) if _is_plain(phrase) else None


def _may_be_counted(head: Token) -> bool:
    noun = head.pos_ in {*_NOMINAL, "PRON"}
    return noun or (head.pos_ == "ADJ" and head.dep_ in _OBJECTS)


def _head_after(tokens: TokenSpan) -> Token | None:
    """The noun that the number, or its last part, describes; "dead" in "90 dead" is no noun."""
    above = [token.head for token in (tokens.root, tokens[-1])]
    above = [head.head if head.lower_ == "strong" else head for head in above]
    heads = [head for head in above if head.i >= tokens.end and _may_be_counted(head)]
    heads = heads or _plural_after(tokens)
    lone = [head for head in heads if head.i == tokens.end and head.lower_ in _CASUALTIES]
    return heads[0] if heads and not lone else None


def _plural_after(tokens: TokenSpan) -> list[Token]:
    """The plural noun next to a number that the parse has left without one."""
    if tokens.end == len(tokens.doc):
        return []
    token = tokens.doc[tokens.end]
    while token.dep_ in ("amod", "compound") and token.head.i > token.i:
        token = token.head
    return [token] if token.tag_ in ("NNS", "NNPS") else []


def _compound_end(head: Token) -> int:
    """The end of the word that `head` begins or ends: "ex-cadres" is three tokens, one word."""
    end, doc = head.i + 1, head.doc
    while end + 1 < len(doc) and doc[end].text == "-" and not doc[end].whitespace_:
        end += 2
    return end


def _without_determiners(phrase: TokenSpan, head: Token) -> TokenSpan:
    """Without what stands before the noun's own words, another number included ("its 90 men")."""
    inner = [token.i for token in phrase if token.i < head.i and _is_outer(token)]
    start = max(inner, default=phrase.start - 1) + 1
    while start < head.i and phrase.doc[start].text == "-":  # "12 152-mm guns" are guns
        start += 2
    return phrase.doc[min(start, head.i) : phrase.end]


def _is_outer(token: Token) -> bool:
    outer = token.pos_ in ("DET", "PRON", "NUM") or token.tag_ in ("POS", "``", "''", ":", ",")
    strong = token.lower_ == "strong" and token.i > 0 and token.nbor(-1).text == "-"
    return outer or strong or token.lower_ in _SKIPPED


def _is_plain(phrase: TokenSpan) -> bool:
    """No clause inside; participles that describe the noun ("armed men") may be."""
    clausal = [t for t in phrase[:-1] if t.pos_ in ("VERB", "AUX", "SCONJ") and t.dep_ != "amod"]
    return len(phrase) > 0 and not [t for t in clausal if t.tag_ not in ("VBG", "VBN")]


def unit_words(parsed: ParsedSentence, counted: Span | None) -> Span | None:
    """Words like "them" or "others" refer; they are no unit."""
    if counted is None:
        return None
    tokens = parsed.tokens_at(counted)
    refers = (
        tokens is None or tokens.root.pos_ == "PRON" or tokens.root.lower_ in ("others", "more")
    )
    return None if refers else counted


def _hull(parsed: ParsedSentence, number: Span, parts: list[Span]) -> Span:
    """The number with those of `parts` that adjoin it, a blank or a hyphen between them at most."""
    text = parsed.document.text
    parts = sorted(parts, key=lambda span: span.start)
    start, end = number.start, number.end
    for left, right in reversed(list(pairwise(parts))):
        if right.start <= start and not text[left.end : right.start].strip(" \n\u00a0-"):
            start = min(start, left.start)
    for left, right in pairwise(parts):
        if left.end >= end and not text[left.end : right.start].strip(" \n\u00a0-"):
            end = max(end, right.end)
    return parsed.document.span(start, end)


def find_change(before: str, after: str = "") -> Change | None:
    """ "Rose by 200", "an increase of 200" and "200 fewer than in May" are changes.

    "Rose to 200" is none.

    Args:
        before: the words of the number's sentence before the number.
        after: the words behind the number.
    """
    clause = re.split(r"[.;:,]\s", before)[-1]
    verb = rf"\b(?:(?P<up>{_RISES})|(?P<down>{_FALLS}))\b"
    reach = (
        r"(?:\s+\w+){0,4}?\s+(?:by|of|up|down)\s+(?:(?:an?|about|some|nearly|almost|over)\s+)?\W?$"
    )
    match = re.search(verb + reach, clause, re.IGNORECASE) or _moved(clause)
    match = match or _share_moved(clause, after) or _THAN_BEFORE.match(after)
    if match is None:
        return None
    return "increase" if match["up"] else "decrease"


def _share_moved(clause: str, after: str) -> re.Match[str] | None:
    """ "Fell 6.4 per cent": a share that directly follows its verb is how far it moved."""
    verb = (
        rf"\b(?:(?P<up>{_RISES})|(?P<down>{_FALLS}))(?:\s(?:about|nearly|almost|some|over"
        rf"|more than))?\s$"
    )
    return re.search(verb, clause, re.IGNORECASE) if find_percent(after, 0) else None


def _moved(clause: str) -> re.Match[str] | None:
    """ "Up 40", "down by 3"."""
    moved = r"(?:\b(?P<verb>\w+)\s+)?\b(?:(?P<up>up)|(?P<down>down))(?:\s+by)?\s+\W?$"
    match = re.search(moved, clause, re.IGNORECASE)
    phrasal = match is not None and match["verb"] and _PHRASAL.fullmatch(match["verb"])
    return None if phrasal else match
