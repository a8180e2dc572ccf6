"""Results: the summary of runs, and the JSON that carries them."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.errors import UsageError
from extractor.evaluation.results import load_result, save_result, summarise

from .folders import flawed, perfect, small_result, small_suite, system


def test_a_result_survives_its_file_byte_for_byte(tmp_path: Path) -> None:
    result = small_result(small_suite(tmp_path))
    save_result(result, tmp_path / "r.json")
    again = load_result(tmp_path / "r.json")
    assert again == result
    save_result(again, tmp_path / "s.json")
    assert (tmp_path / "r.json").read_bytes() == (tmp_path / "s.json").read_bytes()


def test_rows_carry_ratios_counts_and_intervals(tmp_path: Path) -> None:
    rows = {(row.system, row.kind): row for row in small_result(small_suite(tmp_path)).summary}
    poor = rows["poor", "figures"]
    assert (poor.detection.correct, poor.detection.gold, poor.detection.predicted) == (2, 4, 2)
    assert poor.detection.f1 == pytest.approx(2 / 3)
    assert (poor.strict.f1, poor.strict.low, poor.strict.high) == (0.0, 0.0, 0.0)
    assert poor.fields["unit"].accuracy == 0.0
    assert ("absent", "figures") not in rows


def test_repeated_runs_show_their_spread(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    rows = summarise([system(suite, "live", perfect(suite), flawed(suite))])
    figures = next(row for row in rows if row.kind == "figures")
    assert figures.f1s == [1.0, 0.0]
    assert figures.deviation == pytest.approx(0.7071, abs=1e-4)


def test_one_run_has_no_spread(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    assert summarise([system(suite, "live", perfect(suite))])[0].deviation is None


@pytest.mark.parametrize("content", ["", "{}", "\xff"])
def test_other_files_are_no_results(tmp_path: Path, content: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(UsageError, match=r"r\.json.*give a file written by"):
        load_result(path)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        save_result(small_result(small_suite(tmp_path)), tmp_path / "file" / "r.json")
