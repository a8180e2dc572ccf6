"""Several questions of one task in one call, for models that keep many apart.

A question that holds others has their variables under `TOGETHER`, by id, and a schema with one
field for each id. Prompts show it as parts with headings, examples included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from extractor.prompts import TOGETHER
from extractor.tasks.base import Question
from extractor.tasks.schemas import answer_schema


def together(questions: Sequence[Question], per_call: int) -> list[Question]:
    """The questions in order, at most `per_call` in one; as they are where that is 1."""
    starts = range(0, len(questions), per_call)
    return [_joined(questions[start : start + per_call]) for start in starts]


def _joined(questions: Sequence[Question]) -> Question:
    if len(questions) == 1:
        return questions[0]
    return Question(
        id=f"{questions[0].id}-{questions[-1].id}",
        variables={TOGETHER: {question.id: question.variables for question in questions}},
        schema=answer_schema("Answers", {question.id: question.schema for question in questions}),
        max_tokens=sum(question.max_tokens for question in questions),
    )


def ids(question: Question) -> list[str]:
    """Ids of the questions in it; its own where it holds no others."""
    parts = question.variables.get(TOGETHER)
    return list(parts) if isinstance(parts, Mapping) else [question.id]


def apart(question: Question, answer: BaseModel) -> dict[str, BaseModel]:
    """The answers by question id."""
    if TOGETHER not in question.variables:
        return {question.id: answer}
    return {id_: getattr(answer, id_) for id_ in ids(question)}
