"""The recorded answers of the embedded model on the seeds, from text to records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import JsonValue

from extractor import Extraction, read_document
from extractor.tasks import TASKS
from tests.cassettes import CASSETTES, SEEDS, check_prompt, replay, replayed

CASES = [(task, seed) for task in TASKS for seed in SEEDS]
IDS = [f"{task}-{seed.stem[:3]}" for task, seed in CASES]


def spans(value: JsonValue) -> Iterator[dict[str, JsonValue]]:
    """Every span anywhere in dumped records."""
    if isinstance(value, dict):
        if value.keys() == {"start", "end", "text"}:
            yield value
        for item in value.values():
            yield from spans(item)
    elif isinstance(value, list):
        for item in value:
            yield from spans(item)


def records(extraction: Extraction) -> JsonValue:
    """All accepted records but the header, dumped."""
    dumped = extraction.model_dump(mode="json", include=set(TASKS) - {"header"})
    return list(dumped.values())


@pytest.mark.parametrize(("task", "seed"), CASES, ids=IDS)
async def test_every_question_is_answered_and_every_span_is_verbatim(task: str, seed: Path) -> None:
    extraction = await replay(task, seed)
    text = read_document(seed).text
    assert [run.status for run in extraction.runs] == ["ok"]
    for span in spans(extraction.model_dump(mode="json")):
        assert text[span["start"] : span["end"]] == span["text"]  # type: ignore[index]


@pytest.mark.parametrize(("task", "seed"), CASES, ids=IDS)
async def test_no_record_comes_from_page_furniture(task: str, seed: Path) -> None:
    extraction = await replay(task, seed)
    furniture = [(span.start, span.end) for span in extraction.document.furniture]
    for span in spans(records(extraction)):
        assert not any(a < span["end"] and span["start"] < b for a, b in furniture)  # type: ignore[operator]


async def test_figures_of_the_seeds_are_found() -> None:
    found = [(await replay("figures", seed)).figures for seed in SEEDS]
    assert all(figures for figures in found)


async def test_a_changed_prompt_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TASKS, "figures", (TASKS["figures"][0], "header/v1"))
    recorded = json.loads((CASSETTES / "prompts.json").read_text())
    del recorded["prompts"]["header/v1"]
    monkeypatch.setattr("tests.cassettes.json.loads", lambda _: recorded)
    with pytest.raises(AssertionError, match="prompt header/v1 differs"):
        check_prompt("figures")


def test_an_unused_answer_fails() -> None:
    with pytest.raises(AssertionError, match="were not asked for"), replayed("figures", SEEDS[0]):
        pass


def test_cassettes_hold_no_secret_and_no_header_noise() -> None:
    paths = list(CASSETTES.rglob("*.yaml"))
    assert len(paths) > len(SEEDS)
    for path in paths:
        cassette = yaml.safe_load(path.read_text(encoding="utf-8"))
        for interaction in cassette["interactions"]:
            assert interaction["request"]["uri"] == "http://llm.invalid/v1/chat/completions"
            assert set(interaction["request"]["headers"]) == {"content-type"}
            assert set(interaction["response"]["headers"]) == {"content-type"}
