"""A second model for what the first one fails at: whole record types, so each has one author."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from extractor.asking import Report
from extractor.assembly import stored_extraction
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
from extractor.pipeline import extract_document, finished
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
) -> Extraction:
    """`extract_document`; what fails is asked whole from the fallback. `Run.model` says by whom.

    Raises:
        DocumentError, ModelError, StoreError: as `extract_document`.
    """
    if fallback is None:
        return await extract_document(
            document, model=model, records=records, store=store, report=report
        )
    second = finished(document, model=fallback.model, records=records, store=store)
    first = [name for name in records if name not in second]
    found: Extraction | None = None
    if first:
        try:
            found = await extract_document(
                document, model=model, records=first, store=store, report=report
            )
        except ModelError as error:
            if not fallback.takes(error):
                raise
        done = finished(document, model=model, records=first, store=store)
        failed = [name for name in first if name not in done]
        if not failed or (found is not None and "invalid" not in fallback.classes):
            return found if found is not None and not second else stored_extraction(document, store)
        await extract_document(
            document, model=fallback.model, records=failed, store=store, report=report
        )
    return stored_extraction(document, store)
