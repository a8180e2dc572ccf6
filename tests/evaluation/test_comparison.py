"""Two systems side by side: paired documents, corrected p-values, and silence below six."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.errors import UsageError
from extractor.evaluation.comparison import choose, compare_results
from extractor.evaluation.results import Result, System
from extractor.evaluation.runner import make_result

from .folders import flawed, perfect, small_result, small_suite, system


def test_below_six_documents_there_is_no_p_value(tmp_path: Path) -> None:
    result = small_result(small_suite(tmp_path, 5))
    lines = compare_results(result, result, ("good", "poor"))
    assert {(line.p_value, line.remark, line.detectable) for line in lines} == {
        (None, "underpowered", None)
    }
    figures = next(line for line in lines if (line.kind, line.score) == ("figures", "strict"))
    assert (figures.one, figures.other, figures.difference) == (1.0, 0.0, 1.0)


def test_enough_documents_show_a_large_difference(tmp_path: Path) -> None:
    result = small_result(small_suite(tmp_path, 10))
    lines = {
        (one.kind, one.score): one for one in compare_results(result, result, ("good", "poor"))
    }
    assert len(lines) == 10
    found = lines["figures", "strict"]
    assert found.p_value is not None
    assert found.p_value < 0.05
    assert found.p_value >= 10 * 2 / 2**10 * 0.5  # Holm has multiplied the smallest by ten
    assert lines["quotations", "strict"].p_value == 1.0


def test_different_gold_cannot_be_compared(tmp_path: Path) -> None:
    one = small_result(small_suite(tmp_path / "a", 2))
    other = small_result(small_suite(tmp_path / "b", 3))
    with pytest.raises(UsageError, match="different gold or texts"):
        compare_results(one, other, ("good", "good"))


def result_of(folder: Path, *names: tuple[str, bool]) -> Result:
    suite = small_suite(folder)
    systems: list[System] = [
        system(suite, name, (flawed if baseline else perfect)(suite), baseline=baseline)
        for name, baseline in names
    ]
    return make_result(suite, systems)


def test_without_a_name_the_system_under_test_is_meant(tmp_path: Path) -> None:
    result = result_of(tmp_path, ("empty", True), ("local", False))
    assert choose(result, None).name == "local"
    assert choose(result, "empty").name == "empty"


@pytest.mark.parametrize("name", [None, "missing"])
def test_a_doubtful_name_is_an_error_with_the_choices(tmp_path: Path, name: str | None) -> None:
    result = result_of(tmp_path, ("one", False), ("two", False))
    with pytest.raises(UsageError, match="FILE:SYSTEM with one of: one, two"):
        choose(result, name)
