"""`extractor status` and `extractor export`: what a store says to people and to other programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from extractor import Extraction, Store
from extractor.cli import app
from extractor.pipeline import extract_document
from extractor.store import DeadLetter
from tests.support import article, obedient


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
async def extraction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Extraction:
    """What is in s.db, in the working directory."""
    monkeypatch.chdir(tmp_path)
    with Store(Path("s.db")) as store:
        found = await extract_document(article(), model=obedient(), store=store)
        await store.add_dead_letter(
            DeadLetter("b.txt", None, "read", "DocumentError", "b\n\x1b[1m")
        )
    return found


def test_status_says_what_there_is(extraction: Extraction) -> None:
    first, *others = run("status", "s.db").stdout.splitlines()
    assert first == "documents: 1 begun, 1 done, 1 given up"
    assert r"given up: 1 x DocumentError (read): b \u001b[1m" in others[1]
    attempts = {run.task: run.attempts for run in extraction.runs}
    (figures,) = [
        line.split() for line in others if line.startswith("scripted") and "figures" in line
    ]
    assert figures[:4] == ["scripted", "figures", str(attempts["figures"]), "0"]


def test_status_as_json(extraction: Extraction) -> None:
    found = json.loads(run("status", "s.db", "--json").stdout)
    assert (found["documents"], found["done"]) == (1, 1)
    assert found["given_up"][0]["example"] == "b\n\x1b[1m"
    assert sum(row["attempts"] for row in found["spent"]) == sum(
        r.attempts for r in extraction.runs
    )


def test_export_takes_its_format_from_the_name(extraction: Extraction) -> None:
    result = run("export", "s.db", "-o", "out.jsonl")
    assert (result.exit_code, result.stderr) == (0, "out.jsonl: 1 documents\n")
    line = Path("out.jsonl").read_text(encoding="utf-8")
    assert Extraction.model_validate_json(line) == extraction
    assert run("export", "s.db", "-o", "tables", "--format", "csv").exit_code == 0
    rows = Path("tables/figures.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + len(extraction.figures or [])


@pytest.mark.usefixtures("extraction")
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("export", "s.db", "-o", "tables"), "tables: no format in its name - give --format with"),
        (("export", "s.db", "-o", "x", "--format", "xls"), "--format xls: unknown - give --format"),
        (
            ("export", "none.db", "-o", "x.jsonl"),
            "none.db: no such store - run `extractor annotate`",
        ),
        (("status", "none.db"), "none.db: no such store - run `extractor annotate`"),
    ],
)
def test_wrong_use_is_one_clear_line(arguments: tuple[str, ...], problem: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {problem}")
    assert not Path("none.db").exists()
