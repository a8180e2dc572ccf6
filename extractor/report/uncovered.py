"""What records leave uncovered, gathered for people: a line per reason and kind, words counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from extractor.output import Gap, Uncovered

SHOWN_WORDS = 12
SHOWN_CHARACTERS = 40


@dataclass(frozen=True)
class Line:
    """Everything of one kind with one reason: how often, and its words, the frequent ones first."""

    reason: str
    kind: str
    count: int
    words: str
    is_due: bool


def summed(uncovered: Iterable[Uncovered]) -> list[Line]:
    """One line per reason and kind: what may be missing first, page furniture last, as a count."""
    groups: dict[tuple[Gap, str], list[Uncovered]] = {}
    for one in uncovered:
        groups.setdefault((one.reason, one.kind), []).append(one)
    order = get_args(Gap)
    ranked = sorted(groups.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    return [_line(*key, group) for key, group in ranked]


def _line(reason: Gap, kind: str, group: list[Uncovered]) -> Line:
    words = "" if reason == "furniture" else _words(group)
    return Line(reason.replace("_", " "), kind, len(group), words, group[0].is_due)


def _words(group: Iterable[Uncovered]) -> str:
    counts = Counter(_short(one) for one in group)
    shown = [f"{words} ×{n}" if n > 1 else words for words, n in counts.most_common(SHOWN_WORDS)]
    more = [f"and {len(counts) - SHOWN_WORDS} more"] if len(counts) > SHOWN_WORDS else []
    return ", ".join([*shown, *more])


def _short(one: Uncovered) -> str:
    words = " ".join(one.span.text.split())
    words = words if len(words) <= SHOWN_CHARACTERS else f"{words[: SHOWN_CHARACTERS - 1]}…"
    return (
        f"{words} ({one.detail})"
        if one.detail and one.reason in ("not_chosen", "half_read")
        else words
    )
