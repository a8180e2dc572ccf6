"""Many documents, one after the other; what fails is reported and the rest goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence

from extractor.documents import Document
from extractor.errors import DocumentError
from extractor.models.base import Model
from extractor.output import Extraction
from extractor.pipeline import Report, extract_document
from extractor.store import Store


async def annotate(
    documents: Iterable[Document | DocumentError],
    *,
    model: Model,
    records: Sequence[str],
    store: Store,
    report: Report,
) -> AsyncIterator[Extraction | DocumentError]:
    """Extract from each document in turn; an input that cannot be read comes back as its error.

    Raises:
        ModelError: the model cannot be used any more. What was answered is in the store, and the
            same call again goes on from there.
    """
    for document in documents:
        if isinstance(document, DocumentError):
            yield document
            continue
        try:
            yield await extract_document(
                document, model=model, records=records, store=store, report=report
            )
        except DocumentError as error:
            yield error
