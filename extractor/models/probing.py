"""Asking a model one small question, to see what its server takes and refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from extractor.errors import ModelError, UsageError
from extractor.models.base import Attempt, Message, Request
from extractor.models.client import ChatModel
from extractor.models.dialects import SAMPLING
from extractor.models.registry import open_model
from extractor.settings import Settings

ROOM = 60
_TEXT = (
    "Sentence: The firm owns 45 boats and two harbours in Aldermere.\n"
    'Give as JSON "kind": what "Aldermere" is; "place": its name or null; "counts": each number '
    "with what is counted."
)


class _Count(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: int
    what: str = Field(max_length=40)


class _Probe(BaseModel):
    """An answer with everything in its schema that the shipped questions use."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["place", "person", "organisation"]
    place: Annotated[str, Field(max_length=80)] | None
    counts: list[_Count] = Field(max_length=9)


@dataclass(frozen=True)
class Probed:
    """What a probe found. `rows`: what is sent, and how. `problem`: why there was no answer."""

    identity: str
    rows: tuple[tuple[str, str], ...]
    problem: str | None


async def probe(name: str, settings: Settings) -> Probed:
    """Ask the model called `name` one question, which costs as much as one.

    Raises:
        UsageError: the embedded model, where there is nothing to find out.
        ModelUnavailable: as `open_model`.
    """
    async with open_model(name, settings) as model:
        if not isinstance(model, ChatModel):
            raise UsageError(
                f"--probe: {name}: runs here, there is no server to ask - give another"
            )
        request = Request("probe", (Message("user", _TEXT),), ROOM)
        problem = None
        try:
            attempts = (await model.ask(request, _Probe)).attempts
        except ModelError as error:
            problem = str(error)
            attempts = tuple(one for one in error.attempts if isinstance(one, Attempt))
        return Probed(model.identity, tuple(_rows(model, attempts)), problem)


def _rows(model: ChatModel, attempts: tuple[Attempt, ...]) -> Iterator[tuple[str, str]]:
    dialect = model.dialect
    names = dict(dialect.renamed)
    yield "structured answers", str(dialect.structured)
    yield "schemas", "without limits of length and number" if dialect.reduced else "as they are"
    yield "limit of tokens", dialect.limit or "not sent"
    for name in SAMPLING:
        if name in dialect.left_out:
            yield name, "not sent: refused, or known to be"
        elif name in model.parameters:
            sent = f" as {names[name]}" if name in names else ""
            yield name, f"{model.parameters[name]}, sent{sent}"
        else:
            yield name, "not set"
    yield "room for thought", f"{dialect.room} tokens" if dialect.room else "none"
    yield "extra body", dialect.extra
    yield "requests", f"{len(attempts)}, of which {_wasted(attempts)} in vain"


def _wasted(attempts: tuple[Attempt, ...]) -> int:
    return sum(attempt.error is not None for attempt in attempts)
