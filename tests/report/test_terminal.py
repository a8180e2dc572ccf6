"""Records in a terminal: what is not covered is shown as a table, with the places that matter."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from extractor import Document, Extraction
from extractor.audit.uncovered import find_uncovered
from extractor.output import DocumentInfo
from extractor.records import Metadata
from extractor.report.terminal import print_extraction

DOCUMENT = Document.from_paragraphs(
    [("In May 2031 at least 640 divers joined.", False), ("Win 900 nets", True)]
)


def printed(**records: object) -> str:
    info = DocumentInfo(
        id=DOCUMENT.id, name="a", language="en", characters=1, metadata=Metadata(), furniture=[]
    )
    found = Extraction.model_validate({"document": info, **records})
    found = found.model_copy(update={"uncovered": find_uncovered(DOCUMENT, found)})
    console = Console(width=80, file=StringIO(), record=True)
    print_extraction(console, DOCUMENT, found)
    return console.export_text()


def test_uncovered_numbers_are_told_with_reason_and_place() -> None:
    shown = printed(figures=[])
    table, _, places = shown.partition("furniture")
    rows = [" ".join(line.split()) for line in table.splitlines()]
    assert "Not covered by a record (3)" in rows
    assert "not found 1 number 640" in rows
    assert "date 1 number 2031" in rows
    assert "at least 640 divers joined." in places
    assert "900" not in shown


def test_nothing_uncovered_needs_no_table() -> None:
    mention = {"span": DOCUMENT.span(12, 31), "number": DOCUMENT.span(21, 24), "bound": "at_least"}
    figure = {"id": "fig-01", "value": 640, "bound": "at_least", "mentions": [mention]}
    assert "not found" not in printed(figures=[figure])
