"""What every model is to the rest of the package: one question in, one checked object out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Any, Generic, Literal, Protocol, Self, TypeVar

from pydantic import BaseModel

T = TypeVar("T", bound=BaseModel)
T_co = TypeVar("T_co", bound=BaseModel, covariant=True)
Role = Literal["system", "user", "assistant"]
Parameters = Mapping[str, str | int | float]
# A schema is made for a question, and described for its key and the server. One takes some 50 KB.
SCHEMAS_KEPT = 64


@lru_cache(maxsize=SCHEMAS_KEPT)
def json_schema(schema: type[BaseModel]) -> Mapping[str, Any]:
    """`schema` as JSON Schema; shared between callers, so to be read only."""
    return schema.model_json_schema()


@dataclass(frozen=True)
class Message:
    """One message of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True)
class Request:
    """One question.

    task: name of the prompt that asks, for messages and logs.
    max_tokens: upper limit of generated tokens per attempt.
    """

    task: str
    messages: tuple[Message, ...]
    max_tokens: int


@dataclass(frozen=True)
class Attempt:
    """One call that was sent, successful or not.

    number: 1 for the first attempt of a request.
    started: UTC, ISO 8601.
    seconds: until the reply or the failure, waits between attempts not included.
    prompt_tokens, completion_tokens: as the server counted them, 0 where it did not say.
    cached_tokens: part of `prompt_tokens` read from the server's prefix cache.
    reasoning_tokens: part of `completion_tokens` spent on thought; None where it did not say.
    status_code: HTTP status, or the one that an error with status 200 names; None: no answer came.
    error: class and kind of the failure; never holds document text.
    cost: US dollars as the price list says, None where the price is not known.
    """

    number: int
    started: str
    seconds: float
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None
    finish_reason: str | None = None
    status_code: int | None = None
    error: str | None = None
    cost: float | None = None


@dataclass(frozen=True)
class Reply(Generic[T_co]):
    """A reply that fits the schema, with every attempt it took, oldest first."""

    value: T_co
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True)
class ModelProfile:
    """What a strategy may count on.

    concurrency: requests in flight that the model serves at once.
    context_tokens: prompt and answer together, for one request.
    per_task: requests of one task in flight at once. 1 suits a small server: its slots then keep
        one task's instructions each, and read them once.
    questions_per_call: questions of one task put in one call. 1 suits a small model, which loses
        its place in a longer list; a large one reads the instructions once for all.
    phrasings: 2 puts every question a second time with labels and examples in reverse order; what
        comes out differently is less certain (`extractor.confidence`). 1 asks once.
    answer_room: tokens that an answer may take beyond what its question allows, for thought.
    documents: documents worked on at once in a run over many. With 1 a small server reads one
        article after the other, and its prefix cache holds.
    """

    concurrency: int
    context_tokens: int
    per_task: int
    phrasings: int = 1
    questions_per_call: int = 1
    documents: int = 1
    answer_room: int = 0


class Model(Protocol):
    """A model that answers in a given schema. Use it as an async context manager."""

    @property
    def identity(self) -> str:
        """What goes into provenance and keys; the same text means the same model."""

    @property
    def parameters(self) -> Parameters:
        """Sampling parameters that are sent with every request."""

    @property
    def profile(self) -> ModelProfile:
        """Concurrency and context size."""

    @property
    def adapted(self) -> tuple[str, ...]:
        """What is sent otherwise than asked for, because the server wants it so; a line each."""

    async def ask(self, request: Request, schema: type[T]) -> Reply[T]:
        """Ask once, with retries, and return an instance of `schema`.

        Raises:
            TransportFailed: no answer within the transport budget, or a final refusal.
            QuotaExhausted: the account has no credit left.
            ReplyInvalid: no answer fitted `schema` within the validation budget.
            RequestRefused: the server takes other requests, but not this one.
            ModelUnavailable: nothing could be sent, or the server refuses all alike.
        All of them carry `attempts`.
        """

    async def aclose(self) -> None:
        """Release connections."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Closing:
    """Async context manager that calls `aclose` at its end, which by default has nothing to do."""

    @property
    def adapted(self) -> tuple[str, ...]:
        """Nothing is sent otherwise than asked for."""
        return ()

    async def aclose(self) -> None:
        """Nothing to release."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()
