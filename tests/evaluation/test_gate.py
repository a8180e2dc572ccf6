"""Floors: a fall is named, nothing is lowered by accident, other gold has other floors."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.errors import UsageError
from extractor.evaluation.gate import (
    Floors,
    changed,
    falls,
    load_floors,
    measured,
    save_floors,
    updated,
)

from .folders import small_result, small_suite


@pytest.fixture
def high(tmp_path: Path) -> Floors:
    return measured(small_result(small_suite(tmp_path)), ["good"])


@pytest.fixture
def low(tmp_path: Path, high: Floors) -> Floors:
    """The flawed system under the good one's name."""
    found = measured(small_result(small_suite(tmp_path / "again")), ["poor"])
    return high.model_copy(update={"systems": {"good": found.systems["poor"]}})


def test_a_score_holds_against_itself(high: Floors, tmp_path: Path) -> None:
    save_floors(high, tmp_path / "floors.yaml")
    assert falls(load_floors(tmp_path / "floors.yaml"), high) == []


def test_every_fall_is_named(high: Floors, low: Floors) -> None:
    named = [str(fall) for fall in falls(high, low)]
    assert "good: figures strict fell from 1.0000 to 0.0000" in named
    assert "good: figures unit fell from 1.0000 to 0.0000" in named
    assert not any("quotations" in one for one in named)


def test_a_score_that_is_not_measured_any_more_has_fallen(high: Floors) -> None:
    gone = high.model_copy(update={"systems": {}})
    assert {fall.score for fall in falls(high, gone)} == {None}


def test_raising_never_lowers(high: Floors, low: Floors) -> None:
    assert updated(high, low, higher=True, lower=False).systems == high.systems
    assert updated(low, high, higher=True, lower=False).systems == high.systems


def test_lowering_never_raises(high: Floors, low: Floors) -> None:
    assert falls(updated(high, low, higher=False, lower=True), low) == []
    assert updated(low, high, higher=False, lower=True).systems == low.systems


def test_both_take_the_scores_as_they_are(high: Floors, low: Floors) -> None:
    assert updated(high, low, higher=True, lower=True) == low


def test_other_gold_or_texts_are_noticed(high: Floors) -> None:
    assert changed(high, high) == []
    assert changed(high, high.model_copy(update={"gold_sha256": "x"})) == ["gold"]
    assert changed(high, high.model_copy(update={"inputs_sha256": "x"})) == ["inputs"]


def test_no_file_means_no_floors_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "floors.yaml"
    assert load_floors(path) == Floors()
    path.write_text("systems: {good: {figure: {}}}")
    with pytest.raises(UsageError, match=r"floors\.yaml: systems\.good\.figure"):
        load_floors(path)
