"""The embedded model: known at once, its engine started with the first question."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from extractor.models.base import Closing, ModelProfile, Parameters, Reply, Request
from extractor.models.engine import EmbeddedEngine, EngineOptions, available_threads, require_engine
from extractor.models.weights import Weights

if TYPE_CHECKING:
    from extractor.costs import Prices
    from extractor.models.client import ChatModel
    from extractor.models.retry import RetryPolicy

T = TypeVar("T", bound=BaseModel)


class LocalModel(Closing):
    """Implements `extractor.models.Model`. Work that is in the store never starts the engine.

    Args:
        weights: the file to serve.
        profile: slots of the engine and their context.
        parameters: sampling parameters sent with every request.
        policy: the retry budgets.
        timeout_seconds: for one attempt.
        prices: where its price may be found.

    Raises:
        ModelUnavailable: the engine is not installed.
    """

    def __init__(
        self,
        weights: Weights,
        profile: ModelProfile,
        parameters: Parameters,
        policy: RetryPolicy,
        timeout_seconds: float,
        prices: Prices | None = None,
    ) -> None:
        require_engine()
        self.identity = f"local:{weights.label}"
        self.profile = profile
        self.parameters = parameters
        self._weights = weights
        self._policy = policy
        self._timeout_seconds = timeout_seconds
        self._prices = prices
        self._open = AsyncExitStack()
        self._starting = asyncio.Lock()
        self._chat: ChatModel | None = None

    async def ask(self, request: Request, schema: type[T]) -> Reply[T]:
        """Ask once, with retries. See `Model.ask` for what it raises."""
        chat = await self._started()
        return await chat.ask(request, schema)

    async def _started(self) -> ChatModel:
        async with self._starting:
            if self._chat is None:
                self._chat = await self._start()
            return self._chat

    async def _start(self) -> ChatModel:
        from extractor.models.client import ChatModel, Endpoint

        options = EngineOptions(
            path=str(self._weights.path),
            slots=self.profile.concurrency,
            context_tokens=self.profile.context_tokens,
            threads=available_threads(),
        )
        self._weights.check()
        engine = await self._open.enter_async_context(EmbeddedEngine(options))
        self._weights.check()
        endpoint = Endpoint(
            base_url=engine.base_url,
            api_key=engine.api_key,
            model=self._weights.path.stem,
            label=self.identity,
            timeout_seconds=self._timeout_seconds,
            embedded=True,
        )
        chat = ChatModel(endpoint, self.profile, self.parameters, self._policy, prices=self._prices)
        return await self._open.enter_async_context(chat)

    async def aclose(self) -> None:
        """Stop the engine, if it was started."""
        await self._open.aclose()
