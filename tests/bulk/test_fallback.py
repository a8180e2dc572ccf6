"""A second model takes over whole record types, for the failures it is named for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extractor import Document, ScriptedModel
from extractor.bulk import Class, Fallback, Plan
from extractor.errors import TransportFailed
from tests.bulk.harness import PLAN, run
from tests.support import article, failing, first_choice, invalid, rows

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


def refusing(words: str, identity: str) -> ScriptedModel:
    """Has no usable reply to requests whose prompt or question has these words."""
    model = failing(invalid, lambda _, r: words in f"{r.task} {r.messages[-1].content}")
    model.identity = identity
    return model


async def test_what_the_second_model_fails_at_as_well_is_told_and_given_up(
    tmp_path: Path,
) -> None:
    helper = refusing("quotations", "second")
    (outcome,) = await run([PAGE], first(), tmp_path / "s.db", plan(helper, "invalid"))
    assert outcome.extraction is not None
    status = {run.task: (run.model, run.status) for run in outcome.extraction.runs}
    assert status == {"figures": ("scripted", "ok"), "quotations": ("second", "failed")}
    assert outcome.extraction.quotations is None
    assert outcome.letter is not None
    assert outcome.letter.reason.startswith("quotations: ")
    assert rows(tmp_path / "s.db", "SELECT name FROM dead_letters") == [("a.txt",)]


async def test_what_the_second_model_did_hides_no_failure_of_the_first(tmp_path: Path) -> None:
    await run([PAGE], first(), tmp_path / "s.db", plan(second(), "invalid"))
    other, helper = refusing("figures", "other"), second()
    (outcome,) = await run([PAGE], other, tmp_path / "s.db", plan(helper, "transport"))
    assert outcome.extraction is not None
    status = {run.task: (run.model, run.status) for run in outcome.extraction.runs}
    assert status == {"figures": ("other", "failed"), "quotations": ("second", "ok")}
    assert outcome.extraction.figures is None
    assert outcome.letter is not None
    assert helper.requests == []


async def test_only_what_was_asked_for_is_given(tmp_path: Path) -> None:
    both = failing(invalid, lambda *_: True)
    await run([PAGE], both, tmp_path / "s.db", plan(second(), "invalid"))
    figures = replace(plan(second(), "invalid"), records=("figures",))
    (outcome,) = await run([PAGE], both, tmp_path / "s.db", figures)
    assert outcome.extraction is not None
    assert [run.task for run in outcome.extraction.runs] == ["figures"]
    assert outcome.extraction.quotations is None


async def test_a_part_of_the_first_is_better_than_nothing_of_the_second(tmp_path: Path) -> None:
    figures = replace(plan(refusing("figures", "second"), "invalid"), records=("figures",))
    primary = refusing("[n1: 45]", "first")
    (outcome,) = await run([article()], primary, tmp_path / "s.db", figures)
    assert outcome.extraction is not None
    assert [(run.model, run.status) for run in outcome.extraction.runs] == [("first", "partial")]
    assert outcome.extraction.figures
    assert outcome.extraction.confidence.keys() == {f.id for f in outcome.extraction.figures}
    assert outcome.letter is not None
