"""A number as it is written, and one that could not be read whole."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Numeral:
    """A number in a text. Offsets are in that text, half-open.

    Exactly one of `value` and `magnitude` (a power of ten) is set; `upper` ends a range.
    """

    start: int
    end: int
    value: Decimal | None = None
    upper: Decimal | None = None
    magnitude: int | None = None


@dataclass(frozen=True)
class Void:
    """A number of which only a part could be read: never a value. `reason` says what is unread."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class NumbersRead:
    """The numbers of a text, each part in order of place: those read whole, and the others."""

    numerals: tuple[Numeral, ...]
    voids: tuple[Void, ...]
