"""The file: what is recognised, made, migrated, and only read."""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from extractor import Store
from extractor.errors import StoreError
from extractor.models import Attempt
from extractor.pipeline import extract_document
from extractor.store.status import read_status
from tests.support import article, obedient, rows

FIRST = Path(__file__).parent / "format_1.sql"
NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "store.db"


@pytest.fixture
def read_only() -> Iterator[Path]:
    """A store that this process can read and not write, in a folder of the same kind."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        Store(path).close()
        path.chmod(0o444)
        Path(folder).chmod(0o555)
        user = os.geteuid()
        if user == 0:  # to whom everything is permitted
            os.seteuid(NOBODY)
        try:
            yield path
        finally:
            os.seteuid(user)
            Path(folder).chmod(0o755)


def test_a_read_only_store_can_be_read_and_not_written(read_only: Path) -> None:
    with Store(read_only) as store:
        assert read_status(store).documents == 0
        assert list(store.documents()) == []
        with pytest.raises(StoreError, match=r"cannot be written .* give another file"):
            store.claim()


def test_a_reader_leaves_nothing_behind(path: Path) -> None:
    Store(path).close()
    with Store(path) as store:
        assert store.answer("key") is None
    assert [file.name for file in path.parent.iterdir()] == ["store.db"]


async def test_a_store_of_the_first_format_is_migrated_with_its_data(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(FIRST.read_text(encoding="utf-8"))
    with Store(path) as store:
        (document,) = store.documents()
        assert (document.name, document.text) == ("old.txt", "Forty men.")
        assert store.answer("call") == '{"a":1}'
        assert store.results(document) == ['{"records":[]}']
        priced = Attempt(number=2, started="2031", seconds=1.0, cost=0.5)
        await store.add_attempts("call", document, "figures", "m", [priced])
        assert list(store.dead_letters()) == []
    assert rows(path, "SELECT number, cost FROM attempts") == [(1, None), (2, 0.5)]
    assert rows(path, "PRAGMA user_version") == [(5,)]
    assert rows(path, "PRAGMA journal_mode") == [("wal",)]


async def test_the_views_show_what_the_records_say(path: Path) -> None:
    with Store(path) as store:
        found = await extract_document(article(), model=obedient(), store=store)
    figures = rows(path, "SELECT document, record, words, start, value FROM figures")
    assert figures == [
        ("article", f.id, f.mentions[0].span.text, f.mentions[0].span.start, f.value)
        for f in found.figures or []
    ]
    quotations = rows(path, "SELECT record, words, start, speaker FROM quotations")
    assert quotations == [
        (q.id, q.text, q.evidence["text"].start, q.speaker.as_written if q.speaker else None)
        for q in found.quotations or []
    ]
    assert figures
    assert quotations


def test_a_newer_format_is_refused(path: Path) -> None:
    Store(path).close()
    rows(path, "PRAGMA user_version = 99")
    with pytest.raises(StoreError, match=rf"^{re.escape(str(path))}: .*99.* - upgrade extractor"):
        Store(path)


@pytest.mark.parametrize("version", [0, 1])
def test_another_programs_database_is_left_as_it_is(tmp_path: Path, version: int) -> None:
    path = tmp_path / "browser.db"
    database = sqlite3.connect(path)
    database.executescript(f"CREATE TABLE history (page TEXT); PRAGMA user_version = {version}")
    database.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program's database - give another file"):
        Store(path)
    assert path.read_bytes() == before


def test_what_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("At least 640 Georgians.\n" * 50, encoding="utf-8")
    with pytest.raises(StoreError, match=r"not a database.* give another file with --store"):
        Store(path)
    assert path.read_text(encoding="utf-8").startswith("At least")


def test_places_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for path in (file / "store.db", tmp_path):
        with pytest.raises(StoreError, match=rf"^{re.escape(str(path))}: .* --store"):
            Store(path)


async def test_a_damaged_store_is_named(path: Path) -> None:
    with Store(path) as store:
        rows(path, "DROP TABLE calls")
        with pytest.raises(StoreError, match="cannot be read"):
            store.answer("key")
        with pytest.raises(StoreError, match="cannot be written"):
            await store.add_answer("key", article(), "figures", "m", "1", [])


def test_several_may_open_a_new_store_at_once(path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: Store(path).close(), range(8)))
