from __future__ import annotations

import asyncio
import time
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import pytest
from pydantic import BaseModel, ConfigDict, Field

from extractor.costs import Price, Prices
from extractor.errors import (
    ModelError,
    ModelUnavailable,
    QuotaExhausted,
    ReplyInvalid,
    TransportFailed,
)
from extractor.models.base import Message, ModelProfile, Reply, Request
from extractor.models.client import ChatModel, Endpoint
from extractor.models.limits import Limits, Rates
from extractor.models.retry import RetryPolicy

from .stub import Step, Stub, completion, refusal, serve

REQUEST = Request("figures", (Message("user", "How many? Secret text."),), max_tokens=50)
GOOD = completion('{"count": 3}')
PRICE = Price(
    input=2.0, cached_input=0.5, output=8.0, as_of=date(2026, 1, 1), source="the stub's own"
)


class Count(BaseModel):
    """How many."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    count: int = Field(ge=0)
    share: float | None = None


class Waits:
    """Stands in for clock and sleep: notes how long, and does not wait."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)

    def now(self) -> float:
        return time.monotonic() + sum(self.seconds)


def model(
    url: str, waits: Waits | None = None, *, timeout: float = 5.0, slots: int = 2
) -> ChatModel:
    waits = waits or Waits()
    rates = Rates(slots, max_retry_after=60.0)
    endpoint = Endpoint(url, "sk-secret", "stub-model", "openai/stub-model", timeout)
    return ChatModel(
        endpoint,
        ModelProfile(slots, 4096, per_task=slots),
        {"temperature": 0.0},
        RetryPolicy(max_retry_after=60.0),
        Limits(rates, clock=waits.now, sleep=waits),
        Prices({"openai/stub-model": PRICE}),
    )


async def ask(stub: Stub, waits: Waits | None = None, *, timeout: float = 5.0) -> Reply[Count]:
    async with model(stub.url, waits, timeout=timeout) as opened:
        return await opened.ask(REQUEST, Count)


def failure(stub: Stub, kind: type[ModelError], *, timeout: float = 5.0) -> ModelError:
    with pytest.raises(kind) as caught:
        asyncio.run(ask(stub, timeout=timeout))
    message = str(caught.value)
    assert "\n" not in message
    assert " - " in message
    assert "sk-secret" not in message
    assert "Secret text" not in message
    return caught.value


def test_returns_the_schema_itself_with_one_attempt() -> None:
    with serve(GOOD) as stub:
        reply = asyncio.run(ask(stub))
    assert reply.value == Count(count=3)
    assert type(reply.value) is Count
    (attempt,) = reply.attempts
    assert (attempt.number, attempt.prompt_tokens, attempt.completion_tokens) == (1, 20, 5)
    assert (attempt.cached_tokens, attempt.finish_reason, attempt.status_code) == (3, "stop", 200)
    assert attempt.error is None
    assert attempt.cost == pytest.approx((17 * 2.0 + 3 * 0.5 + 5 * 8.0) / 1e6)
    assert datetime.fromisoformat(attempt.started).tzinfo is not None


def test_sends_schema_parameters_and_key() -> None:
    with serve(GOOD) as stub:
        asyncio.run(ask(stub))
    sent = stub.requests[0]
    assert sent["response_format"]["json_schema"]["schema"] == Count.model_json_schema()
    assert (sent["model"], sent["temperature"], sent["max_tokens"]) == ("stub-model", 0.0, 50)
    assert sent["messages"] == [{"role": "user", "content": "How many? Secret text."}]
    assert stub.keys == ["Bearer sk-secret"]


def test_identity_names_the_host() -> None:
    async def identity() -> str:
        async with model("http://user:pw@llm.invalid/v1") as opened:
            return opened.identity

    assert asyncio.run(identity()) == "openai/stub-model@llm.invalid"


@pytest.mark.parametrize(
    ("headers", "low", "high"),
    [
        ({"retry-after": "7"}, 7, 7),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5, 1.5),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0, 0),
        ({"retry-after": "soon"}, 0.5, 1.0),
        ({"retry-after": "1.25"}, 1.25, 1.25),
        ({"retry-after": "nan"}, 0.5, 1.0),
        ({"retry-after": "-5"}, 0.5, 1.0),
        ({"retry-after-ms": "never"}, 0.5, 1.0),
        ({}, 0.5, 1.0),
    ],
)
def test_waits_as_long_as_the_server_asks(headers: dict[str, str], low: float, high: float) -> None:
    waits = Waits()
    with serve(refusal(429, headers=headers), GOOD) as stub:
        reply = asyncio.run(ask(stub, waits))
    assert len(waits.seconds) == 1
    assert low <= waits.seconds[0] <= high
    assert [a.status_code for a in reply.attempts] == [429, 200]
    assert reply.attempts[0].error == "RateLimitError: error"


def test_waits_until_the_date_the_server_names() -> None:
    waits = Waits()
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=40), True)
    with serve(refusal(429, headers={"retry-after": date}), GOOD) as stub:
        asyncio.run(ask(stub, waits))
    assert 20 <= waits.seconds[0] <= 40


def test_gives_up_when_asked_to_wait_too_long() -> None:
    with serve(refusal(429, headers={"retry-after": "3600"})) as stub:
        error = failure(stub, TransportFailed)
    assert "3600 s" in str(error) and "60 s" in str(error)
    assert len(stub.requests) == 1


@pytest.mark.parametrize("status", [429, 402])
def test_empty_account_is_final(status: int) -> None:
    with serve(refusal(status, "insufficient_quota")) as stub:
        error = failure(stub, QuotaExhausted)
    assert len(stub.requests) == len(error.attempts) == 1


@pytest.mark.parametrize("status", [408, 409, 500, 503, 529])
def test_server_errors_are_retried(status: int) -> None:
    waits = Waits()
    with serve(refusal(status), refusal(status), GOOD) as stub:
        reply = asyncio.run(ask(stub, waits))
    assert [a.number for a in reply.attempts] == [1, 2, 3]
    assert waits.seconds[0] < waits.seconds[1]


def test_transport_budget_ends() -> None:
    with serve(refusal(500)) as stub:
        error = failure(stub, TransportFailed)
    assert len(stub.requests) == len(error.attempts) == 6


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (400, "models --probe"),
        (401, "EXTRACTOR_API_KEY"),
        (403, "--model local"),
        (404, "stub-model"),
        (422, "structured_mode"),
    ],
)
def test_refusals_are_final_and_name_a_remedy(status: int, remedy: str) -> None:
    with serve(refusal(status, "some_code")) as stub:
        error = failure(stub, TransportFailed)
    assert remedy in str(error)
    assert len(stub.requests) == 1


def test_dropped_connection_is_retried() -> None:
    with serve(Step(drop=True), GOOD) as stub:
        reply = asyncio.run(ask(stub))
    assert reply.attempts[0].status_code is None
    assert reply.attempts[0].error == "APIConnectionError"


def test_stalled_server_times_out() -> None:
    with serve(Step(delay=0.4), GOOD) as stub:
        reply = asyncio.run(ask(stub, timeout=0.2))
    assert reply.attempts[0].error == "APITimeoutError"
    assert reply.attempts[0].seconds >= 0.2


def test_connection_lost_within_the_reply_is_retried() -> None:
    cut = Step(body='{"id": "x"', headers={"content-length": "500"})
    with serve(cut, GOOD) as stub:
        reply = asyncio.run(ask(stub))
    assert [a.error for a in reply.attempts] == ["APIConnectionError", None]


def test_unreachable_server() -> None:
    with serve(GOOD) as stub:
        pass
    assert "check that it runs" in str(failure(stub, TransportFailed))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('{"count": "many"}', "count: int_parsing"),
        ('{"count": 3, "secret words": 1}', "extra_forbidden"),
        ('{"count": 3, "count": 4}', "json_invalid"),
        ('{"count": 3, "share": NaN}', "json_invalid"),
        ('{"count": 3, "share": 1e999}', "json_invalid"),
        ('{"count": ' + "9" * 5000 + "}", "json_invalid"),
        ("[" * 100_000, "json_invalid"),
        ('{"count": 3', "json_invalid"),
        ("[]", "model_type"),
        (None, "holds no text"),
    ],
)
def test_unusable_reply_is_asked_again_then_fails(content: str | None, fault: str) -> None:
    with serve(completion(content)) as stub:
        error = failure(stub, ReplyInvalid)
    assert len(stub.requests) == 3
    assert fault in str(error)
    assert "secret words" not in str(error)
    assert [getattr(a, "prompt_tokens", None) for a in error.attempts] == [20, 20, 20]


@pytest.mark.parametrize(
    "body",
    [
        {"choices": []},
        {"choices": [{"message": None}]},
        {"choices": {"a": 1}, "usage": "many"},
        [1, 2],
        "not json",
        "",
        "null",
    ],
)
def test_wrong_body_with_status_200_never_crashes(body: object) -> None:
    with serve(Step(body=body)) as stub:
        failure(stub, ReplyInvalid)
    assert len(stub.requests) == 3


def test_reask_carries_the_error_and_tokens_are_counted_apart() -> None:
    first = completion('{"count": -1}', tokens=(20, 5))
    with serve(first, completion('{"count": 1}', tokens=(50, 6))) as stub:
        reply = asyncio.run(ask(stub))
    assert [(a.prompt_tokens, a.completion_tokens) for a in reply.attempts] == [(20, 5), (50, 6)]
    assert reply.attempts[0].error == "ValidationError: count: greater_than_equal"
    again = stub.requests[1]["messages"]
    assert again[1]["content"] == '{"count": -1}'
    assert "greater than or equal to 0" in again[2]["content"]
    assert "http" not in again[2]["content"]


@pytest.mark.parametrize("absurd", [-1, 10**9 + 1, 2**63 - 1, 10**30, True, "many", None, 0.5])
def test_counts_of_tokens_that_cannot_be_believed_are_none(absurd: object) -> None:
    step = completion('{"count": 1}')
    assert isinstance(step.body, dict)
    step.body["usage"] = {"prompt_tokens": absurd, "completion_tokens": 6}
    with serve(step) as stub:
        [attempt] = asyncio.run(ask(stub)).attempts
    assert (attempt.prompt_tokens, attempt.completion_tokens) == (0, 6)


def test_budgets_are_apart() -> None:
    bad = completion("{}")
    steps = [refusal(500)] * 5 + [bad, bad, GOOD]
    with serve(*steps) as stub:
        reply = asyncio.run(ask(stub))
    assert len(reply.attempts) == 8


def test_truncated_reply_is_retried_once() -> None:
    with serve(completion('{"count"', finish="length", tokens=(20, 50))) as stub:
        error = failure(stub, ReplyInvalid)
    assert [request["max_tokens"] for request in stub.requests] == [50, 8192]
    assert "cut off at 50 tokens" in str(error) and "max_answer_tokens" in str(error)
    assert [getattr(a, "completion_tokens", None) for a in error.attempts] == [50, 50]


def test_cancelling_is_not_retried() -> None:
    async def cancel(url: str) -> None:
        async with model(url) as opened:
            await asyncio.wait_for(opened.ask(REQUEST, Count), 0.1)

    started = time.monotonic()
    with serve(Step(delay=0.5)) as stub, pytest.raises(TimeoutError):
        asyncio.run(cancel(stub.url))
    assert len(stub.requests) == 1
    assert time.monotonic() - started < 2


def test_cassette_miss_is_not_retried() -> None:
    miss = type("CannotOverwriteExistingCassetteException", (Exception,), {})()

    async def raise_miss(*_args: object, **_options: object) -> None:
        raise miss

    async def ask_unrecorded() -> None:
        async with model("http://llm.invalid/v1") as opened:
            transport = opened._sdk._client._transport
            transport.handle_async_request = raise_miss  # type: ignore[method-assign,assignment]
            await opened.ask(REQUEST, Count)

    with pytest.raises(ModelUnavailable, match="record it again") as caught:
        asyncio.run(ask_unrecorded())
    assert len(caught.value.attempts) == 1


def test_unforeseen_errors_come_out_as_they_are() -> None:
    async def ask_unsendable() -> None:
        async with model("http://llm.invalid/v1") as opened:
            opened._sdk = None  # type: ignore[assignment]
            await opened.ask(REQUEST, Count)

    with pytest.raises(AttributeError, match="NoneType"):
        asyncio.run(ask_unsendable())


def test_nothing_of_the_reply_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with serve(completion('{"count": "Secret reply"}')) as stub:
        failure(stub, ReplyInvalid)
    assert "Secret reply" not in caplog.text
