"""Text between quotation marks: where it starts and ends, and what belongs together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.documents import Document
from extractor.reading.quotes import find_quotes

MARKS = "\"'\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb`"
texts = st.text(st.sampled_from(MARKS + "ab .,\n\n") | st.characters(), max_size=60)


def quoted(text: str) -> list[str]:
    return [quote.span.text for quote in find_quotes(Document.from_text(text))]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ('"We held," he said.', ["We held,"]),
        ("\u201cWe held,\u201d he said.", ["We held,"]),
        ("\u2018We held,\u2019 he said.", ["We held,"]),
        ("'We held the boys' camp,' he said.", ["We held the boys' camp,"]),
        ("\u00ab We held \u00bb, he said.", ["We held"]),
        ("\u201eWe held\u201c, he said.", ["We held"]),
        ("``We held,'' he said.", ["We held,"]),
        ("He said it\u2019s \u2018the ministry\u2019s\u2019 fault.", ["the ministry\u2019s"]),
        ("\u201cHe cried \u2018Go!\u2019,\u201d she said.", ["He cried \u2018Go!\u2019,"]),
        ('He yelled "up", then "down".', ["up", "down"]),
        ("The soldiers' pay and the ministry's rules didn't change.", []),
        ("It is 5' 11\" tall.", []),
        ("An empty \"\" pair.", []),
    ],
)  # fmt: skip
def test_quoted_text(text: str, quotes: list[str]) -> None:
    assert quoted(text) == quotes


def test_interrupted_utterance_is_one_group() -> None:
    text = (
        "\u201cWe waited,\u201d Ada said, \u201cand none came.\u201d \u201cNobody?\u201d he asked."
    )
    first, second, third = find_quotes(Document.from_text(text))
    assert first.group == second.group != third.group
    assert (first.interrupted, second.interrupted, third.interrupted) == (True, True, False)


def test_new_sentence_starts_a_new_utterance() -> None:
    text = "\u201cWe waited,\u201d she said. \u201cNobody came.\u201d"
    first, second = find_quotes(Document.from_text(text))
    assert first.group != second.group


def test_paragraphs_that_only_the_last_one_closes_are_one_utterance() -> None:
    text = (
        "\u201cThe first winter was the hardest one, and we had no wood at all in the camp.\n\n"
        "\u201cThe second winter brought trucks with wood,\u201d said the old man by the gate."
    )
    first, second = find_quotes(Document.from_text(text))
    assert first.group == second.group
    assert first.span.text.endswith("in the camp.")
    assert second.span.text == "The second winter brought trucks with wood,"


@given(texts)
def test_any_text_is_read_without_overlap(text: str) -> None:
    document = Document.from_text(text)
    end = 0
    for quote in find_quotes(document):
        assert end <= quote.outer.start < quote.outer.end
        assert quote.outer.contains(quote.span)
        for span in (quote.span, quote.outer):
            assert document.text[span.start : span.end] == span.text
        end = quote.outer.end
