"""Typed records from news articles, each pointing at the very words it came from."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.api import aextract, aextract_records, extract, extract_records
    from extractor.documents import Document
    from extractor.errors import ExtractorError
    from extractor.models import ScriptedModel, open_model
    from extractor.output import Extraction
    from extractor.readers import read_document, read_documents
    from extractor.records import Article, Entity, Figure, Quotation, Span
    from extractor.settings import Settings, load_settings
    from extractor.store import Store
    from extractor.tasks.custom import Example
    from extractor.typed import (
        BoundOf,
        CurrencyOf,
        Grounded,
        Label,
        Normalised,
        Number,
        TypedExtraction,
        Verbatim,
        ground,
        verify_grounded,
    )

_HOMES = {
    "Article": "extractor.records",
    "BoundOf": "extractor.typed",
    "CurrencyOf": "extractor.typed",
    "Document": "extractor.documents",
    "Entity": "extractor.records",
    "Example": "extractor.tasks.custom",
    "Extraction": "extractor.output",
    "ExtractorError": "extractor.errors",
    "Figure": "extractor.records",
    "Grounded": "extractor.typed",
    "Label": "extractor.typed",
    "Normalised": "extractor.typed",
    "Number": "extractor.typed",
    "Quotation": "extractor.records",
    "ScriptedModel": "extractor.models",
    "Settings": "extractor.settings",
    "Span": "extractor.records",
    "Store": "extractor.store",
    "TypedExtraction": "extractor.typed",
    "Verbatim": "extractor.typed",
    "aextract": "extractor.api",
    "aextract_records": "extractor.api",
    "extract": "extractor.api",
    "extract_records": "extractor.api",
    "ground": "extractor.typed",
    "load_settings": "extractor.settings",
    "open_model": "extractor.models",
    "read_document": "extractor.readers",
    "read_documents": "extractor.readers",
    "verify_grounded": "extractor.typed",
}
__all__ = [
    "Article",
    "BoundOf",
    "CurrencyOf",
    "Document",
    "Entity",
    "Example",
    "Extraction",
    "ExtractorError",
    "Figure",
    "Grounded",
    "Label",
    "Normalised",
    "Number",
    "Quotation",
    "ScriptedModel",
    "Settings",
    "Span",
    "Store",
    "TypedExtraction",
    "Verbatim",
    "aextract",
    "aextract_records",
    "extract",
    "extract_records",
    "ground",
    "load_settings",
    "open_model",
    "read_document",
    "read_documents",
    "verify_grounded",
]


def __getattr__(name: str) -> object:
    """Load a public name's module on first use, so that `import extractor` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'extractor' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
