"""The few-shot examples of the shipped prompts, as test cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from extractor import Document
from extractor.prompts import Prompt, load_prompt
from extractor.reading.reading import Reading
from extractor.tasks import TASKS, Question
from tests.support import without_marks

Example = Mapping[str, Any]


def cases(task: str) -> pytest.MarkDecorator:
    """Parametrises `example` with the examples of the prompt that a task uses."""
    return pytest.mark.parametrize("example", prompt_of(task).examples)


def prompt_of(task: str) -> Prompt:
    return load_prompt(TASKS[task][1])


def reading_of(text: str, context: str = "") -> Reading:
    """A reading of plain body text, the context as a sentence of its own before it."""
    return Reading(Document.from_paragraphs([(context, False), (text, False)]))


def marked_reading(example: Example, letter: str) -> Reading:
    return reading_of(without_marks(example["marked"], letter), example["context"])


def questions(task: str, reading: Reading) -> list[Question]:
    return list(TASKS[task][0].questions(reading, prompt_of(task)))


def answered(question: Question, answer: object) -> dict[str, BaseModel]:
    """The answers to be built from, with `answer` checked against the question's schema."""
    return {question.id: question.schema.model_validate(answer)}
