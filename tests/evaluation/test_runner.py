"""Predictions from stored outputs and from models, and what the scorer is told of failures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor.errors import DocumentError
from extractor.evaluation.baselines import constant_answer
from extractor.evaluation.gold import Gold, GoldSource
from extractor.evaluation.runner import (
    Outcome,
    passes_agreement,
    prediction_of,
    read_outputs,
    run_model,
    score_run,
)
from extractor.evaluation.suite import Case, Suite
from extractor.models import ScriptedModel
from extractor.output import DocumentInfo, Extraction, Run
from extractor.records import Article, Figure, Quotation
from tests.support import FRENCH, article, invalid

from .folders import flawed, labelled, perfect, small_suite, write_gold


def run(task: str, status: str, *failures: str) -> Run:
    return Run.model_validate(
        {
            "task": task, "status": status, "prompt": "p", "prompt_sha256": "", "schema_sha256": "",
            "model": "m", "parameters": {}, "version": "1", "questions": 2, "reused": 0,
            "attempts": 2, "prompt_tokens": 9, "completion_tokens": 3, "seconds": 1.5,
            "failures": list(failures),
        }
    )  # fmt: skip


def extraction(case: Case, *runs: Run) -> Extraction:
    """Gold's figures and quotations as an extraction."""
    gold, document = case.gold, case.document
    plain = {
        kind: [
            record_type.model_validate(one.model_dump(exclude={"optional", "alternatives", "note"}))
            for one in getattr(gold, kind)
        ]
        for kind, record_type in (("figures", Figure), ("quotations", Quotation))
    }
    info = DocumentInfo(
        id=document.id,
        name=document.name,
        language="en",
        characters=len(document.text),
        metadata=document.metadata,
        furniture=gold.furniture,
    )
    return Extraction.model_validate({"document": info, **plain, "runs": list(runs)})


def write_outputs(suite: Suite, path: Path) -> Path:
    rows = [extraction(case).model_dump_json() for case in suite.cases]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_failed_task_is_asked_for_and_empty(tmp_path: Path) -> None:
    case = small_suite(tmp_path).cases[0]
    found = prediction_of(case, extraction(case, run("figures", "ok"), run("header", "failed")))
    assert found.records["article"] == ()
    assert found.records["figures"]
    assert "entities" not in found.records
    assert found.failure is None


def test_a_document_without_any_finished_task_has_failed(tmp_path: Path) -> None:
    case = small_suite(tmp_path).cases[0]
    found = prediction_of(case, extraction(case, run("figures", "failed", "s1: no reply")))
    assert found.failure == "s1: no reply"


def test_stored_outputs_are_scored_without_a_model(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    found = score_run(suite, read_outputs(suite.cases, write_outputs(suite, tmp_path / "o.jsonl")))
    assert {kind: one.strict.f1 for kind, one in found.score.types.items()} == {
        "figures": 1.0,
        "quotations": 1.0,
    }
    assert found.checks.passed


def test_an_output_that_breaks_the_schema_is_a_named_miss(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    path = write_outputs(suite, tmp_path / "o.jsonl")
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows[0]["figures"][0]["bound"] = "perhaps"
    path.write_text("\n".join(map(json.dumps, rows)))
    found = score_run(suite, read_outputs(suite.cases, path))
    assert "figures.0.bound" in found.score.failed["a0.txt"]
    assert (found.checks.valid, found.checks.answers) == (1, 2)
    assert not found.checks.passed


def test_a_document_without_a_line_is_a_miss(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    path = write_outputs(suite, tmp_path / "o.jsonl")
    path.write_text(path.read_text().splitlines()[0])
    found = score_run(suite, read_outputs(suite.cases, path)).score
    assert list(found.failed) == ["a1.txt"]
    assert found.types["figures"].detection.missing == 2


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["{", ""], "line 1: not JSON"),
        (["[]"], "line 1: not a JSON object"),
        (['{"document": {"id": "x"}}'], "no line is for a document"),
    ],
)
def test_unusable_outputs_are_named(tmp_path: Path, lines: list[str], problem: str) -> None:
    path = tmp_path / "o.jsonl"
    path.write_text("\n".join(lines))
    with pytest.raises(DocumentError, match=problem):
        read_outputs(small_suite(tmp_path).cases, path)


def test_two_outputs_for_one_document_are_an_error(tmp_path: Path) -> None:
    suite = small_suite(tmp_path, 1)
    path = write_outputs(suite, tmp_path / "o.jsonl")
    path.write_text(path.read_text() * 2)
    with pytest.raises(DocumentError, match=r"line 2: a0\.txt a second time"):
        read_outputs(suite.cases, path)


def case_of(name: str, text: str) -> Case:
    """A case whose gold labels nothing."""
    source = GoldSource(name=name, sha256="0" * 64)
    document = article() if not text else article().from_text(text, name=name)
    return Case(document, Gold(document=source, figures=[], quotations=[]))


async def test_a_model_runs_over_the_cases_and_failures_are_misses() -> None:
    cases = [case_of("a.txt", ""), case_of("b.txt", FRENCH)]
    model = ScriptedModel(constant_answer)
    found = await run_model(cases, model, ("header", "figures"))
    assert found.predictions["a.txt"].records["figures"]
    assert isinstance(found.predictions["a.txt"].records["article"][0], Article)
    assert "language 'fr'" in (found.predictions["b.txt"].failure or "")
    assert found.predictions["b.txt"].records == {"article": (), "figures": ()}


async def test_unanswered_questions_are_problems_of_their_document(tmp_path: Path) -> None:
    model = ScriptedModel(lambda *_: invalid())
    found = await run_model([case_of("a.txt", "")], model, ("figures",))
    suite = small_suite(tmp_path)
    problems = score_run(suite, Outcome({}, found.runs)).problems
    assert problems["a.txt"][0].startswith("figures failed: ")


def test_agreement_is_over_documents_in_both_passes(tmp_path: Path) -> None:
    golds = [gold for gold, _ in labelled(3)]
    for gold in golds:
        write_gold(gold, tmp_path / "one" / f"{gold.document.name}.yaml")
    for gold in golds[:2]:
        write_gold(gold, tmp_path / "other" / f"{gold.document.name}.yaml")
    found = passes_agreement(tmp_path / "one", tmp_path / "other")
    assert found is not None
    assert (found.documents, found.strict["figures"].f1) == (2, 1.0)


def test_scores_tell_a_flawed_system_from_a_perfect_one(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    good, poor = (score_run(suite, Outcome(one(suite))) for one in (perfect, flawed))
    assert good.score.types["figures"].strict.f1 == 1.0
    assert poor.score.types["figures"].detection.recall == 0.5
    assert poor.score.types["figures"].strict.correct == 0
