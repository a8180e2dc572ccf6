"""The seed articles with the embedded model's recorded answers, found by what was asked."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from extractor import Document, Extraction, aextract, read_document
from extractor.evaluation.recorded import load_recorded
from extractor.models import Model, Reply, Request
from extractor.models.base import Closing
from extractor.tasks import TASKS
from tests.cassettes import RECORDED, SEEDS

T = TypeVar("T", bound=BaseModel)
Turns = tuple[str, ...]


class Replay(Closing):
    """The recorded model, which writes down what it was asked and what it said."""

    def __init__(self) -> None:
        self._model = load_recorded(RECORDED)
        self.identity = self._model.identity
        self.parameters = self._model.parameters
        self.profile = self._model.profile
        self.said: dict[Turns, dict[str, str]] = defaultdict(dict)

    async def ask(self, request: Request, schema: type[T]) -> Reply[T]:
        """The recorded answer."""
        reply = await self._model.ask(request, schema)
        *before, last = (m.content for m in request.messages if m.role != "system")
        answer = reply.value.model_dump_json()
        assert self.said[tuple(before)].setdefault(last, answer) == answer
        return reply


class Answers:
    """What the embedded model said, by the turns of a conversation as a server gets them."""

    def __init__(self, said: dict[Turns, dict[str, str]]) -> None:
        self._said = said

    def to(self, messages: list[dict[str, Any]]) -> str:
        """The answer (JSON) to a request's messages.

        Words about the form of the answer may stand in the system's message and after the question.
        """
        *before, last = (m["content"] for m in messages if m["role"] != "system")
        known = self._said[tuple(before)]
        asked = [question for question in known if last.startswith(question)]
        return known[max(asked, key=len)]


@cache
def seed_documents() -> tuple[Document, ...]:
    """The five articles."""
    return tuple(read_document(path) for path in SEEDS)


async def recorded_answers() -> Answers:
    """All that the recorded model said about the seeds."""
    replay = Replay()
    await extracted(replay)
    return Answers(replay.said)


async def extracted(model: Model) -> list[Extraction]:
    """All record types of all seeds."""
    return [await aextract(document, model=model) for document in seed_documents()]


def records(extractions: list[Extraction]) -> list[Any]:
    """All records, without what says how they were made."""
    shown = {*TASKS, "article", "rejected"} - {"header"}
    return [extraction.model_dump(mode="json", include=shown) for extraction in extractions]


def here(name: str) -> Path:
    """A file of the project by its path."""
    return RECORDED.parent.parent.parent / name
