"""The bench itself, and a seeded fraction of each soak run."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from tests.soak import corpus
from tests.soak.bench import ROOT, Outcome
from tests.soak.faults import RATES, run_faults
from tests.soak.kill import run_kill
from tests.soak.ledger import Entry, Ledger
from tests.soak.memory import resident_mb, run_memory, slope
from tests.soak.mutated import run_mutations
from tests.soak.mutations import CHANGES
from tests.soak.plan import Kind, Plan, Rates
from tests.soak.replies import answer, completion, instance
from tests.soak.store_facts import NOTHING, acknowledged, store_facts


class Inner(BaseModel):
    label: Literal["b", "a"]
    note: str = Field(min_length=2)


class Shape(BaseModel):
    count: int = Field(ge=3)
    items: list[Inner] = Field(min_length=1)
    either: Inner | None
    unneeded: str = ""


REQUEST = {"response_format": {"json_schema": {"schema": Shape.model_json_schema()}}}


def test_a_run_through_faults_keeps_its_books() -> None:
    outcome = run_faults(40, seed=3, rates=replace(RATES, stall=0.0))
    assert not outcome.faults, str(outcome)
    assert len(outcome.figures["replies"]) >= 5  # type: ignore[arg-type]


def test_a_killed_run_loses_and_doubles_nothing() -> None:
    outcome = run_kill(1, seed=4, documents=12)
    assert not outcome.faults, str(outcome)
    assert outcome.figures["kills"] == 1


def test_mutated_replies_end_as_records_or_dead_letters() -> None:
    outcome = run_mutations(20, seed=7)
    assert not outcome.faults, str(outcome)


def test_memory_is_sampled_to_the_end() -> None:
    outcome = run_memory(16, seed=5)  # too short for a slope, and for the limits to say anything
    assert [f for f in outcome.faults if "peak" not in f and "slope" not in f] == []
    assert int(str(outcome.figures["peak"]).split()[0]) > 50


def test_the_plan_decides_by_seed_body_and_arrival() -> None:
    plan = Plan(1, Rates(error_500=0.25, nan=0.25))
    kinds = [plan.kind(str(body), 1) for body in range(2000)]
    assert kinds == [Plan.loads(plan.dumps()).kind(str(body), 1) for body in range(2000)]
    assert kinds != [plan.kind(str(body), 2) for body in range(2000)]
    assert kinds != [replace(plan, seed=2).kind(str(body), 1) for body in range(2000)]
    shares = {kind: kinds.count(kind) / 2000 for kind in set(kinds)}
    assert shares == {
        Kind.OK: pytest.approx(0.5, abs=0.05),
        Kind.ERROR_500: pytest.approx(0.25, abs=0.05),
        Kind.NAN: pytest.approx(0.25, abs=0.05),
    }


def test_every_rate_is_a_kind() -> None:
    assert {field.name for field in fields(Rates)} | {"ok"} == {kind.value for kind in Kind}


def test_an_instance_is_small_and_fits_its_schema() -> None:
    inner = {"label": "b", "note": "xx"}
    assert instance(Shape.model_json_schema()) == {"count": 3, "items": [inner], "either": inner}


@pytest.mark.parametrize("kind", [Kind.CUT, Kind.LENGTH, Kind.WRONG_SCHEMA])
def test_faulty_contents_do_not_fit(kind: Kind) -> None:
    content = json.loads(answer(kind, REQUEST, 100, 0).body)["choices"][0]["message"]["content"]
    with pytest.raises(ValueError, match=r"Shape"):
        Shape.model_validate_json(content)


def test_every_mutation_changes_something() -> None:
    before = json.dumps(completion('{"n1": "a", "n2": "b"}', (7, 3)))
    plain = Plan(1, Rates(mutated=1.0))
    request = {"response_format": {"json_schema": {"schema": Shape.model_json_schema()}}}
    replies = {answer(plain.kind("x", 1), request, 100, luck).body for luck in range(300)}
    assert before.encode() not in replies
    assert len(replies) > 10 * len(CHANGES)


def test_documents_are_distinct_and_rows_counted(tmp_path: Path) -> None:
    path = tmp_path / "documents.jsonl"
    assert corpus.write(path, corpus.rows(40, seed=1), broken_every=20) == 42
    lines = path.read_text(encoding="utf-8").splitlines()
    texts = {json.loads(line)["text"] for line in lines if line.endswith("}")}
    assert (len(lines), len(texts)) == (42, 40)
    assert list(corpus.rows(3, 1, start=5)) == list(corpus.rows(8, 1))[5:]


@contextmanager
def serving(plan: Plan, ledger: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [sys.executable, "-m", "tests.soak.server", plan.dumps(), str(ledger)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as server:
        assert server.stdin and server.stdout
        yield server, int(server.stdout.readline())
        server.stdin.close()


async def asked(port: int, number: int = 0) -> bytes:
    """The server's whole reply to one request, as far as it came."""
    body = json.dumps({**REQUEST, "messages": [{"content": number}]}).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /v1/chat/completions HTTP/1.1\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    found = b""
    try:
        async with asyncio.timeout(0.5):
            while part := await reader.read(1000):
                found += part
    except (TimeoutError, ConnectionResetError):
        pass
    writer.close()
    return found


async def test_the_server_fails_as_planned_and_keeps_the_book(tmp_path: Path) -> None:
    wanted = {
        Kind.OK: b"200",
        Kind.RATE_DATE: b"GMT",
        Kind.QUOTA: b"insufficient_quota",
        Kind.ERROR_503: b"503",
        Kind.RESET_BEFORE: b"",
        Kind.RESET_DURING: b"200",
        Kind.STALL: b"",
    }
    share = 1 / len(wanted)
    plan = Plan(1, Rates(**{kind.value: share for kind in wanted if kind is not Kind.OK}))
    path = tmp_path / "ledger.jsonl"
    with serving(plan, path) as (_, port):
        replies = await asyncio.gather(*(asked(port, number) for number in range(60)))
        again = await asked(port)
        await asyncio.sleep(0.1)
        ledger = Ledger(path)
        assert ledger.refresh() == 61
    assert set(ledger.kinds()) == {kind.value for kind in wanted}
    for kind in wanted:
        sample = [entry for entry in ledger.entries if entry.kind is kind]
        assert all((entry.prompt_tokens > 0) == (kind is Kind.OK) for entry in sample)
    whole = sum(reply.endswith(b"}") for reply in [*replies, again])
    cut = {Kind.RESET_BEFORE, Kind.RESET_DURING, Kind.STALL}
    assert whole == sum(entry.kind not in cut for entry in ledger.entries)
    assert max(entry.arrival for entry in ledger.entries) == 2


def test_the_server_ends_with_its_parent(tmp_path: Path) -> None:
    with serving(Plan(), tmp_path / "ledger.jsonl") as (server, _):
        assert server.stdin
        server.stdin.close()
        assert server.wait(10) == 0


def entry(body: str, started: float, **changed: Any) -> Entry:
    return replace(Entry(body, 1, Kind.OK, 200, 9, 2, started, started + 0.1), **changed)


def test_the_ledger_tells_what_was_paid_for_twice_and_sent_too_early(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    with ledger.path.open("w") as file:
        for one in (
            entry("a", 1.0),
            entry("b", 2.0, kind=Kind.RATE_DATE, wait=2.0),
            entry("b", 3.0),
            entry("a", 9.0),
        ):
            one.write(file)
        file.write('{"half')
    assert ledger.refresh() == 4
    assert [(first.started, again.started) for first, again in ledger.repeats()] == [(1.0, 9.0)]
    assert ledger.early(slack=0.3) == 1


def test_store_facts_see_what_is_doubled(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    assert store_facts(path) == NOTHING
    database = sqlite3.connect(path)
    database.executescript(
        """
        CREATE TABLE calls (key);
        CREATE TABLE results (key, fingerprint, task, result);
        CREATE TABLE attempts (call, prompt_tokens, completion_tokens);
        CREATE TABLE dead_letters (name, fingerprint, stage, error);
        INSERT INTO results SELECT *, '{"run": {"status": "ok"}}' FROM
            (VALUES (1, 'a', 'figures'), (2, 'a', 'figures'), (3, 'b', 'figures'));
        INSERT INTO results VALUES (4, 'c', 'figures', '{"run": {"status": "partial"}}');
        INSERT INTO attempts VALUES (1, 7, 3), (2, 0, 0);
        INSERT INTO dead_letters VALUES ('x', NULL, 'read', 'E'), ('y', 'b', 'extract', 'E');
        """
    )
    facts = store_facts(path)
    assert len(acknowledged(path)) == 6
    database.close()
    assert (facts.done, facts.lettered, facts.both, facts.doubled) == (2, 2, 1, 1)
    assert (facts.attempts, facts.prompt_tokens, facts.completion_tokens) == (2, 7, 3)


def test_the_slope_is_that_of_the_second_half() -> None:
    samples = [(x * 1000.0, 500.0 if x < 50 else 100 + x * 0.2) for x in range(101)]
    assert slope(samples, 100_000) == pytest.approx(20.0)
    assert resident_mb(os.getpid()) > 10


def test_an_outcome_names_its_faults() -> None:
    outcome = Outcome("kill", {"kills": 3})
    outcome.expect(False, "2 rows are gone")
    assert str(outcome).splitlines() == ["kill", "  kills  3", "  FAULT: 2 rows are gone"]
