"""Counts and the ratios made of them, after MUC-4 (Chinchor 1992): what is right, what is not.

A ratio without a denominator is None, shown as "-": finding nothing where there is nothing is
neither perfect nor a failure. The counts stay, so every ratio can be traced and pooled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Counts:
    """Correct, incorrect (both sides have something, and it differs), missing, spurious."""

    correct: int = 0
    incorrect: int = 0
    missing: int = 0
    spurious: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.correct + other.correct,
            self.incorrect + other.incorrect,
            self.missing + other.missing,
            self.spurious + other.spurious,
        )

    @property
    def gold(self) -> int:
        """How many there are in gold: recall's denominator."""
        return self.correct + self.incorrect + self.missing

    @property
    def predicted(self) -> int:
        """How many were given: precision's denominator."""
        return self.correct + self.incorrect + self.spurious

    @property
    def precision(self) -> float | None:
        """Right ones among those given."""
        return ratio(self.correct, self.predicted)

    @property
    def recall(self) -> float | None:
        """Right ones among those in gold."""
        return ratio(self.correct, self.gold)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; 0 where only one side has something."""
        return ratio(2 * self.correct, self.gold + self.predicted)

    @property
    def accuracy(self) -> float | None:
        """Right ones among all places where either side has something."""
        return ratio(self.correct, self.correct + self.incorrect + self.missing + self.spurious)


def ratio(part: float, whole: float) -> float | None:
    """`part / whole`, None where there is no whole."""
    return part / whole if whole else None


def total(counts: Iterable[Counts]) -> Counts:
    """Pooled counts, for micro averages."""
    return sum(counts, Counts())


def show(value: float | None) -> str:
    """A ratio as per cent with one decimal, "-" where there is none."""
    return "-" if value is None else f"{100 * value:.1f}"
