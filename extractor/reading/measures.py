"""What numbers measure, as far as the words around them tell.

The words are data (`measures.yaml`). The one nearest to a number in its sentence's structure
decides: first the counted noun itself, then what describes it, then the verb it belongs to, then
that verb's other parts. A number without a noun of its own ("the other 40") goes on measuring what
the number before it did. Where words of the sentence speak for a label and its structure does not
tie them to the number, the labels are left open for a model to choose from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from extractor.reading.quantities import Quantity
from extractor.records import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

OTHER = "other"
CONTRACTS = "contracts_signed"
OF_PEOPLE = {"recruited", "served", "in_training", "killed", "wounded", "casualties", "captured",
             "repatriated"}  # fmt: skip
_PAY, _BONUS, _RECRUITED = "pay", "bonus", "recruited"
_ORIGIN, _RECRUITMENT = "countries_of_origin", "countries_of_recruitment"
_STATES = {"country", "countries", "nation", "nations", "state", "states"}
PART_REACH = 2  # sentences between "of them" and those whom it means
_PART_AFTER = re.compile(r"\s+of (?:them|these|those|whom)\b", re.IGNORECASE)
_PART_BEFORE = re.compile(r"\b(?:the (?:remaining|other|rest)|another|further)\s+$", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[^()]{0,40}\(\W*")
_PREMODIFIERS = {"nummod", "quantmod", "compound", "amod", "nmod"}
_CLAUSES = {"advcl", "ccomp", "conj", "relcl", "parataxis", "punct"}
_INSIDE = {"acl", "xcomp", "pcomp"}
_SUBJECTS = {"nsubj", "nsubjpass"}
_WITH_VERB = {"xcomp", "acomp", "prt", "oprd"}


@dataclass(frozen=True)
class Measured:
    """A quantity and its label.

    words: label -> the word of the sentence that speaks for it.
    options: the labels to choose from; none where it is settled.
    """

    quantity: Quantity
    label: str
    words: Mapping[str, Span] = field(default_factory=dict)
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Cue:
    """A word that speaks for a label. weak: it says who somebody is, not what happened."""

    label: str
    token: Token
    weak: bool


def measured(quantities: Iterable[Sequence[Quantity]]) -> list[Measured]:
    """Every quantity of a document with its label, in order. `quantities`: a list per sentence."""
    found: list[Measured] = []
    for in_sentence in quantities:
        for quantity in in_sentence:
            before = (one for one in reversed(found) if not one.label.startswith("countries"))
            found.append(_measured(quantity, next(before, None)))
    return found


def _measured(quantity: Quantity, before: Measured | None) -> Measured:
    noun = _counted_noun(quantity)
    if quantity.unit == "percent":
        return Measured(quantity, OTHER)
    if quantity.unit is None and noun.lower_ in _STATES:
        return Measured(quantity, _of_states(noun))
    cues = [cue for cue in _cues(noun.doc) if (cue.label in (_PAY, _BONUS)) == bool(quantity.unit)]
    words = {cue.label: _span(quantity, cue) for cue in reversed(cues)}
    if (cue := _nearest(noun, cues)) is not None:
        return Measured(quantity, cue.label, {cue.label: _span(quantity, cue)})
    if quantity.unit and quantity.per:
        return Measured(quantity, _PAY)
    if before is not None and _goes_on(before.quantity, quantity):
        return Measured(quantity, before.label, before.words, before.options)
    options = (*dict.fromkeys(cue.label for cue in cues), OTHER) if cues else ()
    return Measured(quantity, OTHER, words, options)


def _span(quantity: Quantity, cue: _Cue) -> Span:
    tokens = quantity.parsed.tokens
    return quantity.parsed.token_span(tokens[cue.token.i : cue.token.i + 1])


def _goes_on(before: Quantity, quantity: Quantity) -> bool:
    """A number without a noun in the sentence of another, a part of it, or the same sum again."""
    text = quantity.parsed.document.text
    between = text[before.span.end : quantity.span.start]
    if quantity.unit is not None and before.unit is not None:
        return _IN_BRACKETS.fullmatch(between) is not None
    distance = quantity.parsed.sentence.index - before.parsed.sentence.index
    part = _PART_AFTER.match(text, quantity.number.end) or _PART_BEFORE.search(between)
    near = distance <= (PART_REACH if part else 0)
    return near and quantity.unit_text is None and quantity.unit == before.unit


def _counted_noun(quantity: Quantity) -> Token:
    """The noun that the number stands with, else the number itself."""
    offset = quantity.parsed.sentence.start
    span = quantity.parsed.tokens.char_span(
        quantity.number.start - offset, quantity.number.end - offset, alignment_mode="expand"
    )
    assert span is not None  # the number comes from this sentence
    token = span.root
    while token.dep_ in _PREMODIFIERS and token.head.i != token.i:
        token = token.head
    return token


def _of_states(noun: Token) -> str:
    """People come "from 12 states" and are hired "in 12 states"."""
    preposition = noun.head.lower_ if noun.dep_ == "pobj" else ""
    if preposition == "from":
        return _ORIGIN
    hired = any(cue.label == _RECRUITED for cue in _cues(noun.doc))
    return _RECRUITMENT if hired and preposition in ("in", "across", "throughout") else OTHER


def _nearest(noun: Token, cues: Sequence[_Cue]) -> _Cue | None:
    for weak in (False, True):
        for place in _places(noun):
            ids = {token.i for token in place}
            near = [cue for cue in cues if cue.weak == weak and cue.token.i in ids]
            if near:
                return min(near, key=lambda cue: abs(cue.token.i - noun.i))
    return None


def _places(noun: Token) -> Iterator[list[Token]]:
    """Where a telling word may stand, the nearest first: "67 killed", "67 dead miners", ..."""
    if noun.pos_ == "NUM" and noun.i + 1 < len(noun.doc):
        yield [noun.doc[noun.i + 1]]
    yield [noun, *(child for child in noun.children if child.dep_ in _PREMODIFIERS)]
    clauses = [child for child in noun.children if child.dep_ in ("acl", "relcl")]
    yield [token for clause in clauses for token in (clause, *_parts(clause))]
    verb = next((up for up in noun.ancestors if up.pos_ in ("VERB", "AUX")), None)
    if verb is None:
        yield [token for child in noun.children for token in child.subtree]
        yield list(noun.ancestors)
        return
    yield [verb, *(child for child in verb.children if child.dep_ in _WITH_VERB)]
    yield [child for child in verb.children if _shares_subject(child)]
    yield _parts(verb)
    if verb.dep_ in _INSIDE or _shares_subject(verb):
        yield [up for up in verb.ancestors if up.pos_ in ("VERB", "NOUN")]


def _shares_subject(verb: Token) -> bool:
    """Joined to another verb, without a subject of its own."""
    return verb.dep_ == "conj" and not any(c.dep_ in _SUBJECTS for c in verb.children)


def _parts(verb: Token) -> list[Token]:
    """What stands with the verb, without its other clauses."""
    found: list[Token] = []
    for child in verb.children:
        if child.dep_ not in _CLAUSES:
            found += [child, *_parts(child)]
    return found


def _cues(doc: Doc) -> list[_Cue]:
    """All cues of a sentence; where words overlap, the label that the list names first stands."""
    found: list[_Cue] = []
    weak, labels = _lists()
    taken: set[int] = set()
    for label, pattern in labels.items():
        for match in pattern.finditer(doc.text):
            span = doc.char_span(*match.span(), alignment_mode="expand")
            if span is not None and taken.isdisjoint(token.i for token in span):
                taken |= {token.i for token in span}
                is_weak = weak.fullmatch(match.group()) is not None
                found += [_Cue(label, token, is_weak) for token in span]
    return found


@cache
def _lists() -> tuple[re.Pattern[str], dict[str, re.Pattern[str]]]:
    """Pattern of the weak words, and of each label's words."""
    import yaml

    text = resources.files("extractor.reading").joinpath("measures.yaml").read_text("utf-8")
    patterns = {
        label: re.compile(rf"(?<![\w-])(?:{'|'.join(words.split(' / '))})(?![\w-])", re.IGNORECASE)
        for label, words in yaml.safe_load(text).items()
    }
    return patterns.pop("weak"), patterns
