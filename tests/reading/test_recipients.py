"""Whom a word of a sentence concerns."""

from __future__ import annotations

import pytest

from extractor.reading.recipients import is_received, recipient
from tests.reading.conftest import Read


@pytest.mark.parametrize(
    ("text", "word", "people"),
    [
        ("The navy offered recruits a bonus.", "bonus", "recruits"),
        ("Brokers lured students to the port.", "lured", "students"),
        ("Young citizens were attracted by wages.", "wages", "citizens"),
        ("Soldiers earn high wages.", "wages", "Soldiers"),
        ("The main motive for most of them is money.", "money", "most"),
        ("It was promised to those who sign up with a bonus.", "promised", "those"),
        ("The port announced higher wages.", "wages", None),
        ("The mayor announced higher wages.", "wages", None),
    ],
)
def test_recipients(read: Read, text: str, word: str, people: str | None) -> None:
    (parsed,) = read(text).sentences
    (token,) = (token for token in parsed.tokens if token.text == word)
    found = recipient(token)
    assert (found.text if found is not None else None) == people


@pytest.mark.parametrize(
    ("text", "received"),
    [
        ("Soldiers are paid 900 dollars.", True),
        ("Soldiers earn 900 dollars.", True),
        ("The navy offered them 900 dollars.", True),
        ("The sailors ran with 900 dollars.", False),
        ("The crane cost 900 dollars.", False),
    ],
)
def test_what_people_receive(read: Read, text: str, received: bool) -> None:
    (parsed,) = read(text).sentences
    (token,) = (token for token in parsed.tokens if token.text == "dollars")
    assert is_received(token) is received
