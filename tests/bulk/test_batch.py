"""Answers through the Batch API: all of them, once, whatever happens on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extractor import Store
from extractor.bulk import Gate, Limits
from extractor.bulk.batch import fill
from extractor.bulk.batch_files import Sizes
from extractor.documents import Document
from extractor.errors import RunStopped, StoreError
from extractor.models.batches import BatchServer
from tests.bulk.batch_bench import CALL_COST, TOKENS, Direct, bench
from tests.bulk.batch_stub import Fate
from tests.bulk.harness import documents
from tests.models.stub import Step, completion, refusal
from tests.support import rows, served


async def test_records_are_those_of_a_direct_run_and_nothing_is_asked_twice(
    tmp_path: Path,
    direct: Direct,
) -> None:
    expected, bodies = direct
    async with bench(tmp_path) as made:
        assert await made.fill()
        assert await made.records() == expected
        (batch,) = made.stub.batches.values()
        requests = made.stub.requests(batch)
        assert made.stub.direct == []
        assert made.left() == []
    assert sorted(json.dumps(r["body"], sort_keys=True) for r in requests) == sorted(
        json.dumps(body, sort_keys=True) for body in bodies
    )
    assert {(r["method"], r["url"]) for r in requests} == {("POST", "/v1/chat/completions")}
    assert made.attempts() == [
        (1, 200, None, TOKENS, pytest.approx(CALL_COST / 2)) for _ in requests
    ]
    assert made.gate.spent.tokens == TOKENS * len(requests)
    assert made.gate.spent.cost == pytest.approx(CALL_COST / 2 * len(requests))


async def test_a_second_run_asks_nothing(tmp_path: Path) -> None:
    async with bench(tmp_path) as made:
        await made.fill()
        asked = len(made.stub.asked)
        assert await made.fill()
        assert len(made.stub.asked) == asked


async def test_waits_grow_from_half_a_minute_to_five(tmp_path: Path) -> None:
    async with bench(tmp_path, [Fate(looks=9)]) as made:
        await made.fill()
    assert made.waits[:3] == [30.0, 45.0, 67.5]
    assert made.waits[-1] == 300.0
    assert len(made.told) == 3  # submitted, in progress, completed


async def test_without_waiting_a_later_run_fetches(tmp_path: Path) -> None:
    async with bench(tmp_path, [Fate(looks=1)]) as made:
        made.plan = replace(made.plan, wait=False)
        assert not await made.fill()
        assert not await made.fill()
        assert await made.fill()
        assert len(made.stub.batches) == 1
        assert made.waits == []
        await made.records()
        assert made.stub.direct == []


async def test_what_is_too_large_for_one_batch_is_several(tmp_path: Path, direct: Direct) -> None:
    expected, bodies = direct
    async with bench(tmp_path) as made:
        made.plan = replace(made.plan, sizes=Sizes(requests=2))
        await made.fill()
        assert all(len(keys) <= 2 for keys in made.stub.asked_for())
        assert await made.records() == expected
        asked = [key for keys in made.stub.asked_for() for key in keys]
    assert len(asked) == len(set(asked)) == len(bodies)


async def test_the_bytes_of_a_batch_are_limited(tmp_path: Path) -> None:
    async with bench(tmp_path) as made:
        made.plan = replace(made.plan, sizes=Sizes(bytes=9_000))
        await made.fill()
        sizes = [len(made.stub.files[b["input_file_id"]]) for b in made.stub.batches.values()]
    assert len(sizes) > 1
    assert all(size <= 9_000 for size in sizes)
    assert sizes == [size for (size,) in rows(made.store, "SELECT bytes FROM batches")]


async def test_unknown_double_and_broken_lines_are_ignored_and_counted(tmp_path: Path) -> None:
    unknown = json.dumps({"custom_id": "else", "response": {"status_code": 200, "body": {}}})
    async with bench(tmp_path, extra=[unknown, unknown, "no JSON", "[]"]) as made:
        await made.fill()
        assert any("4 lines ignored" in words for words in made.told)
        await made.records()
        assert made.stub.direct == []


def first_of(
    times: int, step: Callable[[], Step | None]
) -> Callable[[dict[str, Any]], Step | None]:
    """Answers like `served`, but for the first requests."""
    left = times

    def answer(body: dict[str, Any]) -> Step | None:
        nonlocal left
        left -= 1
        return step() if left >= 0 else served(body)

    return answer


@pytest.mark.parametrize(
    ("step", "status", "error"),
    [
        (lambda: refusal(429, "rate_limit_exceeded"), 429, "batch: rate_limit_exceeded"),
        (lambda: None, None, "batch: batch_expired"),
        (lambda: completion("{}"), 200, "ValidationError"),
        (lambda: completion(None), 200, "ValidationError: the response holds no text"),
        (lambda: completion('{"a"', finish="length"), 200, "IncompleteOutputException"),
        (lambda: Step(body={"choices": 3}), 200, "TypeError"),
    ],
)
async def test_only_what_is_missing_goes_into_the_next_batch(
    tmp_path: Path,
    direct: Direct,
    step: Callable[[], Step | None],
    status: int | None,
    error: str,
) -> None:
    expected, bodies = direct
    fates = [Fate(first_of(2, step), status="expired"), Fate()]
    async with bench(tmp_path, fates) as made:
        assert await made.fill()
        first, second = made.stub.asked_for()
        assert (len(first), len(second)) == (len(bodies), 2)
        assert set(second) < set(first)
        assert await made.records() == expected
        assert made.stub.direct == []
    failed = [attempt for attempt in made.attempts() if attempt[2]]
    assert [(number, code) for number, code, *_ in failed] == [(1, status)] * 2
    assert all(told.startswith(error) for _, _, told, *_ in failed)
    again = [attempt[0] for attempt in made.attempts() if not attempt[2]]
    assert sorted(again) == [1] * (len(bodies) - 2) + [2, 2]


async def test_what_the_rounds_do_not_give_is_asked_directly(tmp_path: Path) -> None:
    async with bench(tmp_path, [Fate(first_of(99, lambda: completion("{}")))]) as made:
        assert await made.fill()
        rounds = made.stub.asked_for()
        assert [set(keys) for keys in rounds] == [set(rounds[0])] * 3
        await made.records()
        assert len(made.stub.direct) == len(rounds[0])


async def test_a_line_without_a_word_is_asked_again(tmp_path: Path) -> None:
    async with bench(tmp_path, [Fate(status="cancelled"), Fate()]) as made:
        made.plan = replace(made.plan, wait=False)
        await made.fill()
        (batch,) = made.stub.batches.values()
        uploaded = made.stub.files[batch["input_file_id"]]
        made.stub.files[batch["input_file_id"]] = uploaded.split(b"\n", 1)[1]
        made.plan = replace(made.plan, wait=True)
        assert await made.fill()
        assert len(made.stub.asked_for()[1]) == 1
        await made.records()
        assert made.stub.direct == []


async def test_a_batch_that_is_refused_as_a_whole_is_submitted_again(tmp_path: Path) -> None:
    async with bench(tmp_path, [Fate(problem="over the limit"), Fate()]) as made:
        assert await made.fill()
        first, second = made.stub.asked_for()
        assert first == second
        await made.records()
        assert made.stub.direct == []


async def test_a_batch_that_is_always_refused_ends_the_run(tmp_path: Path) -> None:
    async with bench(tmp_path, [Fate(problem="no such\nmodel")]) as made:
        with pytest.raises(RunStopped, match=r"refused it \(no such model\) - .+ goes on"):
            await made.fill()
        assert len(made.stub.batches) == 3
        assert made.stub.direct == []
        assert made.attempts() == []
        made.stub.fates = [Fate()]
        assert await made.fill()


async def test_limits_are_checked_before_anything_is_submitted(tmp_path: Path) -> None:
    async with bench(tmp_path) as made:
        made.gate = Gate(Limits(tokens=500, cost=0.001))
        with pytest.raises(RunStopped, match=r"\$0\.\d+ more than --max-cost 0\.001 and .+ tokens"):
            await made.fill()
        assert made.stub.files == {}
        assert made.left() == []
        made.gate = Gate(Limits(tokens=1_000_000, cost=1.0))
        assert await made.fill()


async def test_a_second_process_is_refused(tmp_path: Path) -> None:
    async with bench(tmp_path) as made:
        with Store(made.store) as other:
            other.claim()
            with pytest.raises(StoreError, match="another run is writing"):
                await made.fill()
        assert made.stub.asked == []


async def test_two_copies_of_a_page_are_asked_about_once(tmp_path: Path) -> None:
    async with bench(tmp_path) as made:
        (one,) = documents(1)
        copy = Document.from_text(one.text, name="copy.txt")
        async with made.model() as model, BatchServer(model) as server:
            with Store(made.store) as store:
                await fill(
                    lambda: iter([one, copy]),
                    server=server,
                    plan=replace(made.plan, wait=False),
                    store=store,
                    gate=made.gate,
                )
        (keys,) = made.stub.asked_for()
    assert len(keys) == len(set(keys))
