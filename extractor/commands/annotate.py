"""`extractor annotate`: documents in, records into the store and, if asked, a JSONL file."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from rich.text import Text

from extractor.bulk import (
    CLASSES,
    Class,
    Fallback,
    Gate,
    GatedModel,
    Outcome,
    Plan,
    annotate,
    estimate,
)
from extractor.bulk.shards import Shard
from extractor.commands.console import (
    INTERRUPTED,
    SOME_FAILED,
    guarded,
    one_line,
    print_error,
    standard_error,
)
from extractor.commands.estimate import print_estimate
from extractor.commands.job import Job
from extractor.commands.live import Live
from extractor.commands.log import log_to
from extractor.commands.output import output_lines
from extractor.costs import Prices
from extractor.deadline import hasten, relax
from extractor.documents import Document
from extractor.errors import DocumentError, RunStopped, UsageError
from extractor.models import Model, open_model
from extractor.models.limits import LimitsPool
from extractor.readers import count_documents, read_documents
from extractor.settings import Settings, load_settings
from extractor.store import Store

if TYPE_CHECKING:
    from rich.console import Console

STDIN = "-"
STOPPED = "stopped"
ENDED = "Stopped. What was answered is kept; the same command goes on from there."
STOPPING = "Stopping: what is in flight is finished. Press Ctrl-C again to end now."


def run_annotate(job: Job) -> int:
    """Do the job; 0 all done, 1 some failed or a limit was reached, 2 wrong usage, 130 stopped."""
    return guarded(lambda: _interruptible(job))


def _interruptible(job: Job) -> int:
    console = standard_error()
    try:
        return asyncio.run(_annotate(job, console))
    except (KeyboardInterrupt, asyncio.CancelledError):
        console.print(ENDED)
        return INTERRUPTED


async def _annotate(job: Job, console: Console) -> int:
    _check(job)
    job, settings = _part(job, load_settings(job.overrides))
    prices = Prices.load(settings.prices)
    if job.dry_run:
        return await _dry_run(job, settings, prices)
    pool = LimitsPool()  # both models may ask one server

    def stop(reason: str) -> None:
        pool.stop()
        if reason == STOPPED:
            console.print(STOPPING)

    gate = Gate(job.limits, on_stop=stop)
    with Store(job.store, on_failure=gate.stop) as store, log_to(job.log, console):
        if job.batch and not await _filled(job, settings, store, gate, console):
            return 0
        behind = partial(_gated, gate=gate, prices=prices)
        async with _models(job, settings, pool, behind) as (model, fallback):
            plan = Plan(
                job.records,
                model.profile.documents,
                fallback,
                job.retry_dead,
                document_seconds=settings.document_seconds,
            )
            with _stopping_on_signals(gate):
                return await _run(job, model, plan, store, gate)


async def _filled(job: Job, settings: Settings, store: Store, gate: Gate, console: Console) -> bool:
    from extractor.commands.batch import fill_answers

    documents = partial(_documents, job, settings.document_seconds)
    return await fill_answers(job, settings, documents, store=store, gate=gate, console=console)


def _part(job: Job, settings: Settings) -> tuple[Job, Settings]:
    """The shard's own store, and its part of what all shards may send and spend."""
    if job.shard is None:
        return job, settings
    shard = Shard.parse(job.shard)
    part = replace(job, store=shard.store(job.store), limits=shard.limits(job.limits))
    return part, shard.settings(settings)


def _documents(job: Job, seconds: float | None) -> Iterator[Document | DocumentError]:
    found = read_documents(job.paths, seconds=seconds)
    return Shard.parse(job.shard).of_inputs(found) if job.shard else found


async def _dry_run(job: Job, settings: Settings, prices: Prices) -> int:
    async with open_model(settings.model, settings) as model:
        with Store(job.store) if job.store.exists() else nullcontext() as store:
            documents = _documents(job, settings.document_seconds)
            found = estimate(documents, model=model, records=job.records, store=store)
        price = prices.of(model.identity)
        return print_estimate(found, model.identity, price, batch=job.batch)


def _gated(model: Model, gate: Gate, prices: Prices) -> Model:
    return GatedModel(model, gate, prices.of(model.identity))


def _check(job: Job) -> None:
    from extractor.tasks import TASKS

    if unknown := set(job.records) - set(TASKS):
        names = ", ".join(sorted(unknown))
        raise UsageError(f"--records: unknown {names} - use: {', '.join(TASKS)}")
    if not job.records:
        raise UsageError(f"--records: no type given - use any of: {', '.join(TASKS)}")
    if job.batch and STDIN in job.paths:
        raise UsageError(f"{STDIN}: --batch reads the documents several times - give files")
    if not job.batch and not job.wait:
        raise UsageError("--no-wait: only a batch can be waited for later - give --batch as well")
    if unknown := set(job.fallback_on) - set(CLASSES):
        names = ", ".join(sorted(unknown))
        raise UsageError(f"--fallback-on: unknown {names} - use any of: {', '.join(CLASSES)}")


@asynccontextmanager
async def _models(
    job: Job, settings: Settings, pool: LimitsPool, gated: Callable[[Model], Model]
) -> AsyncIterator[tuple[Model, Fallback | None]]:
    """The model of the run and the one that helps out, both behind the gate."""
    async with open_model(settings.model, settings, pool) as first:
        if job.fallback is None:
            yield gated(first), None
            return
        async with open_model(job.fallback, settings, pool) as second:
            classes: frozenset[Class] = frozenset(one for one in CLASSES if one in job.fallback_on)
            yield gated(first), Fallback(gated(second), classes)


@contextmanager
def _stopping_on_signals(gate: Gate) -> Iterator[None]:
    """Ctrl-C and SIGTERM let what is in flight finish; a second one ends the run at once.

    The handlers are Python's, not the loop's: those would wait until a document is read. Outside
    the main thread (an actor of Ray) there are no signals: its owner ends the process.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    task, loop = asyncio.current_task(), asyncio.get_running_loop()

    def stop() -> None:
        if gate.reason is not None and task is not None:
            task.cancel()
        gate.stop(STOPPED)

    def handle(*_: object) -> None:
        hasten()
        loop.call_soon_threadsafe(stop)

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        relax()
        for number, handler in before.items():
            signal.signal(number, handler)


async def _run(job: Job, model: Model, plan: Plan, store: Store, gate: Gate) -> int:
    console = standard_error()
    try:
        failed = await _outcomes(job, model, plan, store, gate)
    except RunStopped as error:
        if gate.reason != STOPPED:
            print_error(console, error)
            return SOME_FAILED
        console.print(ENDED)
        return INTERRUPTED
    console.print(f"To look at the records: extractor show --store {job.store}", markup=False)
    return SOME_FAILED if failed else 0


async def _outcomes(job: Job, model: Model, plan: Plan, store: Store, gate: Gate) -> int:
    """Tell and write what comes; gives the number of inputs that failed."""
    console, failed, passed_over = standard_error(), 0, 0
    total = count_documents(job.paths) if console.is_terminal and not job.shard else None
    try:
        with output_lines(job.output, gate.stop) as lines, Live(console, gate, total) as live:
            plan = replace(plan, report=live.report)
            documents = _documents(job, plan.document_seconds)
            found = annotate(documents, model=model, plan=plan, store=store, gate=gate)
            async for outcome in found:
                _keep_what_is_loaded()
                failed += outcome.letter is not None
                passed_over += outcome.passed_over
                _tell(outcome, console)
                if outcome.extraction is not None and lines is not None:
                    lines.add(outcome.extraction)
                live.document_done(failed=outcome.letter is not None)
    finally:
        _tell_passed_over(passed_over, console)
        if gate.unreported:
            console.print(
                f"Usage not reported for {gate.unreported} requests: counted at their estimate."
            )
    return failed


@cache
def _keep_what_is_loaded() -> None:
    """Once in a process, when its first document is through: what is loaded by then stays.

    Full collections then look at documents only: they cost less, come sooner, and what a document
    leaves behind does not pile up (`gc.freeze`).
    """
    gc.collect()
    gc.freeze()


def _tell_passed_over(count: int, console: Console) -> None:
    if count:
        documents = "document was" if count == 1 else "documents were"
        console.print(
            f"{count} {documents} given up before and passed over: --retry-dead tries again."
        )


def _tell(outcome: Outcome, console: Console) -> None:
    """One line for the document, and one for each thing of it that failed."""
    found, name = outcome.extraction, one_line(outcome.name)
    if found is None:
        if outcome.letter is not None:
            console.print(
                Text.assemble(("error:", "bold red"), " ", one_line(outcome.letter.reason))
            )
        return
    counts = {
        "figures": found.figures,
        "quotations": found.quotations,
        "entities": found.entities,
        "events": found.events,
        "methods": found.methods,
    }
    parts = [f"{len(records)} {kind}" for kind, records in counts.items() if records is not None]
    refused = [rejected for rejected in found.rejected if not rejected.is_routine]
    parts.append(f"{len(refused)} not accepted")
    console.print(f"{name}: {', '.join(parts)}", markup=False)
    if found.document.warnings:
        told = "; ".join(map(one_line, found.document.warnings))
        console.print(f"  warning: {told}", style="yellow", markup=False)
    for run in found.runs:
        for failure in run.failures:
            told = f"  {run.task} failed: {one_line(failure)}"
            console.print(told, style="red", markup=False)
