"""Who takes part in an event."""

from __future__ import annotations

import pytest

from extractor.tasks.participants import participants
from tests.tasks.examples import reading_of


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("The navy hired 300 divers and sailors.", ["navy", "divers and sailors"]),
        ("Norway has hired sailors to guard its cables.", ["Norway", "sailors"]),
        ("Norway suffered heavy losses.", ["Norway"]),
        (
            "Norway began the recruitment of sailors from Iceland.",
            ["Norway", "sailors from Iceland"],
        ),
        ("The recruitment of sailors has grown.", ["sailors"]),
        ("Some 412 of the sailors drowned.", ["sailors"]),
        ("Dozens of sailors drowned.", ["sailors"]),
        ("Most of the sailors drowned.", ["Most of the sailors"]),
        ("The ship sank.", ["ship"]),
        ("Fighting went on.", []),
        ("A ceasefire between Norway and Iceland took effect.", ["Norway", "Iceland"]),
        ("Captain Anna Lindqvist thanked the sailors.", ["Anna Lindqvist", "sailors"]),
    ],
)
def test_actors_take_part(text: str, who: list[str]) -> None:
    reading = reading_of(text)
    (clause, *_) = reading.clauses
    assert [party.as_written for party in participants(reading, clause, None)] == who


def test_where_somebody_goes_takes_no_part() -> None:
    reading = reading_of("The sailors reached Norway.")
    (clause,) = reading.clauses
    assert clause.object is not None
    found = participants(reading, clause, clause.object)
    assert [party.as_written for party in found] == ["sailors"]
