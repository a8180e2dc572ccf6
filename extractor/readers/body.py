"""Which visible paragraphs of a page are the article, and which are furniture around it.

Trafilatura says what the main text is. It is set right where the page's own structure and the
form of the words say otherwise: prose that stands where the main text stands is kept, and links
that are no prose are not. Every rule was measured (docs/decisions/010-pages.md).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from extractor.furniture import find_furniture
from extractor.line_forms import is_prose
from extractor.readers.blocks import Paragraph
from extractor.readers.main_text import extract_main_text, find_main

MAX_LINKED = 0.7  # share of a paragraph's characters; a link with more is a link to elsewhere
FEW_LINKED = 0.3
LINK_WORDS = 4  # fewer may be a name or a price
MIN_MAIN = 0.25  # share of the page's prose; with less, the main text was not found
ROOT_SHARE = 0.85  # of the main text's characters that stand in the story's element
GALLERY = 3  # captions in a row
LEAD_REACH = 8  # paragraphs between the first of the main text and a lead that was missed
LEAD_LENGTH = 120  # characters
NOTICE_WORDS = 15
_NOTICE = re.compile(r"©|\(c\) |copyright\b", re.IGNORECASE)
_ASIDE = frozenset({"nav", "aside", "footer", "form", "button", "menu"})
_PICTURE = frozenset({"figure", "figcaption"})


def find_body(paragraphs: Sequence[Paragraph], tree: Any) -> list[bool]:
    """For each paragraph of a page, True if it is of the article.

    Args:
        paragraphs: all that the page shows.
        tree: an lxml tree of the same page; it is changed.
    """
    page = _Page(paragraphs)
    page.flags = find_main([one.text for one in paragraphs], extract_main_text(tree))
    if not page.is_found():
        texts = [one.text for one in paragraphs]
        page.flags = [not furniture for furniture in find_furniture(texts)]
    page.add_siblings()
    page.add_inside()
    page.add_lead()
    page.drop_links()
    page.drop_notices()
    page.add_headline()
    return page.flags


class _Page:
    """The paragraphs of a page and, while it is being decided, which of them are the article."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.flags: list[bool] = []
        self._kinds: set[tuple[int, ...]] = set()
        self._paragraphs = paragraphs

    @cached_property
    def _prose(self) -> list[bool]:
        both = zip(self._paragraphs, self._sentences, strict=True)
        return [one.linked < 0.5 and sentence for one, sentence in both]

    @cached_property
    def _sentences(self) -> list[bool]:
        return [is_prose(one.text) for one in self._paragraphs]

    def is_found(self) -> bool:
        """True if the main text is more than a small part of the page's prose."""
        sizes = [
            (len(one.text), flag)
            for one, flag, prose in zip(self._paragraphs, self.flags, self._prose, strict=True)
            if prose and not one.within & (_ASIDE | _PICTURE)
        ]
        return sum(size for size, flag in sizes if flag) >= MIN_MAIN * sum(s for s, _ in sizes)

    def add_siblings(self) -> None:
        """Prose in elements of the same names and classes as that of the article."""
        self._kinds = {one.kinds for i, one in self._chosen() if self._prose[i]}
        for i, one in enumerate(self._paragraphs):
            if self._prose[i] and one.kinds in self._kinds and not one.within & (_ASIDE | _PICTURE):
                self.flags[i] = True

    def add_inside(self) -> None:
        """What stands between two paragraphs of the article, as its form says."""
        ends = [i for i, _ in self._chosen()]
        if not ends:
            return
        root = self._root()
        for i in range(ends[0], len(self.flags)):
            behind = i > ends[-1]
            if behind and not (self.flags[i - 1] and "li" in self._paragraphs[i].within):
                break
            if not self.flags[i] and root in self._paragraphs[i].nodes:
                self.flags[i] = self._belongs(i)

    def _belongs(self, index: int) -> bool:
        """True for quotations, rows and items of no links, and for captions outside galleries."""
        one = self._paragraphs[index]
        if one.within & _ASIDE:
            return False
        if self._sentences[index] and one.kinds in self._kinds:
            return True
        if "blockquote" in one.within:
            return True
        if "figcaption" in one.within:
            return one.linked < FEW_LINKED and not self._in_gallery(index)
        few_links = one.linked < FEW_LINKED and not one.within & _PICTURE
        return few_links and ("table" in one.within or self._in_announced_list(index))

    def _in_gallery(self, index: int) -> bool:
        near = range(max(0, index - GALLERY), min(len(self.flags), index + GALLERY + 1))
        runs, length = 0, 0
        for i in near:
            length = length + 1 if "figcaption" in self._paragraphs[i].within else 0
            runs = max(runs, length)
        return runs >= GALLERY

    def _in_announced_list(self, index: int) -> bool:
        """True for an item that follows a paragraph of the article, or another such item."""
        one, before = self._paragraphs[index], self._paragraphs[max(0, index - 1)]
        if "li" not in one.within or not self.flags[index - 1]:
            return False
        announced = "li" in before.within or before.text.endswith((":", ";"))
        return announced or one.text.endswith((".", ";", ","))

    def add_lead(self) -> None:
        """The prose just above the article, if the article's element holds it."""
        first = next((i for i, _ in self._chosen() if self._prose[i]), 0)
        root = self._root()
        for i in range(first - 1, max(-1, first - LEAD_REACH), -1):
            one = self._paragraphs[i]
            if "h1" in one.within:
                return
            if self._prose[i]:
                long = len(one.text) > LEAD_LENGTH and one.linked < FEW_LINKED
                inside = root in one.nodes and not one.within & (_ASIDE | _PICTURE)
                self.flags[i] = self.flags[i] or (long and inside)
                return

    def drop_links(self) -> None:
        """Links to other pages; a sentence that is one link stays."""
        for i, one in self._chosen():
            words = len(one.text.split())
            if one.linked >= MAX_LINKED and words >= LINK_WORDS and not is_prose(one.text):
                self.flags[i] = False

    def drop_notices(self) -> None:
        """Lines of copyright."""
        for i, one in self._chosen():
            if _NOTICE.match(one.text) and len(one.text.split()) <= NOTICE_WORDS:
                self.flags[i] = False

    def add_headline(self) -> None:
        """The last first-level heading above the article."""
        first = next((i for i, _ in self._chosen()), 0)
        for i in range(first, -1, -1):
            if "h1" in self._paragraphs[i].within:
                self.flags[i] = True
                return

    def _chosen(self) -> list[tuple[int, Paragraph]]:
        return [(i, one) for i, one in enumerate(self._paragraphs) if self.flags[i]]

    def _root(self) -> int | None:
        """The innermost element that holds nearly all of the article."""
        sizes: Counter[int] = Counter()
        depths: dict[int, int] = {}
        for _, one in self._chosen():
            for depth, node in enumerate(one.nodes):
                sizes[node] += len(one.text)
                depths[node] = depth
        most = ROOT_SHARE * sum(len(one.text) for _, one in self._chosen())
        holding = [node for node, size in sizes.items() if size >= most]
        return max(holding, key=depths.__getitem__, default=None)
