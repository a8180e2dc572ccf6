"""Many documents: what fails is reported in its place and the rest goes on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from extractor import Document, Extraction, ScriptedModel, Store
from extractor.bulk import annotate
from extractor.errors import DocumentError, TransportFailed
from extractor.pipeline import Step
from tests.support import FRENCH, failing, obedient

UNREADABLE = DocumentError("b.txt", "no text in it", "give a file with words")


def sentence(name: str, count: int) -> Document:
    """Each counts something else, so that each asks a question of its own."""
    noun = {640: "divers", 720: "sailors"}[count]
    return Document.from_text(f"At least {count} {noun} joined the coast patrol.", name=name)


async def outcomes(
    documents: Iterable[Document | DocumentError], model: ScriptedModel, path: Path
) -> list[Extraction | DocumentError]:
    steps: list[Step] = []
    found: list[Extraction | DocumentError] = []
    with Store(path / "store.db") as store:
        async for outcome in annotate(
            documents, model=model, records=["figures"], store=store, report=steps.append
        ):
            found.append(outcome)
    return found


async def test_bad_documents_keep_their_place_and_the_others_are_done(tmp_path: Path) -> None:
    french = Document.from_text(FRENCH, name="c.txt")
    ends = sentence("a.txt", 640), sentence("d.txt", 720)
    documents: list[Document | DocumentError] = [ends[0], UNREADABLE, french, ends[1]]
    first, second, third, fourth = await outcomes(documents, obedient(), tmp_path)
    assert second is UNREADABLE
    assert isinstance(third, DocumentError)
    assert third.name == "c.txt"
    assert isinstance(first, Extraction)
    assert isinstance(fourth, Extraction)
    assert [f.value for e in (first, fourth) for f in e.figures or []] == [640, 720]


async def test_a_dead_model_ends_the_run_and_the_next_goes_on_from_there(tmp_path: Path) -> None:
    documents = [sentence("a.txt", 640), sentence("b.txt", 720)]
    model = failing(
        lambda: TransportFailed("server: gone - start it"), lambda number, _: number > 1
    )
    with pytest.raises(TransportFailed):
        await outcomes(documents, model, tmp_path)
    again = obedient()
    assert len(await outcomes(documents, again, tmp_path)) == 2
    assert len(again.requests) == 1
