from __future__ import annotations

import pytest

from tests.standins.hosted import (
    Gemini,
    Mistral,
    OpenAIReasoning,
    OpenRouter,
    Server,
)
from tests.standins.own import (
    VLLM,
)
from tests.standins.seeds import Answers, recorded_answers
from tests.standins.servers import SERVERS
from tests.standins.table import Outcome, at, row, table_on_page

MOST_IN_VAIN = 3
_kept: dict[str, object] = {}


@pytest.fixture
async def answers() -> Answers:
    if "answers" not in _kept:
        _kept["answers"] = await recorded_answers()
    found = _kept["answers"]
    assert isinstance(found, Answers)
    return found


@pytest.fixture
async def plain(answers: Answers) -> Outcome:
    if "plain" not in _kept:
        _kept["plain"] = await at(Server, answers)
    found = _kept["plain"]
    assert isinstance(found, Outcome)
    return found


@pytest.mark.parametrize("kind", SERVERS, ids=lambda kind: kind.__name__)
async def test_every_server_gives_the_same_records_at_few_requests_in_vain(
    kind: type[Server], answers: Answers, plain: Outcome
) -> None:
    found = await at(kind, answers)
    assert found.records == plain.records
    assert found.requests - plain.requests <= MOST_IN_VAIN
    assert row(kind, found, plain) in table_on_page(), "run python -m tests.standins"


def test_the_page_has_no_other_rows() -> None:
    assert table_on_page().count("\n") == 2 + len(SERVERS)


async def test_the_seeds_hold_something_to_compare(plain: Outcome) -> None:
    assert sum(len(records) for one in plain.records for records in one.values() if records) > 100


async def test_a_wrong_guess_from_the_name_heals(answers: Answers, plain: Outcome) -> None:
    """A server of other make under a name that says strict, no temperature, thought."""

    class Misnamed(Mistral):
        model = "gpt-5"

    found = await at(Misnamed, answers)
    assert found.records == plain.records
    assert found.requests - plain.requests <= MOST_IN_VAIN


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        (OpenRouter, {"extra_body": {"provider": {"require_parameters": True}}}),
        (Gemini, {"temperature": "default"}),
        (OpenAIReasoning, {"reasoning_effort": "low"}),
        (VLLM, {"extra_body": {"chat_template_kwargs": {"enable_thinking": False}}}),
        (Server, {"structured_mode": "tools"}),
        (Server, {"structured_mode": "text"}),
        (Server, {"structured_mode": "json_object"}),
    ],
    ids=str,
)
async def test_what_the_user_sets_is_sent(
    kind: type[Server], settings: dict[str, object], answers: Answers, plain: Outcome
) -> None:
    found = await at(kind, answers, **settings)
    assert found.records == plain.records
    assert found.requests - plain.requests <= 1
