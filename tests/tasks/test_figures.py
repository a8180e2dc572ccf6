"""Figures: what code knows is not asked; the model's choices become records; examples fit."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pytest
from pydantic import BaseModel, ValidationError

from extractor import Document
from extractor.reading.measures import measured
from extractor.reading.reading import Reading
from extractor.records import Figure
from extractor.tasks import TASKS, Built, Question
from tests.tasks.examples import (
    Example,
    answered,
    cases,
    marked_reading,
    prompt_of,
    questions,
    reading_of,
)

TASK = TASKS["figures"][0]
OPEN = "The mayor, who was wounded in a storm, owns 45 boats."
CRAFT = ["ships", "boats", "rafts", "canoes", "barges", "ferries", "tugs", "yachts", "kayaks",
         "trawlers", "tankers", "dinghies", "anchors", "nets", "lamps", "ropes",
         "oars"]  # fmt: skip


def lines(*texts: str) -> Reading:
    """A reading of one paragraph per text."""
    return Reading(Document.from_paragraphs([(text, False) for text in texts]))


def is_of_nouns(question: Question) -> bool:
    return "nouns" in question.variables


def sorted_nouns(question: Question, things: Iterable[str]) -> dict[str, str]:
    """The answer to a question of nouns: all people, but those in `things`."""
    nouns = question.variables["nouns"]
    assert isinstance(nouns, list)
    kinds = ((noun, "things" if noun in things else "people") for noun in nouns)
    return {f"n{i}": f"{noun}: {kind}" for i, (noun, kind) in enumerate(kinds, 1)}


def answers(reading: Reading, things: Iterable[str], labels: object) -> dict[str, BaseModel]:
    found: dict[str, BaseModel] = {}
    for question in questions("figures", reading):
        nouns = is_of_nouns(question)
        found |= answered(question, sorted_nouns(question, things) if nouns else labels)
    return found


def build(reading: Reading, things: Iterable[str] = (), **labels: str) -> Built:
    return TASK.build(reading, answers(reading, things, labels))


def figures(built: Built) -> dict[str, Figure]:
    """By the words of the first number."""
    records = [record for record in built.records if isinstance(record, Figure)]
    return {record.mentions[0].number.text: record for record in records}


def lost(built: Built) -> list[tuple[str, str]]:
    """Reason and first word of what was rejected."""
    return [(r.reason, r.span.text.split()[0]) for r in built.rejected if r.span is not None]


@cases("figures")
def test_nouns_of_examples_are_what_the_code_asks(example: Example) -> None:
    if "nouns" not in example:
        return
    asked = questions("figures", lines(*(f"They counted 45 {noun}." for noun in example["nouns"])))
    assert [question.variables for question in asked] == [{"nouns": example["nouns"]}]
    answered(asked[0], example["answer"])


@cases("figures")
def test_marked_examples_are_what_the_code_asks(example: Example) -> None:
    if "marked" not in example:
        return
    asked = questions("figures", marked_reading(example, "n"))
    (question,) = (question for question in asked if not is_of_nouns(question))
    assert question.variables == {"context": example["context"], "marked": example["marked"]}
    answered(question, example["answer"])


def test_some_example_shows_each_question() -> None:
    shown = [example.keys() for example in prompt_of("figures").examples]
    assert any("nouns" in keys for keys in shown)
    assert any("marked" in keys for keys in shown)


def test_what_code_can_tell_is_not_asked() -> None:
    reading = reading_of("At least 640 Kenyans joined the coast patrol, Tomas Lindqvist said.")
    assert questions("figures", reading) == []
    built = build(reading)
    (figure,) = figures(built).values()
    assert (figure.value, figure.bound, figure.unit) == (Decimal(640), "at_least", "people")
    assert (figure.measure, figure.nationalities) == (["recruited"], ["KE"])
    assert [step.name.as_written for step in figure.attribution] == ["Tomas Lindqvist"]
    assert built.rejected == []


def test_the_model_says_who_is_counted() -> None:
    reading = reading_of("The town has 640 divers and 85 boats.")
    found = figures(build(reading, things=["boats"]))
    assert [(f.unit, f.population is not None) for f in found.values()] == [
        ("people", True),
        ("boats", False),
    ]
    assert [f.unit for f in figures(build(reading, ["divers", "boats"])).values()] == [
        "divers",
        "boats",
    ]


@pytest.mark.parametrize("count", [1, 8, 9, 16])
def test_long_lists_are_split_and_every_noun_is_asked_for_once(count: int) -> None:
    told = [f"They counted {45 + n} {noun}." for n, noun in enumerate(CRAFT[:count])]
    asked = questions("figures", lines(*told, *told))
    nouns = [noun for q in asked for noun in q.variables["nouns"]]  # type: ignore[attr-defined]
    assert nouns == CRAFT[:count]
    assert max(len(question.schema.model_fields) for question in asked) <= 8
    assert len({question.id for question in asked}) == len(asked)


@pytest.mark.parametrize("label", ["wounded", "other"])
def test_an_open_measure_is_the_models_choice(label: str) -> None:
    reading = reading_of(OPEN, "The sea is calm.")
    _, question = questions("figures", reading)
    assert question.variables == {
        "context": "The sea is calm.",
        "marked": OPEN.replace("45", "[n1: 45]"),
    }
    (figure,) = figures(build(reading, n1=label)).values()
    assert figure.measure == [label]


@pytest.mark.parametrize(
    ("text", "number", "measure"),
    [
        ("The navy handed over 45 boats.", "45", "other"),
        ("The navy holds 45 boats, 12 of them wrecks.", "12", "other"),
        ("In the storm 45 boats went missing.", "45", "missing"),
        ("The police made 45 arrests.", "45", "captured"),
    ],
)
def test_what_happens_to_people_is_not_measured_by_things(
    text: str, number: str, measure: str
) -> None:
    found = figures(build(reading_of(text), ["boats", "arrests"]))
    assert found[number].measure == [measure]


@pytest.mark.parametrize("label", ["killed", "deployed", ""])
def test_a_label_that_no_word_speaks_for_cannot_be_chosen(label: str) -> None:
    _, question = questions("figures", reading_of(OPEN))
    with pytest.raises(ValidationError):
        answered(question, {"n1": label})


@pytest.mark.parametrize("count", [6, 7, 13])
def test_open_numbers_of_a_long_sentence_are_split(count: int) -> None:
    listed = ", ".join(f"{45 + n} {noun}" for n, noun in enumerate(CRAFT[:count]))
    reading = reading_of(f"The mayor, who was wounded in a storm, owns {listed}.")
    asked = [question for question in questions("figures", reading) if not is_of_nouns(question)]
    open_ = [item for item in measured(reading.quantities) if item.options]
    assert len(open_) > 1
    assert sum(len(question.schema.model_fields) for question in asked) == len(open_)
    assert max(len(question.schema.model_fields) for question in asked) <= 6
    assert len({question.id for question in asked}) == len(asked)


def test_money_is_a_figure_without_a_question() -> None:
    reading = reading_of("The boat cost $7,500.")
    assert questions("figures", reading) == []
    (figure,) = figures(build(reading)).values()
    assert (figure.unit, figure.measure, figure.population) == ("USD", ["other"], None)


def test_without_an_answer_on_nouns_only_what_code_knows_is_kept() -> None:
    reading = reading_of("The town lost 640 Kenyans, 45 men, 85 boats and $7,500.")
    built = TASK.build(reading, {})
    assert list(figures(built)) == ["640", "45", "7,500"]
    assert lost(built) == [("no_answer", "85")]
    assert {item.task for item in built.rejected} == {"figures"}


def test_without_an_answer_on_the_measure_the_number_is_kept_apart() -> None:
    reading = reading_of(f"{OPEN} The town has 85 boats.")
    nouns, measure = questions("figures", reading)
    built = TASK.build(reading, answered(nouns, sorted_nouns(nouns, ["boats"])))
    assert not is_of_nouns(measure)
    assert list(figures(built)) == ["85"]
    assert lost(built) == [("no_answer", "45")]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("The navy has 85 boats, the coast guard 31.", "boats"),
        ("The navy has 85 boats. The coast guard has 31.", "boats"),
        ("The navy has 85 divers, the coast guard 31.", "people"),
        ("The navy has 85 boats. It is old. It is proud. The coast guard has 31.", "people"),
        ("The coast guard has 31.", "people"),
        ("The navy has 85 boats and 31 were killed.", "people"),
        ("The number of contracts rose to 31.", "contracts"),
    ],
)
def test_a_number_without_a_noun_counts_what_is_counted_before_it(text: str, unit: str) -> None:
    found = figures(build(reading_of(text), ["boats", "contracts"]))
    assert (found["31"].unit, found["31"].unit_text) == (unit, None)


def test_a_count_told_twice_is_one_figure() -> None:
    reading = lines("Patrol takes on 640 Kenyans", "At least 640 Kenyans joined the patrol.")
    (figure,) = figures(build(reading)).values()
    assert figure.bound == "at_least"
    assert [mention.bound for mention in figure.mentions] == ["exact", "at_least"]


def test_most_mentions_decide_what_a_figure_measures() -> None:
    reading = lines("The patrol hired 640 divers.", "In a gale 640 divers drowned.",
                    "The storm killed 640 divers.")  # fmt: skip
    (figure,) = figures(build(reading)).values()
    assert len(figure.mentions) == 3
    assert figure.measure == ["killed"]
