"""What comes out for one document and one user's type."""

from __future__ import annotations

from typing import Generic

from pydantic import Field

from extractor.output import Rejected, Run
from extractor.records import Strict
from extractor.typed.grounding import Grounded, T


class TypedExtraction(Strict, Generic[T]):
    """Everything about one document: grounded records, what was refused and why, what made them.

    document: the document's `id`, a hash of the canonical text that all spans count in.
    run: its `status` tells an article without records (`ok`) from one that was not read (`failed`).
    """

    document: str
    records: list[Grounded[T]]
    rejected: list[Rejected] = Field(default=[])
    run: Run
