from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

from extractor.errors import DocumentError
from extractor.evaluation.benchmarks.newsquant import (
    Sentence,
    load_gold,
    load_gpt3,
    value_counts,
)
from extractor.evaluation.counts import Counts

from .folder import benchmark_folder


def test_recorded_gpt3_output_gives_the_published_f1() -> None:
    folder = benchmark_folder("newsquant")
    counts = value_counts(load_gold(folder), load_gpt3(folder))
    ratios = (counts.precision, counts.recall, counts.f1)
    assert [100 * (ratio or 0) for ratio in ratios] == pytest.approx([72.1, 69.1, 70.6], abs=0.3)
    assert counts.gold == 904


def test_quantulum3_gives_the_published_f1() -> None:
    folder = benchmark_folder("newsquant")
    parser = pytest.importorskip("quantulum3.parser", reason="quantulum3 is not installed")
    gold = load_gold(folder, average_ranges=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given = {one.text: [float(found.value) for found in parser.parse(one.text)] for one in gold}
    assert 100 * (value_counts(gold, given).f1 or 0) == pytest.approx(73.0, abs=0.3)


def test_each_value_counts_once() -> None:
    gold = [Sentence("s", (2.0, 2.0, (5.0, 6.0)))]
    assert value_counts(gold, {"s": [2.0, 2.0, 2.0, (5.0, 6.0), 5.5]}) == Counts(3, 0, 0, 2)


def test_ranges_and_single_values_differ() -> None:
    assert value_counts([Sentence("s", ((5.0, 6.0),))], {"s": [5.0]}) == Counts(0, 0, 1, 1)


def test_a_sentence_without_an_answer_is_missing() -> None:
    assert value_counts([Sentence("s", (1.0,))], {}) == Counts(0, 0, 1, 0)


def test_loading_reads_ranges_signs_and_unreadable_values(tmp_path: Path) -> None:
    values = ["-3", "10-12", "3.0 - 4.0", "1:36.6"]
    rows = [{"text": "s", "quantities": [{"value": value} for value in values]}]
    (tmp_path / "gold.json").write_text(json.dumps(rows), encoding="utf-8")
    assert load_gold(tmp_path)[0].values == (-3.0, (10.0, 12.0), (3.0, 4.0), None)
    assert load_gold(tmp_path, average_ranges=True)[0].values == (-3.0, 11.0, 3.5, None)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"gpt3\.json"):
        load_gpt3(tmp_path)
