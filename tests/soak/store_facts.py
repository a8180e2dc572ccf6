"""What the store says, by SQL alone. Reading never writes to it, whoever else does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TASK = "figures"
_ACKNOWLEDGED = (
    "SELECT 'result ' || key FROM results",
    "SELECT 'answer ' || key FROM calls",
    "SELECT 'attempt ' || rowid || ' ' || call FROM attempts",
)


# A result of which a part failed is kept for readers, beside the document's dead letter.
WHOLE = f"task = '{TASK}' AND json_extract(result, '$.run.status') = 'ok'"


@dataclass(frozen=True)
class StoreFacts:
    """Counts.

    done: documents with a result. lettered: dead letters. both: documents with either.
    doubled: results of one document and task beyond the first.
    """

    done: int
    lettered: int
    both: int
    doubled: int
    attempts: int
    prompt_tokens: int
    completion_tokens: int

    @property
    def ended(self) -> int:
        """Documents that have come to an end, good or bad."""
        return self.done + self.lettered


NOTHING = StoreFacts(0, 0, 0, 0, 0, 0, 0)


def store_facts(path: Path) -> StoreFacts:
    """Count what is in a store; all zero where there is none yet."""
    with _reading(path) as database:
        if database is None:
            return NOTHING
        results, done = _row(
            database,
            f"SELECT count(*), count(DISTINCT fingerprint) FROM results WHERE {WHOLE}",
        )
        lettered, both = (0, 0)
        if _has(database, "dead_letters"):
            lettered, both = _row(
                database,
                "SELECT count(*), count(CASE WHEN fingerprint IN"
                f" (SELECT fingerprint FROM results WHERE {WHOLE}) THEN 1 END)"
                " FROM dead_letters",
            )
        sums = _row(
            database,
            "SELECT count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0)"
            " FROM attempts",
        )
        return StoreFacts(done, lettered, both, results - done, *sums)


def reasons(path: Path) -> dict[str, int]:
    """Dead letters by stage and class of error."""
    with _reading(path) as database:
        if database is None or not _has(database, "dead_letters"):
            return {}
        query = "SELECT stage || ' ' || error, count(*) FROM dead_letters GROUP BY 1 ORDER BY 1"
        return dict(database.execute(query).fetchall())


def acknowledged(path: Path) -> set[str]:
    """A name for each row that any reader of the store can see now."""
    with _reading(path) as database:
        if database is None:
            return set()
        return {name for query in _ACKNOWLEDGED for (name,) in database.execute(query)}


def _row(database: sqlite3.Connection, query: str) -> tuple[int, ...]:
    found: tuple[int, ...] = database.execute(query).fetchone()
    return found


def _has(database: sqlite3.Connection, table: str) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return database.execute(query, (table,)).fetchone() is not None


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection that cannot write; None where no process has made the tables yet."""
    if not path.exists():
        yield None
        return
    database = sqlite3.connect(path, timeout=30, isolation_level=None)
    try:
        database.execute("PRAGMA query_only = 1")
        database.execute("BEGIN")  # one moment for all that is read
        yield database if _has(database, "results") else None
    finally:
        database.close()
