"""Grounding: from words that a model wrote to the place in the text that has them, or to nothing.

Quotation marks, dashes and white space may differ; letters, digits and everything else may not.
"""

from __future__ import annotations

import re

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
    pattern = r"\s+".join(_piece(piece) for piece in words.split())
    if not pattern:
        return None
    match = re.search(rf"{_START}{pattern}{_END}", within.text)
    if match is None:
        return None
    start = within.start + match.start()
    return Span(start=start, end=start + len(match.group()), text=match.group())


def _piece(piece: str) -> str:
    return "".join(map(_character, piece))


def _character(character: str) -> str:
    for characters in _CLASSES:
        if character in characters:
            return f"[{re.escape(characters)}]"
    return re.escape(character)
