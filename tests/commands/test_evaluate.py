"""`extractor eval ...` as a user types it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extractor.cli import app
from extractor.commands import evaluate
from extractor.evaluation.results import load_result
from tests.evaluation.folders import labelled, small_suite, write_gold
from tests.evaluation.test_runner import write_outputs
from tests.models.stub import serve
from tests.support import served

GUIDE = Path(__file__).parents[2] / "docs" / "evaluation.md"


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    small_suite(tmp_path / "suite", 1)
    return tmp_path / "suite"


def call(*arguments: object) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["eval", *map(str, arguments)])
    return found.exit_code, " ".join(found.output.split())


def test_a_folder_is_scored_and_the_files_are_written(suite: Path, tmp_path: Path) -> None:
    small = small_suite(suite, 1)
    outputs = write_outputs(small, tmp_path / "mine.jsonl")
    files = ("--output", tmp_path / "r.json", "--html", tmp_path / "r.html")
    status, text = call(suite, "--outputs", outputs, *files)
    assert status == 0, text
    result = load_result(tmp_path / "r.json")
    assert [one.name for one in result.systems] == ["empty", "quantulum", "constant", "mine"]
    mine = next(row for row in result.summary if (row.system, row.kind) == ("mine", "figures"))
    assert mine.strict.f1 == 1.0
    assert "<h1>Evaluation: suite</h1>" in (tmp_path / "r.html").read_text()
    status, text = call("compare", f"{tmp_path / 'r.json'}:mine", f"{tmp_path / 'r.json'}:empty")
    assert status == 0
    assert "A mine against B empty" in text
    assert "underpowered" in text


def test_invalid_output_fails_the_run(suite: Path, tmp_path: Path) -> None:
    outputs = write_outputs(small_suite(suite, 1), tmp_path / "mine.jsonl")
    row = json.loads(outputs.read_text())
    row["figures"][0]["mentions"] = []
    outputs.write_text(json.dumps(row))
    status, text = call("run", suite, "--outputs", outputs)
    assert status == 1
    assert "mine: a0.txt: failed, counted as missed: does not fit the schema" in text


def test_floors_are_set_held_and_only_lowered_on_demand(suite: Path) -> None:
    assert call("gate", suite) == (
        1,
        f"{suite}/floors.yaml: no floors yet - set them with `extractor eval gate --raise`",
    )
    assert call("gate", suite, "--raise")[0] == 0
    assert call("gate", suite)[0] == 0
    floors = suite / "floors.yaml"
    assert "strict: 0.0\n" in floors.read_text()
    floors.write_text(floors.read_text().replace("strict: 0.0\n", "strict: 0.9\n"))
    for flags in ((), ("--raise",)):
        status, text = call("gate", suite, *flags)
        assert status == 1
        assert "fell from 0.9000 to 0.0000" in text
    assert call("gate", suite, "--lower")[0] == 0
    assert "strict: 0.9\n" not in floors.read_text()


def test_other_gold_needs_new_floors(suite: Path) -> None:
    call("gate", suite, "--raise")
    gold = labelled(1)[0][0]
    write_gold(gold.model_copy(update={"events": []}), suite / "gold/a0.yaml")
    for flags in ((), ("--raise",), ("--lower",)):
        status, text = call("gate", suite, *flags)
        assert status == 1
        assert "gold changed" in text
    assert call("gate", suite, "--raise", "--lower")[0] == 0
    assert call("gate", suite)[0] == 0


def test_a_model_is_recorded_once_and_replayed_without_it(suite: Path) -> None:
    with serve(served) as stub:
        status, text = call("record", suite, "--model", "m", "--base-url", stub.url)
        asked = len(stub.requests)
        assert status == 0, text
        assert f"m.jsonl: {asked} answers, {asked} of them new" in text
        status, text = call("record", suite, "--model", "m", "--base-url", stub.url)
        assert f"{asked} answers, 0 of them new" in text
        assert len(stub.requests) == asked
    status, text = call("run", suite)
    assert status == 0, text
    assert "figures empty" in text
    assert " m " in text


def test_a_recording_that_lacks_answers_is_named_and_fails(suite: Path) -> None:
    with serve(served) as stub:
        call("record", suite, "--model", "m", "--base-url", stub.url)
    recording = suite / "recorded/m.jsonl"
    recording.write_text(recording.read_text().splitlines()[0])
    for command in ("run", "gate"):
        status, text = call(command, suite)
        assert status == 1
        assert "no answer to a question of" in text
        assert "record again" in text


def test_live_runs_show_their_variance(suite: Path) -> None:
    with serve(served) as stub:
        status, text = call(suite, "--model", "m", "--base-url", stub.url, "--repeat", 2)
    assert status == 0, text
    assert "Variance over runs" in text
    assert "0.0, 0.0 0.0" in text


def test_lint_names_file_and_fault(suite: Path) -> None:
    (suite / "suite.yaml").write_text("labels: {measures: [pay]}")
    status, text = call("lint", "--suite", suite)
    assert status == 1
    assert "a0.yaml: fig-0: label: 'other' is not in the label set" in text


def test_agreement_of_two_passes(suite: Path) -> None:
    status, text = call("agreement", suite / "gold", suite / "gold")
    assert status == 0
    assert "Agreement of two annotators: 1 documents" in text
    assert "100.0 (2/2/2)" in text


def test_missing_packages_are_named_with_the_remedy(
    suite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluate, "find_spec", lambda name: None if name == "scipy" else name)
    status, text = call("run", suite)
    assert status == 2
    assert "eval needs scipy - install them: pip install 'extractor[eval]'" in text


def test_repeating_needs_a_live_model(suite: Path) -> None:
    status, text = call("run", suite, "--repeat", 2)
    assert status == 2
    assert "--repeat: only a live model" in text


def test_help_lists_the_commands() -> None:
    status, text = call("--help")
    assert status == 0
    assert all(name in text for name in ("run", "record", "compare", "gate", "lint", "agreement"))


@pytest.mark.parametrize(
    "line",
    [one.strip() for one in GUIDE.read_text().splitlines() if one.startswith("    extractor")],
)
def test_documented_commands_exist(line: str) -> None:
    program, group, *arguments = shlex.split(line, comments=True)
    assert (program, group) == ("extractor", "eval")
    status, text = call(*arguments, "--help")
    assert status == 0, text
