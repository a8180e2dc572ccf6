"""What a system gave for one article, in the form that the scorer reads.

The scorer knows no pipeline: an adapter fills a `Prediction` from whatever produced the records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from extractor.evaluation.gold import Gold
from extractor.output import Confidence, Uncovered
from extractor.records import Record, Span

RecordType = Literal["article", "figures", "quotations", "entities", "events", "methods"]
RECORD_TYPES: tuple[RecordType, ...] = get_args(RecordType)


@dataclass(frozen=True)
class Prediction:
    """One article's records.

    Args:
        document: the file's name, as in `Gold.document.name`.
        records: records by type; a type without a key was not asked for and is not scored, an
            empty tuple is an answer. The header is a tuple of at most one `Article`.
        furniture: spans of page furniture; None where not asked for.
        sha256: hash of the file's bytes, where known; a hash unlike gold's leaves the document
            unscored, because offsets of another text mean nothing.
        failure: why there is no answer. The document counts as a miss; `records` and `furniture`
            then say what was asked for, all labelled types where `records` is empty.
        uncovered: what the records leave out, for people; no score reads it.
        confidence: by record id, for the calibration; no score reads it either.
    """

    document: str
    records: Mapping[RecordType, tuple[Record, ...]] = field(default_factory=dict)
    furniture: tuple[Span, ...] | None = None
    sha256: str | None = None
    failure: str | None = None
    uncovered: tuple[Uncovered, ...] = ()
    confidence: Mapping[str, Confidence] = field(default_factory=dict)


def labelled_records(gold: Gold) -> dict[RecordType, tuple[Record, ...]]:
    """Gold's records by type, only the types that were labelled."""
    found: dict[RecordType, tuple[Record, ...]] = {}
    for kind in RECORD_TYPES:
        labels = getattr(gold, kind)
        if labels is not None:
            found[kind] = tuple(labels) if isinstance(labels, list) else (labels,)
    return found
