"""A model behind an OpenAI-compatible chat server, asked through instructor."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar, cast

import instructor
import openai
from instructor.core.exceptions import InstructorRetryException
from instructor.core.hooks import Hooks
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.costs import Prices
from extractor.errors import ReplyInvalid
from extractor.models.attempts import CURRENT_LOG, AttemptLog
from extractor.models.base import (
    SCHEMAS_KEPT,
    Attempt,
    Closing,
    ModelProfile,
    Parameters,
    Reply,
    Request,
    json_schema,
)
from extractor.models.failures import FailureReport
from extractor.models.limits import Limits, Rates
from extractor.models.replies import parse_reply, without_links
from extractor.models.retry import RetryPolicy
from extractor.models.transport import LimitedClient
from extractor.redaction import keep_password, keep_secret
from extractor.settings import OPENAI_URL

T = TypeVar("T", bound=BaseModel)
_Create = Callable[..., Awaitable[Any]]

CONNECT_SECONDS = 10.0
# The SDK insists on a key; servers without keys ignore it.
NO_KEY = "none"


@dataclass(frozen=True)
class Endpoint:
    """Where a model answers.

    base_url: None for the SDK's default server.
    model: the name that the server knows it by.
    label: how the model is called in `identity`, before the host.
    timeout_seconds: for one attempt, from sending to the reply.
    embedded: the server is this process's own child: no proxy, no host in the identity, and the
        older name of the token limit, as on any other server that is not OpenAI's.
    """

    base_url: str | None
    api_key: str | None
    model: str
    label: str
    timeout_seconds: float
    embedded: bool = False

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


class ChatModel(Closing):
    """Asks one endpoint. Implements `extractor.models.Model`.

    Args:
        endpoint: where, under which name, with which key.
        profile: `concurrency` limits the requests in flight where there are no `limits`.
        parameters: sampling parameters (temperature, seed) sent with every request.
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
        _quiet_instructor()
        self.profile = profile
        self.parameters = parameters
        self.endpoint = endpoint
        self.policy = policy
        self._limits = limits or Limits(Rates(profile.concurrency, adaptive=not endpoint.embedded))
        self._sdk = endpoint.connect(self._limits)
        self._sent = _Way(_instructed(_sending(self._sdk)), policy)
        self._alone = replace(policy, transport_retries=0, validation_retries=0)
        self.identity = _identity(endpoint, self._sdk)
        self.price = prices.of(self.identity) if prices is not None else None
        self.failures = FailureReport(self.identity, policy)

    async def ask(self, request: Request, schema: type[T]) -> Reply[T]:
        """Ask once, with retries. See `Model.ask` for what it raises."""
        log = AttemptLog(schema, self.price)
        before = CURRENT_LOG.set(log)
        try:
            value = await self._explained(self._sent, request, schema, log)
        finally:
            CURRENT_LOG.reset(before)
        return Reply(value, log.attempts)

    async def body(self, request: Request, schema: type[BaseModel]) -> dict[str, Any]:
        """The JSON body that `ask` would send."""
        found: dict[str, Any] = {}

        async def create(**arguments: Any) -> Any:
            found.update(arguments)
            raise _NothingSent

        with suppress(_NothingSent, InstructorRetryException):
            await self._create(
                _Way(_instructed(create), self._alone), request, schema, AttemptLog(schema)
            )
        return found

    async def read(
        self, body: Mapping[str, Any], request: Request, schema: type[T]
    ) -> tuple[T | None, Attempt]:
        """What `ask` would make of a response with this body, and the attempt that it stands for.

        The value is None where the reply cannot be used. The attempt has no cost and no time.
        """
        log = AttemptLog(schema)

        async def create(**_: Any) -> Any:
            log.begin()
            return ChatCompletion.construct(**body)

        value = None
        with suppress(ReplyInvalid):
            way = _Way(_instructed(create), self._alone)
            value = await self._explained(way, request, schema, log)
        return value, replace(log.attempts[0], seconds=0.0)

    async def _explained(self, way: _Way, request: Request, schema: type[T], log: AttemptLog) -> T:
        try:
            return await self._create(way, request, schema, log)
        except InstructorRetryException as error:
            cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
        except Exception as error:  # truncation comes as it is; bugs go on below
            cause = error
        failure = self.failures.explain(cause, request, log.attempts)
        if failure is None:
            raise cause
        raise failure from cause

    async def _create(self, way: _Way, request: Request, schema: type[T], log: AttemptLog) -> T:
        read = await way.client.create(
            response_model=_checked(schema),
            messages=[{"role": m.role, "content": m.content} for m in request.messages],  # type: ignore[misc]
            max_retries=way.policy.retrying(log, self._limits.pause),
            hooks=_hooks(log),
            **self._options(request),
        )
        log.close(None)
        return cast(_Read[T], read).value

    def _options(self, request: Request) -> dict[str, Any]:
        openai_itself = self.endpoint.base_url is None
        limit = "max_completion_tokens" if openai_itself else "max_tokens"
        return {"model": self.endpoint.model, limit: request.max_tokens, **self.parameters}

    async def aclose(self) -> None:
        """Close the connections."""
        await self._sdk.close()


class _NothingSent(Exception):
    """The arguments of a request are known, which was all that was wanted."""


@dataclass(frozen=True)
class _Way:
    """How requests go out: by which client, and how often."""

    client: instructor.AsyncInstructor
    policy: RetryPolicy


def _sending(sdk: openai.AsyncOpenAI) -> _Create:
    """`create` of `sdk`, with schema and messages put into the body as they are.

    As arguments the SDK would look through them for things to rename, which takes a fifth of a
    call.
    """

    async def create(*, response_format: object, messages: object, **arguments: Any) -> Any:
        body = {"response_format": response_format, "messages": messages}
        return await sdk.chat.completions.create(**arguments, messages=[], extra_body=body)

    return create


def _instructed(create: _Create) -> instructor.AsyncInstructor:
    mode = instructor.Mode.JSON_SCHEMA
    return instructor.AsyncInstructor(
        None, create=instructor.patch(create=create, mode=mode), mode=mode
    )


class _Read(NamedTuple, Generic[T]):
    """A reply that was read; no model, so that instructor hangs no response on it."""

    value: T


@lru_cache(maxsize=SCHEMAS_KEPT)
def _checked(schema: type[BaseModel]) -> type[instructor.ResponseSchema]:
    """What instructor takes for `schema`: it is described alike, and read by `parse_reply`.

    instructor's re-ask then covers every fault. It would derive a class from any other than its
    own for every call, which costs more than all the rest, so this is one of its own, without
    fields.
    """
    described = dict(json_schema(schema))

    def model_json_schema(_cls: type[BaseModel], /, **_options: object) -> dict[str, Any]:
        return described

    def model_validate_json(_cls: type[BaseModel], /, text: str, **_options: object) -> object:
        try:
            return _Read(parse_reply(text, schema))
        except ValidationError as error:
            raise without_links(error) from None

    members = {
        # Nothing is validated by it, so that its own validator need not be built.
        "model_config": ConfigDict(defer_build=True),
        "model_json_schema": classmethod(model_json_schema),
        "model_validate_json": classmethod(model_validate_json),
        "__module__": schema.__module__,
    }
    metaclass: Any = type(instructor.ResponseSchema)
    checked: type[instructor.ResponseSchema] = metaclass(
        schema.__name__, (instructor.ResponseSchema,), members
    )
    return checked


def _hooks(log: AttemptLog) -> Hooks:
    hooks = Hooks()
    hooks.on("completion:response", log.received)
    return hooks


def _identity(endpoint: Endpoint, sdk: openai.AsyncOpenAI) -> str:
    if endpoint.embedded:
        return endpoint.label
    url = sdk.base_url
    return f"{endpoint.label}@{url.host}" + (f":{url.port}" if url.port else "")


def _quiet_instructor() -> None:
    """instructor logs every failed reply with its text; here the attempts keep the failures."""
    logging.getLogger("instructor").setLevel(logging.CRITICAL)
