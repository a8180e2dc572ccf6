"""`extractor annotate`: documents in, records into the store and, if asked, a JSONL file."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from extractor.bulk import annotate
from extractor.commands.console import (
    INTERRUPTED,
    SOME_FAILED,
    guarded,
    one_line,
    print_error,
    standard_error,
)
from extractor.errors import DocumentError, UsageError
from extractor.models import open_model
from extractor.output import Extraction
from extractor.pipeline import Step
from extractor.readers import read_documents
from extractor.settings import load_settings
from extractor.store import Store

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID


@dataclass(frozen=True)
class Job:
    """What the user asked for. `overrides` are settings given as options, None where not given."""

    paths: tuple[str, ...]
    output: Path | None
    records: tuple[str, ...]
    overrides: Mapping[str, object]
    store: Path


def run_annotate(job: Job) -> int:
    """Do the job; 0 all done, 1 some failed, 2 wrong usage, 130 interrupted."""
    return guarded(lambda: _interruptible(job))


def _interruptible(job: Job) -> int:
    console = standard_error()
    try:
        return asyncio.run(_annotate(job, console))
    except (KeyboardInterrupt, asyncio.CancelledError):
        console.print("Stopped. What was answered is kept; the same command goes on from there.")
        return INTERRUPTED


async def _annotate(job: Job, console: Console) -> int:
    from extractor.tasks import TASKS

    if unknown := set(job.records) - set(TASKS):
        names = ", ".join(sorted(unknown))
        raise UsageError(f"--records: unknown {names} - use: {', '.join(TASKS)}")
    if not job.records:
        raise UsageError(f"--records: no type given - use any of: {', '.join(TASKS)}")
    settings = load_settings(job.overrides)
    _terminate_like_interrupt()
    failed = 0
    with Store(job.store) as store, _output(job.output) as lines, _Live(console) as live:
        async with open_model(settings.model, settings) as model:
            async for outcome in annotate(
                read_documents(job.paths),
                model=model,
                records=job.records,
                store=store,
                report=live.report,
            ):
                failed += not _tell(outcome, console)
                if isinstance(outcome, Extraction) and lines is not None:
                    lines.add(outcome)
                live.document_done()
    console.print(f"To look at the records: extractor show --store {job.store}", markup=False)
    return SOME_FAILED if failed else 0


def _terminate_like_interrupt() -> None:
    """SIGTERM ends a run as Ctrl-C does: in order, with everything kept."""
    task = asyncio.current_task()
    if task is not None and hasattr(signal, "SIGTERM"):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


def _tell(outcome: Extraction | DocumentError, console: Console) -> bool:
    """One line for the document; False where something of it failed."""
    if isinstance(outcome, DocumentError):
        print_error(console, outcome)
        return False
    counts = {
        "figures": outcome.figures,
        "quotations": outcome.quotations,
        "entities": outcome.entities,
        "events": outcome.events,
        "methods": outcome.methods,
    }
    parts = [f"{len(found)} {name}" for name, found in counts.items() if found is not None]
    refused = [rejected for rejected in outcome.rejected if not rejected.is_routine]
    parts.append(f"{len(refused)} not accepted")
    console.print(f"{one_line(outcome.document.name)}: {', '.join(parts)}", markup=False)
    failures = [(run.task, failure) for run in outcome.runs for failure in run.failures]
    for task, failure in failures:
        console.print(f"  {task} failed: {one_line(failure)}", style="red", markup=False)
    return all(run.status == "ok" for run in outcome.runs)


class _Lines:
    """Where extractions go as JSONL; a line is on its way as soon as it is written."""

    def __init__(self, path: Path, file: TextIO) -> None:
        self._path = path
        self._file = file
        self.written = False

    def add(self, extraction: Extraction) -> None:
        """Write one line."""
        with _writing(self._path):
            self._file.write(extraction.model_dump_json() + "\n")
        self.written = True


@contextmanager
def _output(path: Path | None) -> Iterator[_Lines | None]:
    """A file beside `path` that takes its place at the end, whatever ends the run.

    Only a run that ends before its first line leaves an older file as it was. What is no regular
    file (a pipe, a device) is written to as it is.
    """
    if path is None:
        yield None
        return
    special = path.exists() and not path.is_file()
    target = path if special else path.resolve()
    temporary = target if special else target.with_name(f".{target.name}.{os.getpid()}")
    with _writing(path):
        file = temporary.open("w", encoding="utf-8", buffering=1)
    lines = _Lines(path, file)
    complete = False
    try:
        yield lines
        complete = True
    finally:
        with _writing(path):
            file.close()
            if not special and (complete or lines.written):
                temporary.replace(target)
            elif not special:
                temporary.unlink()


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written ({error.strerror}) - give another -o"
        ) from None


class _Live:
    """Progress on a terminal: documents, questions, tokens, time left. Silent elsewhere."""

    def __init__(self, console: Console) -> None:
        from rich.progress import (
            BarColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self._documents = 0
        self._tokens = 0
        self._progress: Progress = Progress(
            TextColumn("{task.fields[documents]} documents"),
            BarColumn(),
            TextColumn("{task.completed:.0f}/{task.total:.0f} questions"),
            TextColumn("{task.fields[tokens]} tokens"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._bar: TaskID = self._progress.add_task("", total=0, documents=0, tokens=0)

    def __enter__(self) -> _Live:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if not self._progress.disable:  # else it would leave an empty line
            self._progress.stop()

    def report(self, step: Step) -> None:
        """Move the bar by one step of the pipeline."""
        self._tokens += step.tokens
        total = (self._progress.tasks[0].total or 0) + step.asked
        self._progress.update(self._bar, advance=step.answered, total=total, tokens=self._tokens)

    def document_done(self) -> None:
        """Count a document."""
        self._documents += 1
        self._progress.update(self._bar, documents=self._documents)
