"""Whose words a paragraph holds by its form."""

from __future__ import annotations

import pytest

from extractor.documents import Block, Document
from extractor.reading.reading import Reading
from extractor.tasks.turns import turn_speaker

INTRODUCTION = "Dr Maria Santos has run the ward since 2014. Maria Santos spoke to us by telephone."


def speaker(*paragraphs: str) -> str | None:
    """Whose turn the last paragraph is, no paragraph being furniture."""
    text = "\n".join(paragraphs)
    blocks: list[Block] = []
    for paragraph in paragraphs:
        start = blocks[-1].end + 1 if blocks else 0
        blocks.append(Block(start, start + len(paragraph), furniture=False))
    reading = Reading(Document("interview", text, tuple(blocks)))
    source = turn_speaker(reading, reading.document.span(len(text) - 2, len(text)))
    return source.text if source else None


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        ((INTRODUCTION, "Maria Santos: We admitted 640 patients."), "Maria Santos"),
        ((INTRODUCTION, "Santos: We admitted 640 patients."), "Maria Santos"),
        (("14:05 Union: 80 per cent have stayed at home.",), "Union"),
        ((INTRODUCTION, "Background: The ward has 90 beds."), None),
        ((INTRODUCTION, "Q: How many beds are there?", "A: We have 90."), "Maria Santos"),
        ((INTRODUCTION, "Q: How many beds are there, are there 90?"), None),
        (
            (INTRODUCTION, "How many?", "90.", "Why?", "Rain.", "And now?", "Now 30."),
            "Maria Santos",
        ),
        ((INTRODUCTION, "How many? Nobody knows.", "There were 30."), None),
    ],
)
def test_turns(paragraphs: tuple[str, ...], expected: str | None) -> None:
    assert speaker(*paragraphs) == expected
