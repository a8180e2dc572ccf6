"""Every number and every quoted passage of a text, from its characters alone.

This is no finder of candidates and shares no code with one: no parse, no reading of values. It may
show too much, and shows what a finder passes over. English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.documents import Block, Document
from extractor.records import Span

SPACES = " \u00a0\u2009\u202f"
UNITS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
SCALES = "hundreds?|thousands?|millions?|billions?|trillions?|dozens?"
ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth"
    "|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth"
    "|fortieth|fiftieth|sixtieth|seventieth|eightieth|ninetieth|hundredth|thousandth|millionth"
)
FRACTIONS = "half|halves|thirds|quarters|fifths|sixths|sevenths|eighths|ninths|tenths"
_DIGITS = rf"\d+(?:[.,:/]\d+|[{SPACES}](?<=\d.)\d{{3}}(?!\d))*[\u00bc\u00bd\u00be]?"
NUMBER = re.compile(
    rf"{_DIGITS}|[\u00bc\u00bd\u00be]"
    rf"|\b(?:(?P<ordinal>{ORDINALS})|{UNITS}|{SCALES}|{FRACTIONS}|(?:tens|scores)(?=\s+of\b)"
    r"|a\s+single|an?\s+(?:third|quarter)(?=\s+of\b))\b",
    re.IGNORECASE,
)

# What may open a quotation, and what then closes it. Careless pages use a wrong mark of a pair.
_CLOSERS = {
    "\u201c": "\u201d\u201c\"", "\u201d": "\u201d", "\u201e": "\u201c\u201d", "\u201f": "\u201d",
    "\u00ab": "\u00bb", "\u00bb": "\u00ab", "\u2039": "\u203a", "\u300c": "\u300d",
    '"': "\"\u201d", "\u2018": "\u2019", "'": "'",
}  # fmt: skip
_SINGLE = "\u2018'"
_OPENER = re.compile(rf"(?<!\w)[{''.join(_CLOSERS)}](?=\S)|[\u00ab\u2039](?=\s)|``(?=\S)")
_QUOTED_WORD = re.compile(r"\w")


def numbers(document: Document) -> Iterator[Span]:
    """Runs of digits and single number words, ordinals and fractions too, page furniture included.

    "Eighteen thousand" and "18 to 20" are two spans each. Words that stand for an unknown number
    without a power of ten ("several", "a few") are none.
    """
    for match in NUMBER.finditer(document.text):
        yield document.span(*match.span())


def passages(document: Document) -> Iterator[Span]:
    """What stands between quotation marks, without them, one span per pair, furniture included.

    A passage that its paragraph does not close ends with the paragraph, unless the mark is single:
    that is an apostrophe.
    """
    for block in document.blocks:
        for start, end in _quoted(document.text, block):
            inner = document.text[start:end]
            if _QUOTED_WORD.search(inner):
                blanks = len(inner) - len(inner.lstrip())
                yield document.span(start + blanks, start + len(inner.rstrip()))


def _quoted(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """Ranges between marks. A single mark that nothing closes is looked for once, not each time."""
    position, unclosed = block.start, set()
    while match := _OPENER.search(text, position, block.end):
        end = None if match.group() in unclosed else _closed(text, match, block)
        if end is None:
            unclosed.add(match.group())
            position = match.end()
        else:
            yield match.end(), end
            position = end + 1


def _closed(text: str, match: re.Match[str], block: Block) -> int | None:
    mark = match.group()
    if mark == "``":
        end = text.find("''", match.end(), block.end)
        return block.end if end < 0 else end
    closers = re.escape(_CLOSERS[mark])
    pattern = rf"(?<=\S)[{closers}](?!\w)" if mark in _SINGLE else rf"[{closers}]"
    found = re.compile(pattern).search(text, match.end(), block.end)
    if found:
        return found.start()
    return None if mark in _SINGLE else block.end
