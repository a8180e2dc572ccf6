"""Merging stores: all of both, nothing twice, and the newest of what they disagree about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from extractor import Document, Store
from extractor.errors import StoreError, UsageError
from extractor.store import DeadLetter
from extractor.store.merging import ROWS, merge
from extractor.store.status import read_status
from tests.support import ATTEMPT, rows

EVERYTHING = (
    "SELECT fingerprint FROM documents ORDER BY 1",
    "SELECT key, answer FROM calls ORDER BY 1",
    "SELECT call, number, started, origin IS NULL FROM attempts ORDER BY attempt",
    "SELECT key, result FROM results ORDER BY 1",
    "SELECT name, reason FROM dead_letters ORDER BY 1",
)


def page(number: int) -> Document:
    return Document.from_text(f"Page {number} has some words.", name=f"{number}.txt")


def letter(document: Document, added: str, reason: str = "no") -> DeadLetter:
    return DeadLetter(document.name, document.fingerprint, "extract", "ReplyInvalid", reason, added)


def unread(name: str, added: str) -> DeadLetter:
    return DeadLetter(name, None, "read", "DocumentError", "not text", added)


async def fill(path: Path, numbers: Sequence[int], letters: Sequence[DeadLetter] = ()) -> Path:
    """A store with an answer, two attempts alike and a result for each of some documents."""
    with Store(path) as store:
        for number in numbers:
            document, key = page(number), f"k{number}"
            await store.add_document(document)
            await store.add_answer(key, document, "figures", "m", "1", [ATTEMPT, ATTEMPT])
            await store.add_result(f"r{number}", document, "figures", str(number))
        for one in letters:
            await store.add_dead_letter(one)
    return path


def merged(target: Path, *sources: Path) -> list[list[tuple[object, ...]]]:
    """Everything in the target after merging, each source twice."""
    for source in [*sources, *sources]:
        with Store(target) as store:
            merge(source, store)
    return [rows(target, query) for query in EVERYTHING]


async def test_all_shards_once_however_often_and_in_whatever_order(tmp_path: Path) -> None:
    a = await fill(tmp_path / "a.db", [1, 2], [unread("x.txt", "2031-01-01")])
    b = await fill(tmp_path / "b.db", [3])
    found = merged(tmp_path / "all.db", a, b)
    assert [len(rows_) for rows_ in found] == [3, 3, 6, 3, 1]
    assert sorted(merged(tmp_path / "other.db", b, a)[2]) == sorted(found[2])
    with Store(tmp_path / "all.db") as store:
        status = read_status(store)
        assert (status.documents, status.done) == (3, 3)
        assert [spent.prompt_tokens for spent in status.spent] == [6 * ATTEMPT.prompt_tokens]
        assert {document.name for document in store.documents()} == {"1.txt", "2.txt", "3.txt"}


async def test_attempts_come_back_to_their_own_store_only_once(tmp_path: Path) -> None:
    a = await fill(tmp_path / "a.db", [1])
    b = await fill(tmp_path / "b.db", [2])
    merged(b, a)
    merged(a, b)
    region = tmp_path / "region.db"
    assert len(merged(region, b, a)[2]) == 4
    assert len(rows(a, "SELECT * FROM attempts")) == 4


async def test_a_shard_that_went_on_adds_what_is_new(tmp_path: Path) -> None:
    a, target = await fill(tmp_path / "a.db", [1]), tmp_path / "all.db"
    merged(target, a)
    await fill(a, [2])
    assert [len(rows_) for rows_ in merged(target, a)] == [2, 2, 4, 2, 0]


async def test_more_rows_than_one_transaction_takes(tmp_path: Path) -> None:
    path, document = tmp_path / "a.db", page(1)
    with Store(path) as store:
        attempts = [replace(ATTEMPT, number=n) for n in range(2 * ROWS + 1)]
        await store.add_attempts("k", document, "figures", "m", attempts)
    merged(tmp_path / "all.db", path)
    query = "SELECT count(*), max(number), max(origin_attempt) FROM attempts"
    assert rows(tmp_path / "all.db", query) == [(2 * ROWS + 1, 2 * ROWS, 2 * ROWS + 1)]


async def test_the_newer_of_two_results_is_shown_whichever_came_first(tmp_path: Path) -> None:
    document = page(1)
    stores = [tmp_path / "old.db", tmp_path / "new.db"]
    for path in stores:
        with Store(path) as store:
            await store.add_document(document)
            await store.add_result(path.stem, document, "figures", path.stem)
    for order in (stores, stores[::-1]):
        target = tmp_path / f"{order[0].stem}-first.db"
        merged(target, *order)
        with Store(target) as store:
            assert store.results(document) == ["new"]


async def test_letters_follow_what_was_done_last(tmp_path: Path) -> None:
    old, new = "2020-01-01", "2999-01-01"
    target = await fill(
        tmp_path / "all.db",
        [4],
        [letter(page(1), old), letter(page(2), new), unread("1.txt", old), letter(page(3), old)],
    )
    shard = await fill(
        tmp_path / "a.db", [1, 2], [letter(page(3), new, "worse"), letter(page(4), old)]
    )
    assert merged(target, shard)[4] == [("2.txt", "no"), ("3.txt", "worse")]


async def test_a_letter_beside_a_part_of_the_results_stays(tmp_path: Path) -> None:
    shard = await fill(tmp_path / "a.db", [1], [letter(page(1), "2020-01-01")])
    assert merged(tmp_path / "all.db", shard)[4] == [("1.txt", "no")]


async def test_what_cannot_be_merged_is_named(tmp_path: Path) -> None:
    a, b = await fill(tmp_path / "a.db", [1]), await fill(tmp_path / "b.db", [2])
    with Store(a) as store, pytest.raises(UsageError, match=r"a\.db: the same store as .*a\.db"):
        merge(a, store)
    with Store(b) as running, Store(b) as target:
        running.claim()
        with pytest.raises(StoreError, match="another run is writing to it"):
            merge(a, target)
    broken = tmp_path / "c.db"
    broken.write_bytes(b"no database at all" * 99)
    with Store(b) as target, pytest.raises(StoreError, match=r"c\.db"):
        merge(broken, target)


async def test_a_running_shard_can_be_merged(tmp_path: Path) -> None:
    a = await fill(tmp_path / "a.db", [1])
    with Store(a) as running:
        await running.add_document(page(2))
        assert len(merged(tmp_path / "all.db", a)[0]) == 2
        await running.add_document(page(3))
