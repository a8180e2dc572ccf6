"""The scan: every digit, every number word, every pair of quotation marks of any style."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import Document
from extractor.audit.scan import numbers, passages

TEXT = st.text("12 0,.'’‘“”\"«»ab\none twenty", max_size=60)


def found_numbers(text: str) -> list[str]:
    return [span.text for span in numbers(Document.from_text(text))]


def found_passages(text: str) -> list[str]:
    return [span.text for span in passages(Document.from_paragraphs([(text, False)]))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("They sent 18,000 men, 1.5 million rounds.", ["18,000", "1.5", "million"]),
        ("Between 12 000 and 13\u00a0500.", ["12 000", "13\u00a0500"]),
        ("Twenty-five of two hundred and six", ["Twenty", "five", "two", "hundred", "six"]),
        ("tens of thousands, scores of cars, a dozen", ["tens", "thousands", "scores", "dozen"]),
        ("not a single one, half, a third of it", ["a single", "one", "half", "a third"]),
        ("T-72s, G7, 21st, the second", ["72", "7", "21", "second"]),
        ("at 10:30 on 4/5/2031", ["10:30", "4/5/2031"]),
        ("several tens, a few, many often scored", []),
    ],
)
def test_numbers_in_digits_and_words_are_found(text: str, found: list[str]) -> None:
    assert found_numbers(text) == found


@given(TEXT)
def test_no_digit_is_passed_over(text: str) -> None:
    document = Document.from_text(text)
    seen = {i for span in numbers(document) for i in range(span.start, span.end)}
    assert {m.start() for m in re.finditer(r"\d", document.text)} <= seen


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('He said “we left” and "came back".', ["we left", "came back"]),
        ("« Nous partons », he said; „wir auch“.", ["Nous partons", "wir auch"]),
        ("‘It’s the boys’ tent,’ she said.", ["It’s the boys"]),
        ("The men's boat, the crews' oars and the '90s", []),
        ("“A paragraph that nothing closes", ["A paragraph that nothing closes"]),
        ("``Typed like this,'' he wrote.", ["Typed like this,"]),
        ('A wall of 10" and “…”', []),
    ],
)
def test_passages_in_every_style_are_found(text: str, found: list[str]) -> None:
    assert found_passages(text) == found


@given(TEXT)
def test_passages_stay_inside_their_paragraph(text: str) -> None:
    document = Document.from_text(text)
    blocks = [(block.start, block.end) for block in document.blocks]
    for span in passages(document):
        assert any(start <= span.start and span.end <= end for start, end in blocks)
