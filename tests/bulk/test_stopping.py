"""A run's limits: never passed, and used up as far as they go."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from pydantic import BaseModel

from extractor import ScriptedModel
from extractor.bulk import Gate, GatedModel, Limits, estimate
from extractor.costs import Price
from extractor.errors import ModelError, RunStopped, UsageError
from extractor.models import Attempt, Message, ModelProfile, Reply, Request
from extractor.models.client import ChatModel, Endpoint
from extractor.models.retry import RetryPolicy
from tests.bulk.harness import NOUNS, PLAN, documents, run
from tests.models.stub import Step, completion, serve
from tests.support import first_choice, obedient

T = TypeVar("T", bound=BaseModel)
REQUEST = Request("t", (Message("user", "x" * 300),), max_tokens=50)
TAKEN = Attempt(1, "2031-04-02T08:00:00Z", 0.1, prompt_tokens=80, completion_tokens=20, cost=0.5)


PRICE = Price(input=4000, output=4000, as_of=date(2031, 4, 2), source="invented")


class Answer(BaseModel):
    """Nothing to say."""


class Slow(ScriptedModel):
    """Takes a turn of the loop, and 100 tokens or half a dollar."""

    def __init__(self) -> None:
        super().__init__(first_choice)

    async def ask(self, request: Request, schema: type[T]) -> Reply[T]:
        await asyncio.sleep(0.001)
        reply = await super().ask(request, schema)
        return replace(reply, attempts=(TAKEN,))


async def asked_within(limits: Limits, requests: int) -> tuple[int, Gate]:
    gate, model = Gate(limits), Slow()
    gated = GatedModel(model, gate, PRICE)
    done = await asyncio.gather(
        *(gated.ask(REQUEST, Answer) for _ in range(requests)), return_exceptions=True
    )
    assert all(isinstance(one, Reply | RunStopped) for one in done)
    return len(model.requests), gate


async def test_tokens_are_never_passed_and_used_up_to_one_request() -> None:
    asked, gate = await asked_within(Limits(tokens=1000), requests=30)
    assert 1000 - 2 * 154 <= gate.spent.tokens <= 1000
    assert asked * 100 == gate.spent.tokens
    assert gate.reason is not None
    assert "--max-tokens 1000" in gate.reason


async def test_money_is_never_passed() -> None:
    asked, gate = await asked_within(Limits(cost=2.6), requests=30)
    assert asked == 4
    assert gate.spent.cost == 2.0
    assert "--max-cost 2.6" in str(gate.reason)


async def test_without_limits_all_are_asked() -> None:
    assert (await asked_within(Limits(), requests=30))[0] == 30


def test_money_cannot_be_limited_where_the_price_is_unknown() -> None:
    with pytest.raises(UsageError, match="the price of scripted is not known - give it in a file"):
        GatedModel(obedient(), Gate(Limits(cost=1.0)), None)


async def test_a_run_that_reached_its_limit_goes_on_with_a_new_one(tmp_path: Path) -> None:
    every = list(documents(len(NOUNS)))
    found = estimate(every[:1], model=obedient(), records=PLAN.records, store=None).tasks["figures"]
    one = found.most_prompt_tokens + found.most_completion_tokens
    gate, model = Gate(Limits(tokens=one + 350)), Slow()
    with pytest.raises(RunStopped, match="the same command goes on from there"):
        await run(every, GatedModel(model, gate, None), tmp_path / "s.db", PLAN, gate)
    assert len(model.requests) == 4
    rest = obedient()
    await run(every, rest, tmp_path / "s.db")
    assert len(rest.requests) == len(NOUNS) - 4


def usage(given: object) -> Step:
    """A chat completion that says this of its usage."""
    step = completion("{}")
    assert isinstance(step.body, dict)
    step.body["usage"] = given
    return step


USAGES = [
    None,
    {},
    {"prompt_tokens": 0, "completion_tokens": 0},
    {"prompt_tokens": -5, "completion_tokens": -5},
    {"prompt_tokens": 1e30, "completion_tokens": 1e30},
    {"prompt_tokens": 10**30, "completion_tokens": 10**30},
    {"prompt_tokens": "80", "completion_tokens": "20"},
    {"prompt_tokens": True, "completion_tokens": True},
    {"prompt_tokens": 80},
    {"prompt_tokens": 80, "completion_tokens": None},
    "many",
    [80, 20],
]


async def asked_of_server(step: Step, limits: Limits, requests: int = 30) -> tuple[int, Gate]:
    """How many of `requests` a server gets that answers with `step`, eight at a time."""
    gate = Gate(limits)
    with serve(step) as stub:
        endpoint = Endpoint(stub.url, None, "m", "openai/m", 5.0)
        policy = RetryPolicy(transport_retries=0, validation_retries=0)
        async with ChatModel(endpoint, ModelProfile(8, 4096, per_task=8), {}, policy) as model:
            gated = GatedModel(model, gate, PRICE)
            asking = (gated.ask(REQUEST, Answer) for _ in range(requests))
            done = await asyncio.gather(*asking, return_exceptions=True)
            assert all(isinstance(one, Reply | ModelError) for one in done), done
        return len(stub.requests), gate


@pytest.mark.parametrize("given", USAGES, ids=str)
async def test_where_usage_is_not_reported_the_worst_case_counts(given: object) -> None:
    asked, gate = await asked_of_server(usage(given), Limits(tokens=6 * 154))
    assert asked == gate.unreported == 6
    asked, gate = await asked_of_server(usage(given), Limits(cost=6 * 154 * 4000 / 1e6))
    assert asked == gate.unreported == 6


@pytest.mark.parametrize("body", ["", "not json", "[]", '{"choices": []}'])
async def test_replies_that_cannot_be_read_cost_too(body: str) -> None:
    asked, gate = await asked_of_server(Step(body=body), Limits(tokens=6 * 154))
    assert asked == gate.unreported == 6


async def test_real_usage_is_believed() -> None:
    asked, gate = await asked_of_server(completion("{}", tokens=(80, 20)), Limits(tokens=6 * 154))
    assert asked > 6
    assert gate.unreported == 0
    assert gate.spent.tokens == asked * 100 <= 6 * 154


async def test_a_limit_is_passed_by_what_is_in_flight_at_most_and_that_is_said() -> None:
    """The server takes 25 times what it may: what was let through at once is too much."""
    taken = 25 * 154
    asked, gate = await asked_of_server(
        completion("{}", tokens=(taken - 50, 50)), Limits(tokens=6 * 154)
    )
    assert asked <= 6  # as many as fit at their worst case
    assert gate.spent.tokens == asked * taken
    assert gate.reason is not None and "beyond --max-tokens" in gate.reason


async def test_room_for_thought_is_set_aside() -> None:
    gate, model = Gate(Limits(tokens=1000)), Slow()
    model.profile = replace(model.profile, answer_room=400)
    gated = GatedModel(model, gate, PRICE)
    done = await asyncio.gather(
        *(gated.ask(REQUEST, Answer) for _ in range(30)), return_exceptions=True
    )
    assert sum(isinstance(one, Reply) for one in done) == 5  # with 500 or more left before each
