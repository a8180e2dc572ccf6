"""Entities: examples ground in their own words; labels become kinds."""

from __future__ import annotations

import pytest

from extractor.records import Entity
from extractor.tasks import TASKS
from extractor.tasks.entities import NAMES_PER_QUESTION
from tests.tasks.examples import Example, answered, cases, prompt_of, questions, reading_of

TASK = TASKS["entities"][0]
TEXT = (
    "Tomas Lindqvist of the Port Authority told the Aldermere Courier in Kenya that "
    "the Northern Waters Treaty was dead. Lindqvist then left for Oslo."
)


@cases("entities")
def test_names_of_examples_stand_in_their_words(example: Example) -> None:
    assert 0 < len(example["names"]) <= NAMES_PER_QUESTION
    for entity in example["names"]:
        assert entity["name"] in entity["around"]


@cases("entities")
def test_answers_of_examples_fit(example: Example) -> None:
    reading = reading_of(" ".join(f"We met Ana{n}a Quist{n}a." for n in "bcdfgh"))
    (question,) = questions("entities", reading)
    assert len(example["names"]) == len(question.schema.model_fields)
    answered(question, example["answer"])


def test_examples_show_every_label_but_country() -> None:
    prompt = prompt_of("entities")
    shown = {label["kind"] for e in prompt.examples for label in e["answer"].values()}  # type: ignore[attr-defined]
    assert shown == prompt.labels.keys() - {"country"}


def test_kinds_become_entities_with_all_their_mentions() -> None:
    reading = reading_of(TEXT)
    (question,) = questions("entities", reading)
    names = [entity["name"] for entity in question.variables["names"]]  # type: ignore[attr-defined]
    assert "Kenya" not in names  # ISO 3166 knows it, nobody needs to be asked
    kinds = {"Tomas Lindqvist": "person", "Oslo": "country", "Aldermere Courier": "outlet"}
    answer = {
        f"e{n}": {"what": "", "kind": kinds.get(name, "none")} for n, name in enumerate(names, 1)
    }
    built = TASK.build(reading, answered(question, answer))
    found = {record.name: record for record in built.records if isinstance(record, Entity)}
    assert {name: entity.kind for name, entity in found.items()} == {
        "Tomas Lindqvist": "person",
        "Aldermere Courier": "outlet",
        "Kenya": "country",
        "Oslo": "place",  # no country of ISO 3166, whatever the model says
    }
    assert [m.text for m in found["Tomas Lindqvist"].mentions] == ["Tomas Lindqvist", "Lindqvist"]
    assert found["Kenya"].code == "KE"
    assert {item.reason for item in built.rejected} == {"not_chosen"}


@pytest.mark.parametrize(
    ("text", "name", "labelled", "kind"),
    [
        ("Two ships left Lisbon for the north on Monday.", "Lisbon", "organisation", "place"),
        ("They met the men of Wagner in the north.", "Wagner", "organisation", "organisation"),
        ("Anna Lindqvist said that she had not slept.", "Anna Lindqvist", "occasion", "person"),
        (
            "The Northern Harbour Council met again.",
            "Northern Harbour Council",
            "person",
            "organisation",
        ),
        ("The Aldermere Courier wrote about it.", "Aldermere Courier", "outlet", "outlet"),
    ],
)
def test_words_settle_what_a_label_gets_wrong(
    text: str, name: str, labelled: str, kind: str
) -> None:
    reading = reading_of(text)
    (question,) = questions("entities", reading)
    count = len(question.schema.model_fields)
    answer = {f"e{n}": {"what": "", "kind": labelled} for n in range(1, count + 1)}
    built = TASK.build(reading, answered(question, answer))
    kinds = {r.name: r.kind for r in built.records if isinstance(r, Entity)}
    assert kinds[name] == kind


def test_around_holds_the_name_and_its_neighbours() -> None:
    (question,) = questions("entities", reading_of(TEXT))
    for entity in question.variables["names"]:  # type: ignore[attr-defined]
        assert entity["name"] in entity["around"]
        assert entity["around"] in TEXT
        assert len(entity["around"]) > len(entity["name"])


def test_names_of_a_failed_question_are_told_and_countries_stay() -> None:
    built = TASK.build(reading_of(TEXT), {})
    assert [record.name for record in built.records if isinstance(record, Entity)] == ["Kenya"]
    assert {item.reason for item in built.rejected} == {"no_answer"}
