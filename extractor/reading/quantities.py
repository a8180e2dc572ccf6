"""Candidate figures: numbers of the body that may count something, with what code can tell.

Dates, times, ages, ordinals and the numbers of names ("Article 5", "T-72") are left out here.
What remains is offered to a model, which says what is counted and may still say "not a count".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from extractor.documents import Document
from extractor.reading.bounds import find_bound, find_periods
from extractor.reading.countries import codes_in
from extractor.reading.money import find_currency
from extractor.reading.noncounts import is_noncount
from extractor.reading.numerals import Numeral, find_numerals
from extractor.reading.parse import ParsedSentence
from extractor.records import Bound, Per, Span

if TYPE_CHECKING:
    from spacy.tokens import Span as TokenSpan
    from spacy.tokens import Token

Change = Literal["increase", "decrease"]

_PERCENT = re.compile(
    r"\s?(%|per ?cent(?:age points?)?\b|pct\b|percentage points?\b)", re.IGNORECASE
)
_RISES = r"r[io]se[ns]?|rising|increas\w+|gr[eo]w\w*|climb\w*|jump\w*|surg\w+|swel\w+|expand\w*"
_FALLS = r"f[ae]ll\w*|drop\w*|declin\w+|decreas\w+|shr[aiu]nk\w*|cut\w*|reduc\w+|dip\w*|plung\w+"
_RATE_REACH = 60  # characters between a number and "a month"
_SKIPPED = {"more", "other", "further", "additional", "extra", "such", "of", "than"}
_CASUALTIES = {"dead", "wounded", "missing", "killed", "injured", "captured"}
_NOMINAL = {"NOUN", "PROPN"}
_OBJECTS = {"pobj", "dobj"}  # an adjective in their place stands for a noun: "a foreign national"


@dataclass(frozen=True)
class Quantity:
    """A number of the text and its surroundings.

    `number` holds the number alone, `span` also the bound words and the unit where they adjoin.
    `unit` is known to code only for money (ISO 4217) and percent; `counted` is the noun phrase
    after the number ("foreign nationals"), or the words a number refers with ("them").
    """

    parsed: ParsedSentence
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


def find_quantities(parsed: ParsedSentence) -> list[Quantity]:
    """All candidate figures of one sentence, in order of their place."""
    numerals = [n for n in find_numerals(parsed.text) if _may_count(parsed, n)]
    rates = _nearest_rates(parsed, numerals)
    return [_quantity(parsed, numeral, rates.get(numeral)) for numeral in numerals]


def _tokens(parsed: ParsedSentence, numeral: Numeral) -> TokenSpan | None:
    return parsed.tokens.char_span(numeral.start, numeral.end, alignment_mode="expand")


def _may_count(parsed: ParsedSentence, numeral: Numeral) -> bool:
    tokens = _tokens(parsed, numeral)
    if tokens is None:
        return False
    words = parsed.text[numeral.start : numeral.end].lower()
    if words == "a single" or (words == "one" and not _counts_one(tokens.root)):
        return _is_negated(tokens) if words == "a single" else _is_not_one(tokens)
    return _money(parsed, numeral) is not None or not is_noncount(parsed, numeral, tokens)


def _counts_one(token: Token) -> bool:
    """ "one person", not "one of them", "no one", "one another"."""
    return token.dep_ == "nummod" and token.head.i > token.i


def _is_not_one(tokens: TokenSpan) -> bool:
    """ "Not one of them came", not "she is not one of them"."""
    before = [token.lower_ for token in tokens.doc[max(0, tokens.start - 2) : tokens.start]]
    verb = tokens.doc[max(0, tokens.start - 2)].pos_ == "AUX"
    return before[-1:] == ["not"] and not (len(before) > 1 and verb)


@lru_cache(maxsize=8)
def _countries(document: Document) -> tuple[str, ...]:
    """Codes of the countries in the document: they tell whose pesos are meant."""
    return tuple(codes_in(document.text))


def _money(parsed: ParsedSentence, numeral: Numeral) -> tuple[str | None, tuple[int, int]] | None:
    """Currency as `find_currency`; a name that is no noun here ("two won", "real") is none."""
    hit = find_currency(parsed.text, numeral.start, numeral.end, _countries(parsed.document))
    if hit is None or hit[1][0] < numeral.end:
        return hit
    words = parsed.tokens.char_span(*hit[1], alignment_mode="expand")
    return None if words is None or words[-1].pos_ in ("VERB", "AUX", "ADJ", "ADV") else hit


def _nearest_rates(
    parsed: ParsedSentence, numerals: list[Numeral]
) -> dict[Numeral, tuple[Per, int, int]]:
    """Each "a month" belongs to the number that ends nearest before it, else to the next one.

    Both numbers have the rate in "90 marks (54 dollars) a day".
    """
    rates: dict[Numeral, tuple[Per, int, int]] = {}
    for rate in find_periods(parsed.text):
        for numeral in _rated(parsed, numerals, rate):
            rates.setdefault(numeral, rate)
    return rates


def _rated(
    parsed: ParsedSentence, numerals: list[Numeral], rate: tuple[Per, int, int]
) -> list[Numeral]:
    _, start, end = rate
    after = [n for n in numerals if end <= n.start <= end + _RATE_REACH][:1]
    if _describes_noun(parsed, start):
        return after
    before = [n for n in numerals if start - _RATE_REACH <= n.end <= start]
    nearest = [n for n in before if not _is_apart(parsed.text[n.end : start])]
    if not nearest:
        return after
    bracket = parsed.text.rfind("(", 0, nearest[-1].start)
    inside = ")" in parsed.text[nearest[-1].end : start]
    return [n for n in nearest[-2:] if n is nearest[-1] or (inside and n.end <= bracket)]


def _is_apart(between: str) -> bool:
    """Another clause lies between, or a bracket opens that holds the rate."""
    between = re.sub(r"\([^)]*\)", "", between)
    return bool(re.search(r"[;:\u2014]|\(|,.*,|\b(?:but|who|which|that|if)\b", between))


def _describes_noun(parsed: ParsedSentence, start: int) -> bool:
    """ "A monthly wage of 500", not "500 monthly" or "each month"."""
    token = next((t for t in parsed.tokens if t.idx == start), None)
    return token is not None and token.pos_ == "ADJ" and token.head.i > token.i


def _quantity(
    parsed: ParsedSentence, numeral: Numeral, rate: tuple[Per, int, int] | None
) -> Quantity:
    tokens = _tokens(parsed, numeral)
    assert tokens is not None  # _may_count has seen it
    number = parsed.span(numeral.start, numeral.end)
    bound, bound_text = _bound(parsed, numeral)
    unit, unit_text = _unit(parsed, numeral)
    counted = None if unit_text else _counted(parsed, numeral, tokens)
    adjoining = [span for span in (bound_text, number, unit_text, counted) if span]
    return Quantity(
        parsed=parsed,
        number=number,
        span=_hull(parsed, number, adjoining),
        value=numeral.value,
        upper=numeral.upper,
        magnitude=numeral.magnitude,
        bound=bound,
        bound_text=bound_text,
        unit=unit,
        unit_text=unit_text or _unit_words(parsed, counted),
        counted=counted,
        per=rate[0] if rate else None,
        per_text=parsed.span(*rate[1:]) if rate else None,
        change=_change(parsed.text, numeral),
        negated=_is_negated(tokens),
    )


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
    if match := _PERCENT.match(parsed.text, numeral.end):
        return "percent", parsed.span(*match.span(1))
    if hit := _money(parsed, numeral):
        return hit[0], parsed.span(*hit[1])
    return None, None


def _counted(parsed: ParsedSentence, numeral: Numeral, tokens: TokenSpan) -> Span | None:
    """The noun phrase counted, to the right of the number, without the number itself."""
    if compound := re.compile(r"-(?!strong\b)([a-z]+)\b").match(parsed.text, numeral.end):
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
    heads = [head for head in above if head.i >= tokens.end]
    lone = [head for head in heads if head.i == tokens.end and head.lower_ in _CASUALTIES]
    return heads[0] if heads and not lone else None


def _compound_end(head: Token) -> int:
    """The end of the word that `head` begins or ends: "ex-cadres" is three tokens, one word."""
    end, doc = head.i + 1, head.doc
    while end + 1 < len(doc) and doc[end].text == "-" and not doc[end].whitespace_:
        end += 2
    return end


def _without_determiners(phrase: TokenSpan, head: Token) -> TokenSpan:
    """Without what stands before the noun's own words, another number included ("its 90 men")."""
    inner = [token.i for token in phrase if token.i < head.i and _is_outer(token)]
    return phrase.doc[max(inner, default=phrase.start - 1) + 1 : phrase.end]


def _is_outer(token: Token) -> bool:
    outer = token.pos_ in ("DET", "PRON", "NUM") or token.tag_ in ("POS", "``", "''", ":", ",")
    strong = token.lower_ == "strong" and token.i > 0 and token.nbor(-1).text == "-"
    return outer or strong or token.lower_ in _SKIPPED


def _is_plain(phrase: TokenSpan) -> bool:
    """No clause inside; participles that describe the noun ("armed men") may be."""
    clausal = [t for t in phrase[:-1] if t.pos_ in ("VERB", "AUX", "SCONJ") and t.dep_ != "amod"]
    return len(phrase) > 0 and not [t for t in clausal if t.tag_ not in ("VBG", "VBN")]


def _unit_words(parsed: ParsedSentence, counted: Span | None) -> Span | None:
    """Words like "them" or "others" refer; they are no unit."""
    if counted is None:
        return None
    offset = parsed.sentence.start
    tokens = parsed.tokens.char_span(
        counted.start - offset, counted.end - offset, alignment_mode="expand"
    )
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


def _change(text: str, numeral: Numeral) -> Change | None:
    """ "Rose by 200" and "an increase of 200" are changes, "rose to 200" is not."""
    clause = re.split(r"[.;:,]\s", text[: numeral.start])[-1]
    verb = rf"\b(?:(?P<up>{_RISES})|(?P<down>{_FALLS}))\b"
    reach = (
        r"(?:\s+\w+){0,4}?\s+(?:by|of|up|down)\s+(?:(?:an?|about|some|nearly|almost|over)\s+)?\W?$"
    )
    match = re.search(verb + reach, clause, re.IGNORECASE)
    if match is None:
        match = re.search(
            r"\b(?:(?P<up>up)|(?P<down>down))(?:\s+by)?\s+\W?$", clause, re.IGNORECASE
        )
    if match is None:
        return None
    return "increase" if match["up"] else "decrease"


def _is_negated(tokens: TokenSpan) -> bool:
    """ "Not one", or the object of a verb negated before it ("has not asked for a single ...")."""
    before = tokens.doc[max(0, tokens.start - 1) : tokens.start]
    if any(token.lower_ in ("not", "without") for token in before):
        return True
    noun = tokens.root.head if tokens.root.dep_ in ("nummod", "amod", "det") else tokens.root
    verb = noun.head.head if noun.dep_ == "pobj" else noun.head
    if tokens.text.lower() == "a single":  # asks for a negation, however far up it stands
        verb = next((up for up in noun.ancestors if up.pos_ not in ("ADP", *_NOMINAL)), verb)
    if verb.pos_ not in ("VERB", "AUX"):
        return False
    return any(child.dep_ == "neg" and child.i < tokens.start for child in verb.children)
