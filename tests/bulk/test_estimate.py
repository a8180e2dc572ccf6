"""A dry run counts what a run would ask."""

from __future__ import annotations

from pathlib import Path

from extractor import Document, Store
from extractor.bulk import estimate
from extractor.errors import DocumentError
from tests.bulk.harness import PLAN, documents, run
from tests.support import obedient

UNREADABLE = DocumentError("b.txt", "no text in it", "give a file with words")


def test_a_dry_run_counts_the_calls_of_the_run_and_asks_none() -> None:
    model = obedient()
    inputs: list[Document | DocumentError] = [*documents(4), UNREADABLE]
    found = estimate(inputs, model=model, records=("figures", "quotations"), store=None)
    assert (found.documents, found.failed, model.requests) == (4, [UNREADABLE], [])
    assert found.tasks["figures"].calls == 4
    assert found.tasks["quotations"].calls == 0
    figures = found.tasks["figures"]
    assert 0 < figures.prompt_tokens < figures.most_prompt_tokens
    assert 0 < figures.completion_tokens < figures.most_completion_tokens


async def test_what_the_store_has_is_not_counted(tmp_path: Path) -> None:
    await run(documents(3), obedient(), tmp_path / "s.db")
    with Store(tmp_path / "s.db") as store:
        found = estimate(documents(4), model=obedient(), records=PLAN.records, store=store)
    assert found.tasks["figures"].calls == 1
