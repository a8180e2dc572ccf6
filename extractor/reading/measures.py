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
from functools import cache, lru_cache
from importlib import resources
from itertools import chain

from extractor.reading.quantities import Quantity
from extractor.reading.tokens import Doc, Token
from extractor.reading.units import SHARES
from extractor.records import Span

OTHER = "other"
CONTRACTS = "contracts_signed"
OF_PEOPLE = {"recruited", "served", "deployed", "in_training", "killed", "wounded", "casualties",
             "captured", "repatriated"}  # fmt: skip
_PAY, _BONUS, _RECRUITED = "pay", "bonus", "recruited"
_ORIGIN, _RECRUITMENT = "countries_of_origin", "countries_of_recruitment"
_STATES = {"country", "countries", "nation", "nations", "state", "states"}
_KINDS = ("weak", "direct", "verbs", "nouns")
PART_REACH = 2  # sentences between "of them" and those whom it means
_PART_AFTER = re.compile(r"\s+of (?:them|these|those|whom|which)\b", re.IGNORECASE)
_PART_BEFORE = re.compile(r"\b(?:the (?:remaining|other|rest)|another|further)\s+$", re.IGNORECASE)
_INCLUDING = re.compile(r"\b(?:including|among (?:them|whom))\s+$", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[^()]{0,40}\(\W*")
_PREMODIFIERS = {"nummod", "quantmod", "compound", "amod", "nmod"}
_CLAUSES = {"advcl", "ccomp", "conj", "relcl", "parataxis", "punct"}
_INSIDE = {"acl", "xcomp", "pcomp"}
# What comes with these is when and why it happened, not what happened to those counted.
_CIRCUMSTANCES = {"after", "amid", "before", "despite", "during", "since", "until", "because",
                  "without", "over", "against", "about"}  # fmt: skip
_TOPICS = {"on", "about", "over", "into", "for", "against"}
_PARTS_OF = {"some", "most", "many", "few", "half", "none", "part", "percent", "%", "third",
             "quarter", "majority", "out", "one"}  # fmt: skip
_PLACES_OF_PEOPLE = {"town", "city", "village", "island", "country", "nation", "province", "region",
                     "district", "community", "population", "state"}  # fmt: skip
_RESTATING = {"figure", "figures", "number", "numbers", "total", "estimate", "estimates", "count",
              "tally"}  # fmt: skip
_SUBJECTS = {"nsubj", "nsubjpass"}
_WITH_VERB = {"xcomp", "acomp", "prt", "oprd"}


@dataclass(frozen=True)
class Measured:
    """A quantity and its label.

    words: label -> the word of the sentence that speaks for it.
    options: the labels to choose from; none where it is settled.
    goes_on: the quantity before that it is a part of, or another number for.
    """

    quantity: Quantity
    label: str
    words: Mapping[str, Span] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    goes_on: Quantity | None = None


@dataclass(frozen=True)
class _Cue:
    """A word that speaks for a label.

    weak: it says who somebody is, not what happened.
    direct: it means that only of its own object ("lost 45 men").
    """

    label: str
    token: Token
    weak: bool
    direct: bool


def measured(quantities: Iterable[Sequence[Quantity]]) -> list[Measured]:
    """Every quantity of a document with its label, in order. `quantities`: a list per sentence."""
    found: list[Measured] = []
    before: Measured | None = None
    for quantity in chain.from_iterable(quantities):
        found.append(_measured(quantity, before))
        if not found[-1].label.startswith("countries"):
            before = found[-1]
    return found


def _measured(quantity: Quantity, before: Measured | None) -> Measured:
    noun = _counted_noun(quantity)
    if quantity.unit in SHARES:
        return Measured(quantity, OTHER)
    if quantity.unit is None and noun.lower_ in _STATES:
        return Measured(quantity, _of_states(noun))
    cues = [cue for cue in _cues(noun.doc) if (cue.label in (_PAY, _BONUS)) == bool(quantity.unit)]
    found = _tied(quantity, noun, before, cues)
    return found or _untied(quantity, noun, before, cues)


def _tied(
    quantity: Quantity, noun: Token, before: Measured | None, cues: Sequence[_Cue]
) -> Measured | None:
    """What the structure of the sentence settles."""
    if before is not None and _is_restated(noun, before.quantity, quantity):
        return _as_before(quantity, before)
    whole = before if before is not None and _is_part(before.quantity, quantity) else None
    if whole is not None and _verb_of(noun) == _verb_of(_counted_noun(whole.quantity)):
        own = _nearest(noun, [cue for cue in cues if not cue.weak], _own_places(noun))
        if own is None:
            return _as_before(quantity, whole)
    if (cue := _nearest(noun, cues, _places(noun))) is None:
        return None
    words = {cue.label: _span(quantity, cue)}
    return Measured(quantity, cue.label, words, goes_on=whole.quantity if whole else None)


def _untied(
    quantity: Quantity, noun: Token, before: Measured | None, cues: Sequence[_Cue]
) -> Measured:
    """What is left: a rate is pay, a bare number goes on, else the words leave it open."""
    if quantity.unit and quantity.per:
        return Measured(quantity, _PAY)
    if before is not None and not _is_settled(noun) and _goes_on(before.quantity, quantity):
        return _as_before(quantity, before)
    words = {cue.label: _span(quantity, cue) for cue in reversed(cues) if not cue.direct}
    if not words or _is_whole(noun) or _is_topic(noun):
        return Measured(quantity, OTHER)
    return Measured(quantity, OTHER, words, (*reversed(words), OTHER))


def _as_before(quantity: Quantity, before: Measured) -> Measured:
    return Measured(quantity, before.label, before.words, before.options, before.quantity)


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
    return near and _noun(quantity) in (None, _noun(before)) and quantity.unit == before.unit


def _noun(quantity: Quantity) -> str | None:
    return quantity.unit_text.text.casefold() if quantity.unit_text else None


def _is_part(before: Quantity, quantity: Quantity) -> bool:
    """ "45 sailors, 12 of them nurses", "45 sailors, including 12 nurses", in one sentence."""
    text = quantity.parsed.document.text
    between = text[before.span.end : quantity.span.start]
    part = _PART_AFTER.match(text, quantity.number.end) or _INCLUDING.search(between)
    return quantity.parsed is before.parsed and part is not None and quantity.unit == before.unit


def _is_restated(noun: Token, before: Quantity, quantity: Quantity) -> bool:
    """ "The rebels' figure is 90": another number for what was counted just before."""
    distance = quantity.parsed.sentence.index - before.parsed.sentence.index
    if quantity.unit != before.unit or quantity.unit_text is not None or distance > PART_REACH:
        return False
    if (verb := _verb_of(noun)) is None:
        return False
    subjects = [verb.head] if verb.dep_ == "relcl" else []
    subjects += [child for child in verb.children if child.dep_ in _SUBJECTS]
    return any(
        subject.lower_ in _RESTATING and not any(c.lower_ == "of" for c in subject.children)
        for subject in subjects
    )


def _counted_noun(quantity: Quantity) -> Token:
    """The noun that the number stands with, else the number itself."""
    token = quantity.parsed.tokens_of(quantity.number).root
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


def _nearest(noun: Token, cues: Sequence[_Cue], places: Iterable[list[Token]]) -> _Cue | None:
    if not cues:
        return None
    found = [{token.i for token in place} for place in places]
    for weak in (False, True):
        for ids in found:
            near = [cue for cue in cues if cue.weak == weak and cue.token.i in ids]
            near = [cue for cue in near if not cue.direct or _is_object(noun, cue.token)]
            near = [cue for cue in near if not _is_settled_up(noun, cue.token)]
            if near:
                return min(near, key=lambda cue: abs(cue.token.i - noun.i))
    return None


def _is_settled_up(noun: Token, verb: Token) -> bool:
    """ "The sum will be paid", "a debt of 45, which it paid": by whom to whom is not said."""
    clause = noun.dep_ == "nsubjpass" and noun.head.i == verb.i
    return verb.lower_ == "paid" and (clause or (verb.dep_ == "relcl" and verb.head.i == noun.i))


def _is_object(noun: Token, verb: Token) -> bool:
    """ "Lost 45 men", "45 men were lost", "45 men lost at sea"."""
    if verb.dep_ == "acl" and verb.head.i == noun.i:
        return True
    while noun.dep_ == "conj":
        noun = noun.head
    return noun.dep_ in ("dobj", "nsubjpass") and noun.head.i == verb.i


def _places(noun: Token) -> Iterator[list[Token]]:
    """Where a telling word may stand, the nearest first."""
    yield from _own_places(noun)
    yield list(_nouns_above(noun))
    if _is_whole(noun) or _is_topic(noun):
        return
    if (verb := _verb_of(noun)) is None:
        yield [token for child in noun.children for token in child.subtree]
        yield list(noun.ancestors)
        yield list(noun.sent)
        return
    yield [verb, *(child for child in verb.children if child.dep_ in _WITH_VERB)]
    yield [child for child in verb.children if _shares_subject(child)]
    yield _parts(verb)
    clause = verb
    while clause.dep_ == "ccomp":
        clause = clause.head
    if clause.dep_ == "relcl":
        yield [clause.head]
    if verb.dep_ in _INSIDE or _shares_subject(verb):
        yield [up for up in verb.ancestors if up.pos_ in ("VERB", "NOUN")]


def _own_places(noun: Token) -> Iterator[list[Token]]:
    """Within the noun phrase: "67 killed", "67 dead miners", "67 miners who died"."""
    if noun.pos_ == "NUM" and noun.i + 1 < len(noun.doc):
        yield [noun.doc[noun.i + 1]]
    yield [noun, *(child for child in noun.children if child.dep_ in _PREMODIFIERS)]
    clauses = [child for child in noun.children if child.dep_ in ("acl", "relcl")]
    yield [token for clause in clauses for token in (clause, *_parts(clause))]


def _verb_of(noun: Token) -> Token | None:
    return next((up for up in noun.ancestors if up.pos_ in ("VERB", "AUX")), None)


def _nouns_above(noun: Token) -> Iterator[Token]:
    """Those that the number's noun is tied to by "of": "the deaths of 45 men"."""
    while noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.pos_ == "NOUN":
        noun = noun.head.head
        yield noun


def _is_whole(noun: Token) -> bool:
    """ "Of the 45, 12 drowned", "12 of the 45", "a town of 45": the verb is not about the 45."""
    if noun.dep_ != "pobj" or noun.head.lower_ != "of":
        return False
    head = noun.head.head
    fronted = head.pos_ in ("VERB", "AUX") and noun.i < head.i
    return fronted or head.pos_ == "NUM" or head.lower_ in _PARTS_OF or _is_settled(noun)


def _is_settled(noun: Token) -> bool:
    """ "A town of 45": they live there, whatever happened in it."""
    link = noun.head
    return noun.dep_ == "pobj" and link.lower_ == "of" and link.head.lower_ in _PLACES_OF_PEOPLE


def _is_topic(noun: Token) -> bool:
    """ "Released a report on 45 men": what another noun is about, or is for."""
    link = noun.head
    return noun.dep_ == "pobj" and link.lower_ in _TOPICS and link.head.pos_ == "NOUN"


def _shares_subject(verb: Token) -> bool:
    """Joined to another verb, without a subject of its own."""
    return verb.dep_ == "conj" and not any(c.dep_ in _SUBJECTS for c in verb.children)


def _parts(verb: Token) -> list[Token]:
    """What stands with the verb, without its other clauses."""
    found: list[Token] = []
    for child in verb.children:
        beside = child.dep_ in _CLAUSES and not _is_listed_as(child)
        if not beside and child.lower_ not in _CIRCUMSTANCES:
            found += [child, *_parts(child)]
    return found


def _is_listed_as(clause: Token) -> bool:
    """ "Lists 45 men as killed"."""
    return clause.dep_ == "advcl" and [c.lower_ for c in clause.children] == ["as"]


@lru_cache(maxsize=16)
def _cues(doc: Doc) -> tuple[_Cue, ...]:
    """All cues of a sentence; where words overlap, the label that the list names first stands.

    Kept, for each of its numbers asks.
    """
    found: list[_Cue] = []
    kinds, labels = _lists()
    taken: set[int] = set()
    for label, pattern in labels.items():
        for match in pattern.finditer(doc.text):
            span = doc.char_span(*match.span(), alignment_mode="expand")
            if span is None or not taken.isdisjoint(token.i for token in span):
                continue
            kind = {name for name, words in kinds.items() if words.fullmatch(match.group())}
            if _is_other_word(span.root, kind):
                continue
            taken |= {token.i for token in span}
            found += [_Cue(label, token, "weak" in kind, "direct" in kind) for token in span]
    return tuple(found)


def _is_other_word(token: Token, kind: set[str]) -> bool:
    """ "The fighting", "a train", "one man", "somebody lives", "prices have fallen"."""
    verb = token.pos_ == "VERB" and token.dep_ != "amod"
    return ("verbs" in kind and not verb) or ("nouns" in kind and verb)


@cache
def _lists() -> tuple[dict[str, re.Pattern[str]], dict[str, re.Pattern[str]]]:
    """Patterns of the kinds of words, and of each label's words."""
    import yaml

    text = resources.files("extractor.reading").joinpath("measures.yaml").read_text("utf-8")
    patterns = {
        label: re.compile(rf"(?<![\w-])(?:{'|'.join(words.split(' / '))})(?![\w-])", re.IGNORECASE)
        for label, words in yaml.safe_load(text).items()
    }
    return {kind: patterns.pop(kind) for kind in _KINDS}, patterns
