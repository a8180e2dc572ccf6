"""One document, from its text to its records: read, ask, build, keep."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from extractor.asking import Asker, Call, Desk, Put, Report, side_by_side, silent
from extractor.assembly import TaskResult, assemble
from extractor.confidence import run_checks
from extractor.deadline import Deadline
from extractor.documents import Document
from extractor.errors import DocumentError, UsageError
from extractor.models.base import Message, Model, Request, json_schema
from extractor.output import RECORD_TYPES, Extraction, Rejected, Run
from extractor.prompts import Prompt, shipped_prompt
from extractor.reading.parse import SUPPORTED_LANGUAGES
from extractor.reading.reading import Reading
from extractor.records import Record
from extractor.store import Store, content_key
from extractor.tasks import TASKS, Question, Task
from extractor.tasks.together import together
from extractor.verification import Fault, verify

_COMPILED = {".pyc", ".pyo"}


@dataclass(frozen=True)
class Work:
    """A task made ready: its prompt, the shape of its records, the check that they must pass."""

    task: Task
    prompt: Prompt
    schema: Mapping[str, object]
    verify: Callable[[Any, str], list[Fault]] = verify

    @cached_property
    def schema_sha256(self) -> str:
        """Hash of the records' shape, 64 hexadecimal digits."""
        return content_key(self.schema)


@dataclass(frozen=True)
class Done:
    """What one task gave: verified records, what was refused, how it went, checks by record."""

    records: list[Record]
    rejected: list[Rejected]
    run: Run
    checks: dict[str, dict[str, bool]]


async def extract_document(
    document: Document,
    *,
    model: Model,
    records: Sequence[str] = tuple(TASKS),
    store: Store | None = None,
    report: Report = silent,
) -> Extraction:
    """Extract records of the named types from one document.

    Tasks run side by side, the questions of one task as many at once as the model's profile says.
    With a store, finished work is taken from it and new work is kept at once.

    Args:
        records: any of `header`, `figures`, `quotations`, `entities`, `events`, `methods`.

    Raises:
        UsageError: an unknown record type.
        DocumentError: the document is in a language that is not supported.
        ModelError: the model cannot be used or does not answer. Nothing more is asked then; what
            is in flight is waited for, and answered questions are kept.
        StoreError: the store cannot be written.
    """
    results = await extract_results(
        document, model=model, records=records, store=store, report=report
    )
    return assemble(document, results)


async def extract_results(
    document: Document,
    *,
    model: Model,
    records: Sequence[str],
    store: Store | None = None,
    report: Report = silent,
    seconds: float | None = None,
) -> list[TaskResult]:
    """As `extract_document`: what each task gave, in the order asked for.

    Args:
        seconds: most time for reading and building, None for no limit; see `extractor.deadline`.

    Raises:
        DocumentError: also where that time is over.
    """
    deadline = Deadline(document.name, seconds)
    with deadline.running():
        _check(document, records)
    if store is not None:
        await store.add_document(document)
    reading = Reading(document)
    desk = Desk(model, store, report)
    jobs = [_Job(reading, _work(name), desk, deadline) for name in dict.fromkeys(records)]
    return await side_by_side((job.run() for job in jobs), desk)


def open_calls(
    document: Document,
    *,
    model: Model,
    records: Sequence[str] = tuple(TASKS),
    store: Store | None = None,
    seconds: float | None = None,
) -> list[Call]:
    """What `extract_document` would ask the model now: every question without a kept answer, once.

    Args and errors: as `extract_results`. Nothing is asked and nothing written.
    """
    with Deadline(document.name, seconds).running():
        _check(document, records)
        reading = Reading(document)
        desk = Desk(model, store)
        jobs = [_Job(reading, _work(name), desk) for name in dict.fromkeys(records)]
        return list({call.key: call for job in jobs for call in job.open_calls()}.values())


def finished(
    document: Document, *, model: Model, records: Sequence[str] = tuple(TASKS), store: Store
) -> list[str]:
    """The record types that `extract_document` would take from the store, result and all.

    Args and errors: as `extract_document`. Nothing is asked and nothing written.
    """
    _check(document, records)
    reading, desk = Reading(document), Desk(model, store)
    jobs = {name: _Job(reading, _work(name), desk) for name in dict.fromkeys(records)}
    return [name for name, job in jobs.items() if job.is_finished()]


def _work(name: str) -> Work:
    task, prompt = TASKS[name]
    return Work(task, shipped_prompt(prompt), json_schema(RECORD_TYPES[name]))


async def extract_work(
    document: Document,
    work: Work,
    *,
    model: Model,
    store: Store | None = None,
    report: Report = silent,
) -> Done:
    """One piece of work on one document, such as records of a user's own type.

    With a store, answers are taken from it and kept in it. The records themselves are built anew
    each time: code that is not the library's may have a part in them.

    Raises:
        DocumentError, ModelError: as `extract_document`.
    """
    _check_document(document)
    if store is not None:
        await store.add_document(document)
    return await _Job(Reading(document), work, Desk(model, store, report)).work_through()


def _check(document: Document, records: Sequence[str]) -> None:
    _check_document(document)
    unknown = [name for name in records if name not in TASKS]
    if unknown or not records:
        known = ", ".join(TASKS)
        problem = f"unknown type {', '.join(unknown)!r}" if unknown else "no type given"
        raise UsageError(f"records: {problem} - use any of: {known}")


def _check_document(document: Document) -> None:
    try:
        document.name.encode()
    except UnicodeEncodeError:
        raise DocumentError(document.name, "its name is not UTF-8", "rename the file") from None
    if document.language is not None and document.language not in SUPPORTED_LANGUAGES:
        raise DocumentError(
            document.name,
            f"language {document.language!r} is not supported",
            f"give articles in: {', '.join(SUPPORTED_LANGUAGES)}",
        )


@cache
def code_version() -> str:
    """Version, and a hash (8 hexadecimal digits) over the code that reads texts and builds records
    and the lists of words that it reads with.

    It is part of every result's key: records made by other code or data are made again, from kept
    answers. Both are read once in a process, so a file edited while it runs counts from the next.
    """
    return f"{version('extractor')}+{_digest(Path(__file__).parent)}"


def _digest(package: Path) -> str:
    """Over name and content of every file that has a part in reading and building."""
    names = ("confidence", "documents", "furniture", "grounding", "records", "verification")
    files = [file for name in names for file in package.glob(f"{name}.*")]
    for folder in ("reading", "tasks", "typed"):
        files += [file for file in package.glob(f"{folder}/**/*") if file.is_file()]
    digest = hashlib.sha256()
    for file in sorted(file for file in files if file.suffix not in _COMPILED):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(package).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:8]


class _Job:
    """One task on one document."""

    def __init__(
        self, reading: Reading, work: Work, desk: Desk, deadline: Deadline | None = None
    ) -> None:
        self.reading = reading
        self.deadline = deadline or Deadline(reading.document.name)
        self.work = work
        self.task = work.task
        self.prompt = work.prompt
        self.model = desk.model
        self.store = desk.store
        self.asker = Asker(reading.document, desk)
        self.phrasings = self.model.profile.phrasings if self.task.name in RECORD_TYPES else 1

    async def run(self) -> TaskResult:
        if (kept := self._kept_result()) is not None:
            return TaskResult.model_validate_json(kept)
        done = await self.work_through()
        records = [record.model_dump(mode="json") for record in done.records]
        result = TaskResult(
            task=self.task.name,
            records=records,
            rejected=done.rejected,
            run=done.run,
            checks=done.checks,
        )
        if self.store and result.run.status != "failed":
            # A part is kept for whoever reads the store, under a key that no run looks for.
            failures = result.run.failures
            key = content_key(self._key(), failures) if failures else self._key()
            document, kept = self.reading.document, result.model_dump_json()
            await self.store.add_result(key, document, self.task.name, kept)
        return result

    async def work_through(self) -> Done:
        """Ask what has no answer yet, and build."""
        with self.deadline.running():
            single, asked = self._questions()
        await self.asker.put_all(asked)
        with self.deadline.running():
            return self._done(len(single) * self.phrasings)

    def open_calls(self) -> list[Call]:
        """What has to be asked before there is a result."""
        if self.is_finished():
            return []
        _, asked = self._questions()
        return [one.call for one in asked if self.asker.is_open(one.call)]

    def is_finished(self) -> bool:
        """True where the store has the result."""
        return self._kept_result() is not None

    def _key(self) -> str:
        return content_key(self.reading.document.fingerprint, self._made_by())

    def _kept_result(self) -> str | None:
        return self.store.result(self._key()) if self.store else None

    def _questions(self) -> tuple[Sequence[Question], list[Put]]:
        """The task's questions, and how they are put to the model: several in one, twice."""
        single = self.task.questions(self.reading, self.prompt)
        questions = together(single, self.model.profile.questions_per_call)
        phrasings = (False, True)[: self.phrasings]
        asked = [Put(q, again, self._call(q, again)) for again in phrasings for q in questions]
        return single, asked

    def _call(self, question: Question, again: bool) -> Call:
        turns = self.prompt.render(question.variables, reverse=again)
        schema = json_schema(question.schema)
        key = content_key(
            turns, schema, question.max_tokens, self.model.identity, dict(self.model.parameters)
        )
        messages = tuple(Message(role, content) for role, content in turns)
        request = Request(self.prompt.name, messages, question.max_tokens)
        return Call(key, self.task.name, request, question.schema)

    def _made_by(self) -> dict[str, Any]:
        """Everything but the document that the records depend on."""
        often = {"phrasings": self.phrasings} if self.phrasings > 1 else {}
        return {
            "task": self.task.name,
            "prompt": self.prompt.name,
            "prompt_sha256": self.prompt.sha256,
            "schema_sha256": self.work.schema_sha256,
            "model": self.model.identity,
            "parameters": {**self.model.parameters, **often},
            "version": code_version(),
        }

    def _done(self, asked: int) -> Done:
        log = self.asker.log
        built = self.task.build(self.reading, log.answers)
        attempts = log.attempts
        run = Run(
            **self._made_by(),
            status=_status(asked, len(log.answers) + len(log.again)),
            questions=asked,
            reused=log.reused,
            attempts=len(attempts),
            prompt_tokens=sum(attempt.prompt_tokens for attempt in attempts),
            completion_tokens=sum(attempt.completion_tokens for attempt in attempts),
            seconds=round(sum(attempt.seconds for attempt in attempts), 3),
            failures=log.failures,
            adapted=list(self.model.adapted),
        )
        records, refused = self._verified(built.records)
        return Done(records, [*built.rejected, *refused], run, self._checks(records))

    def _checks(self, records: Sequence[Record]) -> dict[str, dict[str, bool]]:
        twice = self.phrasings > 1
        again = self.task.build(self.reading, self.asker.log.again).records if twice else None
        return run_checks(self.reading, self.prompt.labels, records, again)

    def _verified(self, built: Sequence[Record]) -> tuple[list[Record], list[Rejected]]:
        """Records whose evidence reads as they say; the others with their faults."""
        accepted: list[Record] = []
        refused: list[Rejected] = []
        for record in built:
            faults = self.work.verify(record, self.reading.document.text)
            if not faults:
                accepted.append(record)
                continue
            dumped = record.model_dump(mode="json", fallback=str)
            detail = "; ".join(f"{fault.field}: {fault.problem}" for fault in faults)
            refused.append(
                Rejected(
                    task=self.task.name, reason="not_grounded", detail=detail, candidate=dumped
                )
            )
        return accepted, refused


def _status(asked: int, answered: int) -> Literal["ok", "partial", "failed"]:
    if answered == asked:
        return "ok"
    return "partial" if answered else "failed"
