"""A server that repeats the key in every way: nothing that is written holds it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from typer.testing import CliRunner

from extractor.cli import app
from tests.models.stub import Answer, Step, completion, serve
from tests.support import served

KEY = "sk-test-Zq8/wX7vY6u+T5s4R3q2P1o0"
PASSWORD = "p4ss/word-of-mine"


def error(status: int, message: str, **more: str) -> Step:
    body = {"error": {"message": message, "type": "invalid_request_error", **more}}
    return Step(status=status, body=body)


def answer_with(words: str) -> Callable[[dict[str, Any]], Step]:
    """A good answer, with words beside and within it."""

    def answer(request: dict[str, Any]) -> Step:
        step = served(request)
        assert isinstance(step.body, dict)
        body = {**step.body, "model": words, "id": words, "system_fingerprint": words}
        choice = {**step.body["choices"][0], "finish_reason": words}
        return Step(body={**body, "choices": [choice]}, headers={"x-request-id": words})

    return answer


ECHOES: dict[str, Answer] = {
    "400": error(400, f"bad request with {KEY}"),
    "401": error(401, f"Incorrect API key provided: {KEY[:10]}***********{KEY[-4:]}."),
    "403": error(403, f"key {KEY} may not", code=KEY),
    "404": error(404, f"https://llm.invalid/?key={quote(KEY, safe='')}"),
    "422": Step(status=422, body=json.dumps({"error": {"message": KEY}}).replace("/", "\\/")),
    "429": error(429, "quota", code=f"quota:{KEY}"),
    "500 as text": Step(500, f"<html>{KEY}</html>", {"content-type": "text/html"}),
    "503 in base64": error(503, base64.b64encode(f"Bearer {KEY}".encode()).decode()),
    "400 in code points": Step(
        status=400,
        body='{"error": {"message": "%s", "code": "%s"}}'
        % (("".join(f"\\u{ord(c):04x}" for c in KEY),) * 2),
    ),
    "400 in parts": error(400, f"begins with {KEY[:14]} and ends with {KEY[14:]}"),
    "400 type": Step(status=400, body={"error": {"message": "no", "type": KEY, "code": None}}),
    "header": Step(400, {"error": {"message": "no"}}, {"x-key": KEY}),
    "retry-after": Step(429, {"error": {"message": "no"}}, {"retry-after": KEY}),
    "answer": completion(f"I know your key: {KEY}"),
    "answer that fits no schema": completion(json.dumps({KEY: KEY})),
    "beside an answer": answer_with(KEY),
    "redirection": Step(status=307, headers={"location": f"http://{'x' * 8}.invalid/{KEY}"}),
    "redirection to a user": Step(status=308, headers={"location": f"http://a:{KEY}@b.invalid/"}),
    "200 with an error": Step(body={"error": {"message": KEY, "code": KEY}}),
}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("EXTRACTOR_TRANSPORT_RETRIES", "1")
    monkeypatch.setenv("EXTRACTOR_VALIDATION_RETRIES", "1")
    monkeypatch.setenv("EXTRACTOR_MAX_RETRY_AFTER_SECONDS", "1")
    Path("in").mkdir()
    for name, noun in (("a", "divers"), ("b", "pilots")):
        Path(f"in/{name}.txt").write_text(f"At least 640 {noun} joined the coast patrol.")


def written(*said: str) -> bytes:
    """All bytes that a run has left: output, store, log; and what it has said."""
    files = [path for path in Path().rglob("*") if path.is_file() and path.parts[0] != "in"]
    assert {"s.db"} <= {path.name for path in files}
    return b"\n".join([*(path.read_bytes() for path in files), *(one.encode() for one in said)])


def parts_of(secret: str) -> list[bytes]:
    """What may not be found: any eight characters of the secret, or twelve of an encoding."""
    escaped = "".join(f"\\u{ord(c):04x}" for c in secret)
    encoded = base64.b64encode(f"Bearer {secret}".encode()).decode()[10:]
    found = [secret[i : i + 8] for i in range(len(secret) - 7)]
    found += [form[i : i + 12] for form in (escaped, encoded) for i in range(len(form) - 11)]
    return [part.encode() for part in found]


@pytest.mark.parametrize("way", ECHOES)
def test_the_key_is_nowhere(way: str) -> None:
    options = ["--model", "m", "--store", "s.db", "--log", "log.jsonl", "-o", "out.jsonl"]
    with serve(ECHOES[way]) as stub:
        named = ["annotate", "in", "--records", "figures", "--base-url", stub.url, *options]
        result = CliRunner().invoke(app, named)
        assert stub.keys[0] == f"Bearer {KEY}"
    status = CliRunner().invoke(app, ["status", "s.db"])
    shown = CliRunner().invoke(app, ["status", "s.db", "--json"])
    everything = written(result.output, result.stderr, status.output, shown.output)
    assert not [part for part in parts_of(KEY) if part in everything]
    assert not result.exception or isinstance(result.exception, SystemExit)


def test_a_password_in_the_address_is_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with serve(error(403, f"no {PASSWORD}")) as stub:
        url = stub.url.replace("http://", f"http://me:{quote(PASSWORD, safe='')}@")
        options = ["--base-url", url, "--model", "m", "--store", "s.db", "--log", "log.jsonl"]
        result = CliRunner().invoke(app, ["annotate", "in", "--records", "figures", *options])
        models = CliRunner().invoke(app, ["models", "--base-url", url])
    everything = written(result.output, result.stderr, models.output)
    assert stub.url.encode().split(b"/")[2] in everything
    assert not [part for part in parts_of(PASSWORD) if part in everything]
    assert quote(PASSWORD, safe="").encode() not in everything


def test_a_redirection_is_not_followed_and_both_hosts_are_named() -> None:
    with serve(served) as other:
        target = f"{other.url}/chat/completions"
        with serve(Step(status=307, headers={"location": target})) as stub:
            options = ["--base-url", stub.url, "--model", "m", "--store", "s.db"]
            named = ["annotate", "in", "--records", "figures", *options]
            result = CliRunner().invoke(app, named)
        models = CliRunner().invoke(app, ["models", "--base-url", stub.url])
    assert result.exit_code == 1
    assert other.requests == []
    line = " ".join(result.stderr.split())
    assert f"{stub.url.removesuffix('/v1')} sends on to {other.url.removesuffix('/v1')}" in line
    assert "base_url" in line
    assert models.exit_code == 0
