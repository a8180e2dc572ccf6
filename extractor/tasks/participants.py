"""Who takes part in an event: people, bodies and states among its clause's subject and object."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.reading.clauses import Clause, noun_phrase
from extractor.reading.happenings import is_told_by, names_a_happening
from extractor.reading.lexicon import names_a
from extractor.reading.reading import Reading
from extractor.reading.recipients import is_people
from extractor.reading.tokens import Token
from extractor.records import Reference, Span
from extractor.tasks.attribution import named_reference

_ACTORS = {"PERSON", "ORG", "GPE", "NORP"}
_INSIDE = {"of", "on", "to", "for", "between", "among", "with"}  # "the return of prisoners"
_TROOPS = {"troops", "crew", "crews", "unit", "units"}
_COUNTS = {"dozen", "dozens", "hundreds", "thousands", "scores", "number", "group"}


def participants(reading: Reading, clause: Clause, place: Span | None) -> list[Reference]:
    """Subject first; what is no actor stands for the actors inside its phrase, if it has any.

    A subject of another kind ("the ship") is kept, as is the object of a verb that tells
    what happened ("hired divers"), unless it is itself what happened.
    place: where it happened; who only goes there does nothing to it.
    """
    position = reading.position_of(clause.span)
    found: list[Reference] = []
    for phrase in (clause.subject, clause.object):
        if phrase is None or (place is not None and phrase.overlaps(place)):
            continue
        head = clause.parsed.tokens_of(phrase).root
        heads = list(_actors(head))
        told = phrase == clause.subject or is_told_by(clause.parsed.tokens[clause.verb])
        if not heads and told and not names_a_happening(head):
            heads = [head]
        for actor in heads:
            span = _words(reading, clause, actor)
            found.append(named_reference(reading, position, span) or _as_written(span))
    return found


def _actors(head: Token) -> Iterator[Token]:
    """The head itself, or those inside its phrase; "412 of them" are they."""
    inside = [c for p in head.children if p.lower_ in _INSIDE for c in p.children]
    inner = [c for c in inside if c.dep_ == "pobj" and _acts(c)]
    counts = head.like_num or head.lower_ in _COUNTS
    if _acts(head) and not (counts and inner):
        yield head
        return
    for noun in inner:
        yield noun
        yield from (c for c in noun.children if c.dep_ == "conj" and _acts(c))


def _acts(noun: Token) -> bool:
    body = names_a("bodies", noun.text) or noun.lower_ in _TROOPS
    return body or is_people(noun) or noun.ent_type_ in _ACTORS


def _words(reading: Reading, clause: Clause, head: Token) -> Span:
    """The name that the head belongs to, without title and possessor, else its noun phrase."""
    word = clause.parsed.token_span(head.doc[head.i : head.i + 1])
    mentions = (mention for name in reading.names for mention in name.mentions)
    name = next((mention for mention in mentions if mention.contains(word)), None)
    return name or noun_phrase(clause.parsed, head)


def _as_written(span: Span) -> Reference:
    return Reference(as_written=span.text, span=span)
