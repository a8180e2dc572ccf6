"""Words marked in their text, as a question shows them: `At least [n1: 640] Georgians`.

The text of an article stands in a question on one line, and holds no marks but the question's own:
it can neither end its line and go on as another part of the question, nor offer words of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractor.records import Span

_MARK = re.compile(r"\[(?=[a-z]\d+:)")
_NO_MARK = "("
_LINE_END = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def one_line(text: str) -> str:
    """`text` on one line, without what reads as a mark; as long as it was."""
    return _LINE_END.sub(" ", unmarked(text))


def unmarked(text: str) -> str:
    """`text` with a round bracket where one of its own reads as the beginning of a mark."""
    return _MARK.sub(_NO_MARK, text)


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
        pieces.append(f"{unmarked(before)}[{letter}{number}: {_enclosed(words)}]")
        position = span.end
    return " ".join("".join((*pieces, unmarked(whole.text[position - whole.start :]))).split())


def _enclosed(words: str) -> str:
    """Words that do not end the mark around them: a closing bracket needs one that it closes."""
    kept, open_ = [], 0
    for character in unmarked(words):
        open_ += (character == "[") - (character == "]")
        kept.append(")" if open_ < 0 else character)
        open_ = max(open_, 0)
    return "".join(kept)
