"""What is found out once counts for every request of a model."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from pydantic import BaseModel, Field

from extractor.errors import ModelUnavailable, RequestRefused, TransportFailed
from extractor.models.base import Message, ModelProfile, Request
from extractor.models.client import ChatModel, Endpoint
from extractor.models.dialects import Dialect, Structured
from extractor.models.retry import RetryPolicy

from .stub import Answer, Step, completion, serve

REQUEST = Request("figures", (Message("user", "How many?"),), max_tokens=50)
GOOD = completion('{"count": 3}')


class Count(BaseModel):
    count: int


class Words(BaseModel):
    count: int
    words: list[str] = Field(default=[], max_length=3)


def opened(url: str, *, slots: int = 8, **endpoint: Any) -> ChatModel:
    where = Endpoint(url, "sk-secret", "m", "openai/m", 5.0, **endpoint)
    parameters = {"temperature": 0.0, "seed": 7}
    policy = RetryPolicy(transport_retries=1, first_wait=0.01, max_wait=0.02)
    return ChatModel(where, ModelProfile(slots, 4096, per_task=slots), parameters, policy)


def picky(*refused: str) -> Answer:
    """A server that refuses these members, one at a time, and is slow enough to be hit at once."""

    def answer(request: dict[str, Any]) -> Step:
        name = next((name for name in refused if name in request), None)
        if name is None:
            return GOOD
        error = {"message": f"unknown: {name}", "param": name}
        return Step(400, {"error": error}, delay=0.02)

    return answer


async def test_however_many_are_in_flight_each_refusal_costs_one_request(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    with serve(picky("max_tokens", "temperature", "seed")) as stub:
        async with opened(stub.url) as model:
            await asyncio.gather(*(model.ask(REQUEST, Count) for _ in range(20)))
            assert len(stub.requests) == 20 + 3
            assert model.adapted == (
                "max_tokens is sent as max_completion_tokens",
                "seed is not sent",
                "temperature is not sent",
            )
    assert len(caplog.messages) == 3  # said once each
    assert all(line.startswith("openai/m@127.0.0.1:") for line in caplog.messages)
    assert dict(model.parameters) == {"temperature": 0.0, "seed": 7}  # keys stay what they were


async def test_something_new_in_a_later_question_costs_one_request_as_well() -> None:
    def answer(request: dict[str, Any]) -> Step:
        if "maxItems" not in str(request["response_format"]):
            return GOOD
        said = "schema: property 'maxItems' is not supported"
        return Step(400, {"error": {"message": said}}, delay=0.02)

    with serve(answer) as stub:
        async with opened(stub.url) as model:
            await asyncio.gather(*(model.ask(REQUEST, Count) for _ in range(5)))
            await asyncio.gather(*(model.ask(REQUEST, Words) for _ in range(12)))
    assert len(stub.requests) == 17 + 1


async def test_a_refusal_that_stays_after_all_changes_nothing() -> None:
    """The server names what it does not mean: what was left out in vain is sent again."""
    steps: list[Answer] = [Step(400, {"error": {"message": "temperature is wrong"}})] * 2
    with serve(*steps, GOOD) as stub:
        async with opened(stub.url) as model:
            with pytest.raises(TransportFailed):
                await model.ask(REQUEST, Count)
            await model.ask(REQUEST, Count)
            assert model.adapted == ()
    assert "temperature" not in stub.requests[1]
    assert stub.requests[2]["temperature"] == 0.0


async def test_thought_is_given_room_once_for_all() -> None:
    def answer(request: dict[str, Any]) -> Step:
        if request["max_tokens"] < 500:
            return completion(None, finish="length", tokens=(20, request["max_tokens"]))
        return GOOD

    with serve(answer) as stub:
        async with opened(stub.url) as model:
            await asyncio.gather(*(model.ask(REQUEST, Count) for _ in range(20)))
            assert model.profile.answer_room == 4096
    assert len(stub.requests) == 21


async def test_a_long_answer_is_no_thought() -> None:
    cut = completion('{"count"', finish="length", tokens=(20, 50))
    with serve(cut, GOOD) as stub:
        async with opened(stub.url) as model:
            await model.ask(REQUEST, Count)
            await model.ask(REQUEST, Count)
            assert model.adapted == ()
    assert [request["max_tokens"] for request in stub.requests] == [50, 8192, 50]


async def test_the_users_limit_holds() -> None:
    with serve(completion(None, finish="length")) as stub:
        async with opened(stub.url, most_answer_tokens=40) as model:
            with pytest.raises(Exception, match="raise max_answer_tokens"):
                await model.ask(REQUEST, Count)
    assert [request["max_tokens"] for request in stub.requests] == [40]


async def test_who_waits_for_another_does_not_wait_for_a_dead_server() -> None:
    """The first one leaves its turn when it has to wait for the server."""
    down = Step(503, delay=0.05)
    with serve(down) as stub:
        async with opened(stub.url) as model:
            done = await asyncio.gather(
                *(model.ask(REQUEST, Count) for _ in range(4)), return_exceptions=True
            )
    assert all(isinstance(one, TransportFailed) for one in done)
    assert stub.most_in_flight > 1


async def test_the_embedded_model_is_asked_as_ever() -> None:
    with serve(picky("temperature")) as stub:
        async with opened(stub.url, embedded=True) as model:
            with pytest.raises(TransportFailed):
                await model.ask(REQUEST, Count)
    assert len(stub.requests) == 1
    cut = completion('{"count"', finish="length")
    with serve(cut) as stub:
        async with opened(stub.url, embedded=True) as model:
            with pytest.raises(Exception, match="cut off"):
                await model.ask(REQUEST, Count)
    assert [request["max_tokens"] for request in stub.requests] == [50, 50]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
async def test_three_refusals_alike_before_any_answer_are_the_last(status: int) -> None:
    with serve(Step(status, {"error": {"message": "no"}})) as stub:
        async with opened(stub.url) as model:
            done = await asyncio.gather(
                *(model.ask(REQUEST, Count) for _ in range(20)), return_exceptions=True
            )
    assert len(stub.requests) == 3
    assert sum(isinstance(one, ModelUnavailable) for one in done) == 18


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_after_an_answer_a_refusal_is_about_one_request(status: int) -> None:
    with serve(GOOD, Step(status, {"error": {"message": "no"}})) as stub:
        async with opened(stub.url) as model:
            await model.ask(REQUEST, Count)
            for _ in range(5):
                with pytest.raises(RequestRefused):
                    await model.ask(REQUEST, Count)
    assert len(stub.requests) == 6


async def test_a_schema_that_cannot_be_strict_goes_without_the_promise() -> None:
    class Keys(BaseModel):
        by_name: dict[str, int]

    with serve(completion('{"by_name": {"a": 1}}')) as stub:
        strict = Dialect(structured=Structured.STRICT, reduced=True)
        async with opened(stub.url, dialect=strict) as model:
            await model.ask(REQUEST, Keys)
            await model.ask(REQUEST, Keys)
    sent = stub.requests[0]["response_format"]["json_schema"]
    assert "strict" not in sent
    assert sent["schema"] == Keys.model_json_schema()


async def test_prose_where_json_was_asked_for_puts_the_schema_into_the_prompt() -> None:
    with serve(completion("It is three."), completion('```json\n{"count": 3}\n```')) as stub:
        async with opened(stub.url) as model:
            reply = await model.ask(REQUEST, Count)
            assert reply.attempts[0].error == "SchemaIgnored"
            assert "by text" in model.adapted[0]
    assert "response_format" not in stub.requests[1]
    assert '"count"' in str(stub.requests[1]["messages"])


async def test_prose_from_a_server_that_has_kept_to_the_schema_is_asked_again() -> None:
    with serve(GOOD, completion("It is three."), GOOD) as stub:
        async with opened(stub.url) as model:
            await model.ask(REQUEST, Count)
            reply = await model.ask(REQUEST, Count)
            assert model.adapted == ()
    assert len(reply.attempts) == 2
    assert len(stub.requests[2]["messages"]) == 3
