"""Quotations: examples ground in their own text; the model's choice becomes a speaker."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from extractor.records import Quotation
from extractor.tasks import TASKS, Built
from tests.tasks.examples import Example, answered, cases, marked_reading, questions, reading_of

TASK = TASKS["quotations"][0]


@cases("quotations")
def test_examples_are_what_the_code_asks(example: Example) -> None:
    (question,) = questions("quotations", marked_reading(example, "q"))
    assert question.variables["context"] == example["context"]
    assert question.variables["marked"] == example["marked"]


@cases("quotations")
def test_answers_of_examples_fit(example: Example) -> None:
    (question,) = questions("quotations", marked_reading(example, "q"))
    for field, kind in question.schema.model_fields.items():
        label = example["answer"][field]
        by = {"by": 0}  # the code may offer fewer names than the example shows
        assert kind.annotation is not None
        kind.annotation.model_validate(label | by)
        assert 0 <= label["by"] <= len(example["names"])
    assert example["answer"].keys() == question.schema.model_fields.keys()


def build(text: str, **labels: dict[str, object]) -> Built:
    reading = reading_of(text)
    asked = questions("quotations", reading)
    return TASK.build(reading, answered(asked[0], labels) if asked else {})


SAID = "“The bridge will open in May this year,” said Tomas Lindqvist."
LETTER = "With the words “the sea gives and takes what it wants” ended the letter of Rosa Amado."


def test_what_has_a_speaker_in_the_text_is_not_asked() -> None:
    assert questions("quotations", reading_of(SAID)) == []
    (record,) = build(SAID).records
    assert isinstance(record, Quotation)
    assert record.text == "The bridge will open in May this year,"
    assert record.speaker is not None
    assert (record.speaker.as_written, record.cue) == ("Tomas Lindqvist", "said")


def test_somebody_without_a_name_is_the_words_for_them() -> None:
    (record,) = build("“We have no nets left and no boats,” a fisherman said.").records
    assert isinstance(record, Quotation)
    assert record.speaker is not None
    assert record.speaker.as_written == "fisherman"


def test_nobody_stays_nobody() -> None:
    text = "On the wall was painted “We have no nets left and no boats at all”."
    (record,) = build(text, q1={"is": "speech", "by": 0}).records
    assert isinstance(record, Quotation)
    assert record.speaker is None


def test_the_model_names_the_speaker_where_no_cue_does() -> None:
    (record,) = build(LETTER, q1={"is": "speech", "by": 1}).records
    assert isinstance(record, Quotation)
    assert record.speaker is not None
    assert (record.speaker.as_written, record.cue) == ("Rosa Amado", None)


@pytest.mark.parametrize(
    ("text", "role", "organisation"),
    [
        ("“We will open it in May this year,” said Colonel Tomas Lindqvist.", "Colonel", None),
        (
            "“We will open it in May this year,” said Tomas Lindqvist, the port's chief engineer.",
            "chief engineer",
            "port",
        ),
        (
            "“We will open it in May this year,” said Tomas Lindqvist of the coast guard.",
            None,
            "coast guard",
        ),
    ],
)
def test_role_and_organisation(text: str, role: str | None, organisation: str | None) -> None:
    (record,) = build(text).records
    assert isinstance(record, Quotation)
    assert (record.role, record.organisation) == (role, organisation)


def test_terms_are_kept_apart() -> None:
    built = build("The so-called “ghost fleet” was raised.", q1={"is": "term", "by": 0})
    assert built.records == []
    assert [item.detail for item in built.rejected] == ["labelled as term"]


def test_long_quotations_cannot_be_called_terms() -> None:
    reading = reading_of(LETTER)
    (question,) = questions("quotations", reading)
    with pytest.raises(ValidationError):
        answered(question, {"q1": {"is": "term", "by": 0}})


def test_a_speaker_that_was_not_offered_cannot_be_chosen() -> None:
    reading = reading_of(LETTER)
    (question,) = questions("quotations", reading)
    number = len(question.variables["names"]) + 1  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        answered(question, {"q1": {"is": "speech", "by": number}})


def test_a_question_without_an_answer_is_told() -> None:
    built = TASK.build(reading_of(LETTER), {})
    assert [item.reason for item in built.rejected] == ["no_answer"]
