"""Events: words settle what they can, answers settle the rest; each happening is told once."""

from __future__ import annotations

from importlib import resources

import yaml
from pydantic import BaseModel

from extractor.reading.reading import Reading
from extractor.records import Event
from extractor.tasks import TASKS
from tests.tasks.examples import Example, answered, cases, prompt_of, questions, reading_of

TASK = TASKS["events"][0]
TEXT = (
    "The patrol hired 300 divers in May 2019. The mayor said that nine divers drowned. "
    "The sea is cold. Workers repaired the old pier."
)
NO = {"happens": "no", "kind": None}


def _events(reading: Reading, answers: dict[str, dict[str, object]]) -> list[Event]:
    found: dict[str, BaseModel] = {}
    for question in questions("events", reading):
        found |= answered(question, answers.get(str(question.variables["clause"]), NO))
    return [r for r in TASK.build(reading, found).records if isinstance(r, Event)]


@cases("events")
def test_answers_of_examples_fit(example: Example) -> None:
    (question,) = questions("events", reading_of("Workers repaired the old pier."))
    answered(question, example["answer"])


@cases("events")
def test_examples_give_a_kind_to_happenings_only(example: Example) -> None:
    answer = example["answer"]
    assert (answer["happens"] == "yes") is (answer["kind"] in prompt_of("events").labels)


def test_every_listed_kind_is_a_label() -> None:
    words = resources.files("extractor.reading").joinpath("happenings.yaml").read_text("utf-8")
    assert yaml.safe_load(words).keys() <= prompt_of("events").labels.keys()


def test_only_what_words_leave_open_is_asked() -> None:
    asked = [question.variables["clause"] for question in questions("events", reading_of(TEXT))]
    assert asked == ["Workers repaired the old pier"]


def test_words_and_answers_become_events() -> None:
    yes: dict[str, object] = {"happens": "yes", "kind": None}
    hired, drowned, repaired = _events(reading_of(TEXT), {"Workers repaired the old pier": yes})
    assert (hired.kind, hired.status, hired.id) == ("recruitment", "happened", "eve-01")
    assert hired.period and hired.period.edtf == "2019-05"
    assert [party.as_written for party in hired.participants] == ["patrol", "divers"]
    assert (drowned.kind, drowned.summary) == ("loss", "Nine divers drowned.")
    assert [step.name.as_written for step in drowned.attribution] == ["mayor"]
    assert repaired.kind == "other"


def test_the_kind_that_was_answered_stands() -> None:
    yes: dict[str, object] = {"happens": "yes", "kind": "award"}
    *_, repaired = _events(reading_of(TEXT), {"Workers repaired the old pier": yes})
    assert repaired.kind == "award"


def test_a_happening_told_twice_is_one_event() -> None:
    (event,) = _events(
        reading_of("The patrol hired divers. The patrol hired 300 divers from Oslo."), {}
    )
    assert event.span.text == "The patrol hired 300 divers from Oslo"


def test_what_is_no_happening_and_what_failed_is_kept_apart() -> None:
    reading = reading_of("The fee rose sharply. Workers repaired the pier. The sea is cold.")
    first, _ = questions("events", reading)
    built = TASK.build(reading, answered(first, NO))
    assert [(r.reason, r.span and r.span.text) for r in built.rejected] == [
        ("not_chosen", "The fee rose sharply"),
        ("no_answer", "Workers repaired the pier"),
    ]
