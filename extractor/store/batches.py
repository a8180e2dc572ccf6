"""What a store knows of batches: which were intended, submitted, ended, and what they gave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.models.base import Attempt
from extractor.store.store import Store, answer_written, attempts_written, now

_INTENDED = "SELECT id FROM batches WHERE state = 'intended'"


@dataclass(frozen=True)
class Batch:
    """One batch of requests to one model.

    id: the name that it has here and, as metadata, at the server.
    state: `intended`, `submitted` or `ended`.
    bytes: of its file. most_tokens, most_cost: what it takes at the upper end, US dollars.
    remote: the server's name for it. submitted: UTC, ISO 8601. Both None before that.
    """

    id: str
    model: str
    requests: int
    bytes: int
    most_tokens: int
    most_cost: float
    state: str = "intended"
    remote: str | None = None
    submitted: str | None = None


@dataclass(frozen=True)
class BatchLine:
    """What the server said to one call in a batch, not read yet. `number`: of the call's tries."""

    batch: str
    line: str
    submitted: str
    number: int


class Batches:
    """The batches in a store. Writes return when they are on disk, as those of the store do.

    Raises:
        StoreError: as `Store`.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def open(self, model: str) -> list[Batch]:
        """The batches for a model that have not ended, oldest first."""
        rows = self._store.select(
            "SELECT id, model, requests, bytes, most_tokens, most_cost, state, remote, submitted"
            " FROM batches WHERE model = ? AND state != 'ended' ORDER BY rowid",
            model,
        )
        return [Batch(*row) for row in rows]

    def intended(self) -> set[str]:
        """The batches, for whatever model, that may not have been submitted."""
        return {name for (name,) in self._store.select(_INTENDED)}

    def calls(self, batch: Batch) -> Iterator[str]:
        """The keys of the calls in a batch."""
        rows = self._store.select("SELECT call FROM batch_calls WHERE batch = ?", batch.id)
        return (call for (call,) in rows)

    def is_pending(self, call: str) -> bool:
        """True where a batch that has not ended holds the call."""
        query = (
            "SELECT 1 FROM batch_calls JOIN batches ON batches.id = batch"
            " WHERE call = ? AND state != 'ended'"
        )
        return next(self._store.select(query, call), None) is not None

    def tries(self, call: str) -> int:
        """Batches with the call that have ended and were not refused as a whole."""
        query = (
            "SELECT count(*) FROM batch_calls JOIN batches ON batches.id = batch"
            " WHERE call = ? AND state = 'ended' AND status != 'failed'"
        )
        ((count,),) = self._store.select(query, call)
        return int(count)

    def line(self, call: str) -> BatchLine | None:
        """What a server said to a call and nobody has read yet; the oldest of several."""
        query = (
            "SELECT batch, line, submitted FROM batch_calls JOIN batches ON batches.id = batch"
            " WHERE call = ? AND line IS NOT NULL ORDER BY batches.rowid"
        )
        found = next(self._store.select(query, call), None)
        if found is None:
            return None
        batch, line, submitted = found
        return BatchLine(batch, line, submitted, number=max(1, self.tries(call)))

    def unread(self) -> int:
        """Replies that nobody has read: their documents, or their questions, are not asked now."""
        query = (
            "SELECT count(*) FROM batch_calls WHERE line IS NOT NULL"
            " AND call NOT IN (SELECT key FROM calls)"
        )
        ((count,),) = self._store.select(query)
        return int(count)

    async def intend(self, batch: Batch, calls: Sequence[str]) -> None:
        """Write down a batch with its calls before anything of it is sent."""
        values = (batch.id, batch.model, "intended", batch.requests, batch.bytes)
        row = (*values, batch.most_tokens, batch.most_cost, now())
        await self._store.write(
            (
                "INSERT INTO batches (id, model, state, requests, bytes, most_tokens, most_cost,"
                " added) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [row],
            ),
            (
                "INSERT INTO batch_calls (batch, call) VALUES (?, ?)",
                [(batch.id, call) for call in calls],
            ),
        )

    async def drop(self, batch: Batch) -> None:
        """Forget a batch that was never submitted; its calls are as if it had not been."""
        await self._store.write(
            ("DELETE FROM batch_calls WHERE batch = ?", [(batch.id,)]),
            ("DELETE FROM batches WHERE id = ? AND state = 'intended'", [(batch.id,)]),
        )

    async def submitted(self, batch: Batch, remote: str, moment: str) -> None:
        """The server has the batch, under its own name."""
        query = "UPDATE batches SET state = 'submitted', remote = ?, submitted = ? WHERE id = ?"
        await self._store.write((query, [(remote, moment, batch.id)]))

    async def received(self, batch: Batch, lines: Sequence[tuple[str, str]]) -> None:
        """Keep what the server said, by call, until it is read."""
        rows = [(line, batch.id, call) for call, line in lines]
        query = "UPDATE batch_calls SET line = ? WHERE batch = ? AND call = ?"
        await self._store.write((query, rows))

    async def ended(self, batch: Batch, status: str) -> None:
        """All that the server will ever say of a batch is kept."""
        query = "UPDATE batches SET state = 'ended', status = ? WHERE id = ?"
        await self._store.write((query, [(status, batch.id)]))

    async def read(
        self,
        call: str,
        line: BatchLine,
        what: tuple[str, str, str],
        answer: str | None,
        attempt: Attempt,
    ) -> None:
        """A line was read: keep its attempt and, where it was usable, the answer, or nothing.

        Args:
            what: fingerprint of the document, task, identity of the model.
        """
        fingerprint, task, model = what
        written = [
            (
                "UPDATE batch_calls SET line = NULL WHERE batch = ? AND call = ?",
                [(line.batch, call)],
            ),
            attempts_written((call, fingerprint, task, model), [attempt]),
        ]
        if answer is not None:
            written.append(answer_written(call, task, model, answer))
        await self._store.write(*written)
