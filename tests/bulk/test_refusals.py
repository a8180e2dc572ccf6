"""What a server refuses to every document is no document's fault: nothing is given up for it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from extractor import Store
from extractor.cli import app
from extractor.store import DeadLetter
from tests.bulk.harness import documents
from tests.models.stub import Step, Stub, serve
from tests.support import rows, served

DOCUMENTS = 11


def refuse(status: int, said: str = "no") -> Step:
    return Step(status, {"error": {"message": said}})


def annotate(stub: Stub, folder: Path, *more: str, model: str = "m") -> Any:
    """Run the command line over the invented documents and three more."""
    articles = folder / "articles"
    articles.mkdir(exist_ok=True)
    for document in documents(DOCUMENTS):
        (articles / document.name).write_text(document.text)
    for number in range(3):
        text = f"The firm pays {number + 3} of the {number + 70} divers. They own 45 boats."
        (articles / f"more{number}.txt").write_text(text)
    given = ["annotate", str(articles), "--store", str(folder / "s.db"), "--model", model]
    given += ["--records", "figures,header", "--base-url", stub.url, *more]
    return CliRunner().invoke(app, given)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_fourteen_documents_at_a_server_that_refuses_all(status: int, tmp_path: Path) -> None:
    with serve(refuse(status, "no such thing")) as stub:
        result = annotate(stub, tmp_path)
    assert result.exit_code == 1
    assert "no such thing" in result.stderr or status == 401
    assert len(stub.requests) <= 5
    assert rows(tmp_path / "s.db", "SELECT * FROM dead_letters") == []
    with serve(served) as stub:
        assert annotate(stub, tmp_path).exit_code == 0
    assert rows(tmp_path / "s.db", "SELECT count(*) FROM results") == [(2 * 14,)]


def test_a_refusal_among_answers_is_the_documents(tmp_path: Path) -> None:
    def answer(request: dict[str, Any]) -> Step:
        return (
            refuse(400, "too odd")
            if "641" in request["messages"][-1]["content"]
            else served(request)
        )

    with serve(answer) as stub:
        assert annotate(stub, tmp_path).exit_code == 1
    [(name, reason)] = rows(tmp_path / "s.db", "SELECT name, reason FROM dead_letters")
    assert name.endswith("1.txt") and "too odd" in reason


def test_what_older_versions_gave_up_is_tried_when_something_changed(tmp_path: Path) -> None:
    reason = "figures: openai/m@h: refused with status 400 (temperature) after 1 attempt - check"
    with Store(tmp_path / "s.db") as store:
        for document in documents(3):
            which = (document.name, document.fingerprint)
            letter = DeadLetter(*which, "extract", "ReplyInvalid", reason)
            asyncio.run(store.add_dead_letter(letter))
        unreadable = DeadLetter("x", None, "extract", "ReplyInvalid", "figures: no usable reply")
        assert not unreadable.is_refusal()
    with serve(served) as stub:
        result = annotate(stub, tmp_path)
    assert result.exit_code == 0
    assert rows(tmp_path / "s.db", "SELECT * FROM dead_letters") == []


def test_what_is_refused_again_is_passed_over_until_something_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(request: dict[str, Any]) -> Step:
        return refuse(400) if "641" in request["messages"][-1]["content"] else served(request)

    with serve(answer) as stub:
        annotate(stub, tmp_path)
        asked = len(stub.requests)
        annotate(stub, tmp_path)
        assert len(stub.requests) == asked
        monkeypatch.setenv("EXTRACTOR_SEED", "7")
        annotate(stub, tmp_path)
        assert len(stub.requests) > asked


def test_adaptations_are_said_and_kept_with_the_records(tmp_path: Path) -> None:
    def answer(request: dict[str, Any]) -> Step:
        refused = "temperature" in request
        return refuse(400, "`temperature` is deprecated") if refused else served(request)

    with serve(answer) as stub:
        result = annotate(stub, tmp_path, "-o", str(tmp_path / "out.jsonl"))
    assert result.exit_code == 0
    for line in (tmp_path / "out.jsonl").read_text().splitlines():
        for run in json.loads(line)["runs"]:
            assert run["adapted"] in ([], ["temperature is not sent"])
            assert run["adapted"] or run["attempts"] == run["reused"] == 0 or not run["attempts"]
            assert run["parameters"] == {"temperature": 0.0}


def test_usage_that_is_not_reported_is_said(tmp_path: Path) -> None:
    def answer(request: dict[str, Any]) -> Step:
        step = served(request)
        assert isinstance(step.body, dict)
        del step.body["usage"]
        return step

    with serve(answer) as stub:
        result = annotate(stub, tmp_path, "--max-tokens", "3000")
    assert result.exit_code == 1
    assert f"Usage not reported for {len(stub.requests)} requests" in result.stderr


def test_a_limit_passed_by_real_usage_is_said(tmp_path: Path) -> None:
    def answer(request: dict[str, Any]) -> Step:
        step = served(request)
        assert isinstance(step.body, dict)
        step.body["usage"] = {"prompt_tokens": 90_000, "completion_tokens": 9}
        return step

    with serve(answer) as stub:
        result = annotate(stub, tmp_path, "--max-tokens", "3000")
    assert result.exit_code == 1
    assert "beyond --max-tokens 3000" in result.stderr
