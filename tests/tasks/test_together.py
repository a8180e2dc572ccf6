"""Several questions in one call: shown as parts, answered as parts, the same records."""

from __future__ import annotations

import json

import pytest

from extractor import Document
from extractor.models.base import ModelProfile, Request
from extractor.models.scripted import ScriptedModel
from extractor.pipeline import extract_document
from extractor.tasks.together import apart, ids, together
from tests.tasks.examples import prompt_of, questions, reading_of

TEXT = (
    "The patrol bought nine boats in the spring of 2019. The mayor said that six boats vanished. "
    "Two crews left the port on Monday, and nobody has seen the third crew since the gale."
)


@pytest.mark.parametrize(("per_call", "calls"), [(1, 4), (3, 2), (100, 1)])
def test_questions_are_joined_in_order(per_call: int, calls: int) -> None:
    single = questions("events", reading_of(TEXT))
    joined = together(single, per_call)
    assert len(joined) == calls
    assert [id_ for question in joined for id_ in ids(question)] == [q.id for q in single]
    assert sum(q.max_tokens for q in joined) == sum(q.max_tokens for q in single)


def test_parts_have_headings_and_so_have_the_examples() -> None:
    (question,) = together(questions("events", reading_of(TEXT)), 100)
    system, shown, answered, asked = prompt_of("events").render(question.variables)
    assert "under its heading" in system[1]
    assert (
        shown[1].count("## ") == len(json.loads(answered[1])) == len(prompt_of("events").examples)
    )
    assert asked[1].startswith("## clause1\nThe patrol bought nine boats")


def test_answers_come_apart() -> None:
    (question,) = together(questions("events", reading_of(TEXT)), 100)
    labels = {id_: {"happens": "no", "kind": None} for id_ in ids(question)}
    parts = apart(question, question.schema.model_validate(labels))
    assert list(parts) == ids(question)
    assert parts["clause1"].model_dump() == {"happens": "no", "kind": None}


def _label(clause: str) -> dict[str, object]:
    return {"happens": "yes" if "vanished" in clause else "no", "kind": None}


@pytest.mark.parametrize("per_call", [1, 100])
async def test_records_are_the_same_in_one_call_and_in_many(per_call: int) -> None:
    def answer(request: Request, _: object) -> dict[str, object]:
        text = request.messages[-1].content
        if not text.startswith("## "):
            return _label(text)
        parts = [part.split("\n", 1) for part in text.split("## ")[1:]]
        return {id_: _label(clause) for id_, clause in parts}

    profile = ModelProfile(4, 8192, 4, questions_per_call=per_call)
    model = ScriptedModel(answer, profile=profile)
    extraction = await extract_document(Document.from_text(TEXT), model=model, records=["events"])
    assert [event.span.text for event in extraction.events or []] == ["six boats vanished"]
    (run,) = extraction.runs
    assert (run.status, run.questions) == ("ok", 4)
    assert len(model.requests) == (4 if per_call == 1 else 1)
