"""One pipeline for all tests here: loading it takes a second."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractor.documents import Document
from extractor.reading.parse import load_pipeline
from extractor.reading.quantities import Quantity
from extractor.reading.reading import Reading

Read = Callable[[str], Reading]
ReadQuantities = Callable[[str], dict[str, Quantity]]


@pytest.fixture(scope="session")
def read() -> Read:
    """A function from a text to its reading, with the pipeline loaded."""
    load_pipeline()
    return lambda text: Reading(Document.from_text(text))


@pytest.fixture(scope="session")
def quantities(read: Read) -> ReadQuantities:
    """A function from a text to its quantities, by the words of the number."""

    def by_words(text: str) -> dict[str, Quantity]:
        return {q.number.text: q for found in read(text).quantities for q in found}

    return by_words
