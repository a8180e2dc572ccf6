"""Words that deny, and what they deny."""

from __future__ import annotations

import pytest

from extractor.reading.denials import DENIAL, denies_adjective


@pytest.mark.parametrize(
    ("text", "denial"),
    [
        ("They did not hire 40 men", "not"),
        ("They didn't hire 40 men", "didn't"),
        ("They couldn\u2019t hire 40 men", "couldn\u2019t"),
        ("They never hired 40 men", "never"),
        ("They came without 40 men", "without"),
        ("They came if not 40 men came", "not"),
    ],
)
def test_a_word_that_denies_is_found(text: str, denial: str) -> None:
    found = DENIAL.search(text)
    assert found is not None and found[0] == denial


@pytest.mark.parametrize(
    "text", ["Hundreds, if not thousands, came", "Not one of the nine came", "A knot of 40 men"]
)
def test_what_denies_no_number_is_passed_over(text: str) -> None:
    assert DENIAL.search(text) is None


@pytest.mark.parametrize(
    ("text", "adjective"),
    [
        ("It is not cheap at $140", True),
        ("It isn\u2019t cheap at $140", True),
        ("They were not very happy with 40 men", True),
        ("He was not sure of 40 men", True),
        ("They were not paid for 40 men", False),
        ("They were not hired by 40 men", False),
        ("They did not hire 40 men", False),
        ("It was not in 40 towns", False),
    ],
)
def test_a_denied_adjective_is_told_from_a_denied_number(text: str, adjective: bool) -> None:
    found = DENIAL.search(text)
    assert found is not None
    assert denies_adjective(text, found.end()) is adjective
