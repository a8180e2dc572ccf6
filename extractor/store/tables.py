"""Records as rows: one table per record type, its columns the same whatever the records hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from extractor.output import RECORD_TYPES, Extraction
from extractor.records import (
    Entity,
    Event,
    Figure,
    Mention,
    Place,
    Record,
    RecruitmentMethod,
    Reference,
    Span,
    TimeExpression,
)

Cell = str | int | float | bool | Decimal | None
CellType = type[str] | type[int] | type[float] | type[bool] | type[Decimal]
_COMMON: Mapping[str, CellType] = {
    "document_id": str,
    "document": str,
    "record": str,
    "probability": float,
    "words": str,
    "start": int,
    "end": int,
}
_PARTS: Mapping[type[BaseModel], Sequence[str]] = {
    Reference: ("as_written", "resolved"),
    Place: ("as_written", "resolved", "code"),
    TimeExpression: ("as_written", "edtf"),
}  # what of these becomes columns; the first under the field's own name
_ELSEWHERE = {"id", "span"}  # among the common columns
_SCALARS = (Decimal, bool, int, float, str)


def columns(type_: type[Record]) -> dict[str, CellType]:
    """Names of a record type's columns, and the type of their cells.

    The common ones first: document, record, the words that bear the record out and where they are
    (`start`, `end`: code points, half-open). Then the record's own fields; of a reference, a place
    or a date its words, and what they stand for beside them; lists and all else as JSON.
    """
    found = dict(_COMMON)
    for name, field in type_.model_fields.items():
        if name in _ELSEWHERE:
            continue
        inner = _inner(field.annotation)
        found |= {_column(name, part): str for part in _parts(inner)}
        if not _parts(inner):
            found[name] = _cell_type(inner)
    return found


def rows(extraction: Extraction, table: str) -> Iterator[list[Cell]]:
    """The rows of one document, cells in the order of `columns`."""
    names = list(columns(RECORD_TYPES[table]))
    for record in _records(extraction, table):
        cells = {**_common(extraction, record), **_own(record)}
        yield [cells[name] for name in names]


def _records(extraction: Extraction, table: str) -> Sequence[Record]:
    if table == "header":
        return [extraction.article] if extraction.article else []
    found: Sequence[Record] | None = getattr(extraction, table)
    return found or []


def _common(extraction: Extraction, record: Record) -> dict[str, Cell]:
    confidence = extraction.confidence.get(record.id)
    span = _place(record)
    return {
        "document_id": extraction.document.id,
        "document": extraction.document.name,
        "record": record.id,
        "probability": confidence.probability if confidence else None,
        "words": span.text if span else None,
        "start": span.start if span else None,
        "end": span.end if span else None,
    }


def _place(record: Record) -> Span | None:
    """Where the record is in the text: its span, its first mention, its own words."""
    if isinstance(record, Event | RecruitmentMethod):
        return record.span
    if isinstance(record, Figure | Entity):
        first: Mention | Span = record.mentions[0]
        return first.span if isinstance(first, Mention) else first
    return record.evidence.get("text") or record.evidence.get("title")


def _own(record: Record) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for name, field in type(record).model_fields.items():
        value = getattr(record, name)
        for part in _parts(_inner(field.annotation)):
            cells[_column(name, part)] = getattr(value, part, None)
        cells.setdefault(name, _cell(value))
    return cells


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, _SCALARS):
        return value
    return json.dumps(to_jsonable_python(value), ensure_ascii=False)


def _column(name: str, part: str) -> str:
    return name if part == "as_written" else f"{name}_{part}"


def _parts(type_: Any) -> Sequence[str]:
    return _PARTS.get(type_, ()) if isinstance(type_, type) else ()


def _cell_type(type_: Any) -> CellType:
    found = next((scalar for scalar in _SCALARS if type_ is scalar), None)
    return found or str


def _inner(annotation: Any) -> Any:
    """The type itself of `T | None` and of `Annotated[T, ...]`."""
    given = [one for one in get_args(annotation) if one is not type(None)]
    if get_origin(annotation) in (Literal, list, dict) or not given:
        return annotation
    return _inner(given[0])
