"""How fast one endpoint may be asked: requests and tokens a minute, and requests in flight.

Rates are token buckets in their virtual scheduling form (the generic cell rate algorithm, ITU-T
I.371, annex A): one number per bucket, and what a reply really used can be charged afterwards. The
number in flight grows by one and falls by half (Chiu and Jain 1989, additive increase and
multiplicative decrease). A server that names a time closes the endpoint for everybody until then.

Times are seconds of a monotonic clock, so that a jump of the wall clock changes nothing here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]

MINUTE = 60.0
BURST_SECONDS = 1.0  # providers may enforce a minute's limit by the second
RATE_USED = 0.99  # of what is allowed: the network moves requests a little closer together
FIRST_IN_FLIGHT = 4
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
REFUSED = 400


class NotSent(Exception):
    """A request was held back for good.

    seconds: how much longer the server wants nothing; None when the run is being stopped.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
        super().__init__("stopped" if seconds is None else f"closed for {seconds:.0f} s")


@dataclass(frozen=True)
class Rates:
    """What an endpoint may be asked.

    concurrency: most requests in flight.
    requests_per_minute, tokens_per_minute: None for no limit. Tokens are those of the request and
        its reply; a minute can hold one request more than the limit, because the last may be large.
    adaptive: whether the number in flight starts low and follows how the server copes.
    max_retry_after: a request that finds the endpoint closed for longer is not kept waiting.
    """

    concurrency: int
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    adaptive: bool = True
    max_retry_after: float = 120.0


class _Bucket:
    """At most `limit` units in any minute, about a second's worth of them at once."""

    def __init__(self, limit: int) -> None:
        burst = max(1.0, limit * BURST_SECONDS / MINUTE)
        # The burst is taken from the rate, so that both together keep within the minute's limit.
        self._interval = MINUTE / (RATE_USED * (limit - (burst - 1.0)))
        self._tolerance = (burst - 1.0) * self._interval
        self._empty_at = float("-inf")

    def wait(self, now: float) -> float:
        """Seconds until something may be taken."""
        return max(0.0, self._empty_at - self._tolerance - now)

    def take(self, units: float, now: float) -> None:
        """Take `units`; more than there are delays those who come next."""
        self._empty_at = max(now, self._empty_at) + units * self._interval

    def correct(self, units: float) -> None:
        """Take `units` more; negative ones are given back."""
        self._empty_at += units * self._interval


class _Window:
    """How many may be in flight: one more per clean window, half of them after a fault."""

    def __init__(self, most: int, first: int) -> None:
        self.allowed = first
        self._most = most
        self._clean = 0
        self._until_cut = 0

    def clean(self) -> None:
        """An answer without a fault."""
        self._until_cut -= 1
        self._clean += 1
        if self._clean >= self.allowed:
            self._clean = 0
            self.allowed = min(self._most, self.allowed + 1)

    def fault(self, in_flight: int) -> None:
        """The server says that it cannot cope. What was in flight then is one fault, not many."""
        self._clean = 0
        self._until_cut -= 1
        if self._until_cut < 0:
            self._until_cut = in_flight - 1
            self.allowed = max(1, self.allowed // 2)


class Limits:
    """The turns at one endpoint, first come, first served.

    Args:
        rates: what it may be asked.
        clock: monotonic seconds.
        sleep: how to wait.
    """

    def __init__(
        self, rates: Rates, *, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep
    ) -> None:
        first = min(FIRST_IN_FLIGHT, rates.concurrency) if rates.adaptive else rates.concurrency
        self._rates = rates
        self._window = _Window(rates.concurrency, first)
        self._requests = _Bucket(rates.requests_per_minute) if rates.requests_per_minute else None
        self._tokens = _Bucket(rates.tokens_per_minute) if rates.tokens_per_minute else None
        self._clock = clock
        self._sleep = sleep
        self._closed_until = float("-inf")
        self._in_flight = 0
        self._door = asyncio.Lock()
        self._freed = asyncio.Event()
        self._stopped = asyncio.Event()

    @property
    def counts_tokens(self) -> bool:
        """True when `turn` and `used` want to know tokens."""
        return self._tokens is not None

    @property
    def allowed(self) -> int:
        """Requests that may be in flight now."""
        return self._window.allowed

    @asynccontextmanager
    async def turn(self, tokens: int = 0) -> AsyncIterator[None]:
        """Wait for the turn of a request of about `tokens` tokens, and keep a place until the end.

        Raises:
            NotSent: the endpoint is closed for too long, or `stop` was called.
        """
        async with self._door:
            await self._wait_for_turn()
            self._take(tokens)
        try:
            yield
        finally:
            self._in_flight -= 1
            self._freed.set()

    def answered(self, status: int, retry_after: float | None) -> None:
        """An answer with HTTP `status` is there, which asks to wait `retry_after` seconds."""
        if status < REFUSED:
            self._window.clean()
        elif self._rates.adaptive and (status == TOO_MANY_REQUESTS or status >= SERVER_ERROR):
            self._window.fault(self._in_flight)
        if status >= REFUSED and retry_after is not None:
            self._closed_until = max(self._closed_until, self._clock() + retry_after)

    def used(self, tokens: int, expected: int) -> None:
        """A request for which `expected` tokens were taken has used `tokens`."""
        if self._tokens is not None:
            self._tokens.correct(tokens - expected)

    def stop(self) -> None:
        """From now on nothing is sent; what is in flight goes on, every wait ends at once."""
        self._stopped.set()
        self._freed.set()

    async def pause(self, seconds: float) -> None:
        """Wait, but not beyond `stop`."""
        waits: set[asyncio.Future[Any]] = {
            asyncio.ensure_future(self._sleep(seconds)),
            asyncio.ensure_future(self._stopped.wait()),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _wait_for_turn(self) -> None:
        while True:
            self._refuse_hopeless()
            wait = self._seconds_to_wait()
            if self._in_flight >= self._window.allowed:
                self._freed.clear()
                await self._freed.wait()
            elif wait > 0:
                await self.pause(wait)
            else:
                return

    def _refuse_hopeless(self) -> None:
        if self._stopped.is_set():
            raise NotSent
        closed = self._closed_until - self._clock()
        if closed > self._rates.max_retry_after:
            raise NotSent(closed)

    def _seconds_to_wait(self) -> float:
        now = self._clock()
        buckets = (self._requests, self._tokens)
        waits = [bucket.wait(now) for bucket in buckets if bucket is not None]
        return max(self._closed_until - now, *waits, 0.0)

    def _take(self, tokens: int) -> None:
        self._in_flight += 1
        if self._requests is not None:
            self._requests.take(1, self._clock())
        if self._tokens is not None:
            self._tokens.take(tokens, self._clock())


class LimitsPool:
    """One `Limits` per server and key, for all models that a process opens."""

    def __init__(self) -> None:
        self._limits: dict[tuple[str | None, str | None], Limits] = {}
        self._stopped = False

    def at(self, base_url: str | None, api_key: str | None, rates: Rates) -> Limits:
        """The limits at this server for this key; `rates` count where there were none yet."""
        limits = self._limits.setdefault((base_url, api_key), Limits(rates))
        if self._stopped:
            limits.stop()
        return limits

    def stop(self) -> None:
        """Send nothing more anywhere; see `Limits.stop`."""
        self._stopped = True
        for limits in self._limits.values():
            limits.stop()
