"""A clock that only sleeping moves, so that hours of waiting take no time."""

from __future__ import annotations

import asyncio


class Clock:
    """`now` and `sleep` for `Limits`; `slept` are the waits, in order."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        until = self.seconds + seconds
        await asyncio.sleep(0)
        self.seconds = max(self.seconds, until)
