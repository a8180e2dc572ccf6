"""Group commit: one thread writes what waits in one transaction, and pays for one sync to disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from extractor.store.database import IN_A_RUN, failure, open_writer

Statement = tuple[str, Sequence[Sequence[object]]]  # SQL that changes rows, and values for each


@dataclass(frozen=True)
class _Write:
    statements: Sequence[Statement]
    done: Future[None] = field(default_factory=Future)


class Writer:
    """The one connection that writes to a store's file, in a thread of its own.

    Writes that come while a transaction is on its way to the disk wait, and share the next one:
    group commit (DeWitt et al., "Implementation techniques for main memory database systems",
    SIGMOD 1984).

    Raises:
        StoreError: the file cannot be opened for writing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = open_writer(path)
        self._waiting: SimpleQueue[_Write | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name=f"writer of {path}", daemon=True)
        self._thread.start()

    def submit(self, statements: Sequence[Statement]) -> Future[None]:
        """Write all of the statements or none. The future ends when they are on disk.

        It cannot be cancelled: what was paid for is kept whether or not anybody still waits for it.
        It fails with StoreError where the file cannot be written, and with the error of the value
        where a value cannot be, which leaves the other writes alone.
        """
        write = _Write(statements)
        write.done.set_running_or_notify_cancel()
        self._waiting.put(write)
        return write.done

    def close(self) -> None:
        """Write what still waits, and close the file."""
        self._waiting.put(None)
        self._thread.join()
        self._db.close()

    def _work(self) -> None:
        while group := self._group():
            for write, error in zip(group, self._commit(group), strict=True):
                if isinstance(error, sqlite3.Error):
                    told = failure(self._path, "cannot be written", error, IN_A_RUN)
                    write.done.set_exception(told)
                elif error is not None:
                    write.done.set_exception(error)
                else:
                    write.done.set_result(None)

    def _group(self) -> list[_Write]:
        """Everything that waits, at least one write; nothing at the end."""
        group: list[_Write] = []
        with suppress(Empty):
            while (write := self._waiting.get(block=not group)) is not None:
                group.append(write)
            if group:
                self._waiting.put(None)  # the end is for the next round
        return group

    def _commit(self, group: Sequence[_Write]) -> Sequence[Exception | None]:
        """Write the group in one transaction; the error of each write, None where it is on disk."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            errors = [self._apply(write) for write in group]
            self._db.execute("COMMIT")
        except Exception as error:  # whatever it is, somebody waits to be told
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")  # fails where SQLite has done so itself
            return [error] * len(group)
        return errors

    def _apply(self, write: _Write) -> Exception | None:
        """One write as a whole. What is wrong with its values alone is returned."""
        self._db.execute("SAVEPOINT one")
        try:
            for sql, rows in write.statements:
                self._db.executemany(sql, rows)
        except sqlite3.OperationalError:  # the file, which concerns the others as well
            raise
        except Exception as error:
            self._db.execute("ROLLBACK TO one")
            self._db.execute("RELEASE one")
            return error
        self._db.execute("RELEASE one")
        return None
