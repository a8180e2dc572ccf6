"""Records of a user's own type: the model fills in a form, code grounds what it says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from extractor.documents import Block, Document, Sentence, canonical
from extractor.errors import UsageError
from extractor.output import Reason, Rejected
from extractor.prompts import Prompt
from extractor.reading.reading import Reading
from extractor.records import Span
from extractor.tasks.base import Built, Question
from extractor.tasks.marking import one_line, unmarked
from extractor.tasks.schemas import answer_schema, list_of, one_of, optional, short_text
from extractor.typed.checks import UNREADABLE, read_number, unit_problem
from extractor.typed.grounding import Grounded, fill, ground, number_spans
from extractor.typed.markers import Label, Number, Verbatim, choices_of, is_optional, markers_of

T = TypeVar("T", bound=BaseModel)
WINDOW_CHARACTERS = 700  # of sentences in one question; with those before it less than the reach
CONTEXT_CHARACTERS = 250
WORDS_CHARACTERS = 200
MOST_RECORDS = 8
TOKENS_PER_FIELD = 24


@dataclass(frozen=True)
class Example(Generic[T]):
    """A text and the records that a model should find in it, in order; all must ground in it."""

    text: str
    records: Sequence[T]


@dataclass(frozen=True)
class Window:
    """The sentences of one question, and those before them, which are shown for context."""

    document: Document
    before: Sequence[Sentence]
    sentences: Sequence[Sentence]

    @cached_property
    def numbers(self) -> dict[str, Span]:
        """The numbers of the sentences by the ids that mark them: `n1`, `n2`, ..."""
        parts = (self.document.span(s.start, s.end) for s in self.sentences)
        spans = [span for part in parts for span in number_spans(part, self.document.text)]
        readable = (s for s in spans if read_number(s, self.document.text) is not None)
        return {f"n{number}": span for number, span in enumerate(readable, 1)}

    @property
    def within(self) -> list[Span]:
        """Where words may be copied from: the shown text, block by block."""
        shown = [*self.before, *self.sentences]
        low, high = shown[0].start, shown[-1].end
        body = (block for block in self.document.blocks if not block.furniture)
        ranges = ((max(low, block.start), min(high, block.end)) for block in body)
        return [self.document.span(start, end) for start, end in ranges if start < end]

    def marked(self) -> list[str]:
        """The sentences with each number in brackets: `[n1: 640] people`."""
        return [" ".join("".join(self._pieces(sentence)).split()) for sentence in self.sentences]

    def _pieces(self, sentence: Sentence) -> Iterator[str]:
        at = sentence.start
        for id_, span in self.numbers.items():
            if sentence.start <= span.start < sentence.end:
                yield f"{unmarked(self.document.text[at : span.start])}[{id_}: {span.text}]"
                at = span.end
        yield unmarked(self.document.text[at : sentence.end])


def windows(document: Document) -> Iterator[Window]:
    """The body in runs of sentences, each with the end of the run before it."""
    sentences = document.sentences
    start = 0
    while start < len(sentences):
        end = start + 1
        while end < len(sentences) and _length(sentences[start : end + 1]) <= WINDOW_CHARACTERS:
            end += 1
        before = start
        while before and _length(sentences[before - 1 : start]) <= CONTEXT_CHARACTERS:
            before -= 1
        yield Window(document, sentences[before:start], sentences[start:end])
        start = end


def _length(sentences: Sequence[Sentence]) -> int:
    return sentences[-1].end - sentences[0].start


class CustomTask(Generic[T]):
    """Asks for all records of one type in a window of the article.

    Args:
        type_: the user's record type; each field carries a marker.
        instructions: what a record is, in a sentence or two.

    Raises:
        UsageError: the markers are missing or contradict the type.
    """

    def __init__(self, type_: type[T], instructions: str) -> None:
        self.name = f"records.{type_.__name__}"
        self.type = type_
        self.instructions = instructions
        self.markers = markers_of(type_)
        self.numbers = {n for n, marker in self.markers.items() if isinstance(marker, Number)}

    @property
    def schema(self) -> dict[str, str]:
        """The type as provenance knows it: each field's annotation and marker."""
        fields = self.type.model_fields
        return {n: f"{fields[n].annotation} {type(m).__name__}" for n, m in self.markers.items()}

    def questions(self, reading: Reading, prompt: Prompt) -> list[Question]:  # noqa: ARG002 - protocol
        """One question per window that has a number for every field that needs one."""
        found = ((w, self._schema(w)) for w in windows(reading.document))
        return [
            Question(_id(window), self.variables(window), schema, self._max_tokens())
            for window, schema in found
            if schema is not None
        ]

    def variables(self, window: Window) -> dict[str, object]:
        """What the prompt's user template shows of a window."""
        before = " ".join(sentence.text for sentence in window.before)
        return {
            "instructions": self.instructions.strip(),
            "fields": {name: self._meaning(name) for name in self.asked()},
            "before": one_line(" ".join(before.split())),
            "sentences": window.marked(),
        }

    def build(self, reading: Reading, answers: Mapping[str, BaseModel]) -> Built:
        """Grounded records in order, each once; what does not ground is kept as rejected."""
        built = Built()
        known: set[str] = set()
        for window in windows(reading.document):
            answer = answers.get(_id(window))
            if answer is None and self._schema(window) is not None:
                built.rejected.append(self._no_answer(window))
            for given in answer.model_dump()["records"] if answer else ():
                record = self._record(given, window)
                if isinstance(record, Rejected):
                    built.rejected.append(record)
                elif record.id not in known:
                    known.add(record.id)
                    built.records.append(record)
        return built

    def asked(self) -> list[str]:
        """The fields that the model fills in; code computes the others."""
        asked = (Verbatim, Number, Label)
        return [name for name, marker in self.markers.items() if isinstance(marker, asked)]

    def _meaning(self, name: str) -> str:
        field = self.type.model_fields[name]
        if isinstance(self.markers[name], Label):
            kind = "one of: " + ", ".join(map(str, choices_of(self.type, name)))
        else:
            kind = "the id of a number" if name in self.numbers else "words copied from the text"
        null = " or null" if is_optional(self.type, name) else ""
        return ", ".join(filter(None, (kind + null, field.description)))

    def _schema(self, window: Window) -> type[BaseModel] | None:
        """The form of a window; None where a field that it needs has no candidate."""
        fields: dict[str, Any] = {"sentence": one_of(range(1, len(window.sentences) + 1))}
        for name in self.asked():
            kind, null = self._kind(name, window), is_optional(self.type, name)
            if kind is None and not null:
                return None
            fields[name] = kind if not null else None if kind is None else optional(kind)
        return answer_schema(
            "Records", {"records": list_of(answer_schema("Record", fields), MOST_RECORDS)}
        )

    def _kind(self, name: str, window: Window) -> Any:
        marker = self.markers[name]
        if isinstance(marker, Label):
            return one_of(choices_of(self.type, name))
        if not isinstance(marker, Number):
            return short_text(WORDS_CHARACTERS)
        text = window.document.text
        fitting = [i for i, s in window.numbers.items() if not unit_problem(s, marker.unit, text)]
        return one_of(fitting) if fitting else None

    def _max_tokens(self) -> int:
        return TOKENS_PER_FIELD * (len(self.asked()) + 1) * MOST_RECORDS

    def _record(self, given: dict[str, Any], window: Window) -> Grounded[T] | Rejected:
        """The user's object from one filled-in form, grounded where the form says."""
        text, sentence = window.document.text, window.sentences[given["sentence"] - 1]
        chosen = {name: given[name] for name in self.asked() if given[name] not in (None, "")}
        placed = {n: window.numbers[id_] for n, id_ in chosen.items() if n in self.numbers}
        words = {name: value for name, value in chosen.items() if name not in self.numbers}
        near = window.document.span(sentence.start, sentence.end)
        try:
            record = fill(self.type, words, placed, text)
        except UNREADABLE as error:
            return self._rejected("invalid", " ".join(str(error).split()), near, given)
        found = ground(record, text, within=window.within, placed=placed, near=near)
        if isinstance(found, Grounded):
            return found
        detail = "; ".join(f"{fault.field}: {fault.problem}" for fault in found)
        return self._rejected("not_grounded", detail, near, given)

    def _rejected(
        self, reason: Reason, detail: str, span: Span, candidate: dict[str, Any]
    ) -> Rejected:
        detail = detail[: WORDS_CHARACTERS * MOST_RECORDS]
        return Rejected(
            task=self.name, reason=reason, detail=detail, span=span, candidate=candidate
        )

    def _no_answer(self, window: Window) -> Rejected:
        first, last = window.sentences[0], window.sentences[-1]
        span = window.document.span(first.start, last.end)
        return self._rejected("no_answer", "its question failed", span, {})


def _id(window: Window) -> str:
    return f"w{window.sentences[0].index}"


def prompt_for(prompt: Prompt, task: CustomTask[T], examples: Sequence[Example[T]]) -> Prompt:
    """The generic prompt made the task's own: with its hash, and with the user's examples, if any.

    Raises:
        UsageError: a record of an example does not ground in its text.
    """
    turns = tuple(_turn(task, number, example) for number, example in enumerate(examples, 1))
    words = json.dumps([prompt.sha256, task.instructions, turns], sort_keys=True)
    sha256 = hashlib.sha256(words.encode()).hexdigest()
    return replace(prompt, sha256=sha256, examples=turns or prompt.examples)


def _turn(task: CustomTask[T], number: int, example: Example[T]) -> dict[str, object]:
    name = f"example {number} of {task.type.__name__}"
    text = canonical(example.text)
    blocks = (Block(*line.span(), False) for line in re.finditer(r"[^\n]*\S[^\n]*", text))
    document = Document(name, text, tuple(blocks))
    window = Window(document, (), document.sentences)
    records = [_answer(task, window, record) for record in example.records]
    return {**task.variables(window), "answer": {"records": records}}


def _answer(task: CustomTask[T], window: Window, record: T) -> dict[str, object]:
    """What a model should answer for a record: its evidence tells the sentence and the numbers."""
    found = ground(record, window.document.text)
    if not isinstance(found, Grounded):
        faults = "; ".join(f"{fault.field}: {fault.problem}" for fault in found)
        raise UsageError(f"{window.document.name}: {faults} - correct the example")
    ids = {span: id_ for id_, span in window.numbers.items()}
    given = record.model_dump(mode="json", fallback=str)
    numbers = {name: ids.get(span) for name, span in found.evidence.items() if name in task.numbers}
    if None in numbers.values():
        raise UsageError(f"{window.document.name}: a number runs on - end its sentence elsewhere")
    given |= numbers
    start = min(span.start for span in found.evidence.values())
    sentence = next(i for i, s in enumerate(window.sentences, 1) if start < s.end)
    return {"sentence": sentence, **{name: given[name] for name in task.asked()}}
