"""Events: code finds the clauses and reads off what it can, the model says what is left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from pydantic import BaseModel

from extractor.output import Reason, Rejected
from extractor.prompts import Prompt
from extractor.reading.clauses import Clause
from extractor.reading.happenings import may_happen, told_kind
from extractor.reading.reading import Reading
from extractor.records import SHORT_CHARACTERS, Event
from extractor.tasks.attribution import attribution
from extractor.tasks.base import Built, Question
from extractor.tasks.circumstances import period_of, place_of
from extractor.tasks.participants import participants
from extractor.tasks.schemas import answer_schema, one_of, optional

YES, NO, OTHER = "yes", "no", "other"
MAX_TOKENS = 24
SHOWN_CHARACTERS = 220


class EventTask:
    """Asks about each clause whose own words leave it open whether and what happens in it.

    Status, participants, place and date are read by code.
    """

    name = "events"

    def questions(self, reading: Reading, prompt: Prompt) -> list[Question]:
        """One question per open clause, in order of the text."""
        fields = {"happens": one_of((YES, NO)), "kind": optional(one_of(prompt.labels))}
        schema = answer_schema("Happening", fields)
        return [
            Question(_id(number), {"clause": _shown(clause)}, schema, MAX_TOKENS)
            for number, clause in enumerate(reading.clauses, 1)
            if told_kind(clause) is None and may_happen(clause)
        ]

    def build(self, reading: Reading, answers: Mapping[str, BaseModel]) -> Built:
        """Events in order of the text, each happening once; other clauses are kept as rejected."""
        built = Built()
        told: list[tuple[Clause, str]] = []
        for number, clause in enumerate(reading.clauses, 1):
            kind = _kind(clause, answers.get(_id(number)))
            if isinstance(kind, Rejected):
                built.rejected.append(kind)
            else:
                told.append((clause, kind))
        for clause, kind in _once(told):
            number = len(built.records) + 1
            make = partial(_record, reading, clause, kind, number)
            built.add(self.name, clause.span, make)
        return built


def _kind(clause: Clause, answer: BaseModel | None) -> str | Rejected:
    """What its words settle, else what was answered; why it is no event."""
    if (kind := told_kind(clause)) is not None:
        return kind
    if not may_happen(clause):
        return _rejected(clause, "not_chosen", "a state, a question, or what might be")
    if answer is None:
        return _rejected(clause, "no_answer", "its question failed")
    given = answer.model_dump()
    if given["happens"] == NO:
        return _rejected(clause, "not_chosen", "labelled as no happening")
    return str(given["kind"] or OTHER)


def _id(number: int) -> str:
    return f"clause{number}"


def _shown(clause: Clause) -> str:
    return " ".join(clause.span.text.split())[:SHOWN_CHARACTERS]


def _once(told: Sequence[tuple[Clause, str]]) -> list[tuple[Clause, str]]:
    """Each happening once, where it is told most fully: the same verb, subject and object."""
    kept: list[tuple[Clause, str]] = []
    for clause, kind in told:
        same = (i for i, (c, k) in enumerate(kept) if k == kind and c.words == clause.words)
        twin = next(same, None)
        if twin is None:
            kept.append((clause, kind))
        elif len(clause.span.text) > len(kept[twin][0].span.text):
            kept[twin] = (clause, kind)
    return sorted(kept, key=lambda one: one[0].span.start)


def _record(reading: Reading, clause: Clause, kind: str, number: int) -> Event:
    place = place_of(clause.parsed, clause.verb)
    return Event(
        id=f"eve-{number:02}",
        kind=kind,
        summary=_summary(clause),
        participants=participants(reading, clause, place.span if place else None),
        place=place,
        period=period_of(clause.parsed, clause.verb),
        status=clause.status,
        attribution=attribution(reading, clause.span),
        span=clause.span,
    )


def _summary(clause: Clause) -> str:
    """The clause as a sentence; its subject is put in front where the clause before has it."""
    words = clause.span.text
    if clause.subject is not None and clause.subject.end <= clause.span.start:
        words = f"{clause.subject.text} {words}"
    words = " ".join(words.split())[: SHORT_CHARACTERS - 1]
    return f"{words[0].upper()}{words[1:]}."


def _rejected(clause: Clause, reason: Reason, detail: str) -> Rejected:
    return Rejected(task="events", reason=reason, detail=detail, span=clause.span)
