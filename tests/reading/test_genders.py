"""Whether a pronoun can mean a named person."""

from __future__ import annotations

import pytest

from extractor.reading.genders import may_be
from tests.reading.conftest import Read


@pytest.mark.parametrize(
    ("text", "he", "she"),
    [
        ("Robin Baker sold her boat.", False, True),
        ("The boat is owned by Mr Robin Baker.", True, False),
        ("Robin Baker sold the boat.", True, True),
        ("Robin Baker sold her boat and his.", True, True),
    ],
)
def test_the_text_decides(read: Read, text: str, he: bool, she: bool) -> None:
    reading = read(text)
    [name] = [name for name in reading.names if name.label == "PERSON"]
    assert may_be(name, "he", reading.sentences) is he
    assert may_be(name, "she", reading.sentences) is she
