"""The status of a store: what is done, what was given up, what was spent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from extractor import Document, Store
from extractor.store import DeadLetter
from extractor.store.status import GivenUp, Spent, read_status
from tests.support import ATTEMPT


async def test_everything_is_counted_once_and_attempts_by_model_and_task(tmp_path: Path) -> None:
    done, dead = (Document.from_text(text, name=text) for text in ("Forty men.", "Ten men."))
    failed = replace(ATTEMPT, error="RateLimitError", prompt_tokens=0, seconds=0.25)
    paid = replace(ATTEMPT, number=2, completion_tokens=3, cached_tokens=5, cost=0.5)
    with Store(tmp_path / "store.db") as store, Store(tmp_path / "store.db") as reader:
        for document in (done, dead):
            await store.add_document(document)
            await store.add_result(document.name, document, "figures", "{}")
        await store.add_result("newer", done, "figures", "{}")
        await store.add_answer("a", done, "figures", "m", "1", [failed, paid])
        await store.add_attempts("b", done, "figures", "m", [ATTEMPT])
        await store.add_attempts("b", done, "header", "m", [failed])
        for name, reason in (("a.txt", "older"), ("b.txt", "newer")):
            letter = DeadLetter(name, None, "read", "DocumentError", reason)
            await store.add_dead_letter(letter)
        await store.add_dead_letter(
            DeadLetter(dead.name, dead.fingerprint, "extract", "TransportFailed", "gone")
        )
        status = read_status(reader)
    assert (status.documents, status.done, status.results) == (2, 1, {"figures": 2})
    assert status.given_up == [
        GivenUp("read", "DocumentError", 2, "newer"),
        GivenUp("extract", "TransportFailed", 1, "gone"),
    ]
    assert status.spent == [
        Spent("m", "figures", 3, 1, 14, 5, 3, 1.25, 0.5, 1),
        Spent("m", "header", 1, 1, 0, 0, 0, 0.25, 0.0, 0),
    ]


def test_an_empty_store_has_a_status(tmp_path: Path) -> None:
    with Store(tmp_path / "store.db") as store:
        status = read_status(store)
    assert (status.documents, status.done, status.results, status.spent) == (0, 0, {}, [])
