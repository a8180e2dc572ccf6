"""Where results live: one SQLite file, written as work is done.

    documents  text and page furniture, by fingerprint
    calls      answers of the model, by the hash of everything that was sent
    attempts   every request that was sent, successful or not, with tokens and time; only added to
    results    what a finished task gave for a document, by the hash of all that made it

A result is written only when all questions of its task were answered, so what is in `results` is
finished. A call is written as soon as it is answered, so a stop in the middle of a document repeats
at most the calls that were in flight.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from extractor.documents import Block, Document
from extractor.errors import StoreError
from extractor.models.base import Attempt
from extractor.records import Metadata

SCHEMA_VERSION = 1
BUSY_SECONDS = 30.0
_SCHEMA = """
CREATE TABLE documents (
    fingerprint TEXT PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL,
    blocks TEXT NOT NULL, metadata TEXT NOT NULL, added TEXT NOT NULL);
CREATE TABLE calls (
    key TEXT PRIMARY KEY, task TEXT NOT NULL, model TEXT NOT NULL, answer TEXT NOT NULL,
    added TEXT NOT NULL);
CREATE TABLE attempts (
    attempt INTEGER PRIMARY KEY, call TEXT NOT NULL, fingerprint TEXT NOT NULL, task TEXT NOT NULL,
    model TEXT NOT NULL, number INTEGER NOT NULL, started TEXT NOT NULL, seconds REAL NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, cached_tokens INTEGER,
    finish_reason TEXT, status_code INTEGER, error TEXT);
CREATE TABLE results (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, task TEXT NOT NULL, result TEXT NOT NULL,
    added TEXT NOT NULL);
CREATE INDEX results_by_document ON results (fingerprint, added);
"""
_TABLES = {"documents", "calls", "attempts", "results"}


def content_key(*parts: object) -> str:
    """SHA-256 over the parts' canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class Store:
    """One results file. Use it as a context manager.

    Args:
        path: the file; made if it is not there.

    Raises:
        StoreError: not a store, of a newer version, or not writable.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise self._failure("cannot be used as a store", error) from error
        try:
            self._prepare()
        except StoreError:
            self.close()
            raise

    def _prepare(self) -> None:
        # Looked at before anything is changed: it may be somebody else's file.
        with self._named("cannot be used as a store"):
            with self._db:  # one snapshot: another process may be making the tables just now
                self._db.execute("BEGIN")
                version = self._version()
            self._db.execute("PRAGMA journal_mode = WAL")
        if version == 0:
            with self._transaction():
                self._create()

    def _version(self) -> int:
        """Format of the file, 0 for an empty one."""
        version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{self.path}: written by a newer version (format {version}) - upgrade extractor"
            )
        rows = self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        tables = {name for (name,) in rows}
        if tables and (version == 0 or not tables >= _TABLES):
            raise StoreError(
                f"{self.path}: another program's database - give another file with --store"
            )
        return version

    def _create(self) -> None:
        if self._version() == SCHEMA_VERSION:  # another process was faster
            return
        for statement in filter(str.strip, _SCHEMA.split(";")):
            self._db.execute(statement)
        self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _failure(self, problem: str, error: Exception) -> StoreError:
        return StoreError(
            f"{self.path}: {problem} ({error}) - free room or give another file with --store"
        )

    @contextmanager
    def _named(self, problem: str) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._failure(problem, error) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._named("cannot be written"), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield

    def add_document(self, document: Document) -> None:
        """Keep the text, so that records can be shown beside it later."""
        blocks = [(block.start, block.end, block.furniture) for block in document.blocks]
        row = (
            document.fingerprint,
            document.id,
            document.name,
            document.text,
            json.dumps(blocks),
            document.metadata.model_dump_json(),
            _now(),
        )
        with self._transaction():
            self._db.execute("INSERT OR IGNORE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def answer(self, call: str) -> str | None:
        """The answer (JSON) to the call with this key, if it was ever given."""
        return self._one("SELECT answer FROM calls WHERE key = ?", call)

    def add_answer(self, call: str, task: str, model: str, answer: str) -> None:
        """Keep an answer; the first one given stays."""
        with self._transaction():
            row = (call, task, model, answer, _now())
            self._db.execute("INSERT OR IGNORE INTO calls VALUES (?, ?, ?, ?, ?)", row)

    def add_attempts(
        self, call: str, document: Document, task: str, model: str, attempts: Iterable[Attempt]
    ) -> None:
        """Append what was sent for one call."""
        rows = [
            (None, call, document.fingerprint, task, model, *asdict(a).values()) for a in attempts
        ]
        with self._transaction():
            marks = ", ".join("?" * 14)
            self._db.executemany(f"INSERT INTO attempts VALUES ({marks})", rows)

    def result(self, key: str) -> str | None:
        """The finished result (JSON) with this key."""
        return self._one("SELECT result FROM results WHERE key = ?", key)

    def add_result(self, key: str, document: Document, task: str, result: str) -> None:
        """Keep a finished result; writing the same one again changes nothing."""
        with self._transaction():
            row = (key, document.fingerprint, task, result, _now())
            self._db.execute("INSERT OR IGNORE INTO results VALUES (?, ?, ?, ?, ?)", row)

    def documents(self) -> Iterator[Document]:
        """All documents with results, in the order in which they came."""
        rows = self._rows(
            "SELECT name, text, blocks, metadata FROM documents WHERE fingerprint IN"
            " (SELECT fingerprint FROM results) ORDER BY added, rowid"
        )
        for name, text, blocks, metadata in rows:
            found = tuple(Block(*block) for block in json.loads(blocks))
            yield Document(name, text, found, Metadata.model_validate_json(metadata))

    def results(self, document: Document) -> list[str]:
        """The newest result (JSON) of each task for a document."""
        rows = self._rows(
            "SELECT result FROM results WHERE fingerprint = ? GROUP BY task"
            " HAVING rowid = max(rowid) ORDER BY rowid",
            document.fingerprint,
        )
        return [result for (result,) in rows]

    def _one(self, query: str, key: str) -> str | None:
        rows = self._rows(query, key)
        return str(rows[0][0]) if rows else None

    def _rows(self, query: str, *values: str) -> list[tuple[str, ...]]:
        with self._named("cannot be read"):
            return self._db.execute(query, values).fetchall()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
