from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from extractor.errors import (
    ModelError,
    QuotaExhausted,
    ReplyInvalid,
    RequestRefused,
    TransportFailed,
)
from extractor.models.answers import plain_answer

from .stub import Step, completion, serve
from .test_client import GOOD, Count, Waits, ask, failure

JSON = '{"count": 3}'


@pytest.mark.parametrize(
    "text",
    [
        JSON,
        f"```json\n{JSON}\n```",
        f"```\n{JSON}\n```",
        f"```JSON {JSON} ```",
        f"Here it is:\n```json\n{JSON}\n```\nAnything else?",
        f"<think>\nmaybe {{4}}\n</think>\n{JSON}",
        f"maybe 4\n</think>\n\n{JSON}",
        f"<think></think>```json\n{JSON}\n```",
        f"<think>```json\n{{}}\n```</think>```json\n{JSON}\n```",
        f"[THINK]so[/THINK]{JSON}",
        f"<thinking>so</thinking>\n{JSON}",
        f"\n\n  {JSON}  \n",
    ],
)
def test_one_fence_and_thought_are_taken_off(text: str) -> None:
    assert json.loads(plain_answer(text)) == {"count": 3}


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{JSON}\n```\nor\n```json\n{JSON}\n```",
        f"<think>{JSON}",
        f"I think {JSON}",
        "```json\n```",
    ],
)
def test_nothing_is_guessed(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads(plain_answer(text))


def test_json_is_left_as_it_is() -> None:
    text = '{"text": "a </think> and ```json\\n{}\\n``` in a string"}'
    assert plain_answer(text) == text


def message(**members: Any) -> Step:
    """A completion whose message has these members instead of the usual content."""
    step = completion(None)
    assert isinstance(step.body, dict)
    step.body["choices"][0]["message"] |= members
    return step


@pytest.mark.parametrize(
    "members",
    [
        {"content": JSON, "reasoning_content": '{"count": 99}'},
        {"content": JSON, "reasoning": "so"},
        {"content": None, "reasoning_content": JSON},
        {"content": "", "reasoning": JSON},
        {"content": [{"type": "thinking", "thinking": []}, {"type": "text", "text": JSON}]},
        {"content": f"<think>so</think>{JSON}", "refusal": None},
    ],
)
def test_the_answer_is_found_where_servers_put_it(members: dict[str, Any]) -> None:
    with serve(message(**members)) as stub:
        reply = asyncio.run(ask(stub))
    assert reply.value == Count(count=3)
    assert len(stub.requests) == 1


@pytest.mark.parametrize(
    "members", [{"content": "", "reasoning": f"so {JSON}"}, {"content": None, "reasoning": "3"}]
)
def test_thought_is_no_answer(members: dict[str, Any]) -> None:
    with serve(message(**members)) as stub:
        failure(stub, ReplyInvalid)


@pytest.mark.parametrize(
    "step",
    [
        message(content=None, refusal="Secret text. I cannot."),
        message(content=JSON, refusal="no"),
        completion(JSON, finish="content_filter"),
        completion(None, finish="content_filter: SAFETY"),
        completion(JSON, finish="SAFETY"),
        completion(JSON, finish="refusal"),
    ],
)
def test_what_is_withheld_is_no_answer_and_not_asked_again(step: Step) -> None:
    with serve(step) as stub:
        error = failure(stub, ReplyInvalid)
    assert "refused to answer, or a content filter" in str(error)
    assert len(stub.requests) == 1
    assert [getattr(one, "prompt_tokens", None) for one in error.attempts] == [20]


@pytest.mark.parametrize(
    ("error", "kind", "requests", "words"),
    [
        ({"message": "Overloaded", "type": "overloaded_error"}, TransportFailed, 6, "503"),
        ({"message": "busy", "code": 529}, TransportFailed, 6, "529 (busy)"),
        ({"message": "busy", "code": "503"}, TransportFailed, 6, "503 (busy)"),
        ({"message": "slow down", "type": "rate_limit_error"}, TransportFailed, 6, "429"),
        ({"message": "x", "code": 401}, TransportFailed, 1, "EXTRACTOR_API_KEY"),
        ({"message": "x", "type": "authentication_error"}, TransportFailed, 1, "EXTRACTOR_API_KEY"),
        ({"message": "no such", "code": 404}, TransportFailed, 1, "--model"),
        ({"message": "x", "code": "insufficient_quota"}, QuotaExhausted, 1, "credit"),
        ({"message": "wrong", "type": "invalid_request_error"}, TransportFailed, 1, "400 (wrong)"),
        ("the model crashed", TransportFailed, 6, "(the model crashed)"),
        ({"message": "unheard of"}, TransportFailed, 6, "500 (unheard of)"),
    ],
)
def test_an_error_with_status_200_is_treated_by_its_kind(
    error: object, kind: type[ModelError], requests: int, words: str
) -> None:
    with serve(Step(body={"error": error})) as stub:
        found = failure(stub, kind)
    assert len(stub.requests) == requests
    assert words in str(found)


def test_an_error_within_a_choice_is_one_as_well() -> None:
    step = completion("", finish="error")
    assert isinstance(step.body, dict)
    step.body["choices"][0]["error"] = {"code": 502, "message": "provider down"}
    waits = Waits()
    with serve(step, GOOD) as stub:
        reply = asyncio.run(ask(stub, waits))
    assert [one.status_code for one in reply.attempts] == [502, 200]
    assert len(waits.seconds) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"message": "filtered", "code": "content_filter"},
        {"message": "f", "code": None, "innererror": {"code": "ResponsibleAIPolicyViolation"}},
    ],
)
def test_a_filter_before_the_model_is_about_this_request_alone(body: object) -> None:
    with serve(Step(400, {"error": body})) as stub:
        error = failure(stub, RequestRefused)
    assert "content filter" in str(error)
    assert len(stub.requests) == 1


@pytest.mark.parametrize("finish", ["length", "max_tokens", "MAX_TOKENS", "model_length"])
def test_a_cut_off_answer_is_asked_once_more_with_more_room(finish: str) -> None:
    with serve(completion('{"count"', finish=finish), GOOD) as stub:
        reply = asyncio.run(ask(stub))
    assert reply.value.count == 3
    assert [request["max_tokens"] for request in stub.requests] == [50, 8192]


def usage(given: dict[str, Any]) -> Any:
    step = completion(JSON)
    assert isinstance(step.body, dict)
    step.body["usage"] = given
    with serve(step) as stub:
        [attempt] = asyncio.run(ask(stub)).attempts
    return attempt


@pytest.mark.parametrize(
    ("given", "written", "thought", "cached"),
    [
        ({"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}, 5, None, None),
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 905,
                "total_tokens": 914,
                "completion_tokens_details": {"reasoning_tokens": 900},
            },
            905,
            900,
            None,
        ),
        ({"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 914}, 905, 900, None),
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 5,
                "total_tokens": 914,
                "completion_tokens_details": {"reasoning_tokens": 900},
            },
            905,
            900,
            None,
        ),
        ({"prompt_tokens": 9, "completion_tokens": 5, "prompt_cache_hit_tokens": 4}, 5, None, 4),
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 5,
                "prompt_tokens_details": {"cached_tokens": 4},
            },
            5,
            None,
            4,
        ),
    ],
)
def test_thought_and_cache_are_counted_and_priced(
    given: dict[str, Any], written: int, thought: int | None, cached: int | None
) -> None:
    attempt = usage(given)
    found = (attempt.completion_tokens, attempt.reasoning_tokens, attempt.cached_tokens)
    assert found == (written, thought, cached)
    read = cached or 0
    assert attempt.cost == pytest.approx(((9 - read) * 2 + read * 0.5 + written * 8) / 1e6)


def test_a_reply_without_usage_has_no_known_cost() -> None:
    assert usage({}).cost is None
