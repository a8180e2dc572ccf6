"""Extractions as files for other programs: JSON lines, or tables as CSV or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Literal, Protocol

from extractor.errors import UsageError
from extractor.output import RECORD_TYPES, Extraction
from extractor.redaction import redacted
from extractor.store.replacing import replacing
from extractor.store.tables import Cell, CellType, columns, rows
from extractor.visible import visible_json

Format = Literal["jsonl", "csv", "parquet"]
# OWASP, "CSV Injection": what a spreadsheet takes for the beginning of a formula, or drops before
# one; with the full-width forms that some take for the same.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Table(Protocol):
    def add(self, row: Sequence[Cell]) -> None: ...

    def close(self) -> None: ...


_TableKind = Callable[[Path, Mapping[str, CellType]], _Table]


def export(extractions: Iterable[Extraction], target: Path, format_: Format) -> int:
    """Write extractions; the number of documents. What was there stays until all is on disk.

    Args:
        extractions: taken one at a time.
        target: for `jsonl` a file, one extraction a line; else a folder, which is made if it is not
            there, with one file per record type and one row per record (`extractor.store.tables`).

    Raises:
        UsageError: the target cannot be written, or a library for the format is not installed.
    """
    try:
        if format_ == "jsonl":
            return _export_lines(extractions, target)
        if target.exists() and not target.is_dir():
            raise UsageError(f"{target}: not a folder - {format_} needs one, for several files")
        return _export_tables(extractions, target, format_)
    except OSError as error:
        problem = error.strerror or str(error)
        raise UsageError(f"{target}: cannot be written ({problem}) - give another -o") from None


def _export_lines(extractions: Iterable[Extraction], target: Path) -> int:
    count = 0
    with replacing([target]) as (path,), path.open("w", encoding="utf-8") as file:
        for extraction in extractions:
            file.write(json_line(extraction))
            count += 1
    return count


def json_line(extraction: Extraction) -> str:
    """An extraction as a line of JSON, with what would act on a terminal escaped."""
    return visible_json(redacted(extraction.model_dump_json())) + "\n"


def _export_tables(
    extractions: Iterable[Extraction], folder: Path, format_: Literal["csv", "parquet"]
) -> int:
    kind: _TableKind = _CsvTable if format_ == "csv" else _parquet()
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    targets = [folder / f"{name}.{format_}" for name in RECORD_TYPES]
    with replacing(targets) as paths, _opened(kind, paths) as tables:
        for extraction in extractions:
            for name, table in tables.items():
                for row in rows(extraction, name):
                    table.add(row)
            count += 1
    return count


def _parquet() -> _TableKind:
    try:
        from extractor.store.parquet import ParquetTable
    except ModuleNotFoundError as error:
        raise UsageError(
            f"parquet: {error.name} is not installed - pip install 'extractor[parquet]'"
        ) from None
    return ParquetTable


@contextmanager
def _opened(kind: _TableKind, paths: Sequence[Path]) -> Iterator[Mapping[str, _Table]]:
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(closing(kind(path, columns(type_))))
            for path, (name, type_) in zip(paths, RECORD_TYPES.items(), strict=True)
        }


class _CsvTable:
    """CSV (RFC 4180) in UTF-8 with a header line, for programs and for spreadsheets.

    Text that a spreadsheet would run as a formula has an apostrophe before it.
    """

    def __init__(self, path: Path, columns: Mapping[str, CellType]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(columns)

    def add(self, row: Sequence[Cell]) -> None:
        self._writer.writerow([_written(cell) for cell in row])

    def close(self) -> None:
        self._file.close()


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return format(cell, "f")  # never 1E+4
    return "" if cell is None else str(cell)
