"""The front door: by model or by name, with and without an event loop."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor import Extraction, ScriptedModel, Store, aextract, extract, load_settings
from extractor.documents import Document
from extractor.errors import ModelUnavailable, UsageError
from tests.models.stub import serve
from tests.support import article, first_choice, obedient, served


def figures(extraction: Extraction) -> list[int]:
    return [int(figure.value) for figure in extraction.figures or [] if figure.value is not None]


def test_extract_needs_no_event_loop() -> None:
    assert 640 in figures(extract(article(), model=obedient(), records=["figures"]))


async def test_extract_works_inside_a_running_loop() -> None:
    assert 640 in figures(extract(article(), model=obedient(), records=["figures"]))


async def test_aextract_uses_the_store(tmp_path: Path) -> None:
    model = obedient()
    with Store(tmp_path / "store.db") as store:
        first = await aextract(article(), model=model, store=store)
        asked = len(model.requests)
        assert await aextract(article(), model=model, store=store) == first
    assert len(model.requests) == asked > 0


async def test_an_open_model_is_left_open() -> None:
    class Closing(ScriptedModel):
        closed = False

        async def aclose(self) -> None:
            self.closed = True

    model = Closing(first_choice)
    await aextract(article(), model=model, records=["header"])
    assert not model.closed


def test_a_name_opens_its_model_with_the_settings() -> None:
    with serve(served) as stub:
        settings = load_settings({"base_url": stub.url, "seed": 7})
        extraction = extract(article(), model="tiny", records=["header"], settings=settings)
    assert [request["model"] for request in stub.requests] == ["tiny"]
    (run,) = extraction.runs
    assert run.model.startswith("openai/tiny@127.0.0.1")
    assert run.parameters == {"temperature": 0.0, "seed": 7}


def test_faults_of_the_call_are_named() -> None:
    with pytest.raises(UsageError, match="use any of: header"):
        extract(article(), model=obedient(), records=["event"])
    with pytest.raises(ModelUnavailable, match="no such model"):
        extract(article(), model="nobody")


def test_a_quotation_and_a_name_too_long_for_a_record_are_rejected_with_the_rule() -> None:
    speech = "We have no boats. " * 300
    name = " ".join(["Northern"] * 45)
    told = (
        f"\u201c{speech}\u201d Ann Lee said.",
        f"The {name} Company met on Tuesday.",
        "\u201cNobody came,\u201d Ann Lee said.",
    )
    document = Document.from_paragraphs((paragraph, False) for paragraph in told)
    extraction = extract(document, model=obedient())
    assert [one.text for one in extraction.quotations or []] == ["Nobody came,"]
    rejected = {one.task: one for one in extraction.rejected if one.reason == "invalid"}
    quotation = rejected["quotations"]
    assert quotation.span is not None
    assert quotation.span.text == speech.strip()
    assert "5000 characters" in (quotation.detail or "")
    assert "300 characters" in (rejected["entities"].detail or "")
