"""A model behind an OpenAI-compatible chat server, asked through instructor in its dialect."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

import instructor
import openai
from instructor.core.exceptions import IncompleteOutputException, InstructorRetryException
from openai.types.chat import ChatCompletion
from pydantic import BaseModel
from tenacity import AsyncRetrying

from extractor.costs import Prices
from extractor.models.answers import SchemaIgnored, is_cut_off, is_prose, opened
from extractor.models.attempts import CURRENT_LOG, AttemptLog
from extractor.models.base import (
    Attempt,
    Closing,
    ModelProfile,
    Parameters,
    Reply,
    Request,
    json_schema,
)
from extractor.models.dialects import PLAIN, SAMPLING, THOUGHT_ROOM, Dialect, Structured
from extractor.models.dialects_learning import ADAPTABLE, MOST_STEPS, Learning, Turn
from extractor.models.dialects_refusals import changed
from extractor.models.failures import FailureReport, Refusals
from extractor.models.instructed import MODES, Read, can_be_strict, described_as, quiet_instructor
from extractor.models.limits import Limits, Rates
from extractor.models.retry import RetryPolicy
from extractor.models.transport import LimitedClient
from extractor.redaction import keep_password, keep_secret
from extractor.settings import OPENAI_URL

T = TypeVar("T", bound=BaseModel)
Send = Callable[[dict[str, Any]], Awaitable[Any]]

CONNECT_SECONDS = 10.0
MOST_ANSWER_TOKENS = 8192
# The SDK insists on a key; servers without keys ignore it.
NO_KEY = "none"


@dataclass(frozen=True)
class Endpoint:
    """Where a model answers.

    base_url: up to and including `/v1`; None for OpenAI's own.
    model: the name that the server knows it by.
    label: how the model is called in `identity`, before the host.
    timeout_seconds: for one attempt, from sending to the reply.
    embedded: the server is this process's own child: no proxy, no host in the identity, and nothing
        to find out about its dialect.
    dialect: what it is likely to take.
    most_answer_tokens: of one answer, with thought: what a cut-off answer gets on its second try.
    """

    base_url: str | None
    api_key: str | None
    model: str
    label: str
    timeout_seconds: float
    embedded: bool = False
    dialect: Dialect = PLAIN
    most_answer_tokens: int = MOST_ANSWER_TOKENS

    def connect(self, limits: Limits) -> openai.AsyncOpenAI:
        """A client with the SDK's own retries off and explicit timeouts, held to `limits`."""
        timeout = openai.Timeout(
            self.timeout_seconds, connect=min(CONNECT_SECONDS, self.timeout_seconds)
        )
        keep_secret(self.api_key)
        keep_password(self.base_url)
        return openai.AsyncOpenAI(
            base_url=self.base_url or OPENAI_URL,  # else the SDK looks into the environment
            api_key=self.api_key or NO_KEY,
            max_retries=0,
            timeout=timeout,
            http_client=LimitedClient(limits, trust_env=not self.embedded),
        )


@dataclass
class _Sending:
    """One question on its way.

    limit: tokens that its answer may have. cut: an answer was cut off, so that it is asked again.
    turn: in which the server's taste is found out. tentative: `dialect` was not accepted yet.
    """

    dialect: Dialect
    limit: int
    turn: Turn
    cut: bool = False
    tentative: bool = False


class ChatModel(Closing):
    """Asks one endpoint. Implements `extractor.models.Model`.

    Args:
        endpoint: where, under which name, with which key, in which dialect at first.
        profile: `concurrency` limits the requests in flight where there are no `limits`.
        parameters: what is part of keys and provenance; of these the sampling parameters
            (temperature, seed, reasoning_effort) are sent with every request.
        policy: the retry budgets.
        limits: how fast the endpoint may be asked, shared with whoever else asks it.
        prices: where its price may be found; without it the cost of attempts stays open.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        profile: ModelProfile,
        parameters: Parameters,
        policy: RetryPolicy,
        limits: Limits | None = None,
        prices: Prices | None = None,
    ) -> None:
        quiet_instructor()
        self._profile = profile
        self.parameters = parameters
        self.endpoint = endpoint
        self.policy = policy
        self._limits = limits or Limits(Rates(profile.concurrency, adaptive=not endpoint.embedded))
        self._sdk = endpoint.connect(self._limits)
        self.identity = _identity(endpoint, self._sdk)
        self.price = prices.of(self.identity) if prices is not None else None
        self.failures = FailureReport(self.identity, policy)
        self._refusals = Refusals(self.identity)
        self._learning = Learning(self.identity, endpoint.dialect, fixed=endpoint.embedded)

    @property
    def profile(self) -> ModelProfile:
        """What a strategy may count on; the room for thought as far as it is known."""
        return replace(self._profile, answer_room=self.dialect.room)

    @property
    def dialect(self) -> Dialect:
        """How the server is asked, as far as it is known."""
        return self._learning.dialect

    @property
    def adapted(self) -> tuple[str, ...]:
        """What is sent otherwise than asked for, because the server wants it so; a line each."""
        return self._learning.adapted

    async def ask(self, request: Request, schema: type[T]) -> Reply[T]:
        """Ask once, with retries. See `Model.ask` for what it raises."""
        self._refusals.check()
        log = AttemptLog(schema, self.price)
        before = CURRENT_LOG.set(log)
        try:
            value = await self._adapting(request, schema, log)
        except Exception as error:
            failure = self.failures.explain(_cause(error), request, log.attempts)
            if failure is None:
                raise
            raise self._refusals.judged(failure) from error
        finally:
            CURRENT_LOG.reset(before)
        self._refusals.answered()
        return Reply(value, log.attempts)

    async def body(self, request: Request, schema: type[BaseModel]) -> dict[str, Any]:
        """The JSON body that `ask` would send."""
        found: dict[str, Any] = {}

        async def send(body: dict[str, Any]) -> Any:
            found.update(body)
            raise _NothingSent

        with suppress(_NothingSent, InstructorRetryException):
            await self._alone(send, request, schema, AttemptLog(schema))
        return found

    async def read(
        self, body: Mapping[str, Any], request: Request, schema: type[T]
    ) -> tuple[T | None, Attempt]:
        """What `ask` would make of a response with this body, and the attempt that it stands for.

        The value is None where the reply cannot be used. The attempt has no cost and no time.
        """
        log = AttemptLog(schema)

        async def send(_: dict[str, Any]) -> Any:
            log.begin()
            response = ChatCompletion.construct(**body)
            log.received(response)
            return opened(response)

        value = None
        try:
            value = await self._alone(send, request, schema, log)
        except Exception as error:
            if self.failures.explain(_cause(error), request, log.attempts) is None:
                raise
        return value, replace(log.attempts[0], seconds=0.0)

    async def _alone(self, send: Send, request: Request, schema: type[T], log: AttemptLog) -> T:
        """One attempt, by `send`, in the known dialect."""
        policy = replace(self.policy, transport_retries=0, validation_retries=0)
        create = _Create(send, self.dialect, self._limit(request), policy.retrying(log, _no_pause))
        return await self._create(create, request, schema, log)

    async def _adapting(self, request: Request, schema: type[T], log: AttemptLog) -> T:
        """Ask; where the server wants to be asked in another way, find it out and ask again."""
        described = json_schema(schema)
        async with self._learning.turn(described, self._sampling()) as turn:
            self._refusals.check()
            sending = _Sending(self.dialect, self._limit(request), turn)
            for _ in range(MOST_STEPS):
                try:
                    return await self._sent(sending, request, schema, log)
                except Exception as error:
                    if not await self._again(sending, _cause(error), log):
                        raise
            return await self._sent(sending, request, schema, log)

    async def _sent(
        self, sending: _Sending, request: Request, schema: type[T], log: AttemptLog
    ) -> T:
        """Send the question, with retries."""
        described, names = json_schema(schema), self._sampling()

        async def send(body: dict[str, Any]) -> Any:
            try:
                response = await self._sdk.chat.completions.create(
                    model=self.endpoint.model, messages=[], extra_body=body
                )
            except (ValueError, RecursionError):  # no JSON, or no UTF-8: a reply all the same
                log.received(None)
                raise
            log.received(response)
            found = opened(response)
            new = not self._learning.is_known(sending.dialect, described, names)
            if new and is_cut_off(found) and not sending.cut:
                return found  # maybe for thought: the others wait until that is known
            if new and sending.dialect.structured is not Structured.TEXT and is_prose(found):
                raise SchemaIgnored
            self._learning.accept(sending.dialect, described, names, sending.tentative)
            sending.tentative = False
            sending.turn.leave()
            return found

        async def pause(seconds: float) -> None:
            # Who waits for this one need not wait for the server as well.
            self._learning.silent = self._learning.silent or seconds > 0
            sending.turn.leave()
            await self._limits.pause(seconds)

        retrying = self.policy.retrying(log, pause)
        create = _Create(send, sending.dialect, sending.limit, retrying)
        return await self._create(create, request, schema, log)

    async def _again(self, sending: _Sending, cause: Exception, log: AttemptLog) -> bool:
        """Set `sending` to what the server may take after `cause`; False: it would fail again."""
        if isinstance(cause, IncompleteOutputException):
            return await self._more_room(sending, log)
        if isinstance(cause, SchemaIgnored):
            return await self._changed(
                sending, lambda old: replace(old, structured=Structured.TEXT)
            )
        if isinstance(cause, openai.APIStatusError) and cause.status_code in ADAPTABLE:
            body = cause.body if cause.body is not None else cause.message
            names = self._sampling()
            return await self._changed(sending, lambda old: changed(old, body, old.sends(names)))
        return False

    async def _more_room(self, sending: _Sending, log: AttemptLog) -> bool:
        """Once more with all the room there is; a model that thinks gets more from now on."""
        most = self.endpoint.most_answer_tokens
        if sending.cut or (sending.limit >= most and not self.endpoint.embedded):
            return False
        sending.cut = True
        if not self.endpoint.embedded:
            sending.limit = most
            if log.thinks:
                await self._changed(sending, lambda old: replace(old, room=THOUGHT_ROOM))
        return True

    async def _changed(
        self, sending: _Sending, change: Callable[[Dialect], Dialect | None]
    ) -> bool:
        """Apply `change` to what is known by now; False where it changes nothing."""
        if self.endpoint.embedded:
            return False
        await sending.turn.take()
        known = sending.dialect if sending.tentative else self.dialect
        following = change(known) or known
        if following == sending.dialect:
            return False
        sending.tentative = sending.tentative or following != known
        sending.dialect = following
        return True

    async def _create(
        self, create: _Create, request: Request, schema: type[T], log: AttemptLog
    ) -> T:
        dialect = create.dialect
        if dialect.structured is Structured.STRICT and not can_be_strict(schema):
            dialect = replace(dialect, structured=Structured.JSON_SCHEMA)
        options = self._sampling()
        if dialect.limit:
            options[dialect.limit] = create.limit

        async def sent(**asked: Any) -> Any:
            return await create.send(dialect.body(asked))

        asked: Any = instructor.patch(create=sent, mode=MODES[dialect.structured])
        read = await asked(
            response_model=described_as(schema, reduced=dialect.reduced),
            messages=[{"role": m.role, "content": m.content} for m in request.messages],
            max_retries=create.retrying,
            model=self.endpoint.model,
            **options,
        )
        log.close(None)
        return cast(Read[T], read).value

    def _sampling(self) -> dict[str, Any]:
        return {name: self.parameters[name] for name in SAMPLING if name in self.parameters}

    def _limit(self, request: Request) -> int:
        """Tokens that an answer may have; the embedded model thinks nothing, and gets no more."""
        if self.endpoint.embedded:
            return request.max_tokens
        return min(request.max_tokens + self.dialect.room, self.endpoint.most_answer_tokens)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._sdk.close()


class _NothingSent(Exception):
    """The arguments of a request are known, which was all that was wanted."""


@dataclass(frozen=True)
class _Create:
    """How one question goes out. limit: tokens of its answer."""

    send: Send
    dialect: Dialect
    limit: int
    retrying: AsyncRetrying


async def _no_pause(_: float) -> None:
    """What is asked once never waits."""


def _cause(error: Exception) -> Exception:
    """What instructor gave up for."""
    if isinstance(error, InstructorRetryException) and isinstance(error.__cause__, Exception):
        return error.__cause__
    return error


def _identity(endpoint: Endpoint, sdk: openai.AsyncOpenAI) -> str:
    if endpoint.embedded:
        return endpoint.label
    url = sdk.base_url
    return f"{endpoint.label}@{url.host}" + (f":{url.port}" if url.port else "")
