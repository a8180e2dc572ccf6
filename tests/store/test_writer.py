"""Group commit: shared transactions, on disk when they return, and failures that are told."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from extractor import Store
from extractor.errors import StoreError
from extractor.store.database import open_writer
from tests.support import ATTEMPT, article, rows

KEEP = """
import asyncio, sys
from pathlib import Path
from extractor import Document, Store
from extractor.models import Attempt

async def keep():
    store, document = Store(Path(sys.argv[1])), Document.from_text("Forty men.")
    attempt = Attempt(number=1, started="2031", seconds=0.5)
    await store.add_answer("key", document, "figures", "m", "1", [attempt])
    print("kept", flush=True)
    await asyncio.sleep(60)

asyncio.run(keep())
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def opened(monkeypatch: pytest.MonkeyPatch, prepare: Callable[[sqlite3.Connection], None]) -> None:
    """Have a hand on the connection that writes."""
    real = open_writer

    def handed(path: Path) -> sqlite3.Connection:
        database = real(path)
        prepare(database)
        return database

    monkeypatch.setattr("extractor.store.writer.open_writer", handed)


async def keep(store: Store, number: int, answer: str = "1") -> None:
    await store.add_answer(f"key {number}", article(), "figures", "m", answer, [ATTEMPT])


async def test_writes_that_wait_share_a_commit(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    statements: list[str] = []
    all_wait = Event()

    def slow(statement: str) -> None:
        statements.append(statement)
        all_wait.wait(10)

    opened(monkeypatch, lambda database: database.set_trace_callback(slow))
    with Store(path) as store:
        writes = [asyncio.ensure_future(keep(store, number)) for number in range(200)]
        await asyncio.sleep(0)
        all_wait.set()
        await asyncio.gather(*writes)
    assert rows(path, "SELECT count(*) FROM calls") == [(200,)]
    assert statements.count("COMMIT") == 2  # the first alone, then all that came meanwhile


def test_what_was_awaited_survives_a_kill(path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", KEEP, str(path)], stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "kept\n"
        with Store(path) as reader:
            assert reader.answer("key") == "1"
            with pytest.raises(StoreError, match="another run is writing to it"):
                reader.claim()
        os.kill(child.pid, signal.SIGKILL)
    with Store(path) as store:
        assert store.answer("key") == "1"
        store.claim()
    assert rows(path, "SELECT number FROM attempts") == [(1,)]


async def test_writes_that_nobody_waits_for_any_more_are_kept(path: Path) -> None:
    with Store(path) as store:
        waiting = [asyncio.ensure_future(keep(store, number)) for number in range(50)]
        await asyncio.sleep(0)
        for one in waiting:
            one.cancel()
    assert rows(path, "SELECT count(*) FROM calls") == [(50,)]


async def test_a_full_disk_is_told_to_each_and_the_store_stays_readable(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[sqlite3.Connection] = []
    opened(monkeypatch, taken.append)
    with Store(path) as store:
        await keep(store, 0)
        taken[0].execute("PRAGMA max_page_count = 1")  # SQLite takes the size that it has
        outcomes = await asyncio.gather(
            *(keep(store, number, "9" * 20_000) for number in (1, 2)), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [StoreError] * 2
        assert "is full) - free room, then the same command goes on" in str(outcomes[0])
        assert (store.answer("key 0"), store.answer("key 1")) == ("1", None)
        taken[0].execute("PRAGMA max_page_count = 100000")
        await keep(store, 1)
    assert rows(path, "SELECT call FROM attempts") == [("key 0",), ("key 1",)]


async def test_a_value_that_cannot_be_kept_leaves_the_others(path: Path) -> None:
    with Store(path) as store:
        bad, good = await asyncio.gather(
            keep(store, 1, "\ud800"), keep(store, 2), return_exceptions=True
        )
        assert isinstance(bad, UnicodeEncodeError)
        assert good is None
        assert (store.answer("key 1"), store.answer("key 2")) == (None, "1")
    assert rows(path, "SELECT call FROM attempts") == [("key 2",)]
