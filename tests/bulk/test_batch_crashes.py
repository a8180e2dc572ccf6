"""Batches and processes that end, answers that get lost, servers that forget."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extractor.errors import RunStopped, TransportFailed
from extractor.models.batches import BatchServer
from extractor.store import Batches
from tests.bulk.batch_bench import Direct, bench
from tests.bulk.batch_stub import Fate
from tests.support import rows

SENT = 2  # aiohttp sends a GET again by itself where the connection is lost; no POST


class Killed(BaseException):
    """Stands for the end of the process."""


async def crash_before(*_: Any) -> None:
    """A step that the process does not live to begin."""
    raise Killed


STEPS = [
    (Batches, "intend"),
    (BatchServer, "submit"),
    (BatchServer, "_upload"),
    (BatchServer, "find"),
    (Batches, "submitted"),
    (BatchServer, "retrieve"),
    (BatchServer, "download"),
    (Batches, "received"),
    (Batches, "ended"),
    (Batches, "read"),
]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[name for _, name in STEPS])
async def test_a_crash_at_any_step_costs_nothing_and_asks_nothing_twice(
    tmp_path: Path,
    direct: Direct,
    monkeypatch: pytest.MonkeyPatch,
    owner: type,
    name: str,
    after: bool,
) -> None:
    expected, bodies = direct
    step = getattr(owner, name)

    async def crash(*arguments: Any) -> None:
        if after:
            await step(*arguments)
        raise Killed

    async with bench(tmp_path, [Fate(looks=2)]) as made:
        with monkeypatch.context() as patch:
            if name == "find":  # is asked by the process after a crash
                patch.setattr(BatchServer, "submit", crash_before)
                with pytest.raises(Killed):
                    await made.fill()
            patch.setattr(owner, name, crash)
            with pytest.raises(Killed):
                await made.fill()
        assert await made.fill()
        assert await made.records() == expected
        assert made.stub.direct == []
        asked = [key for keys in made.stub.asked_for() for key in keys]
        assert len(asked) == len(set(asked)) == len(bodies)
        assert len(made.attempts()) == len(bodies)
        assert made.left() == []


async def test_an_intent_whose_file_is_gone_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path) as made:
        with monkeypatch.context() as patch:
            patch.setattr(BatchServer, "submit", crash_before)
            with pytest.raises(Killed):
                await made.fill()
        (name,) = made.left()
        (made.store.parent / name).unlink()
        assert await made.fill()
        await made.records()
        assert made.stub.direct == []
    assert rows(made.store, "SELECT state FROM batches") == [("ended",)]


async def test_ours_is_found_among_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with bench(tmp_path) as made:
        with monkeypatch.context() as patch:
            patch.setattr(Batches, "submitted", crash_before)
            with pytest.raises(Killed):
                await made.fill()
        for number in range(5):
            body = {"endpoint": "/v1/chat/completions", "completion_window": "24h"}
            other = {"metadata": {"extractor_batch": f"other-{number}"}, "input_file_id": "file-1"}
            made.stub.create(body | other)
        assert await made.fill()
        assert made.stub.asked.count("GET /v1/batches") > 1
        assert len(made.stub.batches) == 6


@pytest.mark.parametrize("lost", ["POST /v1/files", "POST /v1/batches", "GET /v1/batches/batch_1"])
async def test_an_answer_that_gets_lost_makes_no_second_batch(tmp_path: Path, lost: str) -> None:
    async with bench(tmp_path, drop={lost: 1}) as made:
        assert await made.fill()
        assert len(made.stub.batches) == 1
        assert made.stub.drop == {lost: 0}


async def test_a_server_that_is_away_for_some_looks_is_looked_at_again(tmp_path: Path) -> None:
    async with bench(tmp_path, drop={"GET /v1/batches/batch_1": 7 * SENT}) as made:
        assert await made.fill()  # three tries at each look
        assert len(made.waits) == 3
        assert sum("looking again" in words for words in made.told) == 2


async def test_a_server_that_is_away_at_the_start_ends_the_run(tmp_path: Path) -> None:
    async with bench(tmp_path) as made:
        made.plan = replace(made.plan, wait=False)
        await made.fill()
        made.stub.drop["GET /v1/batches/batch_1"] = 3 * SENT
        with pytest.raises(TransportFailed, match="no connection to the server in 3 attempts"):
            await made.fill()
        assert await made.fill()
        assert len(made.stub.batches) == 1


async def test_a_batch_that_the_server_does_not_know_ends_the_run(tmp_path: Path) -> None:
    async with bench(tmp_path) as made:
        made.plan = replace(made.plan, wait=False)
        await made.fill()
        made.stub.batches.clear()
        with pytest.raises(RunStopped, match=r"batch_1: the server does not know it - use the key"):
            await made.fill()


async def test_a_file_that_the_server_has_no_more_is_asked_for_again(tmp_path: Path) -> None:
    async with bench(tmp_path, [Fate(looks=0), Fate(looks=0)]) as made:
        made.plan = replace(made.plan, wait=False)
        await made.fill()
        (batch,) = made.stub.batches.values()
        made.stub.look(batch)
        del made.stub.files[batch["output_file_id"]]
        made.plan = replace(made.plan, wait=True)
        assert await made.fill()
        assert len(made.stub.batches) == 2
