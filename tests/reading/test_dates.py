"""Dates as EDTF, and the reasons why some have none."""

from __future__ import annotations

from datetime import date

import pytest

from extractor.documents import Document
from extractor.reading.dates import (
    find_dates,
    full_date,
    is_as_of,
    publication_day,
    time_expression,
    to_edtf,
    written_date,
)
from extractor.reading.reading import Reading
from extractor.records import Metadata, Span
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
        ("from November to March 2024", None),  # the first year is not told
        ("March 2024 to June 2025", "2024-03/2025-06"),
        ("the second quarter of 2031", "2031-34"),
        ("the first half of 2031", "2031-01/2031-06"),
        ("the third half of 2031", None),
        ("14 May", "XXXX-05-14"),
        ("Friday", None),
        ("last week", None),
        ("since 1992", "1992/.."),
        ("until June 2025", "../2025-06"),
        ("by Thursday", None),
        ("as of 1 October 2031", "2031-10-01"),
        ("the same period of 1995", "1995"),
        ("22/02/2034", "2034-02-22"),
        ("3/4/2034", None),  # March or April
        ("58", None),
        ("14 days", None),
        ("every month", None),
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


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("since January", "2031-01/.."),
        ("on Friday", "2031-03-14"),
        ("yesterday", "2031-03-17"),
        ("last year", "2030"),
        ("22 July", "2030-07-22"),
    ],
)
def test_dates_count_from_the_day_of_publication(words: str, edtf: str) -> None:
    span = Span(start=0, end=len(words), text=words)
    assert written_date(span, date(2031, 3, 18)).edtf == edtf  # a Tuesday


def test_durations_and_ages_are_no_dates_but_days_of_the_week_are(read: Read) -> None:
    reading = read("Ana Quist, 58, trained daily for 14 days and left on Saturday.")
    (parsed,) = reading.sentences
    assert [tokens.text for tokens in find_dates(parsed)] == ["Saturday"]


def test_what_is_to_come_is_dated_ahead(read: Read) -> None:
    text = "OSLO, 18 March 2031 - The camp closed on Friday. It will open again on Monday."
    found = [time_expression(p, t) for p in read(text).sentences for t in find_dates(p)]
    assert [expression.edtf for expression in found] == ["2031-03-14", "2031-03-24"]


def test_as_of_is_told_from_a_period(read: Read) -> None:
    (parsed,) = read("The guard had 90 members as of 1 October 2031.").sentences
    assert [is_as_of(tokens) for tokens in find_dates(parsed)] == [True]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Harbour rises\nBy Ana Quist\n4 August 2016\nThe sea rose on Friday.", date(2016, 8, 4)),
        ("OSLO, Dec. 23, 2000 (Northern Press) \u2013 The sea rose.", date(2000, 12, 23)),
        ("The harbour rose on 4 August 2016 by a foot, the office said. " * 3, None),
        ("Harbour rises\n4 August\nThe sea rose.", None),
    ],
)
def test_the_day_of_publication_is_in_the_head_or_the_dateline(text: str, day: date | None) -> None:
    assert publication_day(Document.from_text(text)) == day


@pytest.mark.parametrize(
    ("text", "written", "edtf"),
    [
        ("The unit lost 30 men on May 12-14, 2024.", "May 12-14, 2024", "2024-05-12/2024-05-14"),
        ("The unit lost 30 men on 12\u201314 May.", "12\u201314 May", "2024-05-12/2024-05-14"),
        (
            "They met between 12 and 14 May in Oslo.",
            "between 12 and 14 May",
            "2024-05-12/2024-05-14",
        ),
        ("The firm lost 30 men in Q3 2023.", "Q3 2023", "2023-35"),
        ("The firm lost 30 men in 3Q23.", "3Q23", "2023-35"),
        ("The unit lost 30 men in May last year.", "May last year", "2023-05"),
        ("The unit lost 30 men in May '22.", "May '22", "2022-05"),
        ("He fell on the night of 3-4 May.", "the night of 3-4 May", "2024-05-03/2024-05-04"),
        ("They met on Thursday (May 9) in Oslo.", "Thursday (May 9)", "2024-05-09"),
        ("They met on Wednesday, May 9, 2024.", "Wednesday, May 9, 2024", None),
        ("They met in the week of May 8 in Oslo.", "the week of May 8", None),
        ("The firm lost 30 men in May and July 2023.", "May and July 2023", None),
        ("The firm lost 30 men in Q1-Q3 2023.", "Q1-Q3 2023", "2023-01/2023-09"),
        ("The raid of 24-25 August 2023 went on.", "24-25 August 2023", "2023-08-24/2023-08-25"),
        ("They died on 5 May 12 km from here.", "5 May 12", None),
        ("On Monday, 3 men died.", "Monday", "2024-06-10"),
        ("In May 2024, 30 men died.", "May 2024", "2024-05"),
        ("The tally is 540 men between March and August.", "between March and August", None),
    ],
)
@pytest.mark.usefixtures("read")
def test_an_expression_is_found_to_its_last_word(text: str, written: str, edtf: str | None) -> None:
    document = Document.from_text(text, metadata=Metadata(published="2024-06-15"))
    found = [time_expression(p, t) for p in Reading(document).sentences for t in find_dates(p)]
    assert [(f.as_written.removeprefix("the "), f.edtf) for f in found] == [
        (written.removeprefix("the "), edtf)
    ]


@pytest.mark.parametrize(
    "words",
    [
        "9" * 6000 + " May 2024",
        "May " + "1" * 6000,
        "Monday " * 60,
        "0000",
        "May 0000",
        "12 May 9999",
        "February 30",
        "30 February 2024",
        "2024-13-45",
        "the last " + "9" * 6000 + " months of 2023",
        "9" * 5000 + " days ago",
        "since the " + "long " * 80 + "war of 2022",
        "",
        "'",
        "- to -",
    ],
)
@pytest.mark.parametrize("day", [None, date(1, 1, 1), date(2024, 2, 29), date(9999, 12, 31)])
def test_no_words_crash(words: str, day: date | None) -> None:
    to_edtf(words, day)
    if words:
        expression = written_date(Span(start=0, end=len(words), text=words), day)
        assert expression.edtf or expression.unresolved
        assert expression.as_written == expression.span.text


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize("row", ["14 May", "last week", "next year", "two weeks ago", "Monday",
                                 "29 February", "the third quarter", "12-14 May", "next quarter",
                                 "the week of 31 December 9999", "the past 18 months"])  # fmt: skip
def test_the_ends_of_the_calendar(row: str, day: date) -> None:
    for ahead in (False, True):
        to_edtf(row, day, ahead=ahead)


def test_a_long_run_of_dates_is_read_in_pieces(read: Read) -> None:
    text = "The camp closed on " + "May 12-14, " * 300 + "the ministry said."
    found = [time_expression(p, t) for p in read(text).sentences for t in find_dates(p)]
    assert found
    assert all(f.edtf in (None, "2024-05-12/2024-05-14") for f in found)
    assert to_edtf("May 12-14, " * 10_000) is None


@pytest.mark.parametrize(
    ("words", "day"),
    [("Posted 4 May 2031, 10:30", "4 May 2031"), ("Oslo | June 8, 2026", "June 8, 2026")],
)
def test_a_full_date_among_other_words(words: str, day: str) -> None:
    place = full_date(words)
    assert place is not None and words[slice(*place)] == day
    assert full_date("Posted in May") is None
