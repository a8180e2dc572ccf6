"""A model behind an OpenAI-compatible chat server, asked through instructor."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, TypeVar

import instructor
import openai
from instructor.core.exceptions import InstructorRetryException
from instructor.core.hooks import Hooks
from pydantic import BaseModel, ValidationError

from extractor.models.attempts import AttemptLog
from extractor.models.base import Closing, ModelProfile, Parameters, Reply, Request
from extractor.models.failures import FailureReport
from extractor.models.replies import parse_reply, without_links
from extractor.models.retry import RetryPolicy

T = TypeVar("T", bound=BaseModel)

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

    def connect(self) -> openai.AsyncOpenAI:
        """A client with the SDK's own retries off and explicit timeouts."""
        timeout = openai.Timeout(
            self.timeout_seconds, connect=min(CONNECT_SECONDS, self.timeout_seconds)
        )
        return openai.AsyncOpenAI(
            base_url=self.base_url,
            api_key=self.api_key or NO_KEY,
            max_retries=0,
            timeout=timeout,
            http_client=openai.DefaultAsyncHttpxClient(trust_env=not self.embedded),
        )


class ChatModel(Closing):
    """Asks one endpoint. Implements `extractor.models.Model`.

    Args:
        endpoint: where, under which name, with which key.
        profile: `concurrency` limits the requests in flight.
        parameters: sampling parameters (temperature, seed) sent with every request.
        policy: the retry budgets.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        profile: ModelProfile,
        parameters: Parameters,
        policy: RetryPolicy,
    ) -> None:
        _quiet_instructor()
        self.profile = profile
        self.parameters = parameters
        self._endpoint = endpoint
        self._policy = policy
        self._sdk = endpoint.connect()
        self._client = instructor.from_openai(self._sdk, mode=instructor.Mode.JSON_SCHEMA)
        self._free = asyncio.Semaphore(profile.concurrency)
        self.identity = _identity(endpoint, self._sdk)
        self._failures = FailureReport(self.identity, policy)

    async def ask(self, request: Request, schema: type[T]) -> Reply[T]:
        """Ask once, with retries. See `Model.ask` for what it raises."""
        log = AttemptLog(schema)
        # A request that waits to be retried keeps its place: a server that says "slow down" then
        # really gets fewer requests.
        async with self._free:
            value = await self._explained(request, schema, log)
        return Reply(value, log.attempts)

    async def _explained(self, request: Request, schema: type[T], log: AttemptLog) -> T:
        try:
            return await self._create(request, schema, log)
        except InstructorRetryException as error:
            cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
        except Exception as error:  # truncation comes as it is; bugs go on below
            cause = error
        failure = self._failures.explain(cause, request, log.attempts)
        if failure is None:
            raise cause
        raise failure from cause

    async def _create(self, request: Request, schema: type[T], log: AttemptLog) -> T:
        await self._client.create(
            response_model=_checked(schema),
            messages=[{"role": m.role, "content": m.content} for m in request.messages],  # type: ignore[misc]
            max_retries=self._policy.retrying(log),
            hooks=_hooks(log),
            **self._options(request),
        )
        log.close(None)
        # instructor's object carries the raw response; the caller gets a plain one.
        return parse_reply(log.text, schema)

    def _options(self, request: Request) -> dict[str, Any]:
        openai_itself = self._endpoint.base_url is None
        limit = "max_completion_tokens" if openai_itself else "max_tokens"
        return {"model": self._endpoint.model, limit: request.max_tokens, **self.parameters}

    async def aclose(self) -> None:
        """Close the connections."""
        await self._sdk.close()


def _checked(schema: type[T]) -> type[T]:
    """`schema` read by `parse_reply`, so that instructor's re-ask covers every fault."""

    def model_validate_json(_cls: type[T], /, text: str, **_options: object) -> T:
        try:
            return parse_reply(text, schema)
        except ValidationError as error:
            raise without_links(error) from None

    members = {
        "model_validate_json": classmethod(model_validate_json),
        "__doc__": schema.__doc__,
        "__module__": schema.__module__,
    }
    metaclass: Any = type(schema)
    checked: type[T] = metaclass(schema.__name__, (schema,), members)
    return checked


def _hooks(log: AttemptLog) -> Hooks:
    hooks = Hooks()
    hooks.on("completion:kwargs", log.begin)
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
