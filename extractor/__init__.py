"""Typed records from news articles, each pointing at the very words it came from."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.api import aextract, extract
    from extractor.documents import Document
    from extractor.errors import ExtractorError
    from extractor.models import ScriptedModel, open_model
    from extractor.output import Extraction
    from extractor.readers import read_document, read_documents
    from extractor.records import Article, Entity, Figure, Quotation, Span
    from extractor.settings import Settings, load_settings
    from extractor.store import Store

_HOMES = {
    "Article": "extractor.records",
    "Document": "extractor.documents",
    "Entity": "extractor.records",
    "Extraction": "extractor.output",
    "ExtractorError": "extractor.errors",
    "Figure": "extractor.records",
    "Quotation": "extractor.records",
    "ScriptedModel": "extractor.models",
    "Settings": "extractor.settings",
    "Span": "extractor.records",
    "Store": "extractor.store",
    "aextract": "extractor.api",
    "extract": "extractor.api",
    "load_settings": "extractor.settings",
    "open_model": "extractor.models",
    "read_document": "extractor.readers",
    "read_documents": "extractor.readers",
}
__all__ = [
    "Article",
    "Document",
    "Entity",
    "Extraction",
    "ExtractorError",
    "Figure",
    "Quotation",
    "ScriptedModel",
    "Settings",
    "Span",
    "Store",
    "aextract",
    "extract",
    "load_settings",
    "open_model",
    "read_document",
    "read_documents",
]


def __getattr__(name: str) -> object:
    """Load a public name's module on first use, so that `import extractor` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'extractor' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
