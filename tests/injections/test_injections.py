"""The suite is what it says, and its recorded answers give the table in docs/."""

from __future__ import annotations

import asyncio

import pytest

from extractor import Document
from extractor.control_tokens import holds_tokens
from extractor.evaluation.recorded import load_recorded
from extractor.pipeline import extract_document
from tests.injections.__main__ import PAGE, RECORDED
from tests.injections.attacks import FAR, attacks
from tests.injections.blocks import BASES, TOKENS
from tests.injections.measure import Outcome, measure, undefended, usual
from tests.injections.report import report
from tests.support import evidence, obedient


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return asyncio.run(measure(load_recorded(RECORDED), attacks()))


def test_at_least_300_attacks_always_the_same_and_none_twice() -> None:
    suite = attacks()
    assert len(suite) >= 300
    assert suite == attacks()
    assert len({attack.document.text for attack in suite}) == len(suite)


async def test_clean_articles_are_answered_as_the_blocks_say() -> None:
    found = await usual(load_recorded(RECORDED))
    assert found == {base.name: base.usual for base in BASES}


def test_the_page_is_what_the_recording_gives(outcomes: list[Outcome]) -> None:
    assert report(outcomes) == PAGE.read_text(encoding="utf-8")


def test_what_the_question_does_not_show_changes_nothing(outcomes: list[Outcome]) -> None:
    far = [one for one in outcomes if one.attack.place == FAR]
    assert far
    assert not [one for one in far if one.with_defence or one.without_defence]


async def asked_about(document: Document) -> list[str]:
    """Everything that a model is sent about a document, but for the prompt's own turns."""
    model = obedient()
    found = await extract_document(document, model=model)
    dumped = found.model_dump(mode="json")
    assert all(document.text[e["start"] : e["end"]] == e["text"] for e in evidence(dumped))
    return [request.messages[-1].content for request in model.requests]


async def test_no_control_token_reaches_a_model() -> None:
    suite = [one for one in attacks() if one.kind == TOKENS and one.place != FAR][::3]
    assert all(holds_tokens(one.document.text) for one in suite)
    for attack in suite:
        assert not [text for text in await asked_about(attack.document) if holds_tokens(text)]


async def test_without_the_defence_they_do() -> None:
    attack = next(one for one in attacks() if one.kind == TOKENS and one.place != FAR)
    with undefended():
        assert [text for text in await asked_about(attack.document) if holds_tokens(text)]
