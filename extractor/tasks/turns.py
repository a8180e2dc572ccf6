"""Who holds the floor: labels in front of a paragraph, and the answers of an interview.

"Ann Lee: ..." and "Union: ..." name whose words follow. An interview is told by its form: turns
marked "Q:" and "A:", or several paragraphs that are nothing but a short question. The answers are
then the words of the person whom the text before the first question names most.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from extractor.documents import Block
from extractor.reading.lexicon import is_human, names_a
from extractor.reading.names import Name
from extractor.reading.reading import Reading
from extractor.reading.sources import Source, source_of_name
from extractor.records import Span

_LABEL = re.compile(
    r"(?:\d{1,2}[:.]\d{2}\s*(?:[ap]m)?\s*[-\u2013\u2014|]?\s*)?"
    r"(?P<label>[^\W\d_][^:.,?!\n\"\u201c]{0,50}):\s+\S"
)
_ANSWER = re.compile(r"(?:A|Answer)[:.]\s")
_QUESTION = re.compile(r"(?:Q|Question)[:.]\s")
_LONGEST_LABEL = 5  # words
_LONGEST_QUESTION = 40  # words
_FEWEST_QUESTIONS = 3  # fewer paragraphs that ask are rhetoric


def turn_speaker(reading: Reading, span: Span) -> Source | None:
    """Whose turn the paragraph of `span` is, None where its form names nobody."""
    blocks = reading.document.blocks
    at = bisect_right(blocks, span.start, key=lambda block: block.start) - 1
    block = blocks[at] if at >= 0 else None
    if block is None or block.furniture or span.start >= block.end:
        return None
    return _labelled(reading, block, span) or _answering(reading, block)


def _labelled(reading: Reading, block: Block, span: Span) -> Source | None:
    match = _LABEL.match(reading.document.text, block.start, block.end)
    if match is None or match.end("label") > span.start:
        return None
    label = reading.document.span(*match.span("label"))
    if len(label.text.split()) > _LONGEST_LABEL:
        return None
    for name in (n for n in reading.names if n.label in ("PERSON", "ORG", "UNKNOWN")):
        surname = name.label == "PERSON" and label.text == name.name.split()[-1]
        if surname or label.text in (name.name, *name.aliases):
            return source_of_name(name, label)
    last = label.text.split()[-1]
    body = names_a("bodies", last) and not names_a("documents", last)
    return Source(label.text, label) if body or is_human(last) else None


def _answering(reading: Reading, block: Block) -> Source | None:
    """The person interviewed, where the paragraph answers."""
    asked, marked = _questions(reading)
    if not asked or block.start < min(asked):
        return None
    if marked:
        text = reading.document.text
        answers = _ANSWER.match(text, block.start, block.end) is not None
    else:
        answers = len(asked) >= _FEWEST_QUESTIONS and block.start not in asked
    return _introduced(reading.names, min(asked)) if answers else None


@lru_cache(maxsize=2)
def _questions(reading: Reading) -> tuple[frozenset[int], bool]:
    """Where the paragraphs that ask start, and whether they are marked as questions."""
    text, body = reading.document.text, [b for b in reading.document.blocks if not b.furniture]
    marked = frozenset(b.start for b in body if _QUESTION.match(text, b.start, b.end))
    asking = frozenset(b.start for b in body if _only_asks(text[b.start : b.end]))
    return marked or asking, bool(marked)


def _only_asks(paragraph: str) -> bool:
    asks = paragraph.rstrip().endswith("?")
    return asks and len(paragraph.split()) <= _LONGEST_QUESTION


def _introduced(names: Sequence[Name], end: int) -> Source | None:
    """The person named most before the questions begin, the first of equals.

    The recogniser takes persons with names that it does not know for bodies.
    """
    counts = {
        number: sum(mention.end <= end for mention in name.mentions)
        for number, name in enumerate(names)
        if name.label == "PERSON" or (name.label in ("ORG", "UNKNOWN") and _may_answer(name))
    }
    most = max(counts, key=lambda number: (counts[number], -number), default=None)
    if most is None or not counts[most]:
        return None
    return source_of_name(names[most], names[most].mentions[0])


def _may_answer(name: Name) -> bool:
    return " " in name.name and not names_a("bodies", name.name)
