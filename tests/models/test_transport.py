from __future__ import annotations

import asyncio

import httpx2
import pytest
from pydantic import BaseModel

from extractor.errors import ModelUnavailable, TransportFailed
from extractor.models.base import Message, ModelProfile, Reply, Request
from extractor.models.client import ChatModel, Endpoint
from extractor.models.limits import Limits, Rates
from extractor.models.retry import RetryPolicy
from extractor.models.transport import LimitedClient, redirection

from .clocks import Clock
from .stub import Step, completion, refusal, serve

REQUEST = Request("figures", (Message("user", "How many?"),), max_tokens=600)
GOOD = completion('{"count": 3}')


class Count(BaseModel):
    count: int


def model(url: str, limits: Limits) -> ChatModel:
    endpoint = Endpoint(url, None, "stub-model", "openai/stub-model", 5.0)
    profile = ModelProfile(8, 4096, per_task=8)
    return ChatModel(endpoint, profile, {}, RetryPolicy(max_retry_after=60.0), limits)


async def ask_together(url: str, limits: Limits, times: int) -> list[Reply[Count]]:
    async with model(url, limits) as opened:
        return await asyncio.gather(*(opened.ask(REQUEST, Count) for _ in range(times)))


def test_requests_in_flight_are_limited() -> None:
    with serve(Step(body=GOOD.body, delay=0.05)) as stub:
        asyncio.run(ask_together(stub.url, Limits(Rates(2)), 6))
    assert stub.most_in_flight == 2


def test_waiting_for_a_turn_is_no_part_of_an_attempt() -> None:
    with serve(Step(body=GOOD.body, delay=0.3)) as stub:
        replies = asyncio.run(ask_together(stub.url, Limits(Rates(1)), 3))
    assert all(reply.attempts[0].seconds < 0.55 for reply in replies)


def test_models_with_one_limit_share_its_places() -> None:
    async def ask_both(url: str) -> None:
        limits = Limits(Rates(1))
        await asyncio.gather(*(ask_together(url, limits, 2) for _ in range(2)))

    with serve(Step(body=GOOD.body, delay=0.05)) as stub:
        asyncio.run(ask_both(stub.url))
    assert stub.most_in_flight == 1


def test_nothing_is_sent_to_an_endpoint_that_asked_to_wait() -> None:
    clock = Clock()
    limits = Limits(Rates(1), clock=clock.now, sleep=clock.sleep)
    with serve(refusal(503, headers={"retry-after": "7"}), GOOD) as stub:
        asyncio.run(ask_together(stub.url, limits, 2))
    # One waits to try again, the other before it was ever sent.
    assert clock.slept == [7.0, 7.0]
    assert len(stub.requests) == 3


def test_endpoint_closed_for_long_is_not_asked_again() -> None:
    async def ask_again(url: str) -> TransportFailed:
        async with model(url, Limits(Rates(1, max_retry_after=60.0))) as opened:
            with pytest.raises(TransportFailed) as first:
                await opened.ask(REQUEST, Count)
            assert len(first.value.attempts) == 1
            with pytest.raises(TransportFailed, match=r"asks to wait 3\d+ s") as second:
                await opened.ask(REQUEST, Count)
            return second.value

    with serve(refusal(429, headers={"retry-after": "3600"})) as stub:
        error = asyncio.run(ask_again(stub.url))
    assert error.attempts == ()
    assert len(stub.requests) == 1


def test_tokens_are_charged_as_the_reply_says() -> None:
    clock = Clock()
    limits = Limits(Rates(1, tokens_per_minute=6000), clock=clock.now, sleep=clock.sleep)
    with serve(completion('{"count": 3}', tokens=(290, 10))) as stub:
        asyncio.run(ask_together(stub.url, limits, 11))
    # 300 tokens each, a second's worth of them at once, and not the 600 that a reply might have.
    assert sum(clock.slept) == pytest.approx(30 - 1, rel=0.05)


def test_stopping_sends_nothing_more_and_keeps_what_was_paid() -> None:
    async def ask_stopping(url: str) -> list[Reply[Count] | BaseException]:
        limits = Limits(Rates(1))
        async with model(url, limits) as opened:
            asked = [asyncio.create_task(opened.ask(REQUEST, Count)) for _ in range(3)]
            while stub.in_flight == 0:
                await asyncio.sleep(0.01)
            limits.stop()
            return await asyncio.gather(*asked, return_exceptions=True)

    with serve(Step(body=GOOD.body, delay=0.2)) as stub:
        first, *rest = asyncio.run(ask_stopping(stub.url))
    assert isinstance(first, Reply)
    assert all(isinstance(error, ModelUnavailable) and not error.attempts for error in rest)
    assert len(stub.requests) == 1


def test_stopping_ends_the_wait_for_another_attempt() -> None:
    async def ask_stopping(url: str) -> ModelUnavailable:
        limits = Limits(Rates(1))
        async with model(url, limits) as opened:
            asked = asyncio.create_task(opened.ask(REQUEST, Count))
            while not stub.requests or stub.in_flight:
                await asyncio.sleep(0.01)
            limits.stop()
            with pytest.raises(ModelUnavailable, match="being stopped") as caught:
                await asyncio.wait_for(asked, 5.0)
            return caught.value

    with serve(refusal(500, headers={"retry-after": "30"})) as stub:
        error = asyncio.run(ask_stopping(stub.url))
    assert [getattr(attempt, "status_code", None) for attempt in error.attempts] == [500]


@pytest.mark.parametrize(
    ("cause", "told"),
    [(TimeoutError(), httpx2.ConnectTimeout), (ConnectionResetError(), httpx2.ConnectError)],
)
async def test_a_lost_connection_is_no_timeout(
    monkeypatch: pytest.MonkeyPatch, cause: Exception, told: type[Exception]
) -> None:
    async def lost(*_: object, **__: object) -> None:
        raise httpx2.ConnectTimeout("lost") from cause

    monkeypatch.setattr(httpx2.AsyncClient, "send", lost)
    async with LimitedClient(Limits(Rates(1)), trust_env=False) as client:
        with pytest.raises(told):
            await client.send(client.build_request("GET", "http://127.0.0.1/"))


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("https://other.invalid/v1", "http://llm.invalid sends on to https://other.invalid"),
        (
            "//user:password@other.invalid:81/",
            "http://llm.invalid sends on to http://other.invalid:81",
        ),
        ("/v2/chat", "http://llm.invalid sends on to http://llm.invalid"),
        ("http://[", "http://llm.invalid sends on to an address that is none"),
    ],
)
def test_a_redirection_tells_both_hosts(location: str, told: str) -> None:
    asked = httpx2.Request("POST", "http://llm.invalid/v1/chat")
    reply = httpx2.Response(307, headers={"location": location}, request=asked)
    assert redirection(reply) == told
    assert redirection(httpx2.Response(200, request=asked)) is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirection_is_followed(status: int) -> None:
    with serve(GOOD) as other:
        step = Step(status=status, headers={"location": f"{other.url}/chat/completions"})
        with serve(step) as stub:
            async with model(stub.url, Limits(Rates(1))) as opened:
                with pytest.raises(TransportFailed, match="is not followed") as caught:
                    await opened.ask(REQUEST, Count)
            assert len(stub.requests) == 1
    assert other.requests == []
    assert other.url.removesuffix("/v1") in str(caught.value)
