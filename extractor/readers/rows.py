"""JSON Lines -> documents: one JSON object per line, its article in the field "text"."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.documents import Document, canonical
from extractor.errors import DocumentError
from extractor.readers.limits import MAX_BYTES, read_or_refuse, too_large
from extractor.readers.texts import read_text
from extractor.records import Metadata

_REMEDY = 'write a JSON object in UTF-8 with the field "text"'


class _Row(BaseModel):
    """A row of a .jsonl; other fields may stand beside these."""

    model_config = ConfigDict(extra="ignore", strict=True)

    text: str
    id: str | int | None = None
    url: str | None = None
    outlet: str | None = None
    published: str | None = None
    retrieved: str | None = None


class _RepeatedKey(ValueError):
    """A JSON object that says one thing twice."""


def read_rows(path: Path, seconds: float | None) -> Iterator[Document | DocumentError]:
    """The documents of a file's rows, an error in place of each that cannot be read.

    Args:
        seconds: that one row may take; None for no limit.

    Raises:
        DocumentError: there are no rows.
    """
    rows, seen = 0, dict[str | int, int]()
    with path.open("rb") as file:
        for number, line in enumerate(limited_lines(file), 1):
            if line is not None and not line.strip():
                continue
            rows += 1
            read = partial(_read_row, line, path, number, seen)
            try:
                yield read_or_refuse(f"{path}:{number}", read, seconds)
            except DocumentError as error:
                yield error
    if not rows:
        raise DocumentError(
            str(path), "no rows in it", 'write one JSON object with "text" per line'
        )


def count_rows(path: Path) -> int:
    """How many rows `read_rows` will give."""
    with path.open("rb") as file:
        return sum(line is None or bool(line.strip()) for line in limited_lines(file))


def limited_lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Lines of a file, None in place of one above the limit, never holding more than the limit."""
    while line := file.readline(MAX_BYTES + 1):
        if len(line) <= MAX_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(MAX_BYTES)
        yield None


def _read_row(line: bytes | None, path: Path, number: int, seen: dict[str | int, int]) -> Document:
    name = f"{path}:{number}"
    if line is None:
        raise too_large(name)
    row = _parse_row(line, name)
    if row.id is not None:
        if (first := seen.setdefault(row.id, number)) != number:
            problem = f"the id {row.id!r} is that of row {first}"
            raise DocumentError(name, problem, "give each row an id of its own")
        name = f"{path}#{row.id}"
    if not canonical(row.text).strip():
        raise DocumentError(name, 'field "text" is empty', "give the article's words in it")
    known = row.model_dump(include=set(Metadata.model_fields))
    return read_text(row.text, name, metadata=Metadata(**known))


def _parse_row(line: bytes, name: str) -> _Row:
    try:
        content = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_without_repeats)
    except _RepeatedKey as error:
        raise DocumentError(name, str(error), "keep one of them") from error
    except (ValueError, RecursionError) as error:
        raise DocumentError(name, f"not JSON ({error})", _REMEDY) from error
    if not isinstance(content, dict):
        raise DocumentError(name, "not a JSON object", _REMEDY)
    fields = {key: canonical(v) if isinstance(v, str) else v for key, v in content.items()}
    try:
        return _Row.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        field = first["loc"][0]
        raise DocumentError(name, f'field "{field}": {first["msg"]}', _REMEDY) from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        repeated = next(key for key in names if names.count(key) > 1)
        raise _RepeatedKey(f'field "{repeated}" is there twice')
    return found
