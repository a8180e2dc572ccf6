"""Asking the questions of one document: each once, kept answers first, every attempt kept."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel

from extractor.attempt_log import log_attempts
from extractor.documents import Document
from extractor.errors import ModelError, ReplyInvalid, RequestRefused
from extractor.models.base import Attempt, Model, Request
from extractor.store import Store
from extractor.tasks import Question
from extractor.tasks.together import apart

T = TypeVar("T")


@dataclass(frozen=True)
class Step:
    """Something happened: questions were added, or done at this many tokens.

    asked: below 0 where questions are not put after all.
    replies: usable replies of the model, so 0 for kept answers and for failures.
    """

    asked: int = 0
    answered: int = 0
    tokens: int = 0
    replies: int = 0


Report = Callable[[Step], None]


def silent(_: Step) -> None:
    """The report of somebody who wants none."""


@dataclass(frozen=True)
class Call:
    """One question to a model.

    key: SHA-256 of all that is sent, under which the store keeps the answer.
    task: record type that it is about.
    """

    key: str
    task: str
    request: Request
    schema: type[BaseModel]


@dataclass(frozen=True)
class Put:
    """A question as it is put, in the first or the second phrasing."""

    question: Question
    again: bool
    call: Call


@dataclass
class Desk:
    """Who is asked for one document, and who is told.

    failure: the first, after which nothing new is asked for the document.
    """

    model: Model
    store: Store | None = None
    report: Report = silent
    failure: Exception | None = None


@dataclass
class Log:
    """What happened while one task was asked; `again` holds the second phrasing's answers."""

    answers: dict[str, BaseModel] = field(default_factory=dict)
    again: dict[str, BaseModel] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    reused: int = 0


class Asker:
    """Puts the questions of one document's task, as many at once as the model's profile says."""

    def __init__(self, document: Document, desk: Desk) -> None:
        self.log = Log()
        self._document = document
        self._desk = desk
        self._limit = asyncio.Semaphore(desk.model.profile.per_task)
        self._alone: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def is_open(self, call: Call) -> bool:
        """True where no answer is kept."""
        return self._kept(call) is None

    async def put_all(self, asked: Sequence[Put]) -> None:
        """Put all questions; answers and what failed for one question alone are in `log`.

        Raises:
            ModelError: as `extractor.pipeline.extract_document`.
            StoreError: the store cannot be written.
        """
        self._desk.report(Step(asked=len(asked)))
        await side_by_side((self._put(one) for one in asked), self._desk)

    async def _put(self, put: Put) -> None:
        # A page that says one thing twice asks one question twice, and so do two copies of a page:
        # the second waits for the first.
        async with self._turn(put.call.key), self._limit:
            if self._desk.failure is not None:
                self._desk.report(Step(asked=-1))
                raise self._desk.failure
            try:
                value = await self._answer(put)
            except Exception as error:
                self._desk.failure = self._desk.failure or error
                raise
        if value is not None:
            answers = self.log.again if put.again else self.log.answers
            answers.update(apart(put.question, value))

    def _turn(self, key: str) -> asyncio.Lock:
        store = self._desk.store
        return store.asking(key) if store else self._alone[key]

    def _kept(self, call: Call) -> str | None:
        store = self._desk.store
        return store.answer(call.key) if store else None

    async def _answer(self, put: Put) -> BaseModel | None:
        """The kept answer, or else the model's; None where it has none to this question alone."""
        kept = self._kept(put.call)
        if kept is not None:
            self.log.reused += 1
            self._desk.report(Step(answered=1))
            return put.call.schema.model_validate_json(kept)
        try:
            return await self._ask(put.call)
        except ModelError as error:
            if not _concerns_one_question(error):
                raise
            self.log.failures.append(f"{put.question.id}: {error}")
            return None

    async def _ask(self, call: Call) -> BaseModel:
        model, store = self._desk.model, self._desk.store
        what = (call.key, self._document, call.task, model.identity)
        try:
            reply = await model.ask(call.request, call.schema)
        except ModelError as error:
            attempts = [a for a in error.attempts if isinstance(a, Attempt)]
            self._count(call, attempts)
            if store and attempts:
                await store.add_attempts(*what, attempts)
            raise
        self._count(call, reply.attempts, replies=1)
        if store:
            await store.add_answer(*what, reply.value.model_dump_json(), reply.attempts)
        return reply.value

    def _count(self, call: Call, attempts: Sequence[Attempt], replies: int = 0) -> None:
        self.log.attempts.extend(attempts)
        log_attempts(self._document.id, call.task, self._desk.model.identity, attempts)
        tokens = sum(attempt.prompt_tokens + attempt.completion_tokens for attempt in attempts)
        self._desk.report(Step(answered=1, tokens=tokens, replies=replies))


async def side_by_side(work: Iterable[Coroutine[Any, Any, T]], desk: Desk) -> list[T]:
    """All results in order, or the document's first failure as it is, once all have ended.

    What is in flight at a failure is paid for, so it is waited for and kept.
    """
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    if failures:
        raise desk.failure or failures[0]
    return [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]


def _concerns_one_question(error: ModelError) -> bool:
    """No usable reply, or a refusal of this request alone (its length): others may be answered."""
    return isinstance(error, ReplyInvalid | RequestRefused)
