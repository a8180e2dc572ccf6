"""Roles: what the article calls somebody beside the name."""

from __future__ import annotations

import pytest

from extractor.tasks.roles import role_of
from tests.tasks.examples import reading_of


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Ana Quist, a marine surgeon, left on Friday.", "Ana Quist", "marine surgeon"),
        ("The harbour minister, Ana Quist, left on Friday.", "Ana Quist", "harbour minister"),
        ("Captain Ana Quist left on Friday.", "Ana Quist", "Captain"),
        ("The army's spokesman, Captain Peter Lund, left.", "Peter Lund", "army's spokesman"),
        ("A sergeant named Lund left on Friday.", "Lund", "sergeant"),
        ("Ms Ana Quist left on Friday.", "Ana Quist", None),
        ("Ana Quist and Peter Lund left on Friday.", "Peter Lund", None),
    ],
)
def test_role(text: str, name: str, role: str | None) -> None:
    reading = reading_of(text)
    (found,) = [candidate for candidate in reading.names if candidate.name == name]
    span = role_of(reading, found)
    assert (span and span.text) == role
