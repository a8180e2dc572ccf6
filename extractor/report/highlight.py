"""The highlighter: a text with marked spans, as HTML. Spans may nest and overlap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape


@dataclass(frozen=True)
class Mark:
    """Characters `start` to `end` (half-open, code points) to be shown as `name` (a CSS class).

    title: shown when the pointer rests on it.
    """

    start: int
    end: int
    name: str
    title: str = ""


def highlight(
    text: str, marks: Iterable[Mark], *, start: int = 0, end: int | None = None
) -> Markup:
    """The text from `start` to `end` as escaped HTML, with a `<mark>` around every marked stretch.

    Where marks overlap the text is cut at each of their ends, and a stretch carries the classes of
    all marks over it: what a reader sees depends on no nesting. Without its tags and unescaped, the
    result is the text again. Marks outside the range, or empty, are left out.

    Args:
        marks: offsets in the whole `text`, in any order.
    """
    end = len(text) if end is None else end
    cut = [_clipped(mark, start, end) for mark in marks]
    inside = [mark for mark in cut if mark.start < mark.end]
    edges = sorted({start, end, *(m.start for m in inside), *(m.end for m in inside)})
    pieces = (_piece(text[a:b], _over(inside, a, b)) for a, b in pairwise(edges))
    return Markup("").join(pieces)


def _clipped(mark: Mark, start: int, end: int) -> Mark:
    return Mark(max(mark.start, start), min(mark.end, end), mark.name, mark.title)


def _over(marks: Iterable[Mark], start: int, end: int) -> list[Mark]:
    return [mark for mark in marks if mark.start <= start and end <= mark.end]


def _piece(text: str, marks: list[Mark]) -> Markup:
    if not marks:
        return escape(text)
    names = " ".join(dict.fromkeys(sorted(mark.name for mark in marks)))
    titles = "; ".join(dict.fromkeys(mark.title for mark in marks if mark.title))
    hint = Markup(' title="{}"').format(titles) if titles else Markup("")
    return Markup('<mark class="{}"{}>{}</mark>').format(names, hint, text)
