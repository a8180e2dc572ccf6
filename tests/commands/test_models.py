"""`extractor models`: names to copy, keys that were refused, what a server takes."""

from __future__ import annotations

from typing import Any

import pytest
from typer.testing import CliRunner, Result

from extractor.cli import app
from extractor.commands import models as command
from extractor.models import ModelStatus
from tests.models.stub import Step, completion, serve
from tests.support import served

ANSWER = '{"kind": "place", "place": "Aldermere", "counts": [{"number": 45, "what": "boats"}]}'


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["models", *arguments], env={"COLUMNS": "60"})


def picky(request: dict[str, Any]) -> Step:
    for name in ("temperature", "max_tokens"):
        if name in request:
            return Step(400, {"error": {"message": f"unknown: {name}", "param": name}})
    return completion(ANSWER)


def test_a_probe_shows_what_the_server_takes() -> None:
    with serve(picky) as stub:
        result = run("--probe", "some-model", "--base-url", stub.url)
    assert result.exit_code == 0, result.stderr
    lines = {line.split("│")[1].strip(): line for line in result.stdout.splitlines() if "│" in line}
    assert "json_schema" in lines["structured answers"]
    assert "max_completion_tokens" in lines["limit of tokens"]
    assert "not sent" in lines["temperature"]
    assert "not set" in lines["seed"]
    assert "3, of which 2 in vain" in lines["requests"]
    assert len(stub.requests) == 3


def test_a_probe_without_an_answer_says_why() -> None:
    with serve(Step(401, {"error": {"message": "no"}})) as stub:
        result = run("--probe", "some-model", "--base-url", stub.url)
    assert result.exit_code == 1
    assert "EXTRACTOR_API_KEY" in result.stderr


def test_the_embedded_model_has_no_server_to_probe() -> None:
    result = run("--probe", "local")
    assert result.exit_code == 2
    assert "no server to ask" in result.stderr


def test_names_are_whole_however_long(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "organisation/" + "a-very-long-name-" * 9
    found = [ModelStatus(long, usable=True, detail="http://h/v1")]
    monkeypatch.setattr(command, "available_models", lambda _: found)
    assert long in run().stdout


@pytest.mark.parametrize(
    ("status", "said", "remedy"),
    [
        (401, "no", "EXTRACTOR_API_KEY"),
        (403, "no", "may not use"),
        (400, "Invalid API key", "EXTRACTOR_API_KEY"),
        (404, "Not Found", "--probe NAME"),
    ],
)
def test_a_server_that_refuses_is_not_called_usable(
    status: int, said: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong")
    with serve(served, models=Step(status, {"error": {"message": said}})) as stub:
        result = run("--base-url", stub.url)
    named = [line for line in result.stdout.splitlines() if line.startswith("NAME")]
    assert len(named) == 1
    assert "not usable" in named[0] and remedy in named[0]
    assert "openai/NAME" not in result.stdout
