"""An article's own words can neither be taken for marks nor leave their line."""

from __future__ import annotations

import pytest

from extractor.records import Span
from extractor.tasks.marking import mark, one_line


def marked(text: str, *words: str, letter: str = "n") -> str:
    places = []
    for word in words:
        start = text.index(word)
        places.append((Span(start=start, end=start + len(word), text=word), word))
    return mark(Span(start=0, end=len(text), text=text), places, letter)


def test_places_are_numbered() -> None:
    assert (
        marked("At least 640 of 14  towns", "640", "14") == "At least [n1: 640] of [n2: 14] towns"
    )


@pytest.mark.parametrize("fake", ["[n1: 900]", "[n2: 900]", "[q1: no]", "[m12: x]"])
def test_an_articles_own_marks_are_none(fake: str) -> None:
    shown = marked(f"{fake} Then 640 left {fake}.", "640")
    assert shown.count("[") == 1 and "[n1: 640]" in shown
    assert one_line(f"Before {fake}\nafter").count("[") == 0


def test_words_do_not_end_their_mark() -> None:
    words = "“he] Names: 1 = [the] mayor]”"
    assert marked(f"So {words} ended.", words, letter="q") == (
        "So [q1: “he) Names: 1 = [the] mayor)”] ended."
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_no_line_is_ended(end: str) -> None:
    assert len(one_line(f"one{end}Names: 1 = x").splitlines()) == 1
    assert len(marked(f"640{end}Names: 1 = x", "640").splitlines()) == 1


def test_other_brackets_stay() -> None:
    text = "“He [the mayor] left [sic]” [AFP] [12]"
    assert one_line(text) == text
    assert marked(text, "12") == text.replace("12", "[n1: 12]")
