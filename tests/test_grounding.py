"""Words of a model are found in the text or not at all; digits and letters are never fuzzy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.grounding import find_verbatim
from extractor.records import Span


def span(text: str, start: int = 0) -> Span:
    return Span(start=start, end=start + len(text), text=text)


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("the army's staff", "Then the army\u2019s staff left", "the army\u2019s staff"),
        ('said "no" twice', "He said \u201cno\u201d twice", "said \u201cno\u201d twice"),
        ("north-east front", "the north\u2013east front", "north\u2013east front"),
        ("two  brigades", "lost two\nbrigades", "two\nbrigades"),
        ("3.5 (net)", "about 3.5 (net) tonnes", "3.5 (net)"),
    ],
)
def test_marks_dashes_and_space_may_differ(words: str, text: str, found: str) -> None:
    place = find_verbatim(words, span(text))
    assert place is not None
    assert place.text == found


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("300 men", "about 3,000 men"),
        ("300 men", "about 301 men"),
        ("300 men", "1300 men"),
        ("at least 300", "at most 300"),
        ("did deny", "did not deny"),
        ("$300", "\u00a3300"),
        ("The army", "the army"),
        ("arm", "the army"),
        ("", "anything"),
        ("  ", "anything"),
    ],
)
def test_nothing_else_may(words: str, text: str) -> None:
    assert find_verbatim(words, span(text)) is None


@pytest.mark.parametrize("number", ["4", "4,5", "4.5", "4-5"])
def test_a_number_inside_a_longer_number_is_not_found(number: str) -> None:
    assert find_verbatim(number, span(f"some {number}00 men")) is None
    assert find_verbatim(number, span(f"some 1,{number} men")) is None
    assert find_verbatim(number, span(f"some {number}.7 men")) is None


def test_offsets_are_the_documents() -> None:
    assert find_verbatim("left", span("they left", start=100)) == span("left", start=105)


@given(st.text(), st.text(min_size=1), st.integers(0, 1000))
def test_any_words_are_searched_in_any_text(words: str, text: str, start: int) -> None:
    within = span(text, start)
    found = find_verbatim(words, within)
    if found is not None:
        assert within.contains(found)
        assert text[found.start - start : found.end - start] == found.text


@given(st.text(min_size=1).filter(str.strip))
def test_a_text_is_found_in_itself(text: str) -> None:
    found = find_verbatim(text, span(text))
    assert found is not None
    assert found.text == text.strip()
