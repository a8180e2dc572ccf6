"""The store as the rest of the package sees it: reads at once, writes that wait for the disk."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from weakref import WeakValueDictionary

from filelock import FileLock, Timeout

from extractor.documents import Block, Document
from extractor.errors import StoreError
from extractor.models.base import Attempt
from extractor.records import Metadata
from extractor.redaction import redacted
from extractor.store.database import failures_named, open_reader
from extractor.store.writer import Statement, Writer

Stage = Literal["read", "extract"]
_ATTEMPT = tuple(field.name for field in fields(Attempt))
_COLUMNS = ("call", "fingerprint", "task", "model", *_ATTEMPT)
_ADD_DOCUMENT = "INSERT OR IGNORE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)"
_ADD_CALL = "INSERT OR IGNORE INTO calls VALUES (?, ?, ?, ?, ?)"
_ADD_ATTEMPT = (
    f"INSERT INTO attempts ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
)
_ADD_RESULT = "INSERT OR IGNORE INTO results VALUES (?, ?, ?, ?, ?)"
_ADD_LETTER = "INSERT OR REPLACE INTO dead_letters VALUES (?, ?, ?, ?, ?, ?)"
_LARGEST = 2**63 - 1  # SQLite's integers


@dataclass(frozen=True)
class DeadLetter:
    """A document that was given up.

    name: as the user gave it.
    fingerprint: of the document, None where it could not be read.
    stage: where it failed.
    error: class of the error.
    reason: one line.
    added: UTC, ISO 8601; empty until the store has it.
    """

    name: str
    fingerprint: str | None
    stage: Stage
    error: str
    reason: str
    added: str = ""


def content_key(*parts: object) -> str:
    """SHA-256 over the parts' canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class Store:
    """One results file. Use it as a context manager, and from one thread.

    Reads answer at once. Writes are coroutines that return when what they wrote is on disk, and
    raise StoreError where that is impossible; they share transactions with all that are waiting.
    The first write makes this process the only one that writes to the file until the end, however
    it ends. A reader never waits for it.

    Args:
        path: the file; made if it is not there, migrated if an older version made it.
        on_failure: is told at once when a write fails, so that nothing is paid for any more that
            could not be kept.

    Raises:
        StoreError: not a store, of a newer version, or not to be made or migrated.
    """

    def __init__(self, path: Path, on_failure: Callable[[str], None] = lambda _: None) -> None:
        self.path = path
        self._on_failure = on_failure
        self._db = open_reader(path)
        self._lock = FileLock(path.resolve().with_name(f"{path.resolve().name}.lock"))
        self._writer: Writer | None = None
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def claim(self) -> None:
        """Become the one writer now, before anything is paid for that could not be kept.

        Raises:
            StoreError: another process, or another `Store`, writes to the file; or nobody can.
        """
        self._writing()

    def asking(self, call: str) -> asyncio.Lock:
        """To be held by whoever asks the question with this key, so that no two do at once."""
        return self._asking.setdefault(call, asyncio.Lock())

    async def add_document(self, document: Document) -> None:
        """Keep the text, so that records can be shown beside it later."""
        self.claim()
        if self._one("SELECT 1 FROM documents WHERE fingerprint = ?", document.fingerprint):
            return
        blocks = [(block.start, block.end, block.furniture) for block in document.blocks]
        row = (
            document.fingerprint,
            document.id,
            document.name,
            document.text,
            json.dumps(blocks),
            document.metadata.model_dump_json(),
            now(),
        )
        await self.write((_ADD_DOCUMENT, [row]))

    def answer(self, call: str) -> str | None:
        """The answer (JSON) to the call with this key, if it was ever given."""
        return self._one("SELECT answer FROM calls WHERE key = ?", call)

    async def add_answer(
        self,
        call: str,
        document: Document,
        task: str,
        model: str,
        answer: str,
        attempts: Iterable[Attempt],
    ) -> None:
        """Keep an answer and what was sent for it, both or neither; the first answer stays."""
        await self.write(
            answer_written(call, task, model, answer),
            attempts_written((call, document.fingerprint, task, model), attempts),
        )

    async def add_attempts(
        self, call: str, document: Document, task: str, model: str, attempts: Iterable[Attempt]
    ) -> None:
        """Append what was sent for a call that got no answer."""
        what = (call, document.fingerprint, task, model)
        await self.write(attempts_written(what, attempts))

    def result(self, key: str) -> str | None:
        """The finished result (JSON) with this key."""
        return self._one("SELECT result FROM results WHERE key = ?", key)

    async def add_result(self, key: str, document: Document, task: str, result: str) -> None:
        """Keep a finished result; writing the same one again changes nothing."""
        await self.write((_ADD_RESULT, [(key, document.fingerprint, task, result, now())]))

    async def add_dead_letter(self, letter: DeadLetter) -> None:
        """Give a document up; an older letter of the same document is replaced."""
        values = (letter.name, letter.fingerprint, letter.stage, letter.error, letter.reason)
        await self.write((_ADD_LETTER, [(*map(_storable, values), letter.added or now())]))

    def dead_letter(self, fingerprint: str) -> DeadLetter | None:
        """The letter of the document with this fingerprint, None where it was not given up."""
        query = "SELECT * FROM dead_letters WHERE coalesce(fingerprint, name) = ?"
        return next((DeadLetter(*row) for row in self.select(query, fingerprint)), None)

    def dead_letters(self) -> Iterator[DeadLetter]:
        """All letters, oldest first."""
        return (
            DeadLetter(*row) for row in self.select("SELECT * FROM dead_letters ORDER BY rowid")
        )

    async def settle(self, document: Document) -> None:
        """A document is done: it is no dead letter any more, nor is what bore its name unread."""
        these = "FROM dead_letters WHERE coalesce(fingerprint, name) IN (?, ?)"
        values = (document.fingerprint, _storable(document.name))
        if next(self.select(f"SELECT name {these}", *values), None):
            await self.write((f"DELETE {these}", [values]))

    def documents(self) -> Iterator[Document]:
        """All documents with results, in the order in which they came, one in memory at a time.

        They and what is read while they come are of one moment, whatever is written meanwhile.
        """
        rows = self.select(
            "SELECT name, text, blocks, metadata FROM documents WHERE EXISTS"
            " (SELECT 1 FROM results WHERE results.fingerprint = documents.fingerprint)"
            " ORDER BY rowid"
        )
        for name, text, blocks, metadata in rows:
            found = tuple(Block(*block) for block in json.loads(blocks))
            yield Document(name, text, found, Metadata.model_validate_json(metadata))

    def results(self, document: Document) -> list[str]:
        """The newest result (JSON) of each task for a document."""
        rows = self.select(
            "SELECT result FROM results WHERE fingerprint = ? GROUP BY task"
            " HAVING rowid = max(rowid) ORDER BY rowid",
            document.fingerprint,
        )
        return [result for (result,) in rows]

    def select(self, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Rows of a query over the tables and views, as they are found.

        Raises:
            StoreError: the file cannot be read.
        """
        with failures_named(self.path, "cannot be read"):
            yield from self._db.execute(query, values)

    def _one(self, query: str, key: str) -> str | None:
        row = next(self.select(query, key), None)
        return None if row is None else str(row[0])

    async def write(self, *statements: Statement) -> None:
        """Write all of the statements, which `extractor.store` alone words, or none.

        Raises:
            StoreError: the file cannot be written.
        """
        try:
            kept = [_without_secrets(statement) for statement in statements]
            await asyncio.wrap_future(self._writing().submit(kept))
        except StoreError as error:
            self._on_failure(str(error))
            raise

    def _writing(self) -> Writer:
        if self._writer is None:
            with failures_named(self.path, "cannot be written"):
                _ = self._db.total_changes  # fails after the end: nobody would close the writer
                try:
                    self._lock.acquire(blocking=False)
                except Timeout:
                    raise StoreError(
                        f"{self.path}: another run is writing to it - wait for it, or give another"
                        " --store"
                    ) from None
            self._writer = Writer(self.path)
        return self._writer

    def close(self) -> None:
        """Write what still waits, and close the file."""
        self._db.close()  # first: the last connection to close tidies up the write-ahead log
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def answer_written(call: str, task: str, model: str, answer: str) -> Statement:
    """The statement that keeps an answer; the first one stays."""
    return _ADD_CALL, [(call, task, model, answer, now())]


def attempts_written(what: tuple[str, str, str, str], attempts: Iterable[Attempt]) -> Statement:
    """The statement that appends attempts. what: call, fingerprint, task, identity of the model."""
    values = attrgetter(*_ATTEMPT)
    return _ADD_ATTEMPT, [(*what, *map(_storable, values(attempt))) for attempt in attempts]


def _storable(value: object) -> object:
    """A server's words and counts, and names of files, may be what SQLite has no form for."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    return min(value, _LARGEST) if isinstance(value, int) else value


def _without_secrets(statement: Statement) -> Statement:
    """What a server said may hold a key; a document's own text is kept as it is."""
    sql, rows = statement
    if sql == _ADD_DOCUMENT:
        return statement
    return sql, [[redacted(v) if isinstance(v, str) else v for v in row] for row in rows]


def now() -> str:
    """UTC, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
