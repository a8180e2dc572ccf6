"""Many documents: several at a time, each done once, each ending as records or as a dead letter."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

from extractor.asking import Report, Step, silent
from extractor.bulk.fallback import Fallback, extract_with
from extractor.bulk.stopping import GO_ON, Gate
from extractor.documents import Document
from extractor.errors import (
    DocumentError,
    ExtractorError,
    ModelError,
    ModelUnavailable,
    QuotaExhausted,
    RunStopped,
    TransportFailed,
)
from extractor.models.base import Attempt, Model
from extractor.output import Extraction
from extractor.store import DeadLetter, Store, content_key

FEWEST_FAILURES = 5  # in a row before an endpoint counts as down
_NEVER_BETTER = {401, 403, 404}  # HTTP: the key or the name is wrong, for every document alike
_REASON_CHARACTERS = 500
Input = Document | DocumentError


@dataclass(frozen=True)
class Plan:
    """How to work.

    records: types to extract.
    in_flight: documents worked on at once.
    fallback: a second model, and for which failures of the first it is asked.
    retry_dead: try again what an earlier run gave up.
    report: is told of every question asked and answered.
    document_seconds: most time for reading one document and building its records.
    """

    records: tuple[str, ...]
    in_flight: int = 1
    fallback: Fallback | None = None
    retry_dead: bool = False
    report: Report = silent
    document_seconds: float | None = None


@dataclass(frozen=True)
class Outcome:
    """One input has ended: with an extraction, with a dead letter, or (partly failed) with both.

    passed_over: the letter was there already, maybe of another model: nothing was tried now.
    """

    name: str
    extraction: Extraction | None = None
    letter: DeadLetter | None = None
    passed_over: bool = False


async def annotate(
    documents: Iterable[Input], *, model: Model, plan: Plan, store: Store, gate: Gate
) -> AsyncIterator[Outcome]:
    """Extract from all documents; outcomes come as they are ready.

    At most `plan.in_flight` documents are in memory. What the store has is not asked again, so the
    same call again goes on after any end. An outcome is given when it is on disk.

    Raises:
        RunStopped: the gate was closed, or no model answered at all; what was in flight is finished
            and kept.
        ModelError: the model cannot be used. All that was answered is kept.
        StoreError: the store cannot be written.
    """
    run = _Run(model, plan, store, gate)
    waiting: set[asyncio.Task[list[Outcome]]] = set()
    done: set[asyncio.Task[list[Outcome]]] = set()
    inputs = iter(documents)
    try:
        while True:
            for document in _some(inputs, plan.in_flight - len(waiting), gate):
                waiting.add(asyncio.create_task(run.one(document)))
            if not waiting:
                break
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                for outcome in task.result():
                    yield outcome
    except Exception:
        gate.stop("another document ended in an error")  # what is in flight is paid for: wait
        raise
    except BaseException:  # nobody waits for the outcomes any more
        for task in waiting:
            task.cancel()
        raise
    finally:
        await asyncio.gather(*waiting, *done, return_exceptions=True)  # several may have failed
    for outcome in await run.ended():
        yield outcome
    gate.check()


def _some(inputs: Iterator[Input], count: int, gate: Gate) -> Iterator[Input]:
    """Up to `count` further inputs, none when the run is over."""
    while count > 0 and gate.reason is None:
        document = next(inputs, None)
        if document is None:
            return
        count -= 1
        yield document


@dataclass
class _Run:
    """Holds what failed until it is clear whether the document failed or the endpoint.

    held: failures without a success since, each with its time. The success of a document that was
        begun later and had a model's reply lets them go as dead letters; many in a row are the
        endpoint's, end the run, and stay undone.
    clock: counts documents begun and failed.
    replies: of models, in this run. What the store answers says nothing about an endpoint.
    """

    model: Model
    plan: Plan
    store: Store
    gate: Gate
    held: list[tuple[int, Document, ModelError]] = field(default_factory=list)
    clock: int = 0
    replies: int = 0

    @cached_property
    def asked(self) -> str:
        """Hash of the model and how it is asked: what it refused otherwise is tried again."""
        return content_key(self.model.identity, dict(self.model.parameters))

    @property
    def most(self) -> int:
        """Failures in a row that end the run."""
        return max(FEWEST_FAILURES, self.plan.in_flight)

    async def one(self, document: Input) -> list[Outcome]:
        """Work on one input; gives the outcomes that are now certain, maybe of others as well."""
        if isinstance(document, DocumentError):
            return [await self._unreadable(document)]
        begun = self._tick()
        old = None if self.plan.retry_dead else self.store.dead_letter(document.fingerprint)
        if old is not None and not (old.is_refusal() and old.asked != self.asked):
            return [Outcome(document.name, letter=old, passed_over=True)]
        return await self._extracted(document, begun)

    async def _extracted(self, document: Document, begun: int) -> list[Outcome]:
        heard: list[int] = []
        try:
            found = await extract_with(
                self.plan.fallback,
                document,
                model=self.model,
                records=self.plan.records,
                store=self.store,
                report=partial(self._reported, heard),
                seconds=self.plan.document_seconds,
            )
        except DocumentError as error:
            return [await self._unreadable(error, document)]
        except RunStopped as error:
            self.gate.stop(str(error).removesuffix(f" - {GO_ON}"))
            return []
        except ModelError as error:
            self._failed(document, error)
            return []
        except Exception as error:  # whatever this page has, the others go on
            if isinstance(error, ExtractorError):
                raise
            return [await self._given_up(document, type(error).__name__, _unforeseen(error))]
        freed = await self._let_go(begun) if heard else []
        return [*freed, await self._finished(document, found)]

    async def ended(self) -> list[Outcome]:
        """At the end of the inputs: what failed last is the documents' failure after all.

        Without one reply in the whole run nobody can tell, and they stay undone.
        """
        if self.held and not self.replies:
            self.gate.stop(f"no answer to {len(self.held)} documents: {self.held[-1][2]}")
        return [] if self.gate.reason else await self._let_go(self._tick())

    def _reported(self, heard: list[int], step: Step) -> None:
        """Pass a step on; `heard` gets what says that a model replied about this document."""
        if step.replies:
            heard.append(step.replies)
            self.replies += step.replies
        self.plan.report(step)

    def _failed(self, document: Document, error: ModelError) -> None:
        """Hold the failure back; end the run where no other document would fare better."""
        self.held.append((self._tick(), document, error))
        if _is_hopeless(error):
            self.gate.stop(str(error))
        elif len(self.held) >= self.most:
            self.gate.stop(f"{len(self.held)} documents failed one after the other: {error}")

    async def _let_go(self, before: int) -> list[Outcome]:
        free = [(document, error) for time, document, error in self.held if time < before]
        self.held = [one for one in self.held if one[0] >= before]
        return [await self._given_up(document, type(e).__name__, str(e)) for document, e in free]

    def _tick(self) -> int:
        self.clock += 1
        return self.clock

    async def _finished(self, document: Document, found: Extraction) -> Outcome:
        failed = [run for run in found.runs if run.status != "ok"]
        if not failed:
            await self.store.settle(document)
            return Outcome(document.name, found)
        reason = "; ".join(f"{run.task}: {run.failures[0]}" for run in failed)
        outcome = await self._given_up(document, "ReplyInvalid", reason)
        return Outcome(document.name, found, outcome.letter)

    async def _given_up(self, document: Document, error: str, reason: str) -> Outcome:
        which = (document.name, document.fingerprint)
        letter = DeadLetter(*which, "extract", error, reason, asked=self.asked)
        await self.store.add_dead_letter(letter)
        return Outcome(document.name, letter=letter)

    async def _unreadable(self, error: DocumentError, document: Document | None = None) -> Outcome:
        known = document.fingerprint if document else None
        letter = DeadLetter(error.name, known, "read", type(error).__name__, str(error))
        await self.store.add_dead_letter(letter)
        return Outcome(error.name, letter=letter)


def _unforeseen(error: Exception) -> str:
    """What is to be reported of a fault in this program: where it happened, and its own words."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
    words = " ".join(str(error).split())[:_REASON_CHARACTERS]
    return f"unforeseen {type(error).__name__} at {place}: {words} - please report it"


def _is_hopeless(error: ModelError) -> bool:
    """The account, the key or the model is at fault."""
    if isinstance(error, QuotaExhausted | ModelUnavailable):
        return True
    last = error.attempts[-1] if error.attempts else None
    refused = isinstance(last, Attempt) and last.status_code in _NEVER_BETTER
    return isinstance(error, TransportFailed) and refused
