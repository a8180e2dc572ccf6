"""What the report of a document's questions says."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from extractor import Store
from extractor.asking import Step
from extractor.errors import TransportFailed
from extractor.pipeline import extract_document
from tests.support import article, failing, invalid, obedient


async def test_replies_are_counted_and_kept_answers_are_none(tmp_path: Path) -> None:
    model = obedient()
    first: list[Step] = []
    again: list[Step] = []
    with Store(tmp_path / "s.db") as store:
        for steps in (first, again):
            await extract_document(
                article(), model=model, records=["figures"], store=store, report=steps.append
            )
    assert sum(step.replies for step in first) == len(model.requests) > 0
    assert sum(step.replies for step in again) == 0


@pytest.mark.parametrize("error", [invalid, lambda: TransportFailed("server: gone - start it")])
async def test_what_is_not_usable_is_no_reply(error: Callable[[], Exception]) -> None:
    steps: list[Step] = []
    dead = failing(error, lambda *_: True)
    with suppress(TransportFailed):
        await extract_document(article(), model=dead, records=["figures"], report=steps.append)
    assert dead.requests
    assert sum(step.replies for step in steps) == 0


async def test_after_a_failure_no_question_stays_open() -> None:
    steps: list[Step] = []
    dead = failing(lambda: TransportFailed("server: gone - start it"), lambda n, _: n == 2)
    with pytest.raises(TransportFailed):
        await extract_document(article(), model=dead, report=steps.append)
    assert max(step.asked for step in steps) > 1
    assert sum(step.asked for step in steps) == sum(step.answered for step in steps)
