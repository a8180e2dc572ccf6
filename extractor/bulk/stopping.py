"""What ends a run early, and what it may spend. Everything that stops is for the next run to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from extractor.bulk.estimate import Expected, most_tokens
from extractor.costs import Price
from extractor.errors import ModelError, RunStopped, UsageError
from extractor.models.base import Attempt, Closing, Model, Reply, Request

T = TypeVar("T", bound=BaseModel)
GO_ON = "the same command goes on from there"


@dataclass(frozen=True)
class Limits:
    """What a run may spend: tokens in and out together, US dollars. None: as much as it takes."""

    tokens: int | None = None
    cost: float | None = None


@dataclass
class Spending:
    """What a run has spent, and what is set aside for requests in flight."""

    tokens: float = 0
    cost: float = 0.0

    def fits(self, tokens: float, cost: float, limits: Limits) -> bool:
        """True where so much more stays within the limits."""
        few = limits.tokens is None or self.tokens + tokens <= limits.tokens
        return few and (limits.cost is None or self.cost + cost <= limits.cost)


class Gate:
    """Opens for each request of a run, until something stops the run.

    A request is let through when its own worst case fits into what is left beside the worst cases
    of those in flight, so that a limit is never passed, retries of a single request excepted. When
    it does not fit, it waits for those in flight, which mostly take less; with none in flight the
    run is over.

    Args:
        limits: what the run may spend.
        on_stop: is told the reason, once.
    """

    def __init__(
        self, limits: Limits = Limits(), on_stop: Callable[[str], None] = lambda _: None
    ) -> None:
        self.limits = limits
        self.spent = Spending()
        self.reason: str | None = None
        self._on_stop = on_stop
        self._aside = Spending()
        self._in_flight = 0
        self._settled = asyncio.Condition()

    def stop(self, reason: str) -> None:
        """Let no further request through. The first reason stays."""
        if self.reason is None:
            self.reason = reason
            self._on_stop(reason)

    def check(self) -> None:
        """Raise RunStopped where the run is over."""
        if self.reason is not None:
            raise RunStopped(f"{self.reason} - {GO_ON}")

    async def enter(self, tokens: float, cost: float) -> None:
        """Wait for a place for a request that takes this much at most.

        Raises:
            RunStopped: nothing is sent any more.
        """
        async with self._settled:
            while self.reason is None and not self._fits(tokens, cost):
                if not self._in_flight:
                    self.stop(f"the next request may go beyond {self._told()}")
                    break
                await self._settled.wait()
            self.check()
            self._in_flight += 1
            self._add(self._aside, tokens, cost)

    async def leave(self, tokens: float, cost: float, attempts: Sequence[Attempt]) -> None:
        """Give back what was set aside, and book what was really taken."""
        async with self._settled:
            self._in_flight -= 1
            self._add(self._aside, -tokens, -cost)
            for attempt in attempts:
                taken = attempt.prompt_tokens + attempt.completion_tokens
                self._add(self.spent, taken, attempt.cost or 0.0)
            self._settled.notify_all()

    def _fits(self, tokens: float, cost: float) -> bool:
        both = Spending(self.spent.tokens + self._aside.tokens, self.spent.cost + self._aside.cost)
        return both.fits(tokens, cost, self.limits)

    def _told(self) -> str:
        money = None if self.limits.cost is None else f"--max-cost {self.limits.cost:g}"
        tokens = None if self.limits.tokens is None else f"--max-tokens {self.limits.tokens}"
        return " or ".join(limit for limit in (money, tokens) if limit)

    @staticmethod
    def _add(spending: Spending, tokens: float, cost: float) -> None:
        spending.tokens += tokens
        spending.cost += cost


def check_price(model: Model, limits: Limits, price: Price | None) -> None:
    """Raise UsageError where money is limited and the model's price is not known."""
    if limits.cost is not None and price is None:
        raise UsageError(
            f"--max-cost: the price of {model.identity} is not known - give it in a file "
            "(setting `prices`), or limit --max-tokens"
        )


class GatedModel(Closing):
    """A model whose every request passes a gate. The model itself stays the caller's to close.

    Raises:
        UsageError: money is limited and the model's price is not known.
    """

    def __init__(self, model: Model, gate: Gate, price: Price | None) -> None:
        check_price(model, gate.limits, price)
        self.identity = model.identity
        self.parameters = model.parameters
        self.profile = model.profile
        self._model = model
        self._gate = gate
        self._price = price

    async def ask(self, request: Request, schema: type[T]) -> Reply[T]:
        """As `Model.ask`. Raises RunStopped, without a request, where the run is over."""
        self._gate.check()
        most = Expected(most_tokens(request), request.max_tokens)
        tokens = most.prompt_tokens + most.completion_tokens
        cost = self._price.cost(most) if self._price else 0.0
        await self._gate.enter(tokens, cost)
        attempts: Sequence[Attempt] = ()
        try:
            reply = await self._model.ask(request, schema)
            attempts = reply.attempts
        except ModelError as error:
            attempts = [one for one in error.attempts if isinstance(one, Attempt)]
            raise
        finally:
            await self._gate.leave(tokens, cost, attempts)
        return reply
