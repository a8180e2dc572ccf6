"""Who is the source of figures and quotations, over invented passages of many kinds.

`attributions.yaml` says how they are labelled: rules were read against a*, never against b*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from extractor import Document
from extractor.evaluation.comparators import final_name
from extractor.evaluation.normalise import fold_name
from extractor.reading.reading import Reading
from extractor.records import Metadata, Span
from extractor.tasks.attribution import attribution, source_reference
from extractor.tasks.speakers import speaker_of

PASSAGES = yaml.safe_load(Path(__file__).with_name("attributions.yaml").read_text(encoding="utf-8"))
FLOORS = {  # shares, a little below what is reached
    ("figures", "a"): 0.95,
    ("figures", "b"): 0.81,
    ("quotations", "a"): 0.92,
    ("quotations", "b"): 0.78,
}

Outcomes = dict[tuple[str, str], list[tuple[bool, str]]]


def reading_of(passage: Mapping[str, Any]) -> Reading:
    paragraphs = [(text, False) for text in passage["text"].strip().split("\n\n")]
    return Reading(
        Document.from_paragraphs(paragraphs, metadata=Metadata(outlet=passage.get("outlet")))
    )


def found_at(document: Document, words: str) -> Span:
    start = document.text.index(words)
    return document.span(start, start + len(words))


def origin(reading: Reading, span: Span) -> str | None:
    steps = [step for step in attribution(reading, span) if step.kind != "medium"]
    return fold_name(final_name(steps[-1])) if steps else None


def speaker(reading: Reading, span: Span) -> str | None:
    quote = reading.quote_at(span)
    said = speaker_of(reading, quote) if quote else None
    return fold_name(final_name(source_reference(said.source))) if said else None


def accepted(item: Mapping[str, Any]) -> set[str | None]:
    """Names that are right, None where the article itself may be the source."""
    own = {fold_name(item["source"][1])} if item["source"] else {None}
    return own | {None if name == "none" else fold_name(name) for name in item.get("or", [])}


def judged(kind: str, passage: Mapping[str, Any]) -> Iterator[tuple[bool, str]]:
    reading = reading_of(passage)
    read = origin if kind == "figures" else speaker
    for item in passage.get(kind, []):
        given = read(reading, found_at(reading.document, item["words"]))
        right = accepted(item)
        yield given in right, f"{passage['id']} [{item['words']}] is {given}, not {right}"


@pytest.fixture(scope="module")
def outcomes() -> Outcomes:
    found: Outcomes = {}
    for passage in PASSAGES:
        for kind in ("figures", "quotations"):
            found.setdefault((kind, passage["id"][0]), []).extend(judged(kind, passage))
    return found


@pytest.mark.parametrize(("kind", "split"), list(FLOORS))
def test_share_of_right_sources(outcomes: Outcomes, kind: str, split: str) -> None:
    judged_items = outcomes[kind, split]
    wrong = [line for right, line in judged_items if not right]
    share = 1 - len(wrong) / len(judged_items)
    assert share >= FLOORS[kind, split], "\n".join([f"{share:.3f}", *wrong])
