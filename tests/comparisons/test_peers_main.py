"""The whole run: tuning first, then the chosen configurations; a part goes to the work folder."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from rich.console import Console

from evals.comparisons.peers import __main__ as command
from evals.comparisons.peers.configurations import OURS
from evals.comparisons.peers.runner import Answer, Question, keep
from extractor.errors import UsageError
from extractor.models.weights import Weights
from extractor.output import DocumentInfo, Extraction
from extractor.records import Metadata
from tests.evaluation.folders import small_suite


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A bench of made-up pages whose every system finds nothing; what was asked, in order."""
    cases = small_suite(tmp_path / "suite").cases
    labels: list[str] = []

    async def answer_all(
        pending: Sequence[Question],
        weights: Weights,
        work: Path,
        timeout: float,
        report: Callable[[Answer], None],
    ) -> None:
        assert (weights.sha256, work, timeout) == ("0" * 64, tmp_path / "work", 9)
        for question in pending:
            labels.append(f"{question.system.label} {question.page}")
            answer = found_nothing(question)
            keep(answer, question.path)
            report(answer)

    monkeypatch.setattr(command, "answer_all", answer_all)
    monkeypatch.setattr(command, "require_engine", lambda: None)
    monkeypatch.setattr(command, "packaged_weights", lambda _: Weights(Path("w.gguf"), "0" * 64))
    monkeypatch.setattr(command, "cases_of", lambda _: list(cases))
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "HERE", tmp_path)
    monkeypatch.setattr(command, "WORK", tmp_path / "work")
    return labels


def found_nothing(question: Question) -> Answer:
    """An answer without records; the later configurations take longer."""
    info = DocumentInfo(
        id="x", name="x", language="en", characters=1, metadata=Metadata(), furniture=[]
    )
    extraction = Extraction(document=info, figures=[], quotations=[]).model_dump(mode="json")
    own = question.system.name == OURS
    slow = question.system.configuration in ("defaults", "no-examples")
    return Answer(
        system=question.system.name,
        configuration=question.system.configuration,
        page=question.page,
        lines=[{"kind": "extraction", "value": extraction}] if own else [],
        seconds=1.0 if slow else 5.0,
    )


def run(
    pages: tuple[str, ...] = (), systems: tuple[str, ...] = (), limit: int | None = None
) -> str:
    console = Console(file=io.StringIO(), width=300)
    assert command.compare(command.Choice(pages, systems, limit, 9), console) == 0
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_best_configurations_alone_go_on_and_the_result_is_written(
    asked: list[str], tmp_path: Path
) -> None:
    told = run()
    assert len(asked) == 7 * 2  # the made-up sets share their pages, so later ones are kept
    assert "Chosen on the tuning pages: instructor/no-examples, langextract/defaults." in told
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert [len(rows) for rows in result["sets"].values()] == [7, 3, 3]
    assert run() == told
    assert len(asked) == 7 * 2


def test_a_limit_stops_early_and_the_next_run_goes_on(asked: list[str], tmp_path: Path) -> None:
    run(limit=3)
    assert asked == ["extractor/shipped a0.txt", "extractor/shipped a1.txt",
                     "langextract/defaults a0.txt"]  # fmt: skip
    assert not (tmp_path / "result.json").exists()
    assert (tmp_path / "work" / "result.json").exists()
    run()
    assert len(asked) == len(set(asked)) == 7 * 2


def test_a_filter_asks_only_what_it_names(asked: list[str]) -> None:
    run(pages=("a1",), systems=("instructor/examples", "extractor"))
    assert asked == ["extractor/shipped a1.txt", "instructor/examples a1.txt"]


@pytest.mark.usefixtures("asked")
def test_an_unknown_system_is_named_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="langextract/defaults"):
        run(systems=("spacy",))
