"""Words marked in their text, as a question shows them: `At least [n1: 640] Georgians`."""

from __future__ import annotations

from collections.abc import Iterable

from extractor.records import Span


def mark(whole: Span, places: Iterable[tuple[Span, str]], letter: str) -> str:
    """The words of `whole` with each place in numbered brackets, white space made single.

    Args:
        whole: what to show; holds all places.
        places: in order, without overlap; each span with the words to show in its place.
        letter: stands before the numbers, which begin at 1.
    """
    pieces, position = [], whole.start
    for number, (span, words) in enumerate(places, 1):
        before = whole.text[position - whole.start : span.start - whole.start]
        pieces.append(f"{before}[{letter}{number}: {words}]")
        position = span.end
    return " ".join("".join((*pieces, whole.text[position - whole.start :])).split())
