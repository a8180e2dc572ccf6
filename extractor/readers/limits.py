"""How large one document may be."""

from __future__ import annotations

from extractor.errors import DocumentError

MAX_BYTES = 5_000_000  # one document: a file, standard input, or one row of a .jsonl


def too_large(name: str) -> DocumentError:
    """The error for an input above the limit."""
    limit = f"{MAX_BYTES // 1_000_000} MB"
    return DocumentError(name, f"larger than {limit}", "split it into articles")
