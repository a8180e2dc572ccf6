"""Parsed sentences: offsets lead back to the document, furniture is not read."""

from __future__ import annotations

from importlib import metadata

import pytest

from extractor.documents import Document
from extractor.errors import ExtractorError
from extractor.reading.parse import load_pipeline, parse


def test_tokens_are_places_of_the_document() -> None:
    document = Document.from_text(
        "One fled.  The ministry\u2018s car \u2014 a Lada \U0001f697 \u2014 burned."
    )
    parsed = parse(document)
    assert len(parsed) == 2
    for sentence in parsed:
        for token in sentence.tokens:
            span = sentence.token_span(sentence.tokens[token.i : token.i + 1])
            assert document.text[span.start : span.end] == span.text


def test_wrong_apostrophe_is_a_possessive() -> None:
    [parsed] = parse(Document.from_text("The ministry\u2018s car burned."))
    assert "ministry" in [token.text for token in parsed.tokens]


def test_furniture_is_not_parsed() -> None:
    document = Document.from_paragraphs([("Share this", True), ("Two men fled.", False)])
    assert [parsed.text for parsed in parse(document)] == ["Two men fled."]


def test_missing_language_data_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> metadata.Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    with pytest.raises(ExtractorError, match="is not installed - pip install"):
        load_pipeline.__wrapped__()
