"""One adapter process per page: what it writes, what goes wrong, what is kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from evals.comparisons.peers import runner
from evals.comparisons.peers.configurations import System
from evals.comparisons.peers.proxy import Tally
from evals.comparisons.peers.runner import Answer, Question, ask, finished, keep, questions
from extractor.models.weights import Weights
from tests.evaluation.folders import small_suite

BASE = Answer(system="peer", configuration="one", page="a.txt")
ECHO = """\
import json, sys
job = json.load(sys.stdin)
print(json.dumps({"kind": "figure", "values": {"words": job["text"]}}))
print(json.dumps({"kind": "end", "seconds": 2.5}))
"""


async def asked(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch, limit: float) -> Answer:
    adapter = folder / "adapters" / "peer_adapter.py"
    adapter.parent.mkdir()
    adapter.write_text(script)
    monkeypatch.setattr(runner, "HERE", folder)
    question = Question(
        System(name="peer", configuration="one"), "a.txt", {"text": "640"}, folder / "a.json"
    )
    return await ask(question, Path(sys.executable), {"slots": 1}, limit)


async def test_an_adapters_lines_are_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await asked(tmp_path, ECHO, monkeypatch, 30)
    assert (found.seconds, found.failure) == (2.5, None)
    assert found.lines == [{"kind": "figure", "values": {"words": "640"}}]


async def test_a_page_that_takes_too_long_has_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await asked(tmp_path, "import time; time.sleep(60)", monkeypatch, 0.5)
    assert (found.timeout, found.seconds) == (0.5, 0.5)
    assert found.failure == "no answer within 0 s"


async def test_a_crash_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = await asked(tmp_path, "raise SystemExit('no such model')", monkeypatch, 30)
    assert found.failure == "the adapter ended early: no such model"


def test_nothing_but_failed_calls_is_a_failure_and_one_beside_records_is_not() -> None:
    failed = {"kind": "failure", "of": ["figure"], "error": "cut off"}
    record = {"kind": "quotation", "values": {"words": "x"}}
    end = {"kind": "end", "seconds": 1}
    only = "\n".join(map(json.dumps, (failed, end)))
    both = "\n".join(map(json.dumps, (failed, record, end)))
    assert finished(BASE, only, "").failure == "cut off"
    assert finished(BASE, both, "").failure is None
    assert finished(BASE, json.dumps(end), "").failure is None


def test_kept_answers_are_read_again_but_not_those_that_had_less_time(tmp_path: Path) -> None:
    question = Question(System(name="peer", configuration="one"), "a.txt", {}, tmp_path / "b" / "a")
    assert question.answer(10) is None
    answer = BASE.model_copy(update={"tally": Tally(calls=3)})
    keep(answer, question.path)
    assert question.answer(10) == answer
    late = answer.model_copy(update={"timeout": 10.0, "failure": "late"})
    keep(late, question.path)
    assert question.answer(10) == late
    assert question.answer(20) is None
    question.path.write_text("{half")
    assert question.answer(10) is None


def test_the_extractor_reads_the_page_and_a_peer_its_article(tmp_path: Path) -> None:
    cases = small_suite(tmp_path).cases
    systems = [
        System(name="extractor", configuration="shipped"),
        next(one for one in runner_systems() if one.name == "instructor"),
    ]
    found = questions(systems, cases, Weights(Path("w.gguf"), "0" * 64), tmp_path)
    assert [one.system.name for one in found] == ["extractor"] * 2 + ["instructor"] * 2
    assert found[0].job["text"] == cases[0].document.text
    assert found[0].job["name"] == found[0].page == cases[0].gold.document.name
    assert len({one.path for one in found}) == len(found)


def runner_systems() -> list[System]:
    from evals.comparisons.peers.configurations import all_systems

    return all_systems()
