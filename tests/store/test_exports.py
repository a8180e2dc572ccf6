"""Exports: rows as the records, safe cells, and targets that are whole or as before."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from extractor import Document, Extraction, Figure, Quotation, Span
from extractor.errors import UsageError
from extractor.output import RECORD_TYPES, DocumentInfo
from extractor.records import Mention, Metadata, Place, Reference
from extractor.store.exports import Format, export

TEXT = "=HYPERLINK(1) 🚢 Oslo -5 men"


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start=start, end=start + len(words), text=words)


def quotation(number: int, text: str) -> Quotation:
    speaker = Reference(as_written="🚢", span=span("🚢"), resolved="+47 the ship")
    return Quotation(
        id=f"quo-{number:02}", text=text, speaker=speaker, evidence={"text": span(text)}
    )


def extraction() -> Extraction:
    figure = Figure(
        id="fig-01",
        value=Decimal("-1E+4"),
        bound="exact",
        unit="people",
        measure=["killed"],
        place=Place(as_written="Oslo", span=span("Oslo"), code="NO"),
        mentions=[Mention(span=span("-5 men"), number=span("-5"), bound="exact")],
    )
    document = Document.from_text(TEXT, name="@evil\r.txt")
    info = DocumentInfo(
        id=document.id,
        name=document.name,
        language=None,
        characters=len(TEXT),
        metadata=Metadata(),
        furniture=[],
    )
    quotations = [quotation(1, "=HYPERLINK(1)"), quotation(2, "Oslo")]
    return Extraction(document=info, figures=[figure], quotations=quotations, entities=[])


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_jsonl_is_one_extraction_a_line(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    assert export([extraction()] * 2, target, "jsonl") == 2
    lines = target.read_text(encoding="utf-8").splitlines()
    assert [Extraction.model_validate_json(line) for line in lines] == [extraction()] * 2


def test_csv_has_one_row_per_record_and_a_table_per_type(tmp_path: Path) -> None:
    assert export([extraction()], tmp_path / "new" / "tables", "csv") == 1
    folder = tmp_path / "new" / "tables"
    assert {path.name for path in folder.iterdir()} == {f"{name}.csv" for name in RECORD_TYPES}
    (figure,) = cells(folder / "figures.csv")
    assert figure["value"] == "-10000"  # a number stays one
    assert (figure["place"], figure["place_code"], figure["measure"]) == (
        "Oslo",
        "NO",
        '["killed"]',
    )
    assert (figure["negated"], figure["upper"], figure["period_edtf"]) == ("false", "", "")
    first, second = cells(folder / "quotations.csv")
    assert (second["words"], second["speaker"]) == ("Oslo", "🚢")
    assert TEXT[int(second["start"]) : int(second["end"])] == "Oslo"
    assert first["record"] == "quo-01"
    assert cells(folder / "entities.csv") == []
    assert (folder / "events.csv").read_text(encoding="utf-8").startswith("document_id,document,")


def test_no_cell_of_csv_begins_a_formula(tmp_path: Path) -> None:
    export([extraction()], tmp_path, "csv")
    (figure,) = cells(tmp_path / "figures.csv")
    first, _ = cells(tmp_path / "quotations.csv")
    assert figure["words"] == "'-5 men"
    assert figure["document"] == "'@evil\r.txt"
    assert (first["words"], first["text"]) == ("'=HYPERLINK(1)", "'=HYPERLINK(1)")
    assert first["speaker_resolved"] == "'+47 the ship"


def test_parquet_holds_the_same_with_types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.store.parquet.ROW_GROUP", 3)
    assert export([extraction()] * 4, tmp_path, "parquet") == 4
    quotations = parquet.ParquetFile(tmp_path / "quotations.parquet")
    assert quotations.num_row_groups == 3  # eight rows by three
    found: list[dict[str, Any]] = quotations.read().to_pylist()
    assert [row["words"] for row in found] == ["=HYPERLINK(1)", "Oslo"] * 4
    figure = parquet.read_table(tmp_path / "figures.parquet").to_pylist()[0]
    assert (figure["value"], figure["start"], figure["negated"]) == (-1e4, 21, False)
    empty = parquet.read_table(tmp_path / "entities.parquet")
    assert empty.num_rows == 0
    assert {"name", "kind", "mentions"} <= set(empty.column_names)


def interrupted() -> Iterator[Extraction]:
    yield extraction()
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("format_", "name"),
    [("jsonl", "out.jsonl"), ("csv", "figures.csv"), ("parquet", "figures.parquet")],
)
def test_an_interrupted_export_leaves_what_was_there(
    format_: Format, name: str, tmp_path: Path
) -> None:
    old = tmp_path / name
    old.write_text("old", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        export(interrupted(), old if format_ == "jsonl" else tmp_path, format_)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert old.read_text(encoding="utf-8") == "old"


def test_targets_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(UsageError, match="file: not a folder - csv needs one"):
        export([], file, "csv")
    with pytest.raises(UsageError, match=r"out.jsonl: cannot be written \(.*\) - give another -o"):
        export([], file / "out.jsonl", "jsonl")


def test_parquet_without_its_library_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "extractor.store.parquet", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pip install 'extractor\[parquet\]'"):
        export([], tmp_path, "parquet")
