"""Extractions from what the store has: a part of a result is shown, and not taken for the whole."""

from __future__ import annotations

from pathlib import Path

from extractor import Store
from extractor.assembly import stored_extraction
from extractor.pipeline import extract_document, finished
from tests.support import article, failing, invalid, obedient, questions

FIGURES = ("figures",)
HARD = "[n1: 45]"


async def test_a_part_is_kept_for_readers_and_the_rest_is_asked_again(tmp_path: Path) -> None:
    hard = failing(invalid, lambda _, request: HARD in request.messages[-1].content)
    document, model = article(), obedient()
    with Store(tmp_path / "s.db") as store:
        part = await extract_document(document, model=hard, records=FIGURES, store=store)
        assert part.runs[0].status == "partial"
        assert stored_extraction(document, store) == part
        assert finished(document, model=model, records=FIGURES, store=store) == []
        whole = await extract_document(document, model=model, records=FIGURES, store=store)
        assert all(HARD in asked for asked in questions(model))
        assert finished(document, model=model, records=FIGURES, store=store) == ["figures"]
        assert stored_extraction(document, store) == whole
    assert 0 < len(part.figures or []) < len(whole.figures or [])


async def test_nothing_is_kept_of_a_type_without_an_answer(tmp_path: Path) -> None:
    dead = failing(invalid, lambda *_: True)
    with Store(tmp_path / "s.db") as store:
        await extract_document(article(), model=dead, records=FIGURES, store=store)
        assert store.results(article()) == []
