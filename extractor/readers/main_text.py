"""Which paragraphs of a page are its main text, as trafilatura (Barbaresi 2021) sees it.

Trafilatura gives text, not places, so its words are laid beside the page's: a long paragraph is
main text where its words are found in that text, a short one where it stands between two such.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

LONG = 6  # words; fewer may stand in a page many times
SHINGLE = 4  # words in a row
MIN_SHARED = 0.6  # share of a paragraph's shingles that the main text has
MAX_LEAD = 12  # short paragraphs before the first long one that may be of the main text

_WORD = re.compile(r"\w+")


def extract_main_text(tree: Any) -> str:
    """The main text of a page, one paragraph to a line; "" where there is none.

    Args:
        tree: an lxml tree without anything hidden; it is changed.
    """
    from trafilatura import bare_extraction

    found = bare_extraction(
        tree, fast=True, favor_precision=True, include_comments=False, include_tables=True
    )
    return str(getattr(found, "text", None) or "")


def find_main(paragraphs: Sequence[str], main: str) -> list[bool]:
    """For each paragraph, True if it is part of the main text."""
    lines = [words for line in main.split("\n") if (words := _WORD.findall(line))]
    text = _Laid(lines)
    own = [_WORD.findall(paragraph) for paragraph in paragraphs]
    flags, anchors, at = [False] * len(own), [], 0
    for index, words in enumerate(own):
        if len(words) < LONG:
            continue
        place = text.find(words, at)
        if place is not None:
            at = place + len(words)
            anchors.append((index, place, at))
        flags[index] = place is not None or text.shares(words)
    for index in _between(own, anchors, text):
        flags[index] = True
    return flags


class _Laid:
    """The words of the main text, with what is needed to find a paragraph's words among them."""

    def __init__(self, lines: Sequence[Sequence[str]]) -> None:
        self.words = [word for line in lines for word in line]
        self.ends: list[int] = []
        for line in lines:
            self.ends.append((self.ends[-1] if self.ends else 0) + len(line))
        self._starts: dict[tuple[str, ...], list[int]] = {}
        for start in range(len(self.words) - SHINGLE + 1):
            key = tuple(self.words[start : start + SHINGLE])
            self._starts.setdefault(key, []).append(start)

    def find(self, words: Sequence[str], after: int) -> int | None:
        """Where the words stand: the first place at or behind `after`, else the first of all."""
        starts = [
            start
            for start in self._starts.get(tuple(words[:SHINGLE]), ())
            if self.words[start : start + len(words)] == words
        ]
        return next((start for start in starts if start >= after), starts[0] if starts else None)

    def shares(self, words: Sequence[str]) -> bool:
        shingles = [tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)]
        return sum(one in self._starts for one in shingles) >= MIN_SHARED * len(shingles)

    def lines(self, start: int, end: int) -> list[tuple[str, ...]]:
        """The whole lines between two places."""
        cuts = [0, *self.ends]
        return [tuple(self.words[a:b]) for a, b in pairwise(cuts) if start <= a and b <= end]


def _between(
    own: Sequence[Sequence[str]], anchors: Sequence[tuple[int, int, int]], text: _Laid
) -> list[int]:
    """The short paragraphs that stand as lines between two long ones, in the same order."""
    found = []
    ends = [(-1, 0, 0), *anchors, (len(own), len(text.words), 0)]
    for (before, _, start), (after, end, _) in pairwise(ends):
        pending = text.lines(start, end) if start < end else []
        first = max(before + 1, after - MAX_LEAD) if before < 0 else before + 1
        for index in range(first, after):
            words = tuple(own[index])
            if words and len(words) < LONG and words in pending:
                del pending[: pending.index(words) + 1]
                found.append(index)
    return found
