"""A second model takes over whole record types, for the failures it is named for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extractor import Document, ScriptedModel
from extractor.bulk import Class, Fallback, Plan
from extractor.errors import TransportFailed
from tests.bulk.harness import PLAN, run
from tests.support import failing, first_choice, invalid

TEXT = "At least 640 divers joined. With “the sea gives and takes what it wants” the letter ended."
PAGE = Document.from_text(TEXT, name="a.txt")


def second() -> ScriptedModel:
    return ScriptedModel(first_choice, identity="second")


def plan(model: ScriptedModel, *classes: Class) -> Plan:
    helper = Fallback(model, frozenset(classes))
    return replace(PLAN, records=("figures", "quotations"), fallback=helper)


def first() -> ScriptedModel:
    return failing(invalid, lambda _, request: request.task.startswith("quotations"))


async def test_the_record_type_that_failed_has_the_second_model_as_its_author(
    tmp_path: Path,
) -> None:
    helper = second()
    (outcome,) = await run([PAGE], first(), tmp_path / "s.db", plan(helper, "invalid"))
    assert outcome.letter is None
    assert outcome.extraction is not None
    authors = {run.task: run.model for run in outcome.extraction.runs}
    assert authors == {"figures": "scripted", "quotations": "second"}
    assert all(request.task.startswith("quotations") for request in helper.requests)


async def test_a_second_run_asks_neither(tmp_path: Path) -> None:
    await run([PAGE], first(), tmp_path / "s.db", plan(second(), "invalid"))
    primary, helper = first(), second()
    (outcome,) = await run([PAGE], primary, tmp_path / "s.db", plan(helper, "invalid"))
    assert (primary.requests, helper.requests) == ([], [])
    assert outcome.extraction is not None
    assert len(outcome.extraction.runs) == 2


async def test_other_failures_stay_with_the_first(tmp_path: Path) -> None:
    helper = second()
    (outcome,) = await run([PAGE], first(), tmp_path / "s.db", plan(helper, "transport"))
    assert helper.requests == []
    assert outcome.letter is not None


@pytest.mark.parametrize("down", [TransportFailed("first: gone - start it")])
async def test_a_server_that_is_gone_is_replaced(tmp_path: Path, down: TransportFailed) -> None:
    helper = second()
    dead = failing(lambda: down, lambda *_: True)
    (outcome,) = await run([PAGE], dead, tmp_path / "s.db", plan(helper, "transport"))
    assert outcome.extraction is not None
    assert {run.model for run in outcome.extraction.runs} == {"second"}
