"""How `extractor annotate` ends where it cannot go on, and that the same command then goes on."""

from __future__ import annotations

import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from extractor import Store
from extractor.bulk.batch_files import DOWNLOAD, BatchFiles
from extractor.cli import app
from extractor.store.database import open_writer
from tests.bulk.batch_stub import BatchStub, Fate, serve_batches
from tests.models.stub import Step, Stub, refusal, serve
from tests.soak import corpus
from tests.soak.bench import CRASH, Bench, bench
from tests.soak.plan import Kind, Plan
from tests.soak.store_facts import store_facts
from tests.support import rows, served

FULL = "/dev/full"
NOBODY = 65534
CONCURRENCY = 4
DOCUMENTS = 4
LENGTH = 10  # of a document in sentences with a question, at least
FEW = 8  # requests
PLAN = Plan(7, latency=(0.01, 0.05))
ANSWERS = "SELECT count(*) FROM calls"
JUMPING = """
import random, sys, time
from datetime import datetime, timedelta
from extractor.models import retry

luck, truth = random.Random(1), time.time

class Jumping(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(hours=luck.choice((-9, 9)))

time.time = lambda: truth() + luck.choice((-9, 9)) * 3600
retry.datetime = Jumping
from extractor.cli import app
app()
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("corpus").mkdir()
    told = [row["text"] for row in corpus.rows(DOCUMENTS * LENGTH, seed=1)]
    for number in range(DOCUMENTS):
        text = " ".join(told[number * LENGTH : (number + 1) * LENGTH])
        Path("corpus", f"{number}.txt").write_text(text, encoding="utf-8")
    Path("extractor.toml").write_text(f"concurrency = {CONCURRENCY}\ntransport_retries = 3\n")


def command(url: str, *more: str) -> list[str]:
    chosen = ["--base-url", url, "--model", "m", "--records", "figures", "--store", "s.db"]
    return ["annotate", "corpus", *chosen, *more]


def annotate(url: str, *more: str) -> Result:
    result = CliRunner().invoke(app, command(url, *more))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def last_line(result: Result) -> str:
    return result.stderr.splitlines()[-1]


def slowly(request: dict[str, Any]) -> Step:
    return Step(body=served(request).body, delay=0.05)


def assert_goes_on(server: Stub) -> None:
    """The same command asks what has no answer, once, and ends well."""
    kept, before = rows(Path("s.db"), ANSWERS)[0][0], len(server.requests)
    result = annotate(server.url)
    assert result.exit_code == 0
    assert len(server.requests) - before == rows(Path("s.db"), ANSWERS)[0][0] - kept
    assert rows(Path("s.db"), "SELECT count(*) FROM results") == [(DOCUMENTS,)]


def test_a_store_that_is_full_lets_nothing_more_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[sqlite3.Connection] = []

    def opened(path: Path) -> sqlite3.Connection:
        taken.append(open_writer(path))
        return taken[0]

    def answer(request: dict[str, Any]) -> Step:
        if len(server.requests) >= FEW and taken:
            taken.pop().execute("PRAGMA max_page_count = 1")  # SQLite takes the size that it has
        return slowly(request)

    with serve(answer) as server:
        with monkeypatch.context() as patch:
            patch.setattr("extractor.store.writer.open_writer", opened)
            result = annotate(server.url)
        assert result.exit_code == 1
        assert last_line(result).startswith("error: s.db: cannot be written (database or disk is")
        assert "free room" in last_line(result)
        kept = rows(Path("s.db"), ANSWERS)[0][0]
        # Those in flight, and those whose answers waited to be written with the first that failed.
        assert kept < len(server.requests) <= kept + 2 * CONCURRENCY
        assert_goes_on(server)


def test_an_output_that_is_full_lets_what_is_in_flight_finish() -> None:
    with serve(slowly) as server:
        result = annotate(server.url, "-o", FULL)
        assert result.exit_code == 2
        assert last_line(result) == (
            f"error: {FULL}: cannot be written (No space left on device) - give another -o"
        )
        assert rows(Path("s.db"), ANSWERS) == [(len(server.requests),)]
        assert_goes_on(server)


def test_a_log_that_is_full_is_told_once_and_left() -> None:
    with serve(served) as server:
        result = annotate(server.url, "--log", FULL)
    assert result.exit_code == 0
    assert result.stderr.count(f"{FULL}: cannot be written") == 1
    assert CRASH not in result.stderr
    assert rows(Path("s.db"), "SELECT count(*) FROM results") == [(DOCUMENTS,)]


def test_a_newer_store_is_named_before_anything_is_asked() -> None:
    Store(Path("s.db")).close()
    rows(Path("s.db"), "PRAGMA user_version = 99")
    with serve(served) as server:
        result = annotate(server.url)
    assert result.exit_code == 1
    assert result.stderr == (
        "error: s.db: written by a newer version (format 99) - upgrade extractor\n"
    )
    assert server.requests == []


@pytest.fixture
def _nobody(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The working directory and all in it can be read and not written, by whoever runs this."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("XDG_CONFIG_HOME", folder)
        Path("a.txt").write_text("At least 640 divers joined the coast patrol.", encoding="utf-8")
        Store(Path("s.db")).close()
        Path("s.db").chmod(0o444)
        Path(folder).chmod(0o555)
        user = os.geteuid()
        if user == 0:  # to whom everything is permitted
            os.seteuid(NOBODY)
        try:
            yield
        finally:
            os.seteuid(user)
            Path(folder).chmod(0o755)


@pytest.mark.usefixtures("_nobody")
@pytest.mark.parametrize("store", ["s.db", "new.db"])
def test_a_place_that_is_only_to_be_read_is_named_before_anything_is_asked(store: str) -> None:
    with serve(served) as server:
        chosen = ["--base-url", server.url, "--model", "m", "--records", "figures"]
        result = CliRunner().invoke(app, ["annotate", "a.txt", *chosen, "--store", store])
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {store}: cannot be ")
    assert "give another file with --store" in result.stderr
    assert result.stderr.count("\n") == 1
    assert server.requests == []


@pytest.mark.parametrize("name", ["unfinished", DOWNLOAD])
def test_a_disk_too_full_for_a_batchs_file_ends_the_run_and_not_the_batch(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real = BatchFiles.path

    def path(files: BatchFiles, wanted: str) -> Path:
        found = real(files, wanted)
        if wanted == name and not found.is_symlink():
            found.symlink_to(FULL)
        return found

    with serve_batches(BatchStub(fates=[Fate(looks=0)])) as stub:
        if name == DOWNLOAD:
            assert annotate(stub.url, "--batch", "--no-wait").exit_code == 0
        with monkeypatch.context() as patch:
            patch.setattr(BatchFiles, "path", path)
            result = annotate(stub.url, "--batch", "--no-wait")
        assert result.exit_code == 1
        assert re.match(r"error: .*cannot be written \(No space left", last_line(result))
        codes = [annotate(stub.url, "--batch", "--no-wait").exit_code for _ in range(2)]
        assert codes == [0, 0]
        assert len(stub.batches) == 1
        assert stub.direct == []
    assert rows(Path("s.db"), "SELECT count(*) FROM results") == [(DOCUMENTS,)]
    assert [path.name for path in Path().iterdir() if ".batch-" in path.name] == []


@contextmanager
def _small_disk(size: str) -> Iterator[tuple[Path, Callable[[], int]]]:
    """A disk with little room, and what makes more; skips where none can be made."""
    with tempfile.TemporaryDirectory() as folder:
        made = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
        try:
            subprocess.run(made, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("no disk can be made here")
        larger = ["mount", "-o", "remount,size=64m", folder]
        try:
            yield Path(folder), lambda: subprocess.check_call(larger)
        finally:
            subprocess.run(["umount", folder], check=True)


def _refused(made: Bench) -> None:
    """What a run has to show that could not write on."""
    lines = made.said().strip().splitlines()
    assert CRASH not in made.said()
    assert lines[-1].startswith(f"error: {made.store}: cannot be ")
    assert "free room" in lines[-1]
    assert [line for line in lines if line.startswith("error:")] == lines[-1:]


def _goes_on(made: Bench, documents: int) -> None:
    """After the remedy the same command asks only for what was not kept, and does all."""
    kept = rows(made.store, ANSWERS)[0][0]
    before = made.ledger.refresh()
    assert 0 < kept <= before
    run = made.annotate()
    assert run.code == 0, run.said
    asked = made.ledger.refresh() - before
    assert made.ledger.kinds() == {Kind.OK.value: len(made.ledger.entries)}
    assert asked == rows(made.store, ANSWERS)[0][0] - kept
    facts = store_facts(made.store)
    assert (facts.done, facts.doubled, facts.lettered) == (documents, 0, 0)


def test_a_full_disk_ends_a_run_that_goes_on_when_there_is_room() -> None:
    with _small_disk("400k") as (disk, make_room), bench(PLAN, concurrency=8) as made:
        made.write(40, seed=7)
        made.store = disk / "store.db"
        assert made.annotate().code == 1
        _refused(made)
        make_room()
        _goes_on(made, 40)


def test_a_limit_on_the_size_of_files_ends_a_run_that_goes_on_without_it() -> None:
    with bench(PLAN, concurrency=8) as made:
        made.write(40, seed=7)
        with made.annotating() as process:
            while made.ledger.refresh() == 0:  # what is read at the start needs large files
                assert process.poll() is None
                time.sleep(0.05)
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (300_000, 300_000))
            assert process.wait(made.patience) == 1
        _refused(made)
        _goes_on(made, 40)


def test_waits_do_not_heed_the_wall_clock_and_end_with_sigterm() -> None:
    """A clock that jumps nine hours with every look, and a server that asks to wait."""
    moments: list[float] = []

    def answer(request: dict[str, Any]) -> Step:
        moments.append(time.monotonic())
        date = formatdate(time.time() + 3, usegmt=True)
        asked = {2: "1.5", 6: date}.get(len(moments), "100" if len(moments) > 12 else "")
        return refusal(429, headers={"retry-after": asked}) if asked else served(request)

    Path("extractor.toml").write_text("concurrency = 1\nrequests_per_minute = 120\n")
    with serve(answer) as server:
        with subprocess.Popen(
            [sys.executable, "-c", JUMPING, *command(server.url)], stderr=subprocess.PIPE, text=True
        ) as process:
            while len(moments) < 13 and process.poll() is None:
                time.sleep(0.05)
            time.sleep(0.2)  # the client is waiting a hundred seconds now
            process.send_signal(signal.SIGTERM)
            _, told = process.communicate(timeout=60)
        assert process.returncode == 130, told
        assert told.splitlines()[-1].startswith("Stopped. What was answered is kept; the same")
        gaps = [later - earlier for earlier, later in pairwise(moments)]
        assert all(sum(two) > 0.45 for two in pairwise(gaps))  # two a second, two at once
        assert 1.45 < gaps[1] < 30
        assert 1.95 < gaps[5] < 30
        Path("extractor.toml").unlink()
        server.steps[:] = [served]
        assert_goes_on(server)
