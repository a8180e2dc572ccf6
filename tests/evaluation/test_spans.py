from __future__ import annotations

import pytest

from extractor.evaluation.spans import characters, dice, overlap, spans_in
from extractor.records import Entity, Span

ONE = Span(start=0, end=4, text="ab d")
OTHER = Span(start=2, end=8, text=" d fgh")


def test_characters_leave_white_space_out() -> None:
    assert characters([ONE, OTHER]) == {0, 1, 3, 5, 6, 7}


def test_overlap_is_shared_over_all() -> None:
    assert overlap(ONE, OTHER) == pytest.approx(2 / 8)
    assert overlap(ONE, Span(start=4, end=5, text="x")) == 0
    assert overlap(ONE, None) == 0


def test_dice_of_groups() -> None:
    assert dice([ONE], [OTHER]) == pytest.approx(2 / 7)
    assert dice([ONE], [ONE]) == 1
    assert dice([], []) == 0


def test_spans_are_found_at_any_depth() -> None:
    entity = Entity(id="e", name="d", kind="person", mentions=[ONE], evidence={"name": OTHER})
    assert set(spans_in([entity, {"more": (entity,)}])) == {ONE, OTHER}
