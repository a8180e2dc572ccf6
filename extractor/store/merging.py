"""Several stores become one, such as those of shards that ran apart."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from extractor.errors import UsageError
from extractor.store.database import failures_named, open_writer
from extractor.store.store import Store

ROWS = 2_000  # in one transaction: a reader never waits long, the log beside the file stays small
_TABLES = ("documents", "calls", "attempts", "results")  # in this order: results need the others


def merge(source: Path, target: Store) -> None:
    """Copy into `target` what it lacks of the store at `source`.

    The same again changes nothing, and goes on where it was broken off. Documents, answers and
    results are the same by their keys; an attempt is, by the file that it was first written to and
    its number there. Of two letters for one document the newer counts, and none where the document
    was done after it. A run may be writing to `source`: what it has up to now is copied.

    Raises:
        StoreError: one of the two cannot be used, or another run writes to `target`.
        UsageError: `source` is a copy of `target`, or `target` itself.
    """
    with Store(source) as shard:  # brings an older one to this format
        target.claim()
        (origin,) = next(shard.select("SELECT id FROM identity"))
        if next(target.select("SELECT 1 FROM identity WHERE id = ?", origin), None):
            raise UsageError(f"{source}: the same store as {target.path} - give another one")
        with _attached(source, target.path) as db:
            with _transaction(db):  # of one moment: no result comes without its document
                ends = {table: _last(db, f"shard.{table}") for table in _TABLES}
            for table, end in ends.items():
                _copy(db, table, end, origin)
            with _transaction(db):
                for statement in _LETTERS:
                    db.execute(statement)


@contextmanager
def _attached(source: Path, target: Path) -> Iterator[sqlite3.Connection]:
    """A connection that writes to `target` and reads `source` as `shard`."""
    with failures_named(target, f"cannot take in {source}"), closing(open_writer(target)) as db:
        db.execute("ATTACH ? AS shard", (f"{source.absolute().as_uri()}?mode=ro",))
        yield db


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    with db:
        db.execute("BEGIN IMMEDIATE")
        yield


def _copy(db: sqlite3.Connection, table: str, end: int, origin: str) -> None:
    """Copy the rows up to `end`."""
    copied = _COPIES[table] if table in _COPIES else _attempts(db)
    for start in range(0, end, ROWS):
        values = {"after": start, "upto": min(start + ROWS, end), "origin": origin}
        with _transaction(db):
            values["before"] = _last(db, f"main.{table}")
            db.execute(copied, values)
            if table == "results":
                db.execute(_NEWEST_LAST, values)


def _last(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0])


def _attempts(db: sqlite3.Connection) -> str:
    """All columns but their number here; those that came from elsewhere keep their origin."""
    found = [name for (name,) in db.execute("SELECT name FROM pragma_table_info('attempts')")]
    own = ", ".join(name for name in found if name not in _NUMBERING)
    return f"""
        INSERT OR IGNORE INTO main.attempts ({own}, origin, origin_attempt)
        SELECT {own}, coalesce(origin, :origin), coalesce(origin_attempt, attempt)
        FROM shard.attempts
        WHERE attempt > :after AND attempt <= :upto
            AND origin IS NOT (SELECT id FROM main.identity)
        ORDER BY attempt
    """


_NUMBERING = {"attempt", "origin", "origin_attempt"}
_COPIES: Mapping[str, str] = {
    table: f"""
        INSERT OR IGNORE INTO main.{table} SELECT * FROM shard.{table}
        WHERE rowid > :after AND rowid <= :upto ORDER BY rowid
    """
    for table in _TABLES
    if table != "attempts"
}
# The newest result of a task is the last one: what the target made later goes behind what came in.
_NEWEST_LAST = """
    REPLACE INTO main.results
    SELECT DISTINCT later.* FROM main.results AS come JOIN main.results AS later
        ON later.fingerprint = come.fingerprint AND later.task = come.task
    WHERE come.rowid > :before AND later.rowid <= :before AND later.added > come.added
    ORDER BY later.rowid
"""
_LETTERS = (
    # The document is done in the shard, and was not when this letter came.
    """
    DELETE FROM main.dead_letters
    WHERE fingerprint IN (SELECT fingerprint FROM shard.results)
        AND fingerprint NOT IN
            (SELECT fingerprint FROM shard.dead_letters WHERE fingerprint IS NOT NULL)
        AND added <= (SELECT max(added) FROM shard.results
            WHERE results.fingerprint = dead_letters.fingerprint)
    """,
    """
    INSERT OR REPLACE INTO main.dead_letters SELECT * FROM shard.dead_letters AS come
    WHERE NOT EXISTS (SELECT 1 FROM main.dead_letters AS known
            WHERE coalesce(known.fingerprint, known.name) = coalesce(come.fingerprint, come.name)
                AND known.added >= come.added)
        AND NOT EXISTS (SELECT 1 FROM main.results AS done
            WHERE done.fingerprint = come.fingerprint AND done.added > come.added
                AND done.key NOT IN (SELECT key FROM shard.results))
    ORDER BY rowid
    """,
    # What could not be read belongs to the shard of its name; once it can be, to that of its text.
    """
    DELETE FROM main.dead_letters WHERE rowid IN (
        SELECT letter.rowid FROM main.documents AS read CROSS JOIN main.dead_letters AS letter
            ON coalesce(letter.fingerprint, letter.name) = read.name
        JOIN main.results AS done ON done.fingerprint = read.fingerprint
        WHERE letter.fingerprint IS NULL AND done.added >= letter.added
            AND EXISTS (SELECT 1 FROM main.dead_letters WHERE fingerprint IS NULL))
    """,
)
