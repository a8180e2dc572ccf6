"""`extractor annotate --batch`, as a user meets it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from extractor.cli import app
from tests.bulk.batch_stub import BatchStub, Fate, serve_batches

TEXT = "At least 640 divers joined the coast patrol."
GOES_ON = "The server goes on with the batches that it has; the same command fetches"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(TEXT, encoding="utf-8")


@pytest.fixture
def stub() -> Iterator[BatchStub]:
    with serve_batches(BatchStub(fates=[Fate(looks=0)])) as server:
        yield server


def options(stub: BatchStub, *more: str) -> list[str]:
    named = ["--base-url", stub.url, "--model", "openai/gpt-5-mini", "--store", "s.db"]
    return ["annotate", *named, "--records", "figures", *more]


def annotate(stub: BatchStub, *more: str) -> Result:
    result = CliRunner().invoke(app, options(stub, *more))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_one_command_submits_and_the_same_one_fetches(stub: BatchStub) -> None:
    submitted = annotate(stub, "a.txt", "--batch", "--no-wait")
    assert submitted.exit_code == 0
    assert GOES_ON in submitted.stderr
    assert "requests submitted" in submitted.stderr
    fetched = annotate(stub, "a.txt", "--batch", "--log", "log.jsonl", "-o", "out.jsonl")
    assert fetched.exit_code == 0
    assert "a.txt: " in fetched.stderr
    assert len(stub.batches) == 1
    assert stub.direct == []
    (keys,) = stub.asked_for()
    assert len(Path("log.jsonl").read_text("utf-8").splitlines()) == len(keys)
    (found,) = map(json.loads, Path("out.jsonl").read_text("utf-8").splitlines())
    assert found["figures"]


def test_the_estimate_of_a_batch_is_at_half_the_price(stub: BatchStub) -> None:
    def most(*more: str) -> float:
        found = re.search(r"at most \$([\d.]+)$", _row(annotate(stub, "a.txt", *more)))
        assert found is not None
        return float(found[1])

    def _row(result: Result) -> str:
        (row,) = [line for line in result.stdout.splitlines() if line.split()[:1] == ["figures"]]
        return f"at most {row.split()[-1]}"

    assert most("--dry-run", "--batch") == pytest.approx(most("--dry-run") / 2, abs=1e-4)
    assert stub.asked == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["-", "--batch"], "-: --batch reads the documents several times - give files"),
        (["a.txt", "--no-wait"], "--no-wait: only a batch can be waited for later"),
        (["a.txt", "--batch", "--model", "local"], "model 'local' has no Batch API"),
        (["a.txt", "--batch", "--model", "odd", "--max-cost", "1"], "--max-cost: the price of"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_sent(
    stub: BatchStub, more: list[str], words: str
) -> None:
    result = annotate(stub, *more)
    assert result.exit_code == 2
    assert words in result.stderr
    assert stub.asked == []


def test_a_limit_that_may_be_passed_is_said_by_how_much(stub: BatchStub) -> None:
    result = annotate(stub, "a.txt", "--batch", "--max-tokens", "10")
    assert result.exit_code == 1
    assert re.search(r"may take \d+ tokens more than --max-tokens 10; nothing was", result.stderr)
    assert stub.asked == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_ends_at_once_and_says_that_the_server_goes_on(
    stub: BatchStub, number: signal.Signals
) -> None:
    stub.fates = [Fate(looks=99)]
    code = "from extractor.cli import app; app()"
    command = [sys.executable, "-c", code, *options(stub, "a.txt", "--batch")]
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": root}
    ) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        time.sleep(0.2)
        process.send_signal(number)
        try:
            _, said = process.communicate(timeout=25)  # less than until the next look
        finally:
            process.kill()
    assert "requests submitted" in first
    assert process.returncode == 130
    assert GOES_ON in said
    assert len(stub.batches) == 1
