"""The same number, as a count and as something else."""

from __future__ import annotations

import pytest

from extractor.documents import Document
from extractor.reading.kinds import kind_of
from extractor.reading.numerals import find_numerals
from extractor.reading.parse import parse


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("On 12 June, 12 men drowned.", ["date", "count"]),
        ("In 1999 the camp held 1999 prisoners.", ["date", "count"]),
        ("Between 1990 and 1995 it lost 1990 boats.", ["date", "count"]),
        ("Olga Reyes, 44, lost 44 sheep.", ["age", "count"]),
        ("The 44-year-old keeps 44 sheep.", ["age", "count"]),
        ("After 30 days 30 villages were empty.", ["duration", "count"]),
        ("They left at 6 a.m. with 6 boats.", ["time", "count"]),
        ("Brigade 7 lost 7 tanks.", ["label", "count"]),
        ("One in nine of 900 inmates fled.", ["proportion", "proportion", "count"]),
        ("Prices are nine times as high as 90 years ago.", ["multiple", "duration"]),
        ("The six-party talks lasted for 6 rounds.", ["compound", "count"]),
        ("They won 3-0 and 3 players were sent off.", ["score", "score", "count"]),
        ("A 155mm gun fired 155 shells.", ["size", "count"]),
        ("The road is 40 km long and costs $40.", ["measure", "money"]),
        ("Of 40 villages, 40% are empty.", ["count", "percent"]),
        ("No one saw one ship.", ["pronoun", "count"]),
    ],
)
def test_context_tells_the_kinds_apart(text: str, kinds: list[str]) -> None:
    [parsed] = parse(Document.from_text(text))
    assert [kind_of(parsed, numeral) for numeral in find_numerals(text)] == kinds
