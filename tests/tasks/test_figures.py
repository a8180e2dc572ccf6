"""Figures: examples ground in their own text; labels become records."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import BaseModel

from extractor.records import Figure
from extractor.tasks import TASKS, Built
from tests.tasks.examples import Example, answered, cases, marked_reading, questions, reading_of

TASK = TASKS["figures"][0]


@cases("figures")
def test_examples_are_what_the_code_asks(example: Example) -> None:
    (question,) = questions("figures", marked_reading(example, "n"))
    assert dict(question.variables) == {
        "context": example["context"],
        "marked": example["marked"],
    }


@cases("figures")
def test_answers_of_examples_fit_and_stand_in_the_text(example: Example) -> None:
    reading = marked_reading(example, "n")
    (question,) = questions("figures", reading)
    built = TASK.build(reading, answered(question, example["answer"]))
    assert built.rejected == []
    for label in example["answer"].values():
        assert label["of"] in reading.document.text


def build(text: str, **labels: dict[str, object]) -> Built:
    reading = reading_of(text)
    (question,) = questions("figures", reading)
    return TASK.build(reading, answered(question, labels))


def figures(built: Built) -> list[Figure]:
    return [record for record in built.records if isinstance(record, Figure)]


def label(measure: str, of: str = "", people: bool = True) -> dict[str, object]:
    return {"of": of, "people": people, "is": measure}


def test_a_labelled_number_becomes_a_figure() -> None:
    built = build(
        "At least 640 Kenyans joined the coast patrol, the harbour office said.",
        n1=label("recruited", "Kenyans"),
    )
    (figure,) = figures(built)
    assert (figure.value, figure.bound, figure.unit) == (Decimal(640), "at_least", "people")
    assert (figure.measure, figure.nationalities) == (["recruited"], ["KE"])
    assert [step.name.as_written for step in figure.attribution] == ["the harbour office"]


def test_what_is_no_count_is_kept_apart_but_money_is_always_one() -> None:
    built = build(
        "The 31 divers got $7,500 each.",
        n1=label("not_a_count"),
        n2=label("not_a_count", people=False),
    )
    (figure,) = figures(built)
    assert (figure.unit, figure.measure) == ("USD", ["other"])
    (rejected,) = built.rejected
    assert rejected.reason == "not_chosen"
    assert rejected.span is not None
    assert rejected.span.text.startswith("31")


def test_words_that_the_text_has_not_become_no_unit() -> None:
    built = build("They signed 70 on Friday.", n1=label("contracts_signed", "treaties", False))
    assert [figure.unit for figure in figures(built)] == [None]


def test_a_question_without_an_answer_is_told() -> None:
    built = TASK.build(reading_of("At least 640 Kenyans joined."), {})
    assert [(item.reason, item.task) for item in built.rejected] == [("no_answer", "figures")]


@pytest.mark.parametrize("numbers", [1, 6, 7, 13])
def test_long_lists_are_split_and_every_number_is_asked_for_once(numbers: int) -> None:
    listed = ", ".join(f"{100 + n} ships" for n in range(numbers))
    asked = questions("figures", reading_of(f"The navy counted {listed}."))
    fields = [field for question in asked for field in question.schema.model_fields]
    assert len(fields) == numbers
    assert max(len(question.schema.model_fields) for question in asked) <= 6
    assert len({question.id for question in asked}) == len(asked)


def test_a_count_told_twice_is_one_figure() -> None:
    reading = reading_of("At least 640 Kenyans joined the patrol.", "Patrol takes on 640 Kenyans.")
    answers: dict[str, BaseModel] = {}
    for question in questions("figures", reading):
        answers |= answered(question, {"n1": label("recruited", "Kenyans")})
    (figure,) = figures(TASK.build(reading, answers))
    assert figure.bound == "at_least"
    assert [mention.bound for mention in figure.mentions] == ["exact", "at_least"]
