"""Confidence: checks on records, the second phrasing, and probabilities from shipped numbers."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from rich.console import Console

from extractor import Document, Extraction, ScriptedModel
from extractor.confidence import (
    _CHECKS,
    AGREED,
    Scale,
    Weight,
    load_calibration,
    probability,
    run_checks,
)
from extractor.models import Request
from extractor.models.base import ModelProfile
from extractor.output import Confidence
from extractor.pipeline import extract_document
from extractor.prompts import load_prompt
from extractor.records import Entity, Figure, Quotation
from extractor.report.terminal import print_extraction
from extractor.store import Store
from extractor.tasks import TASKS
from tests.support import answer_for, article, first_choice, obedient

SCALE = Scale(records=10, right=5, intercept=0.0, checks={"beside": Weight(weight=2.0, share=0.5)})
TWICE = ModelProfile(concurrency=4, context_tokens=4096, per_task=4, phrasings=2)


async def extracted(*records: str, model: ScriptedModel | None = None) -> Extraction:
    return await extract_document(article(), model=model or obedient(), records=records)


def checks_by_words(extraction: Extraction, kind: str) -> dict[str, dict[str, bool]]:
    """Checks by the words of a figure's number, a quotation's text, an entity's name."""
    records = getattr(extraction, kind)
    return {_words(record): extraction.confidence[record.id].checks for record in records}


def _words(record: Figure | Quotation | Entity) -> str:
    if isinstance(record, Figure):
        return record.mentions[0].number.text
    return record.text if isinstance(record, Quotation) else record.name


def test_a_check_moves_the_odds_by_its_weight_and_one_not_made_moves_nothing() -> None:
    passed, failed = probability({"beside": True}, SCALE), probability({"beside": False}, SCALE)
    assert passed == pytest.approx(0.731, abs=0.001)
    assert failed == pytest.approx(1 - passed)
    assert probability({}, SCALE) == probability({"unheard": True}, SCALE) == 0.5


def test_the_shipped_numbers_know_only_checks_that_are_made() -> None:
    names = {"header", *TASKS}
    fitted = load_calibration()
    assert set(fitted.tasks) <= names
    assert all(0 <= scale.right <= scale.records for scale in fitted.tasks.values())


async def test_every_record_has_its_checks() -> None:
    found = await extracted(*TASKS)
    lists = (found.figures, found.quotations, found.entities, found.events, found.methods)
    ids = [record.id for records in lists for record in records or []]
    assert found.article is not None and len(ids) > 10
    assert sorted(found.confidence) == sorted([found.article.id, *ids])
    assert all(one.checks and AGREED not in one.checks for one in found.confidence.values())
    assert len(_CHECKS) == len(TASKS)


async def test_a_figure_says_what_ties_its_measure_and_unit_to_it() -> None:
    found = checks_by_words(await extracted("figures"), "figures")
    assert found["640"]["unit_beside"] and found["640"]["source_beside"]
    assert not found["640"]["alone_in_sentence"], "14 districts stand beside it"
    assert found["hundreds"]["alone_in_sentence"] and not found["hundreds"]["unit_beside"]
    assert found["1,750"]["measure_by_structure"] and not found["1,750"]["source_beside"]


async def test_a_quotation_says_how_near_its_speaker_is() -> None:
    found = await extracted("quotations")
    checks, of_a_letter = checks_by_words(found, "quotations").values()
    assert checks["long"]
    assert checks["speaker_given"] and checks["speaker_in_sentence"]
    assert checks["cue_beside"] and checks["speaker_is_name"]
    assert not of_a_letter["speaker_given"]


async def test_an_entity_is_surer_where_the_recogniser_says_the_same() -> None:
    as_person = checks_by_words(await extracted("entities"), "entities")
    kinds = list(load_prompt(TASKS["entities"][1]).labels)
    number = kinds.index("outlet")  # a recogniser's person may be a newspaper, but no organisation
    as_other = ScriptedModel(lambda _, schema: answer_for(schema.model_json_schema(), number))
    as_outlet = checks_by_words(await extracted("entities", model=as_other), "entities")
    assert as_person["Tomas Lindqvist"]["kind_recognised"]
    assert as_person["Tomas Lindqvist"]["told_again"]
    assert not as_outlet["Tomas Lindqvist"]["kind_recognised"]


async def test_an_event_is_surer_where_a_word_of_its_kind_stands_in_it() -> None:
    document = Document.from_text(
        "Raiders attacked the outer islands. Two boats left the harbour.", name="raid"
    )
    model = ScriptedModel(lambda *_: {"happens": "yes", "kind": "combat"})
    found = await extract_document(document, model=model, records=["events"])
    words = [found.confidence[event.id].checks["kind_has_word"] for event in found.events or []]
    assert words == [True, False]
    settled = [
        found.confidence[event.id].checks["kind_settled_by_words"] for event in found.events or []
    ]
    assert settled == [True, False]


def test_nothing_is_said_of_a_type_that_has_no_checks() -> None:
    assert run_checks(None, {}, []) == {}  # type: ignore[arg-type]


async def test_one_phrasing_asks_nothing_more() -> None:
    once, twice = obedient(), ScriptedModel(first_choice, profile=TWICE)
    await extracted("entities", model=once)
    await extracted("entities", model=twice)
    assert len(twice.requests) == 2 * len(once.requests)
    assert {r.messages for r in once.requests} <= {r.messages for r in twice.requests}


async def test_records_that_differ_between_the_phrasings_do_not_agree() -> None:
    usual = load_prompt(TASKS["entities"][1]).render({"names": []})[0][1]

    def script(request: Request, schema: type[BaseModel]) -> dict[str, object]:
        answer: dict[str, Any] = answer_for(schema.model_json_schema())
        if request.messages[0].content != usual:
            answer["e1"]["kind"] = "outlet"
        return answer

    model = ScriptedModel(script, profile=TWICE)
    found = await extracted("entities", model=model)
    assert found.entities
    agreed = [found.confidence[entity.id].checks[AGREED] for entity in found.entities]
    assert agreed.count(False) == 1 and len(agreed) > 1


async def test_the_second_phrasing_is_kept_and_not_asked_again(tmp_path: Path) -> None:
    model = ScriptedModel(first_choice, profile=TWICE)
    with Store(tmp_path / "s.db") as store:
        first = await extract_document(article(), model=model, records=["figures"], store=store)
        asked = len(model.requests)
        again = await extract_document(article(), model=model, records=["figures"], store=store)
    assert len(model.requests) == asked
    assert again.confidence == first.confidence
    assert again.runs[0].parameters["phrasings"] == 2


def test_doubtful_is_more_likely_wrong_than_right() -> None:
    assert Confidence(probability=0.49, checks={}).is_doubtful
    assert not Confidence(probability=0.5, checks={}).is_doubtful
    assert not Confidence(probability=None, checks={}).is_doubtful


async def test_the_terminal_marks_doubtful_records_alone() -> None:
    found = await extracted("figures")
    assert found.figures
    sure = dict.fromkeys(found.confidence, Confidence(probability=0.9, checks={}))
    doubt = {found.figures[0].id: Confidence(probability=0.2, checks={})}
    shown = []
    for confidence in (sure, sure | doubt):
        console = Console(file=StringIO(), width=200)
        copy = found.model_copy(update={"confidence": confidence})
        print_extraction(console, article(), copy)
        assert isinstance(console.file, StringIO)
        shown.append(console.file.getvalue().count("doubtful"))
    assert shown == [0, 1]
