from __future__ import annotations

import asyncio

import pytest

from extractor.models.limits import Limits, LimitsPool, NotSent, Rates

from .clocks import Clock


async def send(limits: Limits, clock: Clock, times: int, tokens: int = 0) -> list[float]:
    """When each of `times` requests was sent that were all wanted at once."""
    sent = []

    async def one() -> None:
        async with limits.turn(tokens):
            sent.append(clock.seconds)

    await asyncio.gather(*(one() for _ in range(times)))
    return sent


def limited(clock: Clock, rates: Rates) -> Limits:
    return Limits(rates, clock=clock.now, sleep=clock.sleep)


def most_in_a_minute(sent: list[float]) -> int:
    return max(sum(start <= time < start + 60 for time in sent) for start in sent)


@pytest.mark.parametrize("limit", [1, 2, 59, 60, 61, 600, 1000])
def test_no_minute_holds_more_requests_than_allowed(limit: int) -> None:
    clock = Clock()
    limits = limited(clock, Rates(100, requests_per_minute=limit))
    sent = asyncio.run(send(limits, clock, 3 * limit))
    assert most_in_a_minute(sent) <= limit
    # Nearly all of it is used: three minutes' worth take three minutes.
    assert sent[-1] - sent[0] == pytest.approx(180, abs=6 + 60 / limit)


def test_only_a_seconds_worth_is_sent_at_once() -> None:
    clock = Clock()
    sent = asyncio.run(send(limited(clock, Rates(1000, requests_per_minute=600)), clock, 30))
    assert sum(time < sent[0] + 0.05 for time in sent) == 10


def test_idle_time_is_not_saved_up() -> None:
    async def send_idle_send(clock: Clock) -> list[float]:
        limits = limited(clock, Rates(1000, requests_per_minute=60))
        await send(limits, clock, 1)
        clock.seconds += 3600
        return await send(limits, clock, 5)

    sent = asyncio.run(send_idle_send(Clock()))
    assert [round(time - sent[0]) for time in sent] == [0, 1, 2, 3, 4]


def test_tokens_in_a_minute() -> None:
    clock = Clock()
    limits = limited(clock, Rates(100, tokens_per_minute=60_000))
    sent = asyncio.run(send(limits, clock, 100, tokens=3000))
    assert most_in_a_minute(sent) <= 60_000 // 3000 + 1
    assert sent[-1] - sent[0] == pytest.approx(99 * 3, rel=0.05)


def test_tokens_larger_than_a_minutes_worth_are_sent_and_paid_for() -> None:
    clock = Clock()
    limits = limited(clock, Rates(100, tokens_per_minute=1000))
    sent = asyncio.run(send(limits, clock, 3, tokens=5000))
    assert [time - sent[0] for time in sent] == pytest.approx([0, 300, 600], rel=0.03)


async def answer(limits: Limits, *statuses: int) -> int:
    """All in flight at once, answered in this order; how many may be in flight then."""
    for status in statuses:
        async with limits.turn():
            limits.answered(status, None)
    return limits.allowed


def test_one_more_in_flight_per_clean_window_up_to_the_most() -> None:
    async def grow() -> list[int]:
        limits = Limits(Rates(6))
        return [await answer(limits, *[200] * count) for count in (3, 1, 5, 6, 60)]

    assert asyncio.run(grow()) == [4, 5, 6, 6, 6]


@pytest.mark.parametrize("status", [429, 500, 503, 529])
def test_half_in_flight_after_a_fault_never_below_one(status: int) -> None:
    async def fall() -> list[int]:
        limits = Limits(Rates(4))
        return [await answer(limits, status) for _ in range(4)]

    assert asyncio.run(fall()) == [2, 1, 1, 1]


def test_what_was_in_flight_together_is_one_fault() -> None:
    async def burst() -> list[int]:
        limits = Limits(Rates(8))
        await answer(limits, *[200] * (4 + 5 + 6 + 7))
        seen = [limits.allowed]
        turns = [limits.turn() for _ in range(8)]
        for turn in turns:
            await turn.__aenter__()
        for _ in turns:
            limits.answered(429, None)
            seen.append(limits.allowed)
        for turn in turns:
            await turn.__aexit__(None, None, None)
        seen.append(await answer(limits, 429))
        return seen

    assert asyncio.run(burst()) == [8, *[4] * 8, 2]


def test_other_refusals_and_a_server_of_ones_own_change_nothing() -> None:
    async def refuse() -> tuple[int, int]:
        hosted, own = Limits(Rates(4)), Limits(Rates(4, adaptive=False))
        return await answer(hosted, 400, 404, 422), await answer(own, 500, 429)

    assert asyncio.run(refuse()) == (4, 4)


def test_server_that_names_a_time_closes_the_endpoint_for_all() -> None:
    async def close(clock: Clock) -> tuple[float, list[float]]:
        limits = limited(clock, Rates(8))
        limits.answered(429, 30.0)
        limits.answered(503, 5.0)
        return clock.seconds, await send(limits, clock, 3)

    closed, sent = asyncio.run(close(Clock()))
    assert [time - closed for time in sent] == [30.0] * 3


def test_endpoint_closed_for_too_long_is_not_waited_for() -> None:
    async def close(clock: Clock) -> None:
        limits = limited(clock, Rates(8, max_retry_after=60.0))
        limits.answered(429, 3600.0)
        with pytest.raises(NotSent, match="3600 s"):
            await send(limits, clock, 1)
        clock.seconds += 3590
        await send(limits, clock, 1)

    asyncio.run(close(Clock()))


def test_first_come_first_served() -> None:
    async def order(clock: Clock) -> list[int]:
        limits = limited(clock, Rates(1, tokens_per_minute=600))
        served = []

        async def one(number: int) -> None:
            async with limits.turn(600 - 100 * number):
                served.append(number)

        await asyncio.gather(*(one(number) for number in range(5)))
        return served

    assert asyncio.run(order(Clock())) == [0, 1, 2, 3, 4]


def test_cancelled_request_leaves_no_trace() -> None:
    async def cancel() -> None:
        limits = Limits(Rates(1))
        async with limits.turn():
            waiting = asyncio.create_task(send(limits, Clock(), 1))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        await asyncio.wait_for(send(limits, Clock(), 2), 1.0)

    asyncio.run(cancel())


def test_stop_ends_every_wait() -> None:
    async def stop() -> list[object]:
        limits = Limits(Rates(1, requests_per_minute=1))
        async with limits.turn():
            waiting = [asyncio.create_task(send(limits, Clock(), 1)) for _ in range(3)]
            await asyncio.sleep(0)
            limits.stop()
            return list(await asyncio.gather(*waiting, limits.pause(600), return_exceptions=True))

    *waiting, paused = asyncio.run(asyncio.wait_for(stop(), 2.0))
    assert [type(error) for error in waiting] == [NotSent] * 3
    assert paused is None


def test_pool_shares_by_server_and_key() -> None:
    pool, rates = LimitsPool(), Rates(4)
    one = pool.at("http://llm.invalid/v1", "a", rates)
    assert pool.at("http://llm.invalid/v1", "a", rates) is one
    assert pool.at("http://llm.invalid/v1", "b", rates) is not one
    assert pool.at(None, "a", rates) is not one


def test_stopped_pool_opens_nothing() -> None:
    pool = LimitsPool()
    before = pool.at(None, "a", Rates(1))
    pool.stop()
    for limits in (before, pool.at(None, "b", Rates(1))):
        with pytest.raises(NotSent):
            asyncio.run(send(limits, Clock(), 1))
