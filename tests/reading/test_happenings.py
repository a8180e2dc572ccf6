"""What happens in a clause: settled by its words, ruled out by its grammar, or left open."""

from __future__ import annotations

import pytest

from extractor.reading.happenings import may_happen, told_kind
from tests.reading.conftest import Read


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The navy hired 300 divers in May.", "recruitment"),
        ("Two crews were sent to the outer islands.", "deployment"),
        ("The divers were sent home after the war.", "exchange"),
        ("Recruits are undergoing training at the port.", "training"),
        ("Fighting broke out on the pier.", "combat"),
        ("The crew suffered heavy losses.", "loss"),
        ("Four divers froze to death on the ice.", "loss"),
        ("The island holds nine prisoners.", "capture"),
        ("Nine prisoners crossed the bridge on Monday.", None),
        ("The two navies signed a ceasefire.", "diplomatic"),
        ("The admiral gave them medals.", "award"),
        ("A court sentenced the broker to six years.", "legal"),
        ("The harbour office bought a crane after the attack.", None),
        ("Did the navy hire divers?", None),
        ("You will fight again.", None),
    ],
)
def test_the_word_nearest_to_the_verb_decides(read: Read, text: str, kind: str | None) -> None:
    (clause,) = read(text).clauses
    assert told_kind(clause) == kind


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("The harbour office bought a crane.", True),
        ("The office will buy a crane.", True),
        ("A crane was bought for the harbour.", True),
        ("The office owns a crane.", False),
        ("The office might buy a crane.", False),
        ("Did the office buy a crane?", False),
        ("We bought a crane.", False),
    ],
)
def test_states_questions_and_tellers_are_ruled_out(read: Read, text: str, may: bool) -> None:
    (clause,) = read(text).clauses
    assert may_happen(clause) is may
