"""Plain tokens: what spaCy says of the same text, and what is left of it afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from extractor.documents import Document
from extractor.reading.parse import load_pipeline, parse
from extractor.reading.tokens import Alignment, Doc, Token

if TYPE_CHECKING:
    from spacy.tokens import Doc as SpacyDoc

SEEDS = sorted(Path(__file__).parents[2].joinpath("seeds").glob("*.txt"))
PLAIN = (
    *("text", "idx", "lower_", "whitespace_", "pos_", "tag_", "dep_", "ent_type_", "ent_iob_"),
    *("is_punct", "like_num", "is_alpha", "is_space", "is_lower", "is_upper", "is_title"),
)
ONE = ("head", "left_edge", "right_edge")
MANY = ("children", "lefts", "rights", "ancestors", "subtree")
SHORT = "Of  those, the 1,200 \u201cNorth Shore\u201d men (and  Ada Lind) said so\u2026 by 5p.m."


def both(text: str) -> tuple[Doc, SpacyDoc]:
    [parsed] = parse(Document.from_paragraphs([(text, False)]))[:1]
    return parsed.tokens, load_pipeline()(parsed.text)


def places(tokens: Any) -> list[int]:
    return [token.i for token in tokens]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem[:3])
def test_tokens_say_what_spacy_says(seed: Path) -> None:
    pipeline = load_pipeline()
    for parsed in parse(Document.from_text(seed.read_text(encoding="utf-8"))):
        theirs = pipeline(parsed.tokens.text)
        assert len(parsed.tokens) == len(theirs)
        for mine, other in zip(parsed.tokens, theirs, strict=True):
            for name in PLAIN:
                assert getattr(mine, name) == getattr(other, name), (name, other)
            for name in ONE:
                assert getattr(mine, name).i == getattr(other, name).i, (name, other)
            for name in MANY:
                assert places(getattr(mine, name)) == places(getattr(other, name)), (name, other)
            assert places(mine.sent) == places(other.sent)
            assert len(mine) == len(other)
        ents = [(e.text, e.label_, e.start, e.end) for e in theirs.ents]
        assert [(e.text, e.label_, e.start, e.end) for e in parsed.tokens.ents] == ents


@pytest.mark.parametrize("mode", ["strict", "contract", "expand"])
def test_spans_are_where_spacy_finds_them(mode: Alignment) -> None:
    doc, theirs = both(SHORT)
    found = 0
    for start, end in combinations(range(len(doc.text) + 1), 2):
        mine, other = (
            doc.char_span(start, end, mode),
            theirs.char_span(start, end, alignment_mode=mode),
        )
        if doc.text[start:end].isspace() and mode == "expand" and mine is None:
            continue  # the blank behind a token: spaCy gives an empty span
        assert (mine is None) == (other is None), (start, end)
        if mine is not None and other is not None:
            found += 1
            assert (mine.start, mine.end, mine.text) == (other.start, other.end, other.text)
            assert (mine.start_char, mine.end_char) == (other.start_char, other.end_char)
            assert mine.root.i == other.root.i
    assert found > len(doc)


def test_slices_and_neighbours() -> None:
    doc, theirs = both(SHORT)
    for cut in (slice(2, 5), slice(-3, None), slice(None, -2), slice(5, 99), slice(3, 3)):
        assert (doc[cut].text, len(doc[cut])) == (theirs[cut].text, len(theirs[cut]))
    assert (doc[-1].text, doc[3:6][-1].text) == (theirs[-1].text, theirs[3:6][-1].text)
    assert doc[3].nbor(-1) == doc[2]
    assert doc[3].nbor() == doc[4]
    with pytest.raises(IndexError):
        doc[0].nbor(-1)
    for beyond in (len(doc), -len(doc) - 1):
        with pytest.raises(IndexError):
            doc[beyond]


def test_a_token_is_one_place_of_one_text() -> None:
    [first], [second] = (parse(Document.from_text("Two men fled.")) for _ in range(2))
    assert first.tokens[1] == first.tokens[1]
    assert first.tokens[1] != first.tokens[2]
    assert first.tokens[1] != second.tokens[1]
    assert len({*first.tokens, *first.tokens, *second.tokens}) == 2 * len(first.tokens)


def test_one_token_is_above_another() -> None:
    [parsed] = parse(Document.from_text("Two men fled."))
    two, men, fled, _ = parsed.tokens
    above: list[tuple[Token, Token]] = [(fled, two), (men, two), (fled, men)]
    assert all(high.is_ancestor(low) and not low.is_ancestor(high) for high, low in above)
    assert not men.is_ancestor(men)


def test_rare_words_are_forgotten_once_enough_common_ones_are_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    strings = load_pipeline().vocab.strings
    parse(Document.from_text("Two Quavelers fled from Ostermarrow."))
    assert "Quavelers" in strings
    monkeypatch.setattr("extractor.reading.parse.STRINGS_KEPT", len(strings) - 1)
    [parsed] = parse(Document.from_text("Two Brandelows fled from Quavelers."))
    assert [token.text for token in parsed.tokens][1] == "Brandelows"
    assert "Brandelows" not in strings
    assert "brandelows" not in strings
    assert "Quavelers" in strings


def test_threads_may_parse_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.reading.parse.STRINGS_KEPT", 0)  # every parse in a memory zone
    texts = [f"Number {number} fled from Vald{number}en." for number in range(40)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda text: parse(Document.from_text(text)), texts))
    assert [sentence.tokens.text for [sentence] in found] == texts
