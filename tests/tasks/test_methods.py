"""Recruitment methods: examples are what code makes of them; labels become methods."""

from __future__ import annotations

import pytest

from extractor.records import RecruitmentMethod
from extractor.tasks import TASKS
from tests.support import without_marks
from tests.tasks.examples import Example, answered, cases, prompt_of, questions, reading_of

TASK = TASKS["methods"][0]
TEXT = "Brokers won young sailors from Norway with wages and a bonus before they joined the patrol."


@cases("methods")
def test_examples_are_marked_as_code_marks_them(example: Example) -> None:
    # The sentence before lets every example through; what is marked in it is the code's doing.
    before = "The patrol recruits sailors every year."
    reading = reading_of(f"{before} {without_marks(example['marked'], 'm')}")
    question = questions("methods", reading)[-1]
    assert question.variables["marked"] == example["marked"]
    answered(question, example["answer"])


@cases("methods")
def test_people_of_examples_stand_in_their_sentences(example: Example) -> None:
    whom = example["answer"]["whom"]
    assert whom is None or whom in without_marks(example["marked"], "m")


def test_labels_become_methods_with_target_and_evidence() -> None:
    reading = reading_of(TEXT)
    (question,) = questions("methods", reading)
    answer = {"whom": "young sailors", "m1": "agency", "m2": "pay", "m3": "none"}
    built = TASK.build(reading, answered(question, answer))
    agency, pay = (r for r in built.records if isinstance(r, RecruitmentMethod))
    assert (agency.tactic, pay.tactic) == ("agency", "pay")
    assert pay.target and pay.target.as_written == "young sailors from Norway"
    assert pay.nationalities == ["NO"]
    assert pay.evidence["tactic"].text == "wages"
    assert [r.reason for r in built.rejected] == ["not_chosen"]


def test_people_that_do_not_stand_in_the_sentence_are_refused() -> None:
    reading = reading_of("The patrol recruits with a bonus and high wages.")
    (question,) = questions("methods", reading)
    built = TASK.build(
        reading, answered(question, {"whom": "old sailors", "m1": "bonus", "m2": "none"})
    )
    (method,) = (r for r in built.records if isinstance(r, RecruitmentMethod))
    assert method.target is None
    assert "old sailors" in built.rejected[0].detail


def test_the_grammar_tells_whom_sooner_than_the_answer() -> None:
    reading = reading_of("The mayor said that recruits were lured with wages.")
    (question,) = questions("methods", reading)
    built = TASK.build(
        reading, answered(question, {"whom": "The mayor", "m1": "deception", "m2": "pay"})
    )
    targets = [r.target for r in built.records if isinstance(r, RecruitmentMethod)]
    assert [target.as_written for target in targets if target] == ["recruits", "recruits"]


@pytest.mark.parametrize("whom", ["Kenya", "A new pier"])
def test_what_is_not_people_is_nobody_to_win_over(whom: str) -> None:
    reading = reading_of(f"{whom} would recruit with high wages.")
    (question,) = questions("methods", reading)
    built = TASK.build(reading, answered(question, {"whom": whom, "m1": "pay"}))
    assert built.records == []
    assert [(r.reason, r.detail) for r in built.rejected] == [
        ("not_chosen", "nobody to be won over")
    ]


def test_means_for_nobody_beside_recruiting_are_no_method() -> None:
    reading = reading_of("The patrol recruits every year. Wages are high.")
    (question,) = questions("methods", reading)
    built = TASK.build(reading, answered(question, {"whom": None, "m1": "pay"}))
    assert built.records == []
    assert [r.detail for r in built.rejected] == ["nobody to be won over"]


def test_every_tactic_has_a_meaning() -> None:
    shown = {
        label
        for example in prompt_of("methods").examples
        for name, label in example["answer"].items()  # type: ignore[attr-defined]
        if name != "whom"
    }
    assert shown <= {*prompt_of("methods").labels, "none"}
