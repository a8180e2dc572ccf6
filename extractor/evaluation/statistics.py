"""How sure a score is. Documents are the unit, because the records of one article are not
independent of each other; every function takes one `Counts` per document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.stats import norm

from extractor.errors import UsageError
from extractor.evaluation.counts import Counts

RESAMPLES = 2000
SHUFFLES = 9999
MIN_DOCUMENTS = 6  # with five, the smallest two-sided p that can come out is 2/32, above 0.05

_Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Interval:
    """A percentile interval of micro-F1, each number in [0, 1]."""

    low: float
    high: float
    level: float


@dataclass(frozen=True)
class Comparison:
    """Micro-F1 of one system minus another's, and how likely chance alone gives as much.

    `p_value` is None with the remark "underpowered" below `MIN_DOCUMENTS` documents, and None with
    the difference where one of the systems has no score.
    """

    difference: float | None
    p_value: float | None
    documents: int
    remark: Literal["", "underpowered"] = ""


def bootstrap_interval(
    documents: Sequence[Counts], *, seed: int, level: float = 0.95
) -> Interval | None:
    """Cluster bootstrap percentile interval for micro-F1 (Efron & Tibshirani 1993, ch. 13).

    Documents are drawn with replacement, each with all its records. None where no draw has a
    score: fewer than two documents, or nothing in any of them.
    """
    if len(documents) <= 1:
        return None
    scores = _resampled(_table(documents), np.random.default_rng(seed))
    scores = scores[~np.isnan(scores)]
    if not scores.size:
        return None
    low, high = np.quantile(scores, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high), level)


def compare(one: Sequence[Counts], other: Sequence[Counts], *, seed: int) -> Comparison:
    """Paired approximate randomisation, two-sided, on the difference of micro-F1.

    Noreen 1989; Yeh 2000 for F1, whose differences are not of a form that a t-test knows. Each
    shuffle swaps the two systems' counts in documents drawn by a fair coin.

    Args:
        one, other: counts of the same documents in the same order.

    Raises:
        UsageError: the two are not of one length.
    """
    tables = np.stack(_paired(one, other))
    observed = _difference(tables[0].sum(axis=0), tables[1].sum(axis=0))
    difference = None if np.isnan(observed) else float(observed)
    if len(one) < MIN_DOCUMENTS:
        return Comparison(difference, None, len(one), "underpowered")
    if difference is None:
        return Comparison(None, None, len(one))
    coins = np.random.default_rng(seed).integers(2, size=(SHUFFLES, len(one)))
    shifted = coins @ (tables[1] - tables[0])
    shuffled = _difference(tables[0].sum(axis=0) + shifted, tables[1].sum(axis=0) - shifted)
    # A rounding error must not make an equal difference a smaller one.
    as_large = int(np.sum(np.abs(shuffled) >= abs(observed) - 1e-12))
    return Comparison(difference, (as_large + 1) / (SHUFFLES + 1), len(one))


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """P values corrected for their number (Holm 1979), in the order given; None stays None."""
    known = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
    corrected: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, (p, i) in enumerate(known):
        largest = max(largest, min(1.0, p * (len(known) - rank)))
        corrected[i] = largest
    return corrected


def smallest_detectable_difference(
    one: Sequence[Counts],
    other: Sequence[Counts],
    *,
    seed: int,
    alpha: float = 0.05,
    power: float = 0.8,
) -> float | None:
    """The difference of micro-F1 that so many documents show with the given power.

    Normal approximation: (z(1 - alpha/2) + z(power)) times the bootstrap standard error of the
    paired difference. None below `MIN_DOCUMENTS` documents.

    Raises:
        UsageError: the two are not of one length.
    """
    first, second = _paired(one, other)
    if len(one) < MIN_DOCUMENTS:
        return None
    # The same seed twice draws the same documents for both systems.
    draws = [_resampled(table, np.random.default_rng(seed)) for table in (first, second)]
    error = float(np.nanstd(draws[0] - draws[1], ddof=1))
    return float(norm.ppf(1 - alpha / 2) + norm.ppf(power)) * error


def _paired(one: Sequence[Counts], other: Sequence[Counts]) -> tuple[_Floats, _Floats]:
    if len(one) != len(other):
        raise UsageError(
            f"{len(one)} documents against {len(other)} - compare two systems on the same documents"
        )
    return _table(one), _table(other)


def _table(documents: Sequence[Counts]) -> _Floats:
    """One row per document: twice the correct, and gold plus predicted."""
    rows = [(2 * counts.correct, counts.gold + counts.predicted) for counts in documents]
    return np.array(rows, dtype=np.float64).reshape(len(rows), 2)


def _f1(sums: _Floats) -> _Floats:
    """Micro-F1 of summed rows, NaN where there is nothing."""
    with np.errstate(invalid="ignore"):
        return np.asarray(sums[..., 0] / sums[..., 1])


def _difference(one: _Floats, other: _Floats) -> _Floats:
    return _f1(one) - _f1(other)


def _resampled(table: _Floats, random: np.random.Generator) -> _Floats:
    drawn = random.integers(len(table), size=(RESAMPLES, len(table)))
    return _f1(table[drawn].sum(axis=1))
