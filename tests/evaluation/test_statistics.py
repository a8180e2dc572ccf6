from __future__ import annotations

import pytest

from extractor.errors import UsageError
from extractor.evaluation.counts import Counts
from extractor.evaluation.statistics import (
    bootstrap_interval,
    compare,
    holm,
    smallest_detectable_difference,
)

GOOD = [Counts(9 - i % 3, i % 3, 1, 0) for i in range(12)]
POOR = [Counts(4 + i % 2, 3, 2, 2) for i in range(12)]


def test_interval_holds_the_score_and_is_reproducible() -> None:
    interval = bootstrap_interval(GOOD, seed=3)
    assert interval is not None
    assert interval.low < sum((c for c in GOOD), Counts()).f1 < interval.high  # type: ignore[operator]
    assert interval == bootstrap_interval(GOOD, seed=3)


def test_interval_of_equal_documents_has_no_width() -> None:
    interval = bootstrap_interval([Counts(1, 1, 0, 0)] * 5, seed=1)
    assert interval is not None
    assert interval.low == interval.high == 0.5


def test_no_interval_without_two_documents_or_without_records() -> None:
    assert bootstrap_interval([Counts(1)], seed=1) is None
    assert bootstrap_interval([Counts(), Counts()], seed=1) is None


def test_clear_difference_is_significant_and_none_is_not() -> None:
    clear = compare(GOOD, POOR, seed=1)
    assert clear.p_value is not None
    assert clear.p_value < 0.01
    assert clear.difference is not None
    assert clear.difference > 0
    assert compare(GOOD, GOOD, seed=1).p_value == 1


def test_p_value_approaches_the_exact_one() -> None:
    """Six documents all better: of 64 swaps only none and all give as much, so p is 2/64."""
    better, worse = [Counts(1)] * 6, [Counts(0, 1)] * 6
    assert compare(better, worse, seed=5).p_value == pytest.approx(2 / 64, abs=0.006)


def test_below_six_documents_no_p_value() -> None:
    few = compare(GOOD[:5], POOR[:5], seed=1)
    assert few.p_value is None
    assert few.remark == "underpowered"
    assert few.difference is not None
    assert smallest_detectable_difference(GOOD[:5], POOR[:5], seed=1) is None


def test_systems_must_have_the_same_documents() -> None:
    with pytest.raises(UsageError, match="same documents"):
        compare(GOOD, POOR[:-1], seed=1)


def test_holm_corrects_step_by_step() -> None:
    assert holm([0.01, 0.04, None, 0.03]) == pytest.approx([0.03, 0.06, None, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_more_documents_show_smaller_differences() -> None:
    few = smallest_detectable_difference(GOOD, POOR, seed=1)
    many = smallest_detectable_difference(GOOD * 8, POOR * 8, seed=1)
    assert few is not None
    assert many is not None
    assert many < few / 2
