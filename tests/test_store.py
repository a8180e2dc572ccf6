"""The store: what is finished is never asked twice, what was answered is never lost."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from extractor import Document, Extraction, Figure, ScriptedModel, Store
from extractor.errors import StoreError, TransportFailed
from extractor.models import Request
from extractor.pipeline import RECORD_TYPES, extract_document, stored_extraction
from extractor.prompts import prompt_root
from extractor.records import Metadata
from extractor.tasks import TASKS
from tests.support import ATTEMPT, article, failing, invalid, obedient, questions, rows


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


def test_nul_and_emoji_survive(path: Path) -> None:
    document = Document.from_text("A NUL \0 and a ship 🚢.\r\nEnd", name="“ship” 🚢\0")
    with Store(path) as store:
        store.add_document(document)
        store.add_result("key", document, "figures", '"🚢"')
        assert store.result("key") == '"🚢"'
    with Store(path) as store:
        (found,) = store.documents()
    assert (found, found.fingerprint) == (document, document.fingerprint)


def test_the_first_answer_stays(path: Path) -> None:
    with Store(path) as store:
        store.add_answer("key", "figures", "m", "1")
        store.add_answer("key", "figures", "m", "2")
        assert store.answer("key") == "1"
        assert store.answer("other") is None


def test_a_write_that_fails_leaves_the_store_usable(path: Path) -> None:
    with Store(path) as store:
        with pytest.raises(UnicodeEncodeError):
            store.add_answer("key", "figures", "m", "\ud800")
        store.add_answer("key", "figures", "m", "1")
        assert store.answer("key") == "1"


def test_a_newer_format_is_refused(path: Path) -> None:
    Store(path).close()
    rows(path, "PRAGMA user_version = 99")
    with pytest.raises(StoreError, match=rf"^{re.escape(str(path))}: .*99.* - upgrade extractor"):
        Store(path)


@pytest.mark.parametrize("version", [0, 1])
def test_another_programs_database_is_left_as_it_is(tmp_path: Path, version: int) -> None:
    path = tmp_path / "browser.db"
    database = sqlite3.connect(path)
    database.executescript(f"CREATE TABLE history (page TEXT); PRAGMA user_version = {version}")
    database.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program's database - give another file"):
        Store(path)
    assert path.read_bytes() == before


def test_what_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("At least 640 Georgians.\n" * 50, encoding="utf-8")
    with pytest.raises(StoreError, match=r"not a database.* give another file with --store"):
        Store(path)
    assert path.read_text(encoding="utf-8").startswith("At least")


def test_places_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for path in (file / "store.db", tmp_path):
        with pytest.raises(StoreError, match=rf"^{re.escape(str(path))}: .* --store"):
            Store(path)


def test_a_damaged_store_is_named(path: Path) -> None:
    with Store(path) as store:
        rows(path, "DROP TABLE calls")
        with pytest.raises(StoreError, match="cannot be read"):
            store.answer("key")
        with pytest.raises(StoreError, match="cannot be written"):
            store.add_answer("key", "figures", "m", "1")


def test_several_may_open_a_new_store_at_once(path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: Store(path).close(), range(8)))
