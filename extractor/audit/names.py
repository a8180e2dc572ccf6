"""Capitalised names of a text's body, from its characters alone, less what is covered. English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from extractor.audit.reasons import is_calendar_word, is_ordinary, is_people, name_reason
from extractor.audit.scan import SPACES
from extractor.documents import Block, Document
from extractor.output import Gap
from extractor.reading.countries import code_of_place
from extractor.reading.money import currency_of_name, is_currency_mark
from extractor.records import Span

_CAPITALISED = r"(?:[A-Z]\.){2,}|[^\W\d_a-z][\w-]*(?:['\u2019\u2018](?!s\b)\w+)*"
_BLANK = rf"[{SPACES}\n]"  # a hard-wrapped line may break inside a name
_JOINED = rf"{_BLANK}(?:(?:of|the|for|de|del|al|bin|ibn|van|von|la){_BLANK}){{0,3}}"
_RUN = re.compile(rf"(?<![\w@#/.])(?:{_CAPITALISED})(?:{_JOINED}(?:{_CAPITALISED}))*")
_WORD = re.compile(rf"{_CAPITALISED}|\w+")
_OPENS = re.compile(
    r"(?:[.!?:\u2026]['\"\u201d\u2019)]*\s+|[\"\u201c\u2018'(\u2022\u00ab]|[\u2013\u2014-]\s)$"
)
_SHOUT_BEFORE = re.compile(r"\b[A-Z]{2,}\s$")
_SHOUT_AFTER = re.compile(r"\s[A-Z]{2,}\b")
_AMOUNT = re.compile(rf"[{SPACES}]?\d")
_SIGNS = tuple("$\u00a3\u20ac\u00a5")
_NEAR = 30  # characters beside a word, enough for the word before or after it
_LOOK_BACK = 4  # characters before a word that tell whether it opens a sentence or a quotation
_SHORT_WORD = 3  # letters: shorter words say nothing of a heading's capitals
_HEADING_WORDS = 3

Place = tuple[int, int]


def uncovered_names(document: Document, covered: set[int]) -> Iterator[tuple[Span, Gap | None]]:
    """Names with no character in `covered`, in order, and why one is none where that is certain.

    A lone word that opens a sentence or a quotation needs a witness: the same capital where nothing
    asks for it, or an atlas. It is no name if the document has it in small letters, too. Grammar,
    the calendar and words with digits are none. In title case a capital proves nothing.
    """
    capitals = _Capitals(document)
    for block in capitals.body:
        for run in _runs(document.text, block):
            for piece in _pieces(capitals, block, run, covered):
                span = document.span(piece[0][0], piece[-1][1])
                if not any(map(str.isdigit, span.text)):
                    yield span, _reason(capitals, block, piece)


class _Capitals:
    """What the document's own text tells of its capitalised words."""

    def __init__(self, document: Document) -> None:
        self.text = document.text
        self.body = [block for block in document.blocks if not block.furniture]
        self.headings = {
            block.start for block in self.body if _is_heading(self.text[block.start : block.end])
        }

    @cached_property
    def lower(self) -> set[str]:
        """Words that the document has without a capital somewhere."""
        return set(re.findall(r"\b[a-z]\w+", self.text))

    @cached_property
    def inside(self) -> set[str]:
        """Words with a capital that no sentence, quotation or heading asks for."""
        return {
            self.text[start:end]
            for block in self.body
            if block.start not in self.headings
            for run in _runs(self.text, block)
            for start, end in _words(self.text, run)
            if not self.opens(start, block)
        }

    def opens(self, start: int, block: Block) -> bool:
        """True where the word at `start` opens a sentence, a line or a quotation."""
        before = self.text[max(block.start, start - _LOOK_BACK) : start]
        return start == block.start or bool(_OPENS.search(before))


def _is_heading(text: str) -> bool:
    long = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > _SHORT_WORD]
    capitals = sum(word[0].isupper() for word in long)
    closed = text.rstrip("\"'\u201d\u2019)").endswith((".", "!", "?", "\u2026"))
    return not closed and len(long) >= _HEADING_WORDS and capitals > len(long) / 2


def _runs(text: str, block: Block) -> Iterator[Place]:
    """Capitalised words that adjoin, with the short words that join names."""
    for match in _RUN.finditer(text, block.start, block.end):
        if match.group()[0].isupper():
            yield match.span()


def _words(text: str, run: Place) -> list[Place]:
    return [match.span() for match in _WORD.finditer(text, *run)]


def _pieces(
    capitals: _Capitals, block: Block, run: Place, covered: set[int]
) -> Iterator[list[Place]]:
    """Words of a run that stand together and may be a name, without joining words at either end."""
    piece: list[Place] = []
    for word in [*_words(capitals.text, run), None]:
        free = word is not None and covered.isdisjoint(range(*word))
        if word is not None and free and not _proves_nothing(capitals, block, word):
            piece.append(word)
            continue
        yield from _trimmed(capitals, block, piece)
        piece = []


def _proves_nothing(capitals: _Capitals, block: Block, place: Place) -> bool:
    """A capital word that is none of a name's: grammar, calendar, money, initials, emphasis."""
    word, text = capitals.text[slice(*place)], capitals.text
    if word[0].islower():
        return False
    before = text[max(block.start, place[0] - _NEAR) : place[0]]
    after = text[place[1] : min(block.end, place[1] + _NEAR)]
    shouted = len(word) > 1 and word.isupper()
    beside = bool(_SHOUT_BEFORE.search(before) or _SHOUT_AFTER.match(after))
    everywhere = block.start in capitals.headings or (shouted and beside)
    if everywhere and word.lower() in capitals.lower:
        return True
    ordinary = is_ordinary(word) and (beside or not shouted)
    initial = len(word) == 1 and after.startswith(".")
    return ordinary or initial or is_calendar_word(word) or _is_money(word, after)


def _is_money(word: str, after: str) -> bool:
    code = len(word) == 3 and word.isupper() and _AMOUNT.match(after) is not None
    sign = after.startswith(_SIGNS) or is_currency_mark(word)
    return code or sign or currency_of_name(word) is not None


def _trimmed(capitals: _Capitals, block: Block, piece: list[Place]) -> Iterator[list[Place]]:
    text = capitals.text
    while piece and text[piece[0][0]].islower():
        piece = piece[1:]
    while piece and text[piece[-1][0]].islower():
        piece = piece[:-1]
    if piece and _only_opens(capitals, block, piece):
        piece = piece[1:]
    if piece:
        yield piece


def _only_opens(capitals: _Capitals, block: Block, piece: list[Place]) -> bool:
    """The first word has its capital from its place, as far as anybody can tell."""
    word = capitals.text[slice(*piece[0])]
    if not capitals.opens(piece[0][0], block) or word in capitals.inside or word.isupper():
        return False
    if is_people(word) or code_of_place(word):
        return False
    return len(piece) == 1 or word.lower() in capitals.lower


def _reason(capitals: _Capitals, block: Block, piece: list[Place]) -> Gap | None:
    words = [capitals.text[slice(*word)] for word in piece]
    reason = name_reason(words)
    unsure = block.start in capitals.headings and capitals.inside.isdisjoint(words)
    return reason or ("heading" if unsure else None)
