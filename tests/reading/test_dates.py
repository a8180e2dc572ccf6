"""Dates as EDTF, and the reasons why some have none."""

from __future__ import annotations

import pytest

from extractor.reading.dates import find_dates, time_expression, to_edtf, written_date
from extractor.records import Span
from tests.reading.conftest import Read


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("14 May 2027", "2027-05-14"),
        ("May 14, 2027", "2027-05-14"),
        ("Dec. 23, 2000", "2000-12-23"),
        ("May\n2027", "2027-05"),
        ("2027", "2027"),
        ("autumn 2024", "2024-23"),
        ("the 1990s", "199X"),
        ("the end of 2023", "2023"),
        ("between 2022 and 2024", "2022/2024"),
        ("2022\u20132024", "2022/2024"),
        ("from March to June 2024", "2024-03/2024-06"),
        ("from November to March 2024", "XXXX-11/2024-03"),
        ("March 2024 to June 2025", "2024-03/2025-06"),
        ("the second quarter of 2031", "2031-34"),
        ("the first half of 2031", "2031-01/2031-06"),
        ("the third half of 2031", None),
        ("14 May", "XXXX-05-14"),
        ("Friday", None),
        ("last week", None),
    ],
)
def test_edtf(words: str, edtf: str | None) -> None:
    assert to_edtf(words) == edtf


@pytest.mark.parametrize(
    ("words", "precision"),
    [
        ("14 May 2027", "day"),
        ("May 2027", "month"),
        ("summer of 2027", "season"),
        ("the first quarter of 2027", "quarter"),
        ("2027", "year"),
        ("the 1990s", "decade"),
        ("2022 to 2024", "interval"),
    ],
)
def test_precision(words: str, precision: str) -> None:
    expression = written_date(Span(start=0, end=len(words), text=words))
    assert (expression.precision, expression.unresolved) == (precision, None)


@pytest.mark.parametrize("words", ["14 May", "last week"])
def test_unresolved_says_why(words: str) -> None:
    expression = written_date(Span(start=0, end=len(words), text=words))
    assert expression.edtf is None
    assert expression.unresolved


def test_dates_of_a_sentence(read: Read) -> None:
    reading = read("The camp opened in March 2031.\nIt closed on 4 June 2032, the ministry said.")
    found = [time_expression(p, tokens) for p in reading.sentences for tokens in find_dates(p)]
    assert [expression.edtf for expression in found] == ["2031-03", "2032-06-04"]
    for expression in found:
        span = expression.span
        assert reading.document.text[span.start : span.end] == expression.as_written
