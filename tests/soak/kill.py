"""SIGKILL at seeded moments: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.soak.batch_kills import kill_batches
from tests.soak.bench import Bench, Outcome, bench
from tests.soak.ledger import Entry
from tests.soak.plan import Plan
from tests.soak.store_facts import StoreFacts, acknowledged, store_facts

CONCURRENCY = 8
MAX_DELAY = 0.02
LEAST_KILLS = 5  # on one store
BATCH_EVERY = 10  # of so many kills one is around a batch
POLL_SECONDS = 0.002


class _Moment(NamedTuple):
    """Of a kill: just before it, and when the server had read all that was sent until then."""

    before: float
    after: float


@dataclass
class _Total:
    """Over all rounds. Ages: seconds from a good answer to the kill after which it was repeated."""

    kills: int = 0
    rounds: int = 0
    in_flight: int = 0
    repeated: int = 0
    attempts_lost: int = 0
    ages: list[float] = field(default_factory=list)


def run_kill(times: int, seed: int, documents: int = 300) -> Outcome:
    """Kill a run again and again and start it again, over fresh stores, and compare the books.

    A tenth of the kills is around batches.
    """
    outcome = Outcome(f"kill: {times} times, {documents} documents a store, seed {seed}")
    total = _Total()
    rng = random.Random(seed)
    alone = times - times // BATCH_EVERY
    while total.kills < alone and not outcome.faults:
        total.rounds += 1
        plan = Plan(seed + total.rounds, latency=(0.01, 0.05))
        with bench(plan, concurrency=CONCURRENCY) as made:
            made.write(documents, seed + total.rounds)
            most = max(1, documents // LEAST_KILLS)
            _round(made, rng, most, alone - total.kills, total, outcome)
            _one_each(outcome, store_facts(made.store), documents)
    around_batches = kill_batches(times - alone, seed, outcome)
    outcome.figures.update(
        {
            "kills": total.kills + around_batches,
            "of these around batches": around_batches,
            "stores": total.rounds,
            "in flight at the server when killed": total.in_flight,
            "good answers paid for again": total.repeated,
            "attempts that the stores lack": total.attempts_lost,
            "oldest answer paid for again": f"{max(total.ages, default=0):.3f} s before the kill",
        }
    )
    return outcome


def _round(
    made: Bench, rng: random.Random, most: int, times: int, total: _Total, outcome: Outcome
) -> None:
    """Kill and start again until the documents are done; then look at the books.

    Each run is killed after one to `most` replies.
    """
    seen: set[str] = set()
    moments: list[_Moment] = []
    ended = False
    while not ended and not outcome.faults and len(moments) < times:
        with made.annotating() as process:
            ended = not _replied(made, process, rng.randint(1, most))
            if not ended:
                time.sleep(rng.uniform(0, MAX_DELAY))
                seen |= acknowledged(made.store)
                before = time.monotonic()
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
                made.settle()
                moments.append(_Moment(before, time.monotonic()))
        lost = len(seen - acknowledged(made.store))
        outcome.expect(not lost, f"{lost} rows that could be read are gone after a kill")
    made.annotate().check(outcome, clean=True)
    total.kills += len(moments)
    _books(made, moments, total, outcome)


def _replied(made: Bench, process: subprocess.Popen[bytes], more: int) -> bool:
    """Wait for so many more entries of the ledger; False where the process ended, or hangs."""
    wanted = made.ledger.refresh() + more
    latest = time.monotonic() + made.patience
    while made.ledger.refresh() < wanted:
        if process.poll() is not None or time.monotonic() > latest:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _books(made: Bench, moments: list[_Moment], total: _Total, outcome: Outcome) -> None:
    made.ledger.refresh()
    allowed = CONCURRENCY * len(moments)
    entries = made.ledger.entries
    total.in_flight += sum(e.started < m.before < e.ended for e in entries for m in moments)
    by_kill = dict.fromkeys(moments, 0)
    for first, again in made.ledger.repeats():
        kill = _between(first, again, moments)
        if kill is None:
            outcome.faults.append("a good answer was paid for again though nothing was killed")
            continue
        by_kill[kill] += 1
        total.ages.append(kill.before - first.ended)
    most = max(by_kill.values(), default=0)
    outcome.expect(most <= CONCURRENCY, f"{most} good answers paid for again after one kill")
    total.repeated += sum(by_kill.values())
    lost = len(entries) - store_facts(made.store).attempts
    outcome.expect(0 <= lost <= allowed, f"the store lacks {lost} attempts of {len(entries)}")
    total.attempts_lost += lost


def _between(first: Entry, again: Entry, moments: list[_Moment]) -> _Moment | None:
    """The first kill between two requests: the one that lost the answer to the first of them."""
    return next((m for m in moments if first.started < m.after < again.started), None)


def _one_each(outcome: Outcome, facts: StoreFacts, documents: int) -> None:
    outcome.expect(facts.done == documents, f"{facts.done} of {documents} documents done")
    outcome.expect(not facts.lettered, f"{facts.lettered} dead letters")
    outcome.expect(not facts.doubled, f"{facts.doubled} results of a document beyond the first")
