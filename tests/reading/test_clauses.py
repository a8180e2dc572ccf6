"""Clauses that may tell of a happening: which ones, how far they reach, what the parse says."""

from __future__ import annotations

import pytest

from tests.reading.conftest import Read


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("The navy hired 300 divers in May.", ["The navy hired 300 divers in May"]),
        ("The mayor said that the navy hired 300 divers.", ["the navy hired 300 divers"]),
        ("According to the mayor, the navy hired 300 divers.", ["the navy hired 300 divers"]),
        (
            "The navy hired divers, and the army built a pier.",
            ["The navy hired divers", "the army built a pier"],
        ),
        ("The divers left the port, with more to follow.", ["The divers left the port"]),
        ("The people who built the pier were proud.", []),
        ("If the divers leave, nobody knows.", ["nobody knows"]),
        ("Navy hires divers", []),
        ("The accounts have been frozen.", ["The accounts have been frozen"]),
        ("The mayor urged the navy to leave.", ["The mayor urged the navy to leave"]),
        ("The divers left the port, the mayor said.", ["The divers left the port"]),
        ("He denied a claim that divers had left.", ["He denied a claim", "divers had left"]),
        (
            "Since May, the town has established a school.",
            ["Since May, the town has established a school"],
        ),
    ],
)
def test_clauses(read: Read, text: str, clauses: list[str]) -> None:
    assert [clause.span.text for clause in read(text).clauses] == clauses


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The navy hired divers.", "happened"),
        ("The navy has hired divers.", "happened"),
        ("The navy is hiring divers.", "ongoing"),
        ("Divers are being hired by the navy.", "ongoing"),
        ("The navy currently holds nine divers.", "ongoing"),
        ("The navy plans to hire divers.", "planned"),
        ("The navy will hire divers.", "planned"),
        ("The navy will probably hire divers.", "possible"),
        ("The navy may hire divers.", "possible"),
        ("The divers were likely to return to port.", "possible"),
        ("The divers are to return in May.", "planned"),
        ("The divers have been able to return.", "happened"),
        ("The navy was promised a crane.", "happened"),
        ("The divers have since returned.", "happened"),
        ("Since May the divers have returned.", "ongoing"),
        ("The navy has not hired divers.", "denied"),
        ("No diver was hired.", "denied"),
        ("Not one diver was hired.", "denied"),
        ("Nobody hired divers.", "denied"),
        ("The navy hired no divers.", "denied"),
    ],
)
def test_status_is_read_off_the_verb(read: Read, text: str, status: str) -> None:
    (clause,) = read(text).clauses
    assert clause.status == status


def test_subject_and_object_stand_without_number_and_determiner(read: Read) -> None:
    first, second = read("The navy hired the 300 divers from Oslo and sent a crew home.").clauses
    assert (first.subject and first.subject.text, first.object and first.object.text) == (
        "navy",
        "divers from Oslo",
    )
    assert second.subject and second.subject.text == "navy"  # shared by both verbs
