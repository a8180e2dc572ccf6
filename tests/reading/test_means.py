"""Words for means of recruitment: which are found, and which only look like one."""

from __future__ import annotations

import pytest

from extractor.reading.means import find_means, tells_of_recruiting
from tests.reading.conftest import Read


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("They were promised wages and a passport.", {"pay": "wages", "citizenship": "passport"}),
        ("He was offered 900 dollars to join.", {"pay": "900 dollars"}),
        ("The crane cost 900 dollars.", {}),
        ("Brokers tricked them.", {"agency": "Brokers", "deception": "tricked"}),
        ("They were forced to sign.", {"coercion": "forced"}),
        ("The forces of both islands met.", {}),
        ("The signing payment is 700 dollars.", {"bonus": "signing payment"}),
        ("A prisonlike mood, unpaid and offline.", {}),
        ("Wages and bonuses", {}),
    ],
)
def test_means(read: Read, text: str, means: dict[str, str]) -> None:
    reading = read(text)
    found = [
        one
        for parsed, quantities in zip(reading.sentences, reading.quantities, strict=True)
        for one in find_means(parsed, quantities)
    ]
    assert {one.tactic: one.words.text for one in found} == means


def test_recruiting_may_stand_in_the_sentence_before(read: Read) -> None:
    reading = read("The patrol recruits divers. It pays them well. The weather was bad. It rained.")
    told = [tells_of_recruiting(reading.sentences, n) for n in range(len(reading.sentences))]
    assert told == [True, True, False, False]
