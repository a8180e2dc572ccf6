"""A model that answers from a script, for tests of anything that asks a model."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from extractor.errors import ModelUnavailable, ReplyInvalid
from extractor.models.base import Attempt, Closing, ModelProfile, Parameters, Reply, Request
from extractor.models.replies import describe_invalid, parse_reply

T = TypeVar("T", bound=BaseModel)
DEFAULT_PROFILE = ModelProfile(concurrency=4, context_tokens=4096, per_task=4)
Content = BaseModel | dict[str, object] | str
Answer = Content | Exception
Script = Callable[[Request, type[BaseModel]], Answer] | Sequence[Answer]


class ScriptedModel(Closing):
    """Answers each request from a callable, or from a list in order.

    An answer is checked as a real reply is: text and dicts must be JSON that fits the schema.
    An exception is raised as it is. Unlike a real model it never asks again.

    Args:
        script: `(request, schema) -> answer`, or the answers in order.
        identity: what provenance and keys will show.
        profile: concurrency and context size to report.
    """

    def __init__(
        self,
        script: Script,
        identity: str = "scripted",
        profile: ModelProfile = DEFAULT_PROFILE,
    ) -> None:
        self.identity = identity
        self.profile = profile
        self.parameters: Parameters = {}
        self.requests: list[Request] = []
        self._answer = script if callable(script) else _in_order(iter(script))

    async def ask(self, request: Request, schema: type[T]) -> Reply[T]:
        """Return the next answer as `schema`.

        Raises:
            ReplyInvalid: the answer does not fit.
            ModelUnavailable: a list of answers is used up.
            Exception: whatever the script holds.
        """
        self.requests.append(request)
        answer = self._answer(request, schema)
        if isinstance(answer, Exception):
            raise answer
        return self._reply(answer, request, schema)

    def _reply(self, answer: Content, request: Request, schema: type[T]) -> Reply[T]:
        try:
            value = parse_reply(_as_text(answer), schema)
        except ValidationError as error:
            fault = describe_invalid(error, schema)
            raise ReplyInvalid(
                f"{self.identity}: the scripted answer for {request.task} does not fit "
                f"{schema.__name__} ({fault}) - correct the script",
                attempts=(_attempt(f"ValidationError: {fault}"),),
            ) from error
        return Reply(value, (_attempt(None),))


def _in_order(answers: Iterator[Answer]) -> Callable[[Request, type[BaseModel]], Answer]:
    def answer(request: Request, _: type[BaseModel]) -> Answer:
        for found in answers:
            return found
        return ModelUnavailable(f"script: no answer left for {request.task} - add one")

    return answer


def _as_text(answer: Content) -> str:
    if isinstance(answer, BaseModel):
        return answer.model_dump_json()
    return answer if isinstance(answer, str) else json.dumps(answer)


def _attempt(error: str | None) -> Attempt:
    started = datetime.now(UTC).isoformat(timespec="milliseconds")
    return Attempt(number=1, started=started, seconds=0.0, finish_reason="stop", error=error)
