"""One document, from its text to its records: read, ask, build, keep."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Field

from extractor.audit.uncovered import find_uncovered
from extractor.confidence import confidences, run_checks
from extractor.documents import Document
from extractor.errors import DocumentError, ModelError, ReplyInvalid, UsageError
from extractor.models.base import Attempt, Message, Model, Request
from extractor.output import DocumentInfo, Extraction, Rejected, Run
from extractor.prompts import Prompt, load_prompt
from extractor.reading.parse import SUPPORTED_LANGUAGES
from extractor.reading.reading import Reading
from extractor.records import (
    Article,
    Entity,
    Event,
    Figure,
    Quotation,
    Record,
    RecruitmentMethod,
    Strict,
)
from extractor.store import Store, content_key
from extractor.tasks import TASKS, Question, Task
from extractor.tasks.together import apart, together
from extractor.verification import Fault, verify

T = TypeVar("T")
RECORD_TYPES: Mapping[str, type[Record]] = {
    "header": Article,
    "figures": Figure,
    "quotations": Quotation,
    "entities": Entity,
    "events": Event,
    "methods": RecruitmentMethod,
}
_REFUSED = {400, 413, 422}  # HTTP: this request is wrong, too long or not to be processed


@dataclass(frozen=True)
class Step:
    """Something happened: questions were added, or done at this many tokens."""

    asked: int = 0
    answered: int = 0
    tokens: int = 0


Report = Callable[[Step], None]


def _silent(_: Step) -> None:
    """The report of somebody who wants none."""


class TaskResult(Strict):
    """What one task gave: what the store keeps, and what extractions are put together from."""

    task: str
    records: list[dict[str, Any]]
    rejected: list[Rejected]
    run: Run
    checks: dict[str, dict[str, bool]] = Field(default={})


@dataclass(frozen=True)
class Work:
    """A task made ready: its prompt, the shape of its records, the check that they must pass."""

    task: Task
    prompt: Prompt
    schema: Mapping[str, object]
    verify: Callable[[Any, str], list[Fault]] = verify


@dataclass(frozen=True)
class Done:
    """What one task gave: verified records, what was refused, how it went, checks by record."""

    records: list[Record]
    rejected: list[Rejected]
    run: Run
    checks: dict[str, dict[str, bool]]


@dataclass
class _Log:
    """What happened while one task was asked; `again` holds the second phrasing's answers."""

    answers: dict[str, BaseModel] = field(default_factory=dict)
    again: dict[str, BaseModel] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    reused: int = 0


async def extract_document(
    document: Document,
    *,
    model: Model,
    records: Sequence[str] = tuple(TASKS),
    store: Store | None = None,
    report: Report = _silent,
) -> Extraction:
    """Extract records of the named types from one document.

    Tasks run side by side, the questions of one task as many at once as the model's profile says.
    With a store, finished work is taken from it and new work is kept at once.

    Args:
        records: any of `header`, `figures`, `quotations`, `entities`, `events`, `methods`.

    Raises:
        UsageError: an unknown record type.
        DocumentError: the document is in a language that is not supported.
        ModelError: the model cannot be used or does not answer; answered questions are kept.
    """
    _check(document, records)
    if store is not None:
        store.add_document(document)
    reading = Reading(document)
    work = [_work(name) for name in dict.fromkeys(records)]
    jobs = [_Job(reading, one, model, store, report) for one in work]
    return assemble(document, await _together(job.run() for job in jobs))


def _work(name: str) -> Work:
    task, prompt = TASKS[name]
    return Work(task, load_prompt(prompt), RECORD_TYPES[name].model_json_schema())


async def extract_work(
    document: Document,
    work: Work,
    *,
    model: Model,
    store: Store | None = None,
    report: Report = _silent,
) -> Done:
    """One piece of work on one document, such as records of a user's own type.

    With a store, answers are taken from it and kept in it. The records themselves are built anew
    each time: code that is not the library's may have a part in them.

    Raises:
        DocumentError, ModelError: as `extract_document`.
    """
    _check_document(document)
    if store is not None:
        store.add_document(document)
    return await _Job(Reading(document), work, model, store, report).work_through()


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


async def _together(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """All results in order. The first failure stops the rest and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(job) for job in work]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed.exceptions[0].__cause__
    return [task.result() for task in running]


@cache
def code_version() -> str:
    """Version, and a hash over the code that reads texts and builds records (8 hexadecimal digits).

    It is part of every result's key: records made by other code are made again, from kept answers.
    """
    package = Path(__file__).parent
    names = ("confidence", "documents", "furniture", "grounding", "verification")
    files = [package / f"{name}.py" for name in names]
    folders = ("reading", "tasks", "typed")
    files += sorted(file for folder in folders for file in package.glob(f"{folder}/*.py"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return f"{version('extractor')}+{digest[:8]}"


class _Job:
    """One task on one document."""

    def __init__(
        self, reading: Reading, work: Work, model: Model, store: Store | None, report: Report
    ) -> None:
        self.reading = reading
        self.work = work
        self.task = work.task
        self.prompt = work.prompt
        self.model = model
        self.store = store
        self.report = report
        self.log = _Log()
        self.phrasings = model.profile.phrasings if self.task.name in RECORD_TYPES else 1
        self.alone: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def run(self) -> TaskResult:
        key = content_key(self.reading.document.fingerprint, self._made_by())
        if self.store and (kept := self.store.result(key)):
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
        if self.store and result.run.status == "ok":
            kept = result.model_dump_json()
            self.store.add_result(key, self.reading.document, self.task.name, kept)
        return result

    async def work_through(self) -> Done:
        """Ask what has no answer yet, and build."""
        single = self.task.questions(self.reading, self.prompt)
        questions = together(single, self.model.profile.questions_per_call)
        asked = [(q, again) for again in (False, True)[: self.phrasings] for q in questions]
        self.report(Step(asked=len(asked)))
        limit = asyncio.Semaphore(self.model.profile.per_task)
        await _together(self._answer(question, again, limit) for question, again in asked)
        return self._done(len(single) * self.phrasings)

    def _made_by(self) -> dict[str, Any]:
        """Everything but the document that the records depend on."""
        often = {"phrasings": self.phrasings} if self.phrasings > 1 else {}
        return {
            "task": self.task.name,
            "prompt": self.prompt.name,
            "prompt_sha256": self.prompt.sha256,
            "schema_sha256": content_key(self.work.schema),
            "model": self.model.identity,
            "parameters": {**self.model.parameters, **often},
            "version": code_version(),
        }

    async def _answer(self, question: Question, again: bool, limit: asyncio.Semaphore) -> None:
        answers = self.log.again if again else self.log.answers
        turns = self.prompt.render(question.variables, reverse=again)
        schema = question.schema.model_json_schema()
        call = content_key(
            turns, schema, question.max_tokens, self.model.identity, dict(self.model.parameters)
        )
        # A page that says one thing twice asks one question twice: the second waits for the first.
        async with self.alone[call], limit:
            kept = self.store.answer(call) if self.store else None
            if kept is not None:
                answers.update(apart(question, question.schema.model_validate_json(kept)))
                self.log.reused += 1
                self.report(Step(answered=1))
            else:
                messages = tuple(Message(role, content) for role, content in turns)
                request = Request(self.prompt.name, messages, question.max_tokens)
                if (value := await self._ask(question, request, call)) is not None:
                    answers.update(apart(question, value))

    async def _ask(self, question: Question, request: Request, call: str) -> BaseModel | None:
        """The model's answer, None where it has none to this question alone."""
        try:
            reply = await self.model.ask(request, question.schema)
        except ModelError as error:
            self._keep_attempts(call, [a for a in error.attempts if isinstance(a, Attempt)])
            if not _concerns_one_question(error):
                raise
            self.log.failures.append(f"{question.id}: {error}")
            return None
        self._keep_attempts(call, reply.attempts)
        if self.store:
            answer = reply.value.model_dump_json()
            self.store.add_answer(call, self.task.name, self.model.identity, answer)
        return reply.value

    def _keep_attempts(self, call: str, attempts: Sequence[Attempt]) -> None:
        self.log.attempts.extend(attempts)
        tokens = sum(attempt.prompt_tokens + attempt.completion_tokens for attempt in attempts)
        self.report(Step(answered=1, tokens=tokens))
        if self.store:
            self.store.add_attempts(
                call, self.reading.document, self.task.name, self.model.identity, attempts
            )

    def _done(self, asked: int) -> Done:
        built = self.task.build(self.reading, self.log.answers)
        attempts = self.log.attempts
        run = Run(
            **self._made_by(),
            status=_status(asked, len(self.log.answers) + len(self.log.again)),
            questions=asked,
            reused=self.log.reused,
            attempts=len(attempts),
            prompt_tokens=sum(attempt.prompt_tokens for attempt in attempts),
            completion_tokens=sum(attempt.completion_tokens for attempt in attempts),
            seconds=round(sum(attempt.seconds for attempt in attempts), 3),
            failures=self.log.failures,
        )
        records, refused = self._verified(built.records)
        return Done(records, [*built.rejected, *refused], run, self._checks(records))

    def _checks(self, records: Sequence[Record]) -> dict[str, dict[str, bool]]:
        twice = self.phrasings > 1
        again = self.task.build(self.reading, self.log.again).records if twice else None
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


def _concerns_one_question(error: ModelError) -> bool:
    """No usable reply, or a refusal of this request alone (its length): others may be answered."""
    last = error.attempts[-1] if error.attempts else None
    refused = isinstance(last, Attempt) and last.status_code in _REFUSED
    return isinstance(error, ReplyInvalid) or refused


def _status(asked: int, answered: int) -> Literal["ok", "partial", "failed"]:
    if answered == asked:
        return "ok"
    return "partial" if answered else "failed"


def assemble(document: Document, results: Sequence[TaskResult]) -> Extraction:
    """One extraction from the results of its tasks. A failed task's records stay None."""
    lists = {r.task: r.records for r in results if r.run.status != "failed"}
    header = lists.pop("header", None)
    info = DocumentInfo(
        id=document.id,
        name=document.name,
        language=document.language,
        characters=len(document.text),
        metadata=document.metadata,
        furniture=document.furniture,
    )
    extraction = Extraction.model_validate(
        {
            "document": info,
            "article": header[0] if header else None,
            "rejected": [rejected for result in results for rejected in result.rejected],
            "runs": [result.run for result in results],
            **confidences({r.task: r.checks for r in results}),
            **lists,
        }
    )
    return extraction.model_copy(update={"uncovered": find_uncovered(document, extraction)})


def stored_extraction(document: Document, store: Store) -> Extraction:
    """The newest results of a document, as one extraction, in the order of `TASKS`."""
    results = [TaskResult.model_validate_json(kept) for kept in store.results(document)]
    order = list(TASKS)
    return assemble(document, sorted(results, key=lambda result: order.index(result.task)))
