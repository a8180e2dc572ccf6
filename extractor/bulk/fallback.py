"""A second model for what the first one fails at: whole record types, so each has one author."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from extractor.asking import Report
from extractor.assembly import TaskResult, assemble
from extractor.deadline import Deadline
from extractor.documents import Document
from extractor.errors import (
    ModelError,
    ModelUnavailable,
    QuotaExhausted,
    ReplyInvalid,
    TransportFailed,
)
from extractor.models.base import Model
from extractor.output import Extraction
from extractor.pipeline import extract_results, finished
from extractor.store import Store

Class = Literal["invalid", "transport", "quota"]
CLASSES: dict[Class, tuple[type[ModelError], ...]] = {
    "invalid": (ReplyInvalid,),
    "transport": (TransportFailed, ModelUnavailable),
    "quota": (QuotaExhausted,),
}


@dataclass(frozen=True)
class Fallback:
    """The second model.

    classes: failures of the first that it is asked for: `invalid` (no usable reply, or the request
        was refused for its length or content), `transport` (no answer), `quota` (no credit left).
    """

    model: Model
    classes: frozenset[Class]

    def takes(self, error: ModelError) -> bool:
        """True where the second model is to be asked after this."""
        if isinstance(error, QuotaExhausted):  # a TransportFailed as well
            return "quota" in self.classes
        return any(isinstance(error, CLASSES[one]) for one in self.classes)


async def extract_with(
    fallback: Fallback | None,
    document: Document,
    *,
    model: Model,
    records: Sequence[str],
    store: Store,
    report: Report,
    seconds: float | None = None,
) -> Extraction:
    """`extract_document`; what fails is asked whole from the fallback. `Run.model` says by whom.

    What fails at both is in `Extraction.runs` as it is at one: as the second model left it, or as
    the first did where the second has nothing at all.

    Raises:
        DocumentError, ModelError, StoreError: as `extract_document`.
    """
    ask = partial(extract_results, document, store=store, report=report, seconds=seconds)
    if fallback is None:
        return _assembled(document, await ask(model=model, records=records), seconds)
    known = partial(finished, document, store=store)
    second = known(model=fallback.model, records=records)
    first = [name for name in records if name not in second]
    found: list[TaskResult] = []
    if first:
        try:
            found = await ask(model=model, records=first)
            failed = [one.task for one in found if one.run.status != "ok"]
            failed = failed if "invalid" in fallback.classes else []
        except ModelError as error:
            if not fallback.takes(error):
                raise
            done = known(model=model, records=first)
            found = await ask(model=model, records=done) if done else []
            failed = [name for name in first if name not in done]
        second += failed
    helped = await ask(model=fallback.model, records=second) if second else []
    results = _better(found, helped)
    return _assembled(document, [results[name] for name in dict.fromkeys(records)], seconds)


def _assembled(
    document: Document, results: Sequence[TaskResult], seconds: float | None
) -> Extraction:
    """The recall audit reads the whole page, so it has a time limit as the reading has."""
    with Deadline(document.name, seconds).running():
        return assemble(document, results)


def _better(first: Sequence[TaskResult], second: Sequence[TaskResult]) -> dict[str, TaskResult]:
    """The second model's results, but the first's where the second has nothing at all."""
    found = {one.task: one for one in first}
    for one in second:
        if one.run.status != "failed" or found.get(one.task, one).run.status == "failed":
            found[one.task] = one
    return found
