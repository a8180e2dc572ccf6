"""Events: examples cover the labels; labels become events, each happening once."""

from __future__ import annotations

from pydantic import BaseModel

from extractor.reading.reading import Reading
from extractor.records import Event
from extractor.tasks import TASKS
from tests.tasks.examples import Example, answered, cases, prompt_of, questions, reading_of

TASK = TASKS["events"][0]
TEXT = (
    "The patrol hired 300 divers in May 2019. The mayor said that nine divers drowned. "
    "The sea is cold."
)


def _events(reading: Reading, labels: dict[str, str]) -> list[Event]:
    answers: dict[str, BaseModel] = {}
    for question in questions("events", reading):
        label = labels.get(str(question.variables["clause"]), "none")
        answers |= answered(question, {"is": label})
    return [r for r in TASK.build(reading, answers).records if isinstance(r, Event)]


@cases("events")
def test_answers_of_examples_fit(example: Example) -> None:
    (question,) = questions("events", reading_of("The patrol hired 300 divers."))
    answered(question, example["answer"])


def test_examples_show_every_label() -> None:
    prompt = prompt_of("events")
    assert {e["answer"]["is"] for e in prompt.examples} == prompt.labels.keys()  # type: ignore[index]


def test_labels_become_events() -> None:
    hired, drowned = _events(
        reading_of(TEXT),
        {"The patrol hired 300 divers in May 2019": "recruitment", "nine divers drowned": "loss"},
    )
    assert (hired.kind, hired.status, hired.id) == ("recruitment", "happened", "eve-01")
    assert hired.period and hired.period.edtf == "2019-05"
    assert [party.as_written for party in hired.participants] == ["patrol", "divers"]
    assert drowned.summary == "Nine divers drowned."
    assert [step.name.as_written for step in drowned.attribution] == ["mayor"]


def test_a_happening_told_twice_is_one_event() -> None:
    text = "The patrol hired divers. The patrol hired 300 divers from Oslo."
    (event,) = _events(
        reading_of(text),
        {
            "The patrol hired divers": "recruitment",
            "The patrol hired 300 divers from Oslo": "recruitment",
        },
    )
    assert event.span.text == "The patrol hired 300 divers from Oslo"


def test_what_is_no_happening_and_what_failed_is_kept_apart() -> None:
    reading = reading_of("The patrol hired 300 divers. The crew sank a boat.")
    first, _ = questions("events", reading)
    built = TASK.build(reading, answered(first, {"is": "none"}))
    assert [(r.reason, r.span and r.span.text) for r in built.rejected] == [
        ("not_chosen", "The patrol hired 300 divers"),
        ("no_answer", "The crew sank a boat"),
    ]
