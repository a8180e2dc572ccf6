"""`extractor annotate`: what it logs, foresees, limits, hands on, and passes over."""

from __future__ import annotations

import gc
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from extractor import Extraction
from extractor.bulk.estimate import most_tokens
from extractor.cli import app
from extractor.commands import annotate as command
from extractor.models import Message, Request
from tests.models.stub import Step, Stub, completion, refusal, serve
from tests.support import rows, served

NOUNS = ("divers", "sailors", "pilots")
KEY = "sk-very-secret-0123456789"
TOKENS = 25  # what the stub counts for each reply
PRICED = "openai/gpt-5-mini"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three files, each with one question about its figure."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXTRACTOR_TRANSPORT_RETRIES", "0")
    monkeypatch.setenv("EXTRACTOR_VALIDATION_RETRIES", "0")
    monkeypatch.setenv("EXTRACTOR_CONCURRENCY", "1")
    Path("in").mkdir()
    for number, noun in enumerate(NOUNS):
        text = f"At least {640 + number} {noun} joined the coast patrol."
        Path(f"in/{noun}.txt").write_text(text, encoding="utf-8")


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serve(served) as server:
        yield server


def annotate(stub: Stub, *more: str, model: str = "m") -> Result:
    named = ["--base-url", stub.url, "--model", model, "--store", "s.db", "--records", "figures"]
    result = CliRunner().invoke(app, ["annotate", "in", *named, *more])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def asks_about(noun: str, request: dict[str, Any]) -> bool:
    return noun in request["messages"][-1]["content"]


def fails_at(noun: str, request: dict[str, Any]) -> Step:
    """No usable reply about the document with this noun."""
    return completion(f"no {noun}") if asks_about(noun, request) else served(request)


def extractions() -> list[Extraction]:
    lines = Path("out.jsonl").read_text(encoding="utf-8").splitlines()
    return [Extraction.model_validate_json(line) for line in lines]


def test_the_log_has_one_line_per_attempt_without_text_and_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EXTRACTOR_API_KEY", KEY)
    monkeypatch.setenv("EXTRACTOR_VALIDATION_RETRIES", "1")
    with serve(completion('{"sailors": "joined the patrol"}'), served) as stub:
        assert annotate(stub, "--log", "log.jsonl").exit_code == 0
        assert stub.keys == [f"Bearer {KEY}"] * len(stub.requests)
        assert annotate(stub, "--log", "log.jsonl").exit_code == 0
    text = Path("log.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert len(lines) == len(stub.requests) == len(NOUNS) + 1
    assert [line["number"] for line in lines] == [1, 2, 1, 1]
    assert [line["error"] is None for line in lines] == [False, True, True, True]
    assert {line["task"] for line in lines} == {"figures"}
    assert {line["prompt_tokens"] + line["completion_tokens"] for line in lines} == {TOKENS}
    (documents,) = rows(Path("s.db"), "SELECT group_concat(id, ' ') FROM documents")
    assert {line["document"] for line in lines} == set(documents[0].split())
    said = ["640", "patrol", *NOUNS, KEY, KEY[3:]]
    assert not [words for words in said if words in text]


def test_a_log_that_cannot_be_written_is_named_before_anything_is_asked(stub: Stub) -> None:
    result = annotate(stub, "--log", "none/log.jsonl")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: none/log.jsonl: cannot be written (No such file")
    assert "give another --log" in result.stderr
    assert stub.requests == []


def row_of_figures(result: Result) -> list[str]:
    """Calls, tokens in and out, dollars about and at most."""
    rows_ = [line.split() for line in result.stdout.splitlines()]
    (found,) = [row[1:] for row in rows_ if row[:1] == ["figures"]]
    return found


def foreseen(result: Result) -> list[float]:
    """The row as numbers."""
    return [float(re.sub(r"[$,]", "", cell)) for cell in row_of_figures(result)]


def test_a_dry_run_sends_nothing_and_says_what_is_open(stub: Stub) -> None:
    result = annotate(stub, "--dry-run", model=PRICED)
    assert result.exit_code == 0
    calls, tokens_in, tokens_out, about, most = foreseen(result)
    assert calls == len(NOUNS)
    assert tokens_in > 100 * calls
    assert tokens_out > calls
    assert 0 < about < most
    assert f"In all about ${about:.2f}, at most ${most:.2f} without retries." in result.stdout
    assert stub.requests == []
    assert not Path("s.db").exists()
    annotate(stub, model=PRICED)
    asked = len(stub.requests)
    assert foreseen(annotate(stub, "--dry-run", model=PRICED)) == [0] * 5
    assert len(stub.requests) == asked == calls


def test_a_dry_run_without_a_price_counts_all_the_same(stub: Stub) -> None:
    result = annotate(stub, "--dry-run")
    assert result.exit_code == 0
    assert "The price of this model is not known: give it in a file" in result.stdout
    calls, *_, most = row_of_figures(result)
    assert (calls, most) == (str(len(NOUNS)), "?")


def most_of_one(request: dict[str, Any]) -> int:
    """Tokens that are set aside for a request like this one."""
    messages = tuple(Message(one["role"], one["content"]) for one in request["messages"])
    written = request.get("max_completion_tokens") or request["max_tokens"]
    return most_tokens(Request("figures", messages, written)) + int(written)


def test_a_run_stops_before_its_tokens_are_passed_and_the_same_command_goes_on(
    stub: Stub,
) -> None:
    annotate(stub, "--store", "other.db")
    most = max(map(most_of_one, stub.requests))
    stub.requests.clear()
    limit = str(most + TOKENS + TOKENS // 2)  # the worst case of the third does not fit
    stopped = annotate(stub, "--max-tokens", limit)
    assert stopped.exit_code == 1
    words = f"error: the next request may go beyond --max-tokens {limit} - the same command goes on"
    assert words in stopped.stderr
    assert len(stub.requests) == 2
    assert rows(Path("s.db"), "SELECT count(*) FROM results") == [(2,)]
    assert rows(Path("s.db"), "SELECT * FROM dead_letters") == []
    assert annotate(stub, "--max-tokens", limit).exit_code == 0
    assert len(stub.requests) == len(NOUNS)
    assert math.prod(asks_about(n, r) for n, r in zip(sorted(NOUNS), stub.requests, strict=True))


def test_a_fallback_takes_what_the_first_model_fails_at() -> None:
    def answer(request: dict[str, Any]) -> Step:
        return fails_at("sailors", request) if request["model"] == "m" else served(request)

    with serve(answer) as stub:
        result = annotate(stub, "--fallback", "helper", "-o", "out.jsonl")
    assert result.exit_code == 0
    asked = [request["model"] for request in stub.requests]
    assert sorted(asked) == ["helper", *["m"] * len(NOUNS)]
    authors = {e.document.name: [run.model for run in e.runs] for e in extractions()}
    assert {name for name, (model,) in authors.items() if "helper" in model} == {"in/sailors.txt"}


def test_a_fallback_is_asked_only_for_the_failures_that_it_is_named_for() -> None:
    def answer(request: dict[str, Any]) -> Step:
        return fails_at("sailors", request) if request["model"] == "m" else served(request)

    with serve(answer) as stub:
        result = annotate(stub, "--fallback", "helper", "--fallback-on", "transport,quota")
    assert result.exit_code == 1
    assert "  figures failed: " in result.stderr
    assert {request["model"] for request in stub.requests} == {"m"}


def test_a_fallback_may_stand_in_for_a_server_that_fails() -> None:
    def answer(request: dict[str, Any]) -> Step:
        return refusal(500) if request["model"] == "m" else served(request)

    with serve(answer) as stub:
        result = annotate(stub, "--fallback", "helper", "--fallback-on", "transport")
    assert result.exit_code == 0
    assert [r["model"] for r in stub.requests].count("helper") == len(NOUNS)


def test_an_unknown_class_of_failures_is_wrong_usage(stub: Stub) -> None:
    result = annotate(stub, "--fallback", "helper", "--fallback-on", "invalid,slow")
    assert result.exit_code == 2
    words = "error: --fallback-on: unknown slow - use any of: invalid, transport, quota"
    assert result.stderr.startswith(words)
    assert stub.requests == []


def test_what_was_given_up_is_passed_over_and_said_until_it_is_to_be_tried_again() -> None:
    passed_over = "1 document was given up before and passed over: --retry-dead tries again."
    with serve(lambda request: fails_at("sailors", request)) as stub:
        first = annotate(stub)
        assert first.exit_code == 1
        assert "passed over" not in first.stderr
        stub.steps = [served]
        asked = len(stub.requests)
        again = annotate(stub)
        assert again.exit_code == 1
        assert passed_over in again.stderr.splitlines()
        other = annotate(stub, model="other")
        assert passed_over in other.stderr.splitlines()
        assert not [r for r in stub.requests[asked:] if asks_about("sailors", r)]
        tried = annotate(stub, "--retry-dead")
    assert tried.exit_code == 0
    assert "passed over" not in tried.stderr
    assert asks_about("sailors", stub.requests[-1])
    assert rows(Path("s.db"), "SELECT * FROM dead_letters") == []


def test_a_server_that_is_down_gives_no_document_up(stub: Stub) -> None:
    with serve(refusal(500)) as dead:
        result = annotate(dead)
    assert result.exit_code == 1
    (error,) = [one for one in result.stderr.splitlines() if one.startswith("error: ")]
    assert error.startswith(f"error: no answer to {len(NOUNS)} documents: ")
    assert error.endswith("the same command goes on from there")
    assert annotate(stub, "-o", "out.jsonl").exit_code == 0
    assert len(extractions()) == len(NOUNS)


def test_collections_pass_over_what_stays_loaded(stub: Stub) -> None:
    command._keep_what_is_loaded.cache_clear()
    try:
        assert annotate(stub).exit_code == 0
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
