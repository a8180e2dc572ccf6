"""Grounding: from words that a model wrote to the place in the text that has them, or to nothing.

Quotation marks, dashes and white space may differ; letters, digits and everything else may not.
Marks that a prompt shows in place of others (`extractor.control_tokens`) stand for those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from extractor.control_tokens import ORIGINALS
from extractor.records import Span

_CLASSES = (
    "\"'\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a`\u00b4",
    "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
)
# Whole words, and whole numbers: "400" is not in "1,400", nor "4" in "4.7".
_START = r"(?<!\w)(?<!\d[.,\u00a0\u2009\u202f](?=\d))"
_END = r"(?!\w)(?!(?<=\d)[.,\u00a0\u2009\u202f]\d)"


def find_verbatim(words: str, within: Span) -> Span | None:
    """The first place in `within` that has exactly these words, as whole words.

    Args:
        words: what the model wrote.
        within: the only part of the text where it may come from.
    """
    return next(find_all_verbatim(words, within), None)


def find_all_verbatim(words: str, within: Span) -> Iterator[Span]:
    """Every place in `within` that has exactly these words, in order, as `find_verbatim`."""
    pattern = _pattern(words)
    for match in pattern.finditer(within.text) if pattern else ():
        start = within.start + match.start()
        yield Span(start=start, end=start + len(match.group()), text=match.group())


def is_verbatim(words: str, text: str, span: Span) -> bool:
    """True when exactly these words stand in `text` at `span`, whole, as `find_verbatim`."""
    pattern = _pattern(words)
    match = pattern.match(text, span.start) if pattern else None
    return match is not None and match.end() == span.end


@lru_cache(maxsize=256)
def _pattern(words: str) -> re.Pattern[str] | None:
    pieces = r"\s+".join(map(_piece, words.split()))
    return re.compile(f"{_START}{pieces}{_END}") if pieces else None


def _piece(piece: str) -> str:
    return "".join(map(_character, piece))


def _character(character: str) -> str:
    alike = next((characters for characters in _CLASSES if character in characters), character)
    originals = ORIGINALS.get(character, "")
    if len(alike) + len(originals) == 1:
        return re.escape(character)
    return f"[{re.escape(alike + originals)}]"
