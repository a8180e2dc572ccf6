"""What a task is: questions made from a reading, records made from the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import BaseModel, ValidationError

from extractor.output import Rejected
from extractor.prompts import Prompt
from extractor.reading.reading import Reading
from extractor.records import Record, Span

_FAULTS = 5  # of one record, told


@dataclass(frozen=True)
class Question:
    """One model call.

    id: names the question within its document and task.
    variables: for the prompt's user template.
    schema: what the answer must be; only numbers and labels that exist can be given.
    max_tokens: upper limit of the answer.
    """

    id: str
    variables: Mapping[str, object]
    schema: type[BaseModel]
    max_tokens: int


@dataclass
class Built:
    """Records of one task, and what was found but not accepted, with the reason."""

    records: list[Record] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    def add(self, task: str, span: Span | None, make: Callable[[], Record]) -> None:
        """A record, or a rejection with its reason where the record breaks a rule of its type.

        Args:
            span: the words that the record is about.
            make: builds it.
        """
        try:
            self.records.append(make())
        except ValidationError as error:
            detail = broken_rules(error)
            self.rejected.append(Rejected(task=task, reason="invalid", detail=detail, span=span))


def broken_rules(error: ValidationError) -> str:
    """Which fields of a record broke which rule, without their words, which may be long."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'record'}: {fault['msg']}"
        for fault in faults[:_FAULTS]
    )


class Task(Protocol):
    """One record type. `name` is the record type's name in options, prompts and output."""

    name: str

    def questions(self, reading: Reading, prompt: Prompt) -> Sequence[Question]:
        """The questions to ask about one document, in order; none where nothing is to be asked."""

    def build(self, reading: Reading, answers: Mapping[str, BaseModel]) -> Built:
        """Records from the answers by question id. A question without an answer has failed."""
