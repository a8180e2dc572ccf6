from __future__ import annotations

import asyncio

import pytest
from pydantic import BaseModel

from extractor.errors import ModelUnavailable, ReplyInvalid
from extractor.models import Message, Model, Reply, Request, ScriptedModel
from extractor.models.scripted import Script

REQUEST = Request("figures", (Message("user", "?"),), 10)


class Count(BaseModel):
    count: int


def ask(script: Script) -> Reply[Count]:
    model: Model = ScriptedModel(script)
    return asyncio.run(model.ask(REQUEST, Count))


@pytest.mark.parametrize("answer", [Count(count=2), {"count": 2}, '{"count": 2}'])
def test_answers_from_a_list(answer: BaseModel | dict[str, object] | str) -> None:
    reply = ask([answer])
    assert reply.value == Count(count=2)
    assert len(reply.attempts) == 1


def test_answers_from_a_callable_and_records_requests() -> None:
    model = ScriptedModel(lambda request, _schema: {"count": request.max_tokens})
    assert asyncio.run(model.ask(REQUEST, Count)).value.count == 10
    assert model.requests == [REQUEST]


@pytest.mark.parametrize("answer", ['{"count": 1, "count": 2}', {"count": "x"}, "no", ""])
def test_wrong_answers_are_refused(answer: dict[str, object] | str) -> None:
    with pytest.raises(ReplyInvalid) as caught:
        ask([answer])
    assert len(caught.value.attempts) == 1


def test_exceptions_are_raised_and_lists_end() -> None:
    with pytest.raises(KeyError):
        ask([KeyError("x")])
    with pytest.raises(ModelUnavailable, match="no answer left"):
        ask([])
