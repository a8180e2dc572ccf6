"""The pipeline: what is refused, what fails alone, what goes up, and where evidence may lie."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import pytest
from pydantic import BaseModel

from extractor import Document, Extraction, ScriptedModel, Store, pipeline
from extractor.asking import Step
from extractor.errors import DocumentError, ModelUnavailable, TransportFailed, UsageError
from extractor.models import ModelProfile, Reply, Request
from extractor.pipeline import extract_document, finished, open_calls
from extractor.reading.reading import Reading
from extractor.tasks import TASKS, Built
from tests.support import (
    FRENCH,
    article,
    body_records,
    evidence,
    failing,
    first_choice,
    invalid,
    obedient,
    questions,
)

PAUSE = 0.1
T = TypeVar("T", bound=BaseModel)


class SlowModel(ScriptedModel):
    """Takes its time over every question; counts those in flight and those that it finished."""

    def __init__(self, fails_first: bool = False, per_task: int = 2) -> None:
        super().__init__(first_choice, profile=ModelProfile(8, 4096, per_task))
        self.fails_first = fails_first
        self.in_flight: list[str] = []
        self.most = 0
        self.finished = 0

    async def ask(self, request: Request, schema: type[T]) -> Reply[T]:
        self.in_flight.append(request.task)
        self.most = max(self.most, *(self.in_flight.count(task) for task in self.in_flight))
        if self.fails_first and len(self.in_flight) == 1:
            await asyncio.sleep(0)
            raise TransportFailed("server: gone - start it")
        await asyncio.sleep(PAUSE)
        self.in_flight.remove(request.task)
        self.finished += 1
        return await super().ask(request, schema)


@pytest.mark.parametrize(("records", "problem"), [(["figurs"], "'figurs'"), ([], "no type given")])
async def test_unknown_record_types_are_refused(records: list[str], problem: str) -> None:
    model = obedient()
    with pytest.raises(UsageError, match=rf"{problem}.* use any of: header, figures"):
        await extract_document(article(), model=model, records=records)
    assert not model.requests


async def test_an_unsupported_language_is_flagged_and_nothing_is_asked() -> None:
    model = obedient()
    with pytest.raises(DocumentError, match=r"^brève: language 'fr' is not supported - give"):
        await extract_document(Document.from_text(FRENCH, name="brève"), model=model)
    assert not model.requests


async def test_a_name_that_cannot_be_written_down_is_refused() -> None:
    with pytest.raises(DocumentError, match="rename the file"):
        await extract_document(Document.from_text("Forty men.", name="a\udcff"), model=obedient())


async def test_every_record_type_is_filled() -> None:
    extraction = await extract_document(article(), model=obedient())
    assert extraction.article is not None
    assert extraction.figures
    assert [quotation.text for quotation in extraction.quotations or []] == [
        "We have no nets left and no boats either,",
        "the sea gives and takes what it wants",
    ]
    assert "Tomas Lindqvist" in [entity.name for entity in extraction.entities or []]
    assert "Brokers recruit young divers with a bonus." in [
        event.summary for event in extraction.events or []
    ]
    assert [method.tactic for method in extraction.methods or []] == ["agency", "bonus"]
    assert [run.task for run in extraction.runs] == list(TASKS)
    assert all(run.status == "ok" and run.attempts == run.questions for run in extraction.runs)


async def test_types_that_were_not_asked_for_are_none() -> None:
    extraction = await extract_document(article(), model=obedient(), records=["figures"] * 2)
    assert extraction.figures
    others = ("article", "quotations", "entities", "events", "methods")
    assert {getattr(extraction, name) for name in others} == {None}
    assert len(extraction.runs) == 1


async def test_nothing_to_ask_gives_empty_lists() -> None:
    document = Document.from_text("The sea was calm and nobody came to look at it that morning.")
    model = obedient()
    records = ["figures", "quotations", "methods"]
    extraction = await extract_document(document, model=model, records=records)
    assert (extraction.figures, extraction.quotations, extraction.methods) == ([], [], [])
    assert not model.requests


@pytest.mark.parametrize("records", [tuple(TASKS), ("figures",)])
@pytest.mark.parametrize(
    ("words", "unanswered"),
    [("[n1: 45]", ["45 boats"]), ("n4: boats", ["14 districts", "six states", "12", "45 boats"])],
)
async def test_one_bad_reply_leaves_the_others(
    words: str, unanswered: list[str], records: tuple[str, ...]
) -> None:
    complete = await extract_document(article(), model=obedient(), records=records)
    model = failing(
        invalid, lambda _, r: r.task == "figures/v1" and words in r.messages[-1].content
    )
    extraction = await extract_document(article(), model=model, records=records)
    run = next(run for run in extraction.runs if run.task == "figures")
    assert run.status == "partial"
    (failure,) = run.failures
    assert "scripted: no reply fitted" in failure
    assert run.attempts == run.questions + 1  # two for the failed one
    lost = [item.span.text for item in extraction.rejected if item.reason == "no_answer"]  # type: ignore[union-attr]
    assert lost == unanswered
    assert 0 < len(extraction.figures or []) == len(complete.figures or []) - len(lost)
    assert [r.status for r in extraction.runs if r.task != "figures"] == ["ok"] * (len(records) - 1)


async def test_all_bad_replies_fail_the_type_and_leave_none() -> None:
    model = failing(invalid, lambda _, request: request.task != "entities/v1")
    extraction = await extract_document(article(), model=model)
    status = {run.task: run.status for run in extraction.runs}
    assert status == dict.fromkeys(TASKS, "failed") | {"entities": "ok"}
    others = ("article", "figures", "quotations", "events", "methods")
    assert {getattr(extraction, name) for name in others} == {None}
    assert extraction.entities


@pytest.mark.parametrize("kind", [TransportFailed, ModelUnavailable])
async def test_a_model_that_does_not_answer_ends_the_document(kind: type[Exception]) -> None:
    model = failing(lambda: kind("server: gone - start it"), lambda number, _: number == 3)
    with pytest.raises(kind, match=r"^server: gone - start it$"):
        await extract_document(article(), model=model)


async def test_after_a_failure_only_what_is_in_flight_is_finished_and_kept(
    tmp_path: Path,
) -> None:
    model = SlowModel(fails_first=True, per_task=1)
    with Store(tmp_path / "store.db") as store:
        with pytest.raises(TransportFailed):
            await extract_document(article(), model=model, store=store)
        everything = open_calls(article(), model=model)
        still_open = open_calls(article(), model=model, store=store)
    assert 1 <= model.finished < len(TASKS) < len(everything)
    assert len(still_open) == len(everything) - model.finished


async def test_open_calls_are_what_would_be_asked(tmp_path: Path) -> None:
    model = obedient()
    with Store(tmp_path / "store.db") as store:
        calls = open_calls(article(), model=model, store=store)
        assert finished(article(), model=model, store=store) == []
        await extract_document(article(), model=model, store=store)
        assert open_calls(article(), model=model, store=store) == []
        assert finished(article(), model=model, store=store) == list(TASKS)
    assert {call.request for call in calls} == set(model.requests)
    assert len({call.key for call in calls}) == len(calls)
    assert {call.task for call in calls} == set(TASKS)


async def test_answers_that_came_another_way_are_built_upon(tmp_path: Path) -> None:
    model, document = obedient(), article()
    with Store(tmp_path / "store.db") as store:
        for call in open_calls(document, model=model, store=store):
            answer = json.dumps(first_choice(call.request, call.schema))
            await store.add_answer(call.key, document, call.task, model.identity, answer, [])
        extraction = await extract_document(document, model=model, store=store)
    assert not model.requests
    assert extraction.figures
    assert {run.status for run in extraction.runs} == {"ok"}


async def test_questions_of_a_task_in_flight_are_limited() -> None:
    model = SlowModel(per_task=2)
    await extract_document(article(), model=model)
    assert model.most == 2


async def test_a_question_that_comes_twice_is_asked_once(tmp_path: Path) -> None:
    line = "The mayor, who was wounded in a storm, owns 45 boats."
    document = Document.from_paragraphs([(line, False)] * 3)
    model = SlowModel(per_task=4)
    with Store(tmp_path / "store.db") as store:
        extraction = await extract_document(document, model=model, records=["figures"], store=store)
    assert len(questions(model)) == len(set(questions(model)))
    marked = [question for question in questions(model) if "[n1: 45]" in question]
    assert len(marked) == len(questions(model)) - 1 == 2  # with and without context; the nouns
    assert (extraction.runs[0].questions, extraction.runs[0].reused) == (4, 1)


async def test_no_record_comes_from_furniture_and_every_span_is_verbatim() -> None:
    document = article()
    extraction = await extract_document(document, model=obedient())
    found = list(evidence(extraction.model_dump()))
    assert len(found) > 20
    assert all(document.text[s["start"] : s["end"]] == s["text"] for s in found)
    assert len(document.furniture) == 2
    for span in evidence(body_records(extraction)):
        assert not any(f.start < span["end"] and span["start"] < f.end for f in document.furniture)


async def test_furniture_is_shown_to_no_task_but_the_header() -> None:
    model = obedient()
    await extract_document(article(), model=model)
    shown = [request.task for request in model.requests if "7,700" in request.messages[-1].content]
    assert shown == ["header/v1"]


async def test_offsets_hold_with_nul_and_emoji() -> None:
    text = (
        "🙂 The navy\0 sent 640 men 🚢 to Pebble Bay, and “they will all be home by May”, it said."
    )
    document = Document.from_text(text)
    extraction = await extract_document(document, model=obedient())
    assert extraction.figures
    assert extraction.quotations
    for span in evidence(extraction.model_dump()):
        assert document.text[span["start"] : span["end"]] == span["text"]


async def test_progress_counts_every_question_once() -> None:
    steps: list[Step] = []
    model = obedient()
    await extract_document(article(), model=model, report=steps.append)
    assert sum(s.asked for s in steps) == sum(s.answered for s in steps) == len(model.requests)


async def test_extractions_survive_json() -> None:
    extraction = await extract_document(article(), model=obedient())
    assert Extraction.model_validate_json(extraction.model_dump_json()) == extraction


async def test_a_record_that_its_article_does_not_bear_out_is_kept_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One digit changed behind an unchanged link is found, whoever changed it."""
    sound = await extract_document(article(), model=obedient(), records=["figures"])
    assert sound.figures
    target = next(figure for figure in sound.figures if figure.value is not None)
    task, prompt = TASKS["figures"]

    class Careless:
        name = task.name
        questions = staticmethod(task.questions)

        @staticmethod
        def build(reading: Reading, answers: Mapping[str, BaseModel]) -> Built:
            built = task.build(reading, answers)
            changed = {"value": (target.value or 0) + 1}
            records = [
                r.model_copy(update=changed) if r.id == target.id else r for r in built.records
            ]
            return Built(records, built.rejected)

    monkeypatch.setitem(TASKS, "figures", (Careless(), prompt))
    extraction = await extract_document(article(), model=obedient(), records=["figures"])
    assert target.id not in {figure.id for figure in extraction.figures or []}
    (refused,) = [item for item in extraction.rejected if item.reason == "not_grounded"]
    assert refused.candidate["id"] == target.id


@pytest.mark.parametrize("name", ["lexicon", "reporting", "measures", "means", "happenings"])
def test_one_byte_of_a_list_of_words_changes_the_version(name: str, tmp_path: Path) -> None:
    package = tmp_path / "extractor"
    shutil.copytree(Path(pipeline.__file__).parent, package)
    before = pipeline._digest(package)
    assert before == pipeline._digest(Path(pipeline.__file__).parent)
    with (package / "reading" / f"{name}.yaml").open("ab") as file:
        file.write(b" ")
    assert pipeline._digest(package) != before
