"""Plots: where things are drawn."""

from __future__ import annotations

from extractor.evaluation.calibration import Bin, Reliability
from extractor.report.plots import MARGIN, SQUARE, reliability_plot

BINS = (Bin(0.25, 0.25, 0.1, 0.5, 10), Bin(1.0, 0.5, 0.4, 0.6, 90))
FOUND = Reliability(8, 100, 48, 0.2, 0.1, 0.3, 0.25, 0.45, BINS)


def test_a_bin_that_keeps_its_word_lies_on_the_diagonal() -> None:
    kept, broken = reliability_plot("mine", FOUND).points
    assert kept.x - MARGIN == MARGIN + SQUARE + 10 - kept.y - MARGIN
    assert broken.x == MARGIN + SQUARE
    assert broken.y == 10 + SQUARE / 2
    assert broken.low > broken.y > broken.high, "up is more"
    assert broken.size > kept.size
    assert broken.label == "said 100 %, right 50 % (40–60), 90 records"
