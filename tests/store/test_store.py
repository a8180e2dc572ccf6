"""The store: what is finished is never asked twice, what was answered is never lost."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from extractor import Document, Extraction, Figure, ScriptedModel, Store
from extractor.assembly import stored_extraction
from extractor.errors import StoreError, TransportFailed
from extractor.models import Request
from extractor.output import RECORD_TYPES
from extractor.pipeline import extract_document
from extractor.prompts import prompt_root
from extractor.records import Metadata
from extractor.store import DeadLetter
from extractor.tasks import TASKS
from tests.support import (
    ATTEMPT,
    article,
    failing,
    first_choice,
    invalid,
    obedient,
    questions,
    rows,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "store.db"


async def run(path: Path, model: ScriptedModel, document: Document | None = None) -> Extraction:
    """One document through the pipeline, with the store opened for it alone."""
    with Store(path) as store:
        return await extract_document(document or article(), model=model, store=store)


def is_on_boats(_: int, request: Request) -> bool:
    """The question on the one number whose measure is open, and not the other ones on figures."""
    return "owns [n1: 45] boats" in request.messages[-1].content and "figures" in request.task


async def test_finished_work_is_never_asked_again(path: Path) -> None:
    first = await run(path, obedient())
    model = obedient()
    assert await run(path, model) == first
    assert not model.requests


def other_identity(model: ScriptedModel, _: pytest.MonkeyPatch, __: Path) -> None:
    model.identity = "another"


def other_parameters(model: ScriptedModel, _: pytest.MonkeyPatch, __: Path) -> None:
    model.parameters = {"temperature": 0.1}


def other_words(_: ScriptedModel, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    shutil.copytree(prompt_root(), folder / "prompts")
    for system in (folder / "prompts").glob("*/*/system.md.j2"):
        system.write_text(system.read_text(encoding="utf-8") + "\nBe brief.", encoding="utf-8")
    monkeypatch.setattr("extractor.prompts.prompt_root", lambda: folder / "prompts")


@pytest.mark.parametrize("change", [other_identity, other_parameters, other_words])
async def test_a_change_of_what_asks_asks_everything_again(
    change: Callable[[ScriptedModel, pytest.MonkeyPatch, Path], None],
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = obedient()
    await run(path, before)
    model = obedient()
    change(model, monkeypatch, path.parent)
    extraction = await run(path, model)
    assert len(model.requests) == len(before.requests)
    assert [r.reused for r in extraction.runs] == [0] * len(extraction.runs)


async def test_a_changed_text_asks_what_has_changed(path: Path) -> None:
    await run(path, obedient())
    model = obedient()
    changed = article().text.replace("45 boats", "46 boats")
    assert changed != article().text
    extraction = await run(path, model, Document.from_text(changed))
    assert any("[n1: 46]" in question for question in questions(model, "figures"))
    assert extraction.figures
    assert 46 in [figure.value for figure in extraction.figures]


async def test_changed_metadata_make_new_results_of_the_same_answers(path: Path) -> None:
    await run(path, obedient())
    model = obedient()
    old = article()
    document = Document(old.name, old.text, old.blocks, Metadata(published="2031-04-02"))
    extraction = await run(path, model, document)
    assert extraction.document.metadata.published == "2031-04-02"
    assert all(r.reused == r.questions for r in extraction.runs)
    assert len(rows(path, "SELECT * FROM results")) == 2 * len(extraction.runs)


async def test_a_changed_record_schema_makes_a_new_result(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class WiderFigure(Figure):
        colour: str | None = None

    await run(path, obedient())
    monkeypatch.setitem(RECORD_TYPES, "figures", WiderFigure)
    await run(path, obedient())
    count = "SELECT task, count(*) FROM results GROUP BY task"
    assert dict(rows(path, count)) == dict.fromkeys(TASKS, 1) | {"figures": 2}


async def test_a_changed_answer_schema_asks_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_bad = failing(invalid, is_on_boats)
    await run(path, one_bad)
    monkeypatch.setattr("extractor.tasks.figures.THINGS", "objects")
    model = obedient()
    await run(path, model)
    assert set(questions(model, "figures")) == set(questions(one_bad, "figures"))
    assert len(questions(model, "figures")) > 1


@pytest.mark.parametrize("answered", [1, 3])
async def test_an_interrupted_document_repeats_no_answered_question(
    path: Path, answered: int
) -> None:
    broken = failing(
        lambda: TransportFailed("server: gone - start it", attempts=(ATTEMPT, ATTEMPT)),
        lambda number, _: number > answered,
    )
    with pytest.raises(TransportFailed):
        await run(path, broken)
    assert len(rows(path, "SELECT * FROM calls")) == answered
    model = obedient()
    extraction = await run(path, model)
    assert len(model.requests) == sum(r.questions for r in extraction.runs) - answered
    assert not {r.messages for r in broken.requests[:answered]} & {
        r.messages for r in model.requests
    }


async def test_a_partial_result_is_not_taken_for_finished(path: Path) -> None:
    await run(path, failing(invalid, is_on_boats))
    model = obedient()
    extraction = await run(path, model)
    (question,) = questions(model)
    assert "owns [n1: 45] boats" in question
    assert [r.status for r in extraction.runs] == ["ok"] * len(extraction.runs)
    again = obedient()
    assert await run(path, again) == extraction
    assert not again.requests


async def test_every_attempt_is_kept(path: Path) -> None:
    broken = failing(invalid, lambda number, _: number == 1)
    await run(path, broken)
    good = obedient()
    await run(path, good)
    kept = rows(path, "SELECT task, model, prompt_tokens FROM attempts ORDER BY attempt")
    assert len(kept) == len(broken.requests) + 1 + len(good.requests)
    assert kept[:2] == [("header", "scripted", ATTEMPT.prompt_tokens)] * 2


async def test_the_newest_result_is_shown(path: Path) -> None:
    await run(path, obedient())
    newer = obedient()
    newer.identity = "newer"
    extraction = await run(path, newer)
    with Store(path) as store:
        (document,) = store.documents()
        assert stored_extraction(document, store) == extraction
        assert {r.model for r in stored_extraction(document, store).runs} == {"newer"}


async def test_nul_and_emoji_survive(path: Path) -> None:
    document = Document.from_text("A NUL \0 and a ship 🚢.\r\nEnd", name="“ship” 🚢\0")
    with Store(path) as store:
        await store.add_document(document)
        await store.add_result("key", document, "figures", '"🚢"')
        assert store.result("key") == '"🚢"'
    with Store(path) as store:
        (found,) = store.documents()
    assert (found, found.fingerprint) == (document, document.fingerprint)


async def add_answer(store: Store, answer: str) -> None:
    await store.add_answer("key", article(), "figures", "m", answer, [ATTEMPT])


async def test_the_first_answer_stays_and_every_attempt_counts(path: Path) -> None:
    with Store(path) as store:
        await add_answer(store, "1")
        await add_answer(store, "2")
        assert store.answer("key") == "1"
        assert store.answer("other") is None
    assert len(rows(path, "SELECT * FROM attempts")) == 2


async def test_what_a_server_says_can_always_be_kept(path: Path) -> None:
    odd = replace(ATTEMPT, error="\ud800", completion_tokens=10**30, cost=0.25)
    with Store(path) as store:
        await store.add_attempts("key", article(), "figures", "m", [odd])
    query = "SELECT error, completion_tokens, cost FROM attempts"
    assert rows(path, query) == [("\\ud800", 2**63 - 1, 0.25)]


async def test_a_dead_letter_is_replaced_and_goes_when_its_document_is_settled(path: Path) -> None:
    document = article()
    letter = DeadLetter(document.name, document.fingerprint, "extract", "ReplyInvalid", "bad")
    unread = DeadLetter(document.name, None, "read", "DocumentError", "no text in it")
    other = DeadLetter("b\udcff.txt", None, "read", "DocumentError", "not UTF-8")
    with Store(path) as store:
        for one in (letter, replace(letter, reason="worse"), unread, other):
            await store.add_dead_letter(one)
        found = store.dead_letter(document.fingerprint)
        assert found is not None
        assert (found.reason, found.added > "2026") == ("worse", True)
        assert [one.reason for one in store.dead_letters()] == [
            "worse",
            "no text in it",
            "not UTF-8",
        ]
        await store.settle(document)
        assert store.dead_letter(document.fingerprint) is None
        assert [one.name for one in store.dead_letters()] == ["b\\udcff.txt"]


async def test_two_copies_of_a_page_ask_each_question_once(path: Path) -> None:
    model = ScriptedModel(first_choice)
    text = article().text
    copies = [Document.from_text(text, name=name) for name in ("a", "b")]
    with Store(path) as store:
        await asyncio.gather(
            *(
                extract_document(one, model=model, records=["figures"], store=store)
                for one in copies
            )
        )
    assert len(questions(model)) == len(set(questions(model)))


async def test_one_store_writes_and_any_number_reads(path: Path) -> None:
    with Store(path) as first, Store(path) as second:
        await add_answer(first, "1")
        assert second.answer("key") == "1"
        with pytest.raises(StoreError, match=r"another run is writing to it - wait for it, or"):
            second.claim()
    with Store(path) as third:
        third.claim()


async def test_a_closed_store_takes_nothing_more(path: Path) -> None:
    with Store(path) as store:
        pass
    with pytest.raises(StoreError, match="closed"):
        await add_answer(store, "1")
    with Store(path) as other:
        other.claim()
