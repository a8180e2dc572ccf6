"""Text between quotation marks, in every style, as candidate quotations.

Outermost marks only: a quotation inside a quotation belongs to the outer one. An apostrophe is told
from a single closing mark by its neighbours. A mark that opens again at the start of each paragraph
and closes in the last one (the newspaper convention) gives one segment a paragraph, one group.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from extractor.documents import Block, Document
from extractor.records import Span

_PAIRS = {
    "\u201c": "\u201d\u201c",
    "\u201e": "\u201c\u201d",
    "\u201f": "\u201d",
    "\u00ab": "\u00bb",
    "\u00bb": "\u00ab",
    "\u2039": "\u203a",
    "\u300c": "\u300d",
    '"': '"',
    "``": "''",
    "\u2018": "\u2019\u2018",
    "'": "'",
}
_SINGLE = {"\u2018", "'"}
_OPEN = re.compile("``|[" + "".join(mark for mark in _PAIRS if len(mark) == 1) + "]")
_PLURAL = re.compile(
    r"s(?P<mark>['\u2019])\s[^\W\d_][^'\u2018\u2019]*"
    r"(?:(?<=\w)(?P=mark)(?=\w)[^'\u2018\u2019]*)*(?<=[,.!?])(?P=mark)(?!\w)"
)
_MAX_INTERRUPTION = (
    160  # characters of "..., X said at Y, ..." between two segments of an utterance
)


@dataclass(frozen=True)
class QuotedText:
    """Words between quotation marks.

    `span` is the words without the marks, `outer` with them; `group` numbers the utterance, from 1;
    `interrupted` is True when another segment of the same utterance stands in the same paragraph.
    """

    span: Span
    outer: Span
    group: int
    interrupted: bool = False


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    inner_start: int
    inner_end: int
    mark: str
    closed: bool


def find_quotes(document: Document) -> list[QuotedText]:
    """All quoted stretches of the body, in order, grouped into utterances."""
    quotes: list[QuotedText] = []
    carried: str | None = None  # the mark of an utterance that its paragraph did not close
    group = 0
    for block in (block for block in document.blocks if not block.furniture):
        found = list(_scan(document.text, block))
        for position, quote in enumerate(found):
            continues = position == 0 and carried == quote.mark and quote.start == block.start
            group += not continues
            quotes.append(_quoted(document, quote, group))
        carried = found[-1].mark if found and not found[-1].closed else None
    return _join_interrupted(document, quotes)


def _scan(text: str, block: Block) -> Iterator[_Found]:
    position = block.start
    while match := _OPEN.search(text, position, block.end):
        mark = match.group()
        closing = _closing(text, match, block) if _may_open(text, match, block) else None
        if closing is None:
            position = match.end()
            continue
        end, closed = closing
        inner_end = end - (len(_PAIRS[mark]) if mark == "``" else 1) if closed else end
        if text[match.end() : inner_end].strip():
            yield _Found(match.start(), end, match.end(), inner_end, mark, closed)
        position = end


def _may_open(text: str, match: re.Match[str], block: Block) -> bool:
    before = text[match.start() - 1] if match.start() > block.start else " "
    after = text[match.end() : match.end() + 1]
    if not after or (after.isspace() and match.group() not in "\u00ab\u00bb\u2039"):
        return False
    return not before.isalnum() or (match.group() not in {*_SINGLE, '"'})


def _closing(text: str, match: re.Match[str], block: Block) -> tuple[int, bool] | None:
    """End offset of the quotation that `match` opens, and whether a mark closes it."""
    mark = match.group()
    position = match.end()
    while (position := _next_closer(text, mark, position, block.end)) >= 0:
        width = 2 if mark == "``" else 1
        after = (
            text[position + width : position + width + 1] if position + width < block.end else " "
        )
        before = text[position - 1]
        apostrophe = after.isalnum() or before.isspace() or _is_plural(text, position, block.end)
        if mark not in _SINGLE or not apostrophe:
            return position + width, True
        position += 1
    unclosed_paragraph = (
        mark in ("\u201c", "\u201e", "\u00ab", '"') and match.start() == block.start
    )
    return (block.end, False) if unclosed_paragraph else None


def _is_plural(text: str, position: int, end: int) -> bool:
    """ "The boys' camp,' he said": the mark after a comma or a full stop closes."""
    return bool(_PLURAL.match(text, position - 1, end))


def _next_closer(text: str, mark: str, start: int, end: int) -> int:
    if mark == "``":
        return text.find("''", start, end)
    hits = [hit for closer in _PAIRS[mark] if (hit := text.find(closer, start, end)) >= 0]
    return min(hits, default=-1)


def _quoted(document: Document, found: _Found, group: int) -> QuotedText:
    inner = document.text[found.inner_start : found.inner_end]
    start = found.inner_start + len(inner) - len(inner.lstrip())
    end = found.inner_start + len(inner.rstrip())
    return QuotedText(document.span(start, end), document.span(found.start, found.end), group)


def _join_interrupted(document: Document, quotes: list[QuotedText]) -> list[QuotedText]:
    """Give both segments of "one," X said, "two." the first one's group."""
    joined = list(quotes)
    for index, (first, second) in enumerate(pairwise(quotes), start=1):
        between = document.text[first.outer.end : second.outer.start]
        comma_before = first.span.text[-1] in ",\u2014\u2013-" or between.startswith(",")
        resumes = between.rstrip().endswith((",", "\u2014", "\u2013", ":"))
        plain = "\n" not in between and len(between) <= _MAX_INTERRUPTION
        if plain and comma_before and resumes and not re.search(r"[.!?]\s", between):
            earlier = joined[index - 1]
            joined[index - 1] = replace(earlier, interrupted=True)
            joined[index] = replace(second, group=earlier.group, interrupted=True)
    return joined
