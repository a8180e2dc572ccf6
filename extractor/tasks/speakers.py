"""Who speaks in a quotation, as far as code can tell: the nearest cue, or what was quoted before.

In order: a cue in the quotation's own sentences or right behind them; a line behind it that begins
with a dash and names somebody; the speaker of the words quoted just before in the same paragraph,
or of the utterance that this one continues; a sentence before that leads up to it. A quotation that
stands alone has the speaker of the paragraph before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from weakref import WeakKeyDictionary

from extractor.reading.cues import Cue, find_cues, main_subject, subject_cue
from extractor.reading.lexicon import is_human
from extractor.reading.quotes import QuotedText
from extractor.reading.reading import Reading
from extractor.reading.reporting_scope import cues_over
from extractor.reading.sources import Source, find_sources, referent
from extractor.records import Span
from extractor.tasks.turns import turn_speaker

_DASHES = ("\u2014", "\u2013", "-", "\u2015")
_LABELS = {"quote", "quotation"}
_LONGEST_LABEL = 8  # words
_FURTHEST = 60  # quotations that lead from one to the next, each of them calls on the stack
_REPEATED = 12  # characters: shorter words are quoted again by chance


@dataclass(frozen=True)
class Speaker:
    """Who said it, and the cue that says so where there is one, in the sentence at `position`."""

    source: Source
    position: int
    cue: Cue | None = None


@dataclass
class _Told:
    """Speakers found so far, by where their quotation starts; how many are being looked for."""

    found: dict[int, Speaker | None]
    pending: int = 0


_told: WeakKeyDictionary[Reading, _Told] = WeakKeyDictionary()


def paragraph_of(reading: Reading, place: int) -> int:
    """Index of the block that holds the character at `place`."""
    return bisect_right(reading.document.blocks, place, key=lambda block: block.start) - 1


def open_cues(reading: Reading, position: int) -> list[Cue]:
    """The cues of a sentence that stand outside all quotations."""
    cues = find_cues(reading.sentences[position])
    return [cue for cue in cues if not reading.in_quotes(cue.words)]


def speaker_of(reading: Reading, quote: QuotedText) -> Speaker | None:
    """Who says the quoted words, None where code cannot tell.

    It is asked for again by other quotations, so it is found once. Of two that lead to each other
    the one asked first learns nothing from the second, nor one from another `_FURTHEST` away.
    """
    told = _told.setdefault(reading, _Told({}))
    place = quote.outer.start
    if place in told.found:
        return told.found[place]
    if told.pending == _FURTHEST:
        return None
    told.found[place] = None
    told.pending += 1
    try:
        told.found[place] = _speaker_of(reading, quote)
    finally:
        told.pending -= 1
    return told.found[place]


def _speaker_of(reading: Reading, quote: QuotedText) -> Speaker | None:
    return (
        _by_label(reading, quote)
        or _by_cue(reading, quote)
        or _by_colon(reading, quote)
        or _by_line_behind(reading, quote)
        or _by_quotation_before(reading, quote)
        or _by_subject_behind(reading, quote)
        or _by_sentence_before(reading, quote)
        or _by_paragraph_before(reading, quote)
        or _by_subject(reading, quote)
        or _by_repetition(reading, quote)
    )


def _by_label(reading: Reading, quote: QuotedText) -> Speaker | None:
    """ "Quote: ..." is by whoever spoke before, "Quote from Ann Lee: ..." by her."""
    block = reading.document.blocks[paragraph_of(reading, quote.outer.start)]
    start, end = block.start, quote.outer.start
    label, colon, rest = reading.document.text[start:end].partition(":")
    words = label.casefold().split()
    if not colon or rest.strip() or len(words) > _LONGEST_LABEL or _LABELS.isdisjoint(words):
        return None
    position = reading.position_of(quote.outer)
    for source in find_sources(reading.sentences[: position + 1], position, reading.names):
        if source.span.end <= end:
            return Speaker(source, position)
    return None


def _by_cue(reading: Reading, quote: QuotedText) -> Speaker | None:
    """The nearest cue in its sentences, else the one that the next sentence begins with."""
    first = reading.position_of(quote.outer)
    last = reading.position_of(_end(quote.outer))
    over = [c for c in cues_over(reading.sentences[first], quote.span) if c.pronoun != "i"]
    over = [cue for cue in over if not reading.in_quotes(cue.words)]
    if over and (source := referent(reading.sentences, first, over[-1], reading.names)):
        return Speaker(source, first, over[-1])
    found: list[tuple[int, int, Cue]] = []
    for position in range(first, last + 1):
        for cue in open_cues(reading, position):
            found.append((_distance(reading, cue, quote), position, cue))
    for _, position, cue in sorted(found, key=lambda one: one[:2]):
        if source := referent(reading.sentences, position, cue, reading.names):
            return Speaker(source, position, cue)
    return None


def _end(span: Span) -> Span:
    return Span(start=span.end - 1, end=span.end, text=span.text[-1])


def _distance(reading: Reading, cue: Cue, quote: QuotedText) -> int:
    """Characters between them, those of other quotations not counted."""
    outer = quote.outer
    start, end = (
        (cue.words.end, outer.start)
        if cue.words.end <= outer.start
        else (outer.end, cue.words.start)
    )
    before = (other.outer for other in reading.quotes_before(end))
    between = takewhile(lambda span: span.start >= start, before)
    return max(end - start, 0) - sum(span.end - span.start for span in between)


def _by_colon(reading: Reading, quote: QuotedText) -> Speaker | None:
    """ "Ann Lee was blunter: '...'": whose turn it is by a label, else the sentence's subject."""
    before = reading.document.text[: quote.outer.start].rstrip(" ")
    if not before.endswith(":"):
        return None
    if turn := turn_speaker(reading, quote.outer):
        return Speaker(turn, reading.position_of(quote.outer))
    return _subject(reading, reading.position_of(quote.outer), quote)


def _by_subject(reading: Reading, quote: QuotedText) -> Speaker | None:
    """Words quoted in a sentence about one person; or the paragraph's sentence before them is."""
    position = reading.position_of(quote.outer)
    start = reading.sentences[position].sentence.start
    if start < quote.outer.start:
        return _subject(reading, position, quote)
    paragraph = paragraph_of(reading, start)
    before = reading.sentences[position - 1].sentence.start if position else -1
    inside = position > 0 and paragraph_of(reading, before) == paragraph
    return _subject(reading, position - 1, quote) if inside else None


def _subject(reading: Reading, position: int, quote: QuotedText) -> Speaker | None:
    """The one person or body that is the subject of a sentence, or for whom it is so."""
    parsed = reading.sentences[position]
    root = next((t for t in parsed.tokens if t.dep_ == "ROOT"), None)
    head = main_subject(root) if root is not None else None
    if head is None or quote.outer.overlaps(parsed.token_span(parsed.tokens[head.i : head.i + 1])):
        return None
    cue = subject_cue(parsed, head)
    source = referent(reading.sentences, position, cue, reading.names)
    if source is None:
        return None
    known = source.name is not None and source.name.label in ("PERSON", "ORG")
    return Speaker(source, position) if known or is_human(source.text.split()[-1]) else None


def _by_line_behind(reading: Reading, quote: QuotedText) -> Speaker | None:
    """ "— Ann Lee" on the line behind."""
    block = paragraph_of(reading, quote.outer.start) + 1
    blocks = reading.document.blocks
    if block >= len(blocks) or blocks[block].furniture:
        return None
    line = reading.document.span(blocks[block].start, blocks[block].end)
    if not line.text.startswith(_DASHES) or quote.outer.start > blocks[block].start:
        return None
    for position, parsed in enumerate(reading.sentences):
        if parsed.sentence.start == line.start:
            for source in find_sources([parsed], 0, reading.names, limit=1):
                return Speaker(source, position)
    return None


def _before(reading: Reading, quote: QuotedText) -> Iterator[QuotedText]:
    return reading.quotes_before(quote.outer.start)


def _by_quotation_before(reading: Reading, quote: QuotedText) -> Speaker | None:
    """It goes on with words quoted before: in the same utterance, or right before it."""
    previous = next(_before(reading, quote), None)
    if previous is None:
        return None
    between = reading.document.text[previous.outer.end : quote.outer.start]
    same = paragraph_of(reading, previous.outer.start) == paragraph_of(reading, quote.outer.start)
    joined = same and "\n" not in between.strip() and _near(reading, previous, quote)
    if quote.group == previous.group or joined:
        return speaker_of(reading, previous)
    return None


def _near(reading: Reading, previous: QuotedText, quote: QuotedText) -> bool:
    """It begins in the sentence where the other ended, or in the next."""
    first, last = reading.position_of(_end(previous.outer)), reading.position_of(quote.outer)
    return last - first <= 1


def _by_subject_behind(reading: Reading, quote: QuotedText) -> Speaker | None:
    """ "..." He looks away: the paragraph goes on with what the speaker does."""
    position = reading.position_of(_end(quote.outer)) + 1
    if position >= len(reading.sentences):
        return None
    parsed = reading.sentences[position]
    first = parsed.tokens[0]
    start = parsed.sentence.start
    same = paragraph_of(reading, start) == paragraph_of(reading, quote.outer.start)
    if not same or first.lower_ not in ("he", "she") or first.dep_ != "nsubj":
        return None
    words = parsed.token_span(parsed.tokens[0:1])
    cue = Cue(words, words, first.lower_, 0, 0)
    source = referent(reading.sentences, position, cue, reading.names)
    return Speaker(source, position) if source else None


def _by_sentence_before(reading: Reading, quote: QuotedText) -> Speaker | None:
    """The sentence before, in its paragraph or with a colon, reports."""
    position = reading.position_of(quote.outer) - 1
    if position < 0:
        return None
    parsed = reading.sentences[position]
    start = parsed.sentence.start
    same = paragraph_of(reading, start) == paragraph_of(reading, quote.outer.start)
    if not same and not parsed.text.rstrip().endswith(":"):
        return None
    for cue in reversed(open_cues(reading, position)):
        if source := referent(reading.sentences, position, cue, reading.names):
            return Speaker(source, position, cue)
    return None


def _by_paragraph_before(reading: Reading, quote: QuotedText) -> Speaker | None:
    """A paragraph that is all quotation: whoever spoke in the paragraph before."""
    index = paragraph_of(reading, quote.outer.start)
    blocks = reading.document.blocks
    block = blocks[index]
    alone = block.start == quote.outer.start and block.end <= quote.outer.end + 1
    before = next((b for b in reversed(blocks[:index]) if not b.furniture), None)
    if not alone or before is None:
        return None
    for position in range(reading.position_of(quote.outer) - 1, -1, -1):
        if reading.sentences[position].sentence.start < before.start:
            break
        for cue in reversed(open_cues(reading, position)):
            if source := referent(reading.sentences, position, cue, reading.names):
                return Speaker(source, position, cue)
    previous = next(_before(reading, quote), None)
    inside = previous is not None and before.start <= previous.outer.start
    return speaker_of(reading, previous) if previous is not None and inside else None


def _by_repetition(reading: Reading, quote: QuotedText) -> Speaker | None:
    """A headline quotes what the story quotes again with its speaker."""
    words = quote.span.text.strip(" .,!?").casefold()
    if len(words) < _REPEATED:
        return None
    other = reading.quote_with(words, quote.outer.end)
    return speaker_of(reading, other) if other is not None else None
