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
from extractor.models.base import Attempt, Closing, Model, ModelProfile, Reply, Request

T = TypeVar("T", bound=BaseModel)
MOST_PER_TOKEN = 100  # times what the careful estimate has: no token is 300 characters long
HTTP_OK = 200
TIMED_OUT = "APITimeoutError"  # as the attempts name it
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
    of those in flight. When it does not fit, it waits for those in flight, which mostly take less;
    with none in flight the run is over. What was answered without a count that can be believed is
    booked at its worst case (`unreported` counts these). So a limit is passed by what is in flight
    at most: by retries, and by answers that took more than they were allowed; the run then ends.

    Args:
        limits: what the run may spend.
        on_stop: is told the reason, once.
    """

    def __init__(
        self, limits: Limits = Limits(), on_stop: Callable[[str], None] = lambda _: None
    ) -> None:
        self.limits = limits
        self.spent = Spending()
        self.unreported = 0
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

    async def enter(self, worst: Expected, price: Price | None) -> None:
        """Wait for a place for a request that takes this much at most.

        Raises:
            RunStopped: nothing is sent any more.
        """
        tokens, cost = _sum(worst), _cost(worst, price)
        async with self._settled:
            while self.reason is None and not self._fits(tokens, cost):
                if not self._in_flight:
                    self.stop(f"the next request may go beyond {self._told()}")
                    break
                await self._settled.wait()
            self.check()
            self._in_flight += 1
            self._add(self._aside, tokens, cost)

    async def leave(
        self, worst: Expected, price: Price | None, attempts: Sequence[Attempt]
    ) -> None:
        """Give back what was set aside for `worst`, and book what was really taken."""
        async with self._settled:
            self._in_flight -= 1
            self._add(self._aside, -_sum(worst), -_cost(worst, price))
            for attempt in attempts:
                self.book(attempt, worst, price)
            if not self.spent.fits(0, 0, self.limits):
                self.stop(f"replies took more than expected, and went beyond {self._told()}")
            self._settled.notify_all()

    def book(
        self, attempt: Attempt, worst: Expected, price: Price | None, *, batch: bool = False
    ) -> None:
        """Count what an attempt took: as reported, or `worst` where nothing believable was."""
        taken, reported = believed(attempt, worst)
        self.unreported += not reported
        known = reported and attempt.cost is not None
        cost = attempt.cost if known else _cost(taken, price, batch=batch)
        self._add(self.spent, _sum(taken), cost or 0.0)

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


def believed(attempt: Attempt, worst: Expected) -> tuple[Expected, bool]:
    """What an attempt took, and whether the server said so in numbers that can be.

    Where it did not, the worst case counts: for answers, and for requests that timed out, which the
    server may well have worked on. What was refused or never got through took nothing.
    """
    late = attempt.status_code is None and (attempt.error or "").startswith(TIMED_OUT)
    if attempt.status_code != HTTP_OK and not late:
        return Expected(attempt.prompt_tokens, attempt.completion_tokens), True
    read = attempt.prompt_tokens * MOST_PER_TOKEN >= worst.prompt_tokens
    written = attempt.completion_tokens > 0
    taken = Expected(
        attempt.prompt_tokens if read else worst.prompt_tokens,
        attempt.completion_tokens if written else worst.completion_tokens,
        attempt.cached_tokens if read else None,
    )
    return taken, late or (read and written)


def _sum(tokens: Expected) -> int:
    return tokens.prompt_tokens + tokens.completion_tokens


def _cost(tokens: Expected, price: Price | None, *, batch: bool = False) -> float:
    return price.cost(tokens, batch=batch) if price else 0.0


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
        self._model = model
        self._gate = gate
        self._price = price

    @property
    def profile(self) -> ModelProfile:
        """The model's, with the room for thought that it is known to need."""
        return self._model.profile

    @property
    def adapted(self) -> tuple[str, ...]:
        """What the model sends otherwise than asked for."""
        return self._model.adapted

    async def ask(self, request: Request, schema: type[T]) -> Reply[T]:
        """As `Model.ask`. Raises RunStopped, without a request, where the run is over."""
        self._gate.check()
        room = self._model.profile.answer_room
        worst = Expected(most_tokens(request), request.max_tokens + room)
        await self._gate.enter(worst, self._price)
        attempts: Sequence[Attempt] = ()
        try:
            reply = await self._model.ask(request, schema)
            attempts = reply.attempts
        except ModelError as error:
            attempts = [one for one in error.attempts if isinstance(one, Attempt)]
            raise
        finally:
            await self._gate.leave(worst, self._price, attempts)
        return reply
