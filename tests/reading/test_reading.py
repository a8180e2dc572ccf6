"""A reading holds what the single finders give, by sentence."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

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
