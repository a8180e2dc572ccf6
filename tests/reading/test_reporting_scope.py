"""What a cue covers, and reports without a verb of saying."""

from __future__ import annotations

import pytest

from extractor.reading.reporting_scope import announcement, cues_over, hearsay
from tests.reading.conftest import Read


def sources(read: Read, text: str, number: str) -> list[str]:
    [parsed] = read(text).sentences
    start = text.index(number)
    return [cue.subject.text for cue in cues_over(parsed, parsed.span(start, start + len(number)))]


@pytest.mark.parametrize(
    ("text", "number", "subjects"),
    [
        ("In the view of the mayor, the bridge will cost 90 crowns.", "90", ["the mayor"]),
        ("By the ministry's reckoning, 30 ships have sunk.", "30", ["the ministry"]),
        ("The ministry's tally stands at 30.", "30", ["The ministry"]),
        ("The group released a list of 30 ships.", "30", ["The group"]),
        ("The survey showed 38 percent in favour.", "38", ["The survey"]),
        ("The museum shows 38 paintings.", "38", []),
        ("The ministry knows of 30 cases.", "30", ["The ministry"]),
        ("Some 30 died according to the army, 12 according to rebels.", "30", ["the army"]),
        ("Some 30 died according to the army, 12 according to rebels.", "12", ["rebels"]),
        ("The radio quoted the mayor as saying 30 had died.", "30", ["the mayor"]),
        (
            "According to the navy, 30 ships sank, according to a study by Lloyd.",
            "30",
            ["a study by Lloyd"],
        ),
        ("According to the navy, 30 sank, 12 according to Lloyd.", "30", ["the navy"]),
        ("Prices rose, with surveys showing that 30 shops had closed.", "30", ["surveys"]),
        ("Ann argued that Rome is idle, saying that 30 roads are shut.", "30", ["Ann"]),
        ("The navy has verified the names of 30 sailors.", "30", []),
        ("\u201cNever,\u201d grumbled the farmer, who has lost 16 ewes.", "16", []),
    ],
)
def test_who_is_responsible_for_a_number(
    read: Read, text: str, number: str, subjects: list[str]
) -> None:
    assert sources(read, text, number)[-1:] == subjects


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It is thought that 30 had fled.", "is thought"),
        ("The navy is said to have lost 30 ships.", "is said"),
        ("It was reported by the radio that 30 had fled.", None),
        ("It was noted that 30 had fled.", "was noted"),
        ("The navy has reportedly lost 30 ships.", "reportedly"),
        ("The navy lost 30 ships.", None),
    ],
)
def test_hearsay_is_nobodys(read: Read, text: str, words: str | None) -> None:
    [parsed] = read(text).sentences
    start = text.index("30")
    found = hearsay(parsed, parsed.span(start, start + 2))
    assert (found[0].text if found else None) == words


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Officials gave an update on the fire.", "Officials"),
        ("Officials gave a dinner on Friday.", None),
    ],
)
def test_announcement(read: Read, text: str, subject: str | None) -> None:
    cue = announcement(read(text).sentences[0])
    assert (cue.subject.text if cue else None) == subject
