"""Tables as Parquet, through Apache Arrow. Imported only where its extra is installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from extractor.store.tables import Cell, CellType

ROW_GROUP = 5_000  # rows, which is also what is held in memory
_ARROW = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    Decimal: pa.float64(),  # articles' numbers have no common scale
}


class ParquetTable:
    """One table; its rows are written in groups."""

    def __init__(self, path: Path, columns: Mapping[str, CellType]) -> None:
        self._schema = pa.schema([(name, _ARROW[type_]) for name, type_ in columns.items()])
        self._writer = parquet.ParquetWriter(path, self._schema)
        self._rows: list[Sequence[Cell]] = []

    def add(self, row: Sequence[Cell]) -> None:
        self._rows.append([float(cell) if isinstance(cell, Decimal) else cell for cell in row])
        if len(self._rows) == ROW_GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            table = pa.table(list(map(list, zip(*self._rows, strict=True))), schema=self._schema)
            self._writer.write_table(table)
            self._rows.clear()
