from __future__ import annotations

from extractor.evaluation.counts import Counts, show, total


def test_ratios_keep_their_denominators() -> None:
    counts = Counts(correct=6, incorrect=2, missing=4, spurious=1)
    assert (counts.gold, counts.predicted) == (12, 9)
    assert counts.precision == 6 / 9
    assert counts.recall == 6 / 12
    assert counts.f1 == 12 / 21
    assert counts.accuracy == 6 / 13


def test_empty_against_empty_is_no_score() -> None:
    assert Counts().f1 is None
    assert show(Counts().f1) == "-"


def test_one_empty_side_is_zero_and_not_unknown() -> None:
    assert Counts(missing=3).f1 == 0
    assert Counts(missing=3).precision is None
    assert show(Counts(spurious=3).f1) == "0.0"


def test_pooling_adds_counts_and_not_ratios() -> None:
    pooled = total([Counts(1), Counts(1, 0, 2, 0)])
    assert pooled == Counts(2, 0, 2, 0)
    assert show(pooled.recall) == "50.0"
