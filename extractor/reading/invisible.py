"""Characters that nobody sees: format and control characters, combining marks, tags, U+FFFD."""

from __future__ import annotations

import unicodedata

_CATEGORIES = frozenset({"Cf", "Co", "Cn", "Cs", "Cc", "Mn", "Me"})
_OPEN = frozenset("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
_CLOSE = frozenset("\u202c\u2069")
# A byte that is no letter, and the sign that a page leaves where it had something hidden.
_UNREAD = frozenset("\ufffc\ufffd")


def is_invisible(character: str) -> bool:
    """True for what a reader does not see, or sees only as a mark on its neighbour."""
    if character < "\x7f" and character >= " ":
        return False
    hidden = unicodedata.category(character) in _CATEGORIES and not character.isspace()
    return hidden or character in _UNREAD


def seen(text: str) -> tuple[str, list[int]]:
    """The text without what is not seen, and for each place in it, its end included, the place in
    the text itself.
    """
    places = [index for index, character in enumerate(text) if not is_invisible(character)]
    return "".join(text[index] for index in places), [*places, len(text)]


def reversed_ranges(text: str) -> list[tuple[int, int]]:
    """Where overrides and isolates change the direction of writing (Unicode, UAX 9): half-open
    ranges from the opening character to its end, or to the end of the text.
    """
    ranges: list[tuple[int, int]] = []
    opened: list[int] = []
    for index, character in enumerate(text):
        if character in _OPEN:
            opened.append(index)
        elif character in _CLOSE and opened:
            start = opened.pop()
            if not opened:
                ranges.append((start, index + 1))
    return [*ranges, (opened[0], len(text))] if opened else ranges
