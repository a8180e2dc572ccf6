"""Recruitment methods: examples are what code makes of them; labels become methods."""

from __future__ import annotations

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
    reading = reading_of(TEXT)
    (question,) = questions("methods", reading)
    answer = {"whom": "old sailors", "m1": "agency", "m2": "none", "m3": "none"}
    built = TASK.build(reading, answered(question, answer))
    (method,) = (r for r in built.records if isinstance(r, RecruitmentMethod))
    assert method.target is None
    assert "old sailors" in built.rejected[0].detail


def test_a_target_that_is_wholly_a_name_is_nobody_to_win_over() -> None:
    reading = reading_of("Kenya offers wages to young sailors who join the patrol.")
    (question,) = questions("methods", reading)
    built = TASK.build(reading, answered(question, {"whom": "Kenya", "m1": "pay"}))
    assert built.records == []
    assert [r.reason for r in built.rejected] == ["not_chosen"]


def test_every_tactic_has_a_meaning() -> None:
    shown = {
        label
        for example in prompt_of("methods").examples
        for name, label in example["answer"].items()  # type: ignore[attr-defined]
        if name != "whom"
    }
    assert shown <= {*prompt_of("methods").labels, "none"}
