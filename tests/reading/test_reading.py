"""A reading holds what the single finders give, by sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.reading.numerals import NUMBERS_PER_SENTENCE
from tests.reading.conftest import Read

TEXT = "Ada Obi lost 30 men. \u201cNobody came,\u201d she said. Later 12 men returned."


def test_lists_are_in_order_of_the_text(read: Read) -> None:
    reading = read(TEXT)
    assert [len(found) for found in reading.quantities] == [1, 0, 1]
    assert [quote.span.text for quote in reading.quotes] == ["Nobody came,"]
    assert [name.name for name in reading.names] == ["Ada Obi"]


def test_position_of_a_span(read: Read) -> None:
    reading = read(TEXT)
    for position, found in enumerate(reading.quantities):
        assert all(reading.position_of(quantity.number) == position for quantity in found)
    assert reading.position_of(reading.quotes[0].span) == 1


def test_empty_document_has_nothing(read: Read) -> None:
    reading = read("")
    assert (reading.sentences, reading.names, reading.quotes, reading.quantities) == (
        [],
        [],
        [],
        [],
    )


PIECES = [
    "Ada Obi",
    "the",
    "U.N.",
    "-",
    "\u2018s ",
    "(AB)",
    "$",
    "5,000",
    "and",
    "Kenya",
    ", ",
    "\n",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=14).map(" ".join))
def test_any_text_is_read(read: Read, text: str) -> None:
    reading = read(text)
    spans = [mention for name in reading.names for mention in name.mentions]
    spans += [quantity.span for found in reading.quantities for quantity in found]
    spans += [
        source.span for place in range(len(reading.sentences)) for source in reading.sources(place)
    ]
    for span in spans:
        assert reading.document.text[span.start : span.end] == span.text


@pytest.mark.parametrize("joiner", [" ", ", "])
def test_numbers_behind_the_first_ones_of_a_sentence_are_given_up(read: Read, joiner: str) -> None:
    """However many pieces the parser has it in; the next sentence starts anew."""
    listed = joiner.join(str(number) for number in range(3_001, 3_401))
    reading = read(f"Counted were {listed} boats. Another 40 men came.")
    numbers = [quantity.number.text for found in reading.quantities for quantity in found]
    assert len(reading.sentences) > 2
    assert 0 < len(numbers) - 1 <= NUMBERS_PER_SENTENCE
    assert all(int(number) <= 3_000 + NUMBERS_PER_SENTENCE for number in numbers[:-1])
    assert numbers[-1] == "40"


def test_quote_with_finds_the_next_one_with_the_words(read: Read) -> None:
    reading = read("\u201cNo boats\u201d and \u201cno nets\u201d and \u201cno BOATS here\u201d.")
    assert reading.quote_with("no boats", 0) == reading.quotes[2]
    assert reading.quote_with("nets", 0) == reading.quotes[1]
    assert reading.quote_with("no boats", reading.quotes[2].outer.end) is None
    assert reading.quote_with("boats no", 0) is None
