"""From the results of a document's tasks to its extraction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import Field

from extractor.audit.uncovered import find_uncovered
from extractor.confidence import confidences
from extractor.documents import Document
from extractor.output import DocumentInfo, Extraction, Rejected, Run
from extractor.records import Strict
from extractor.store import Store
from extractor.tasks import TASKS


class TaskResult(Strict):
    """What one task gave: what the store keeps, and what extractions are put together from."""

    task: str
    records: list[dict[str, Any]]
    rejected: list[Rejected]
    run: Run
    checks: dict[str, dict[str, bool]] = Field(default={})


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
        warnings=list(document.warnings),
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


def stored_extractions(store: Store) -> Iterator[Extraction]:
    """Every document's newest results, one extraction in memory at a time."""
    return (stored_extraction(document, store) for document in store.documents())
