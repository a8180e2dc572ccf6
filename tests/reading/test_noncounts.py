"""The same number with and without what makes it a date, an age or a label."""

from __future__ import annotations

import pytest

from extractor.documents import Document
from extractor.reading.noncounts import is_noncount
from extractor.reading.numerals import find_numerals
from extractor.reading.parse import parse


@pytest.mark.parametrize(
    ("text", "noncounts"),
    [
        ("On 12 June, 12 men drowned.", [True, False]),
        ("In 1999 the camp held 1999 prisoners.", [True, False]),
        ("Olga Reyes, 44, lost 44 sheep.", [True, False]),
        ("After 30 days 30 villages were empty.", [True, False]),
        ("Brigade 7 lost 7 tanks.", [True, False]),
        ("One in nine of 900 inmates fled.", [True, True, False]),
    ],
)
def test_context_tells_counts_apart(text: str, noncounts: list[bool]) -> None:
    [parsed] = parse(Document.from_text(text))
    found = []
    for numeral in find_numerals(text):
        tokens = parsed.tokens.char_span(numeral.start, numeral.end, alignment_mode="expand")
        assert tokens is not None
        found.append(is_noncount(parsed, numeral, tokens))
    assert found == noncounts
