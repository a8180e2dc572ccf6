"""The second look at a date: what it refuses, whoever read it."""

from __future__ import annotations

import pytest

from extractor.reading.date_check import misdated


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("May 12-14, 2024", "2014-05-12"),
        ("May 12-14, 2024", "2024-05-12"),
        ("12\u201314 May", "2012-05-14"),
        ("28 Feb - 3 March 2024", "2024-02-03/2024-03-28"),
        ("May 30-June 2", "2024-05-02/2024-06-30"),
        ("Q3 2023", "2023-03"),
        ("3Q23", "2023-03"),
        ("the third quarter of 2023", "2023-34"),
        ("the first half of 2023", "2023-07/2023-12"),
        ("May '22", "2024-05-22"),
        ("May last year", "2023"),
        ("May 2023", "2023-06"),
        ("May 2023", "2023-05-01"),
        ("2023", "2023-05"),
        ("autumn 2023", "2023-22"),
        ("the 1990s", "1990"),
        ("the 1990s", "198X"),
        ("Thursday, 9 May", "2024-05-10"),
        ("on Friday", "2024-06-13"),
        ("since May 2023", "2023-05"),
        ("until May 2023", "2023-05/.."),
        ("May 2023", "2023-05/.."),
        ("around 2015, 2016", "2015~"),
        ("2015", "2015~"),
        ("from May to July 2023", "2023-05"),
        ("13/04/2024", "2024-04-12"),
        ("2016-19", "2016/2018"),
        ("31 June 2023", "2023-06-31"),
        ("2023 to 2021", "2023/2021"),
        ("May 12, 20245", "2024-05-12"),
        ("the week of May 6", "2024-05-08/2024-05-14"),
        ("9 May 2024", "some time"),
        ("9 May 2024", "../.."),
    ],
)
def test_what_the_words_do_not_say(words: str, edtf: str) -> None:
    assert misdated(words, edtf)


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("4 August 2016, 10:30 GMT", "2016-08-04"),
        ("Published: 4 August 2016", "2016-08-04"),
        ("last quarter", "2024-33"),
        ("two weeks ago", "2024-06-01~"),
        ("from 2 May on", "2024-05-02/.."),
        ("starting in 2023", "2023/.."),
        ("between July 2022 and the end of last year", "2022-07/2025"),
        ("the seventh of October", "1993-10-07"),
    ],
)
def test_what_the_words_say(words: str, edtf: str) -> None:
    assert misdated(words, edtf) is None
