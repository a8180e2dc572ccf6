"""The file itself: how it is opened, recognised, and brought to the newest format."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path

from extractor.errors import StoreError

BUSY_SECONDS = 30.0
BEFORE_A_RUN = "free room or give another file with --store"
IN_A_RUN = "free room, then the same command goes on from there"
_TABLES = {"documents", "calls", "attempts", "results"}  # of the first format

_NO_ROOM = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}  # for files beside the store


@contextmanager
def failures_named(path: Path, problem: str) -> Iterator[None]:
    """What SQLite or the file system cannot do becomes a StoreError that names the file."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise failure(path, problem, error) from error


def failure(path: Path, problem: str, error: Exception, remedy: str = BEFORE_A_RUN) -> StoreError:
    """The StoreError for something that SQLite or the file system cannot do."""
    return StoreError(f"{path}: {problem} ({error}) - {remedy}")


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection for this thread that only reads; the store is made, or migrated, before.

    Raises:
        StoreError: no store, of a newer version, or one that must be made or migrated and cannot.
    """
    with failures_named(path, "cannot be used as a store"):
        path.parent.mkdir(parents=True, exist_ok=True)
        db = _connect(path, "mode=rwc")
        try:
            db = _readable(path, db)
            _prepare(path, db)
            db.execute("PRAGMA query_only = ON")
        except BaseException:
            db.close()
            raise
    return db


def open_writer(path: Path) -> sqlite3.Connection:
    """A connection whose commits are on disk when they return. Its one user may be any thread."""
    with failures_named(path, "cannot be written"):
        db = _connect(path, "mode=rw", any_thread=True)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("BEGIN IMMEDIATE")  # a file that is only to be read is refused here
            db.execute("ROLLBACK")
        except BaseException:
            db.close()
            raise
    return db


def _connect(path: Path, options: str, any_thread: bool = False) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=not any_thread,
    )


def _readable(path: Path, db: sqlite3.Connection) -> sqlite3.Connection:
    """`db`, or another connection where SQLite cannot keep its files beside a read-only store.

    That one takes no locks and sees no write-ahead log: both are right as long as nobody can write.
    """
    try:
        db.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError as error:
        log = path.resolve().with_name(f"{path.resolve().name}-wal")
        unwritten = log.exists() and log.stat().st_size
        if error.sqlite_errorcode & 0xFF not in _NO_ROOM or unwritten:
            raise
        db.close()
        return _connect(path, "mode=ro&immutable=1")
    return db


def _prepare(path: Path, db: sqlite3.Connection) -> None:
    # Looked at before anything is changed: it may be somebody else's file.
    with db:  # one snapshot: another process may be making the tables just now
        db.execute("BEGIN")
        version = _version(path, db)
    if version == 0:
        db.execute("PRAGMA journal_mode = WAL")
    for number in range(version + 1, len(_migrations()) + 1):
        with db:
            db.execute("BEGIN IMMEDIATE")
            _migrate(path, db, number)


def _version(path: Path, db: sqlite3.Connection) -> int:
    """Format of the file, 0 for an empty one."""
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > len(_migrations()):
        raise StoreError(
            f"{path}: written by a newer version (format {version}) - upgrade extractor"
        )
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and (version == 0 or not tables >= _TABLES):
        raise StoreError(f"{path}: another program's database - give another file with --store")
    return version


def _migrate(path: Path, db: sqlite3.Connection, number: int) -> None:
    if _version(path, db) >= number:  # another process was faster
        return
    for statement in _statements(_migrations()[number - 1]):
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    """One at a time: `executescript` would end the transaction that they share."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@cache
def _migrations() -> tuple[str, ...]:
    folder = resources.files("extractor.store") / "migrations"
    files = sorted((file for file in folder.iterdir()), key=lambda file: file.name)
    return tuple(file.read_text("utf-8") for file in files if file.name.endswith(".sql"))
