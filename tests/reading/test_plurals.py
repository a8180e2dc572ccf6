"""Singular and plural of counted nouns."""

from __future__ import annotations

import pytest

from extractor.reading.plurals import plural_of, singular_of


@pytest.mark.parametrize(
    ("singular", "plural"),
    [("ship", "ships"), ("city", "cities"), ("man", "men"), ("aircraft", "aircraft")],
)
def test_both_ways(singular: str, plural: str) -> None:
    assert plural_of(singular) == plural
    assert plural_of(plural) == plural
    assert singular_of(plural) == singular


@pytest.mark.parametrize("word", ["", "T-72", "m\u00b2"])
def test_what_is_no_noun_stays(word: str) -> None:
    assert (plural_of(word), singular_of(word)) == (word, word)
