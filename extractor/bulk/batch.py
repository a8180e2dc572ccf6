"""Answers through a server's Batch API, kept in the store for the ordinary run that comes after.

Whatever is to be done is written down before it is done: the file of a batch, then the batch with
its calls, then its submission under the name that it has in the store. Whenever a process ends, the
next one finds at the server what it had submitted, and submits what it had not.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.asking import Call
from extractor.attempt_log import log_attempts
from extractor.bulk.batch_files import (
    DOWNLOAD,
    BatchFiles,
    BatchWriter,
    Gathered,
    Sizes,
    line_of,
    lines_in,
    written,
)
from extractor.bulk.estimate import Expected, most_tokens
from extractor.bulk.runner import Input
from extractor.bulk.stopping import GO_ON, Gate
from extractor.documents import Document
from extractor.errors import DocumentError, ExtractorError, ModelError, RunStopped
from extractor.pipeline import open_calls
from extractor.store import Batch, Batches, Store

if TYPE_CHECKING:
    from extractor.models.batches import BatchServer, RemoteBatch

FIRST_WAIT = 30.0  # seconds between two looks at the server
LONGEST_WAIT = 300.0
LONGER = 1.5
MOST_MISSED = 10  # looks in a row that the server did not answer
GROUP = 500  # lines in one transaction


@dataclass(frozen=True)
class BatchPlan:
    """How to work.

    records: types to extract.
    rounds: batches that a call may be in before it is left to the ordinary run.
    retry_dead: ask also for documents that an earlier run gave up.
    wait: stay until the server has answered.
    sizes: of one batch.
    tell: is told, in one line, what happens.
    sleep: how to wait.
    """

    records: tuple[str, ...]
    rounds: int
    retry_dead: bool = False
    wait: bool = True
    sizes: Sizes = field(default_factory=Sizes)
    tell: Callable[[str], None] = lambda _: None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


async def fill(
    documents: Callable[[], Iterable[Input]],
    *,
    server: BatchServer,
    plan: BatchPlan,
    store: Store,
    gate: Gate,
) -> bool:
    """Ask all open questions about documents in batches, and keep the answers and attempts.

    A call goes into another batch where the one before gave no usable reply. What is spent is
    booked at the gate. Documents that cannot be read are left to the ordinary run.

    Args:
        documents: gives them from the beginning each time; they are read once per round.

    Returns:
        True when no batch is under way any more, False when the plan says not to wait for one.

    Raises:
        RunStopped: what is to be submitted may go beyond a limit, and nothing of it was; or the
            server refuses or does not know a batch.
        ModelError: the server does not do its part.
        StoreError: the store, or a file beside it, cannot be written.
    """
    work = _Work(server, plan, store, gate)
    await work.take_up()
    while True:
        await work.look()
        await work.gather(documents())
        await work.submit()
        if not work.open():
            return True
        if not plan.wait:
            return False
        await work.follow()


class _Work:
    """What happens to the batches of one model."""

    def __init__(self, server: BatchServer, plan: BatchPlan, store: Store, gate: Gate) -> None:
        self._server = server
        self._plan = plan
        self._store = store
        self._gate = gate
        self._batches = Batches(store)
        self._files = BatchFiles(store.path)
        self._refusals = 0
        self._told: dict[str, str] = {}

    def open(self) -> list[Batch]:
        """The batches that have not ended."""
        return self._batches.open(self._server.model.identity)

    def _intended(self) -> list[Batch]:
        return [batch for batch in self.open() if batch.state == "intended"]

    async def take_up(self) -> None:
        """Find out how far the process before this one came."""
        self._store.claim()
        left = self._intended()
        found = await self._server.find({batch.id for batch in left}) if left else {}
        for batch in left:
            if batch.id in found:
                await self._is_submitted(batch, found[batch.id])
            elif not self._files.path(batch.id).exists():
                await self._batches.drop(batch)
        self._files.sweep(self._batches.intended())

    async def gather(self, documents: Iterable[Input]) -> None:
        """Read what the batches gave, and write down batches of what has no answer yet."""
        writer = BatchWriter(self._files, self._plan.sizes)
        try:
            for document in documents:
                if isinstance(document, Document) and not self._is_given_up(document):
                    await self._gather(document, writer)
            await self._intend(writer)
        finally:
            writer.close()

    def _is_given_up(self, document: Document) -> bool:
        letter = self._store.dead_letter(document.fingerprint)
        return letter is not None and not self._plan.retry_dead

    async def _gather(self, document: Document, writer: BatchWriter) -> None:
        try:
            calls = open_calls(
                document, model=self._server.model, records=self._plan.records, store=self._store
            )
        except Exception as error:  # the run over the documents, which follows, makes its letter
            if isinstance(error, ExtractorError) and not isinstance(error, DocumentError):
                raise
            return
        answered = await asyncio.gather(*(self._read(document, call) for call in calls))
        fresh = [call for call, done in zip(calls, answered, strict=True) if not done]
        wanted = [call for call in fresh if self._is_wanted(call, writer.gathered)]
        if wanted:
            await self._store.add_document(document)
        for call in wanted:
            await self._add(call, writer)

    def _is_wanted(self, call: Call, gathered: Gathered) -> bool:
        if call.key in gathered.calls or self._batches.is_pending(call.key):
            return False
        return self._batches.tries(call.key) < self._plan.rounds

    async def _read(self, document: Document, call: Call) -> bool:
        """Keep what a batch gave for a call; True where that is an answer."""
        kept = self._batches.line(call.key)
        if kept is None:
            return False
        line = json.loads(kept.line)
        value, attempt = await self._server.read(line, call.request, call.schema)
        attempt = replace(attempt, number=kept.number, started=kept.submitted)
        worst = Expected(most_tokens(call.request), call.request.max_tokens)
        self._gate.book(attempt, worst, self._server.model.price, batch=True)
        identity = self._server.model.identity
        log_attempts(document.id, call.task, identity, [attempt])
        answer = None if value is None else value.model_dump_json()
        what = (document.fingerprint, call.task, identity)
        await self._store.add_document(document)
        await self._batches.read(call.key, kept, what, answer, attempt)
        return value is not None

    async def _add(self, call: Call, writer: BatchWriter) -> None:
        line = line_of(call.key, await self._server.body(call.request, call.schema))
        if not writer.fits(line):
            await self._intend(writer)
        most = Expected(most_tokens(call.request), call.request.max_tokens)
        price = self._server.model.price
        cost = price.cost(most, batch=True) if price else 0.0
        writer.add(call.key, line, most.prompt_tokens + most.completion_tokens, cost)

    async def _intend(self, writer: BatchWriter) -> None:
        finished = writer.finish()
        if finished is None:
            return
        name, found = finished
        calls = list(found.calls)
        batch = Batch(
            id=name,
            model=self._server.model.identity,
            requests=len(calls),
            bytes=found.bytes,
            most_tokens=found.tokens,
            most_cost=found.cost,
        )
        await self._batches.intend(batch, calls)

    async def submit(self) -> None:
        """Submit what is written down, if all that is under way then keeps within the limits."""
        intended = self._intended()
        if intended:
            await self._check_limits(intended)
        for batch in intended:
            remote = await self._server.submit(batch.id, self._files.path(batch.id))
            await self._is_submitted(batch, remote)
            self._plan.tell(f"batch {remote.id}: {batch.requests:,} requests submitted")

    async def _check_limits(self, intended: Sequence[Batch]) -> None:
        under_way = self.open()
        tokens = sum(batch.most_tokens for batch in under_way)
        cost = sum(batch.most_cost for batch in under_way)
        spent, limits = self._gate.spent, self._gate.limits
        if spent.fits(tokens, cost, limits):
            return
        for batch in intended:
            await self._batches.drop(batch)
        self._files.sweep(self._batches.intended())
        beyond = []
        if limits.cost is not None and spent.cost + cost > limits.cost:
            over = spent.cost + cost - limits.cost
            beyond.append(f"${over:.4f} more than --max-cost {limits.cost:g}")
        if limits.tokens is not None and spent.tokens + tokens > limits.tokens:
            over = spent.tokens + tokens - limits.tokens
            beyond.append(f"{over:,.0f} tokens more than --max-tokens {limits.tokens}")
        raise RunStopped(
            f"--batch: the requests may take {' and '.join(beyond)}; nothing was submitted - "
            "raise the limit, or give fewer documents"
        )

    async def _is_submitted(self, batch: Batch, remote: RemoteBatch) -> None:
        await self._batches.submitted(batch, remote.id, remote.created)
        self._files.path(batch.id).unlink(missing_ok=True)

    async def follow(self) -> None:
        """Wait until all batches have ended, and keep what they gave."""
        wait, missed = FIRST_WAIT, 0
        while self.open():
            await self._plan.sleep(wait)
            wait = min(wait * LONGER, LONGEST_WAIT)
            missed = 0 if await self._looked() else missed + 1
            if missed > MOST_MISSED:
                await self.look()  # with its error

    async def _looked(self) -> bool:
        from extractor.models.batches import is_passing

        try:
            await self.look()
        except ModelError as error:
            if not is_passing(error):
                raise
            self._plan.tell(f"{error}; looking again")
            return False
        return True

    async def look(self) -> None:
        """Ask for each submitted batch how it stands, and keep what those gave that have ended."""
        refused, ended = "", 0
        for batch in self.open():
            if batch.state != "submitted":
                continue
            remote = await self._retrieved(batch)
            self._tell(remote)
            if remote.ended:
                await self._receive(batch, remote)
                ended += 1
            if remote.status == "failed":
                refused = f"batch {remote.id}: the server refused it ({remote.problem})"
                ended -= 1
        if ended:
            self._refusals = 0
        elif refused and not self.open():  # with others under way it may be their number
            self._refusals += 1
            if self._refusals >= self._plan.rounds:
                raise RunStopped(f"{refused} - see to that, then {GO_ON}")

    def _tell(self, remote: RemoteBatch) -> None:
        words = f"{remote.status}, {remote.done:,} of {remote.requests:,} done"
        if self._told.get(remote.id) != words:
            self._told[remote.id] = words
            self._plan.tell(f"batch {remote.id}: {words}")

    async def _retrieved(self, batch: Batch) -> RemoteBatch:
        remote = await self._server.retrieve(str(batch.remote))
        if remote is None:
            raise RunStopped(
                f"batch {batch.remote}: the server does not know it - use the key that submitted "
                "it, or give another --store"
            )
        return remote

    async def _receive(self, batch: Batch, remote: RemoteBatch) -> None:
        """Keep the lines of both files, the first for each call; say what is not in order."""
        missing, odd = set(self._batches.calls(batch)), 0
        target = self._files.path(DOWNLOAD)
        for file in (remote.output_file, remote.error_file):
            if file is None:
                continue
            with written(target):
                there = await self._server.download(file, target)
            if not there:
                self._plan.tell(f"batch {remote.id}: the server has its file {file} no more")
                continue
            odd += await self._keep(batch, target, missing)
            target.unlink()
        if odd:
            self._plan.tell(
                f"batch {remote.id}: {odd} lines ignored, which are unknown, double or unreadable"
            )
        if missing:
            self._plan.tell(f"batch {remote.id}: {len(missing)} of {batch.requests} without a word")
        await self._batches.ended(batch, remote.status)

    async def _keep(self, batch: Batch, file: Path, missing: set[str]) -> int:
        """Keep lines for calls that are `missing`, and take these out; counts the other lines."""
        odd = 0
        lines = lines_in(file)
        while group := list(islice(lines, GROUP)):
            kept = [line for line in group if line is not None and _taken(line[0], missing)]
            odd += len(group) - len(kept)
            await self._batches.received(batch, kept)
        return odd


def _taken(call: str, missing: set[str]) -> bool:
    if call not in missing:
        return False
    missing.discard(call)
    return True
