"""Baselines: nothing, simple rules, and the pipeline with answers that do not look."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import pytest
from pydantic import BaseModel

from extractor.documents import Document
from extractor.evaluation.baselines import (
    constant_answer,
    empty_predictions,
    quantulum_predictions,
)
from extractor.evaluation.gold import Gold, GoldSource
from extractor.evaluation.runner import Outcome, score_run
from extractor.evaluation.suite import Case
from extractor.models.base import Request
from extractor.prompts import load_prompt
from extractor.reading.reading import Reading
from extractor.records import Entity, Figure, Quotation
from extractor.tasks import TASKS
from tests.support import article

from .folders import small_suite

TEXT = (
    "Harbour takes on divers\n"
    "At least 640 divers signed up and earn $1,900 per month, an increase of 12%, "
    "Tomas Lindqvist said.\n"
    "“We have no nets left,” Lindqvist said, and nobody was surprised by that in the harbour.\n"
)
COUNTED = ("districts", "states", "divers", "boats")


def test_nothing_is_a_miss_everywhere(tmp_path: Path) -> None:
    suite = small_suite(tmp_path)
    found = score_run(suite, Outcome(empty_predictions(suite.cases))).score.types
    assert {one.detection.recall for one in found.values()} == {0.0}
    assert {one.detection.precision for one in found.values()} == {None}


class Kind(Enum):
    LAST = "last"


class Inner(BaseModel):
    label: Literal["second", "first"]
    people: bool
    of: str


class Form(BaseModel):
    n1: Inner
    n2: Inner
    kind: Kind
    only: Literal["one"]
    number: Literal[0, 1]
    names: list[str]
    title: str | None


def test_constant_answers_fit_any_form() -> None:
    answer = constant_answer(Request("t", (), 1), Form)
    assert Form.model_validate(answer).model_dump(mode="json") == {
        "n1": {"label": "second", "people": True, "of": ""},
        "n2": {"label": "second", "people": True, "of": ""},
        "kind": "last",
        "only": "one",
        "number": 0,
        "names": [],
        "title": None,
    }


def test_constant_answers_take_the_first_choice_of_every_question() -> None:
    reading = Reading(article())
    given = {}
    for name, (task, prompt) in TASKS.items():
        for question in task.questions(reading, load_prompt(prompt)):
            answer = constant_answer(Request(prompt, (), 1), question.schema)
            assert question.schema.model_validate(answer).model_dump() == answer
            given[name, question.id] = answer
    assert {name for name, _ in given} == set(TASKS)
    nouns = given["figures", "nouns1"]
    assert set(nouns.values()) == {f"{noun}: people" for noun in COUNTED}
    (measure,) = (a for (name, id_), a in given.items() if name == "figures" and id_ != "nouns1")
    assert measure == {"n1": "wounded"}
    happenings = [answer for (name, _), answer in given.items() if name == "events"]
    assert happenings
    assert all(answer == {"happens": "yes", "kind": None} for answer in happenings)
    (means,) = (answer for (name, _), answer in given.items() if name == "methods")
    assert means == {"whom": None, "m1": "agency", "m2": "bonus"}


def test_simple_rules_find_numbers_quotations_and_names() -> None:
    pytest.importorskip("quantulum3", reason="quantulum3 is not installed")
    document = Document.from_text(TEXT, name="t.txt")
    case = Case(document, Gold(document=GoldSource(name="t.txt", sha256="0" * 64)))
    records = quantulum_predictions([case])["t.txt"].records
    figures = [one for one in records["figures"] if isinstance(one, Figure)]
    assert [(int(f.value or 0), f.bound, f.unit, f.per) for f in figures] == [
        (640, "at_least", "divers", None),
        (1900, "exact", "USD", "month"),
        (12, "exact", "percent", None),
    ]
    assert [f.mentions[0].number.text for f in figures] == ["640", "1,900", "12"]
    (quotation,) = records["quotations"]
    assert isinstance(quotation, Quotation)
    assert quotation.text == "We have no nets left,"
    assert quotation.speaker
    assert quotation.speaker.as_written == "Lindqvist"
    assert [e.name for e in records["entities"] if isinstance(e, Entity)] == ["Tomas Lindqvist"]


def test_quantities_without_words_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    parser = pytest.importorskip("quantulum3.parser", reason="quantulum3 is not installed")
    nothing = SimpleNamespace(span=(4, 4), surface="")
    monkeypatch.setattr(parser, "parse", lambda _: [nothing])
    document = Document.from_text(TEXT, name="t.txt")
    case = Case(document, Gold(document=GoldSource(name="t.txt", sha256="0" * 64)))
    assert quantulum_predictions([case])["t.txt"].records["figures"] == ()
