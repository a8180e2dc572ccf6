"""What peers are asked: every example stands in its own text, and every change makes a new key."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from evals.comparisons.peers.configurations import (
    HERE,
    PEERS,
    System,
    all_systems,
    job_for,
    key_of,
    load_examples,
    load_task,
)
from evals.comparisons.peers.convert import body_of, prediction
from extractor.documents import Document
from extractor.errors import UsageError
from extractor.prompts import load_prompt
from extractor.records import Figure, Quotation
from extractor.tasks import TASKS

SYSTEMS = {system.label: system for system in all_systems()}


def test_each_peer_has_three_configurations() -> None:
    assert Counter(system.name for system in all_systems()) == {
        "extractor": 1,
        **dict.fromkeys(PEERS, 3),
    }


@pytest.mark.parametrize("example", load_examples(), ids=lambda example: example["text"][:20])
def test_every_example_stands_in_its_own_text_and_fits_the_schema(example: dict[str, Any]) -> None:
    fields = load_task().types["figure"].fields
    for figure in example["figure"]:
        assert figure["words"] in example["text"] and figure["number"] in figure["words"]
        assert figure["population"] in example["text"] if "population" in figure else True
        assert figure["source"] in example["text"] if "source" in figure else True
        labels = {name: value for name, value in figure.items() if name != "words"}
        assert all(value in fields[name].labels or not fields[name].labels
                   for name, value in labels.items())  # fmt: skip
    for quotation in example["quotation"]:
        assert quotation["words"] in example["text"] and quotation["speaker"] in example["text"]


@pytest.mark.parametrize("example", load_examples(), ids=lambda example: example["text"][:20])
def test_every_example_converts_to_as_many_records(example: dict[str, Any]) -> None:
    lines = [
        {"kind": kind, "values": record} for kind in ("figure", "quotation")
        for record in example[kind]
    ]  # fmt: skip
    found, lost = prediction("page", body_of(Document.from_text(example["text"])), lines)
    figures = [one for one in found.records["figures"] if isinstance(one, Figure)]
    quotations = [one for one in found.records["quotations"] if isinstance(one, Quotation)]
    assert lost == 0
    assert [one.bound for one in figures] == [one["bound"] for one in example["figure"]]
    assert [one.unit for one in figures] == [one["unit"] for one in example["figure"]]
    assert all(one.speaker for one in quotations)
    assert len(quotations) == len(example["quotation"])


def test_measures_have_the_labels_and_meanings_of_the_own_prompt() -> None:
    measure = load_task().types["figure"].fields["measure"]
    own = load_prompt(TASKS["figures"][1]).labels
    assert measure.labels == list(own)
    assert all(meaning in measure.meaning for meaning in own.values())


def test_apart_makes_two_calls_and_lean_asks_for_fewer_fields() -> None:
    lean = job_for(SYSTEMS["instructor/lean-apart"], "Text.")
    full = job_for(SYSTEMS["instructor/examples"], "Text.")
    assert [list(call["types"]) for call in lean["calls"]] == [["figure"], ["quotation"]]
    assert [list(call["types"]) for call in full["calls"]] == [["figure", "quotation"]]
    assert "population" not in lean["calls"][0]["instructions"]
    assert "population" in full["calls"][0]["instructions"]


def test_langextract_reads_of_words_under_the_name_that_its_answers_have() -> None:
    for label, name in (("langextract/defaults", "- figure: "), ("instructor/examples", "- words")):
        assert name in job_for(SYSTEMS[label], "Text.")["calls"][0]["instructions"]


@pytest.mark.parametrize("label", sorted(SYSTEMS))
def test_the_key_changes_with_text_server_and_configuration(label: str) -> None:
    system = SYSTEMS[label]
    key = key_of(system, job_for(system, "Text."), "server")
    assert key == key_of(system, job_for(system, "Text."), "server")
    assert key != key_of(system, job_for(system, "Another."), "server")
    assert key != key_of(system, job_for(system, "Text."), "other server")
    others = [one for one in SYSTEMS.values() if one != system]
    assert key not in {key_of(one, job_for(one, "Text."), "server") for one in others}


def test_the_key_changes_with_the_adapter(tmp_path: Path) -> None:
    for part in ("adapters", "requirements"):
        shutil.copytree(HERE / part, tmp_path / part)
    system = SYSTEMS["instructor/examples"]
    job = job_for(system, "Text.")
    adapter = tmp_path / "adapters" / "instructor_adapter.py"
    before = key_of(system, job, "server", tmp_path)
    adapter.write_text(adapter.read_text() + "\n")
    assert before == key_of(system, job, "server")
    assert before != key_of(system, job, "server", tmp_path)


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "configurations.yaml").write_text("instructor: {odd: {calls: never}}")
    with pytest.raises(UsageError, match=r"configurations\.yaml.*correct the file"):
        all_systems(tmp_path)


def test_the_extractor_has_no_settings_of_its_own_here() -> None:
    assert SYSTEMS["extractor/shipped"] == System(name="extractor", configuration="shipped")
