"""What the adapters make of a job, without the peers' packages."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError

from evals.comparisons.peers.adapters import instructor_adapter, langextract_adapter
from evals.comparisons.peers.configurations import all_systems, job_for


def job(label: str) -> dict[str, Any]:
    return job_for(next(one for one in all_systems() if one.label == label), "The text.")


def test_instructors_schema_has_closed_labels_and_may_leave_out_what_is_not_told() -> None:
    model = instructor_adapter.answer_model(job("instructor/examples")["calls"][0]["types"])
    figure = {
        "words": "640 divers", "number": "640", "bound": "exact", "unit": "people",
        "measure": "recruited", "per": None, "change": None, "negated": False, "population": None,
        "source": None,
    }  # fmt: skip
    assert model.model_validate({"figures": [figure], "quotations": []})
    for wrong in ({"bound": "roughly"}, {"measure": None}, {"negated": "perhaps"}):
        with pytest.raises(ValidationError):
            model.model_validate({"figures": [{**figure, **wrong}], "quotations": []})


def test_instructors_examples_are_turns_that_fit_its_schema() -> None:
    call = job("instructor/lean-apart")["calls"][0]
    turns = instructor_adapter.messages("The text.", call)
    model = instructor_adapter.answer_model(call["types"])
    assert [turn["role"] for turn in turns] == ["system", *["user", "assistant"] * 3, "user"]
    assert turns[-1]["content"] == "The text."
    for turn in turns[2:-1:2]:
        assert model.model_validate_json(turn["content"])


@dataclass
class Extraction:
    extraction_class: str
    extraction_text: str
    attributes: dict[str, Any]
    char_interval: Any = None


LIBRARY = SimpleNamespace(
    data=SimpleNamespace(
        Extraction=Extraction,
        ExampleData=lambda text, extractions: SimpleNamespace(text=text, extractions=extractions),
    )
)


def test_langextracts_examples_are_in_the_order_of_their_text() -> None:
    (_, second) = job("langextract/defaults")["calls"][0]["examples"]
    made = langextract_adapter.example_data(LIBRARY, second)
    places = [made.text.index(one.extraction_text) for one in made.extractions]
    assert places == sorted(places)
    assert {one.extraction_class for one in made.extractions} == {"figure", "quotation"}
    assert made.extractions[0].attributes["number"] == "dozens"


def test_langextracts_labels_are_enumerated() -> None:
    fields = job("langextract/closed-labels")["calls"][0]["types"]["figure"]
    assert "at_least" in langextract_adapter.field_schema(fields["bound"])["enum"]
    assert {"type": "null"} in langextract_adapter.field_schema(fields["per"])["anyOf"]
    assert langextract_adapter.field_schema(fields["negated"]) == {"type": "boolean"}


def test_a_langextract_record_keeps_its_alignment_or_has_none() -> None:
    aligned = SimpleNamespace(start_pos=3, end_pos=6)
    found = langextract_adapter.line(Extraction("figure", "640", {"bound": "exact"}, aligned))
    assert found == {
        "kind": "figure", "values": {"words": "640", "bound": "exact"}, "start": 3, "end": 6,
    }  # fmt: skip
    assert langextract_adapter.line(Extraction("figure", "640", {}))["start"] is None
