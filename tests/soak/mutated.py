"""Mutated replies: each ends as a record or a dead letter, without a crash or a hang."""

from __future__ import annotations

import time

from tests.soak.bench import Outcome, bench
from tests.soak.plan import Plan, Rates
from tests.soak.store_facts import reasons, store_facts

MAX_SLICES = 20
LEAST_SLICE = 10
ATTEMPTS_PER_DOCUMENT = 2  # at least, with two re-asks and most replies unusable


def run_mutations(replies: int, seed: int) -> Outcome:
    """Annotate more and more documents until so many mutated replies were sent."""
    outcome = Outcome(f"mutations: {replies} replies, seed {seed}")
    inputs = 0
    with bench(Plan(seed, Rates(mutated=1.0))) as made:
        start = time.monotonic()
        for _ in range(MAX_SLICES):
            if outcome.faults or (missing := replies - len(made.ledger.entries)) <= 0:
                break
            size = max(LEAST_SLICE, missing // ATTEMPTS_PER_DOCUMENT)
            made.write(size, seed, start=inputs)
            inputs += size
            made.annotate().check(outcome)
        seconds = time.monotonic() - start
        facts, sent = store_facts(made.store), len(made.ledger.entries)
        letters = reasons(made.store)
    outcome.figures.update(
        {
            "replies": sent,
            "documents": inputs,
            "done": facts.done,
            "dead letters": f"{facts.lettered} {letters}",
            "attempts, store / ledger": f"{facts.attempts} / {sent}",
            "seconds": f"{seconds:.0f} ({seconds / max(1, inputs):.3f} a document)",
        }
    )
    outcome.expect(sent >= replies, f"only {sent} replies were asked for")
    ended = facts.ended
    outcome.expect(ended == inputs, f"{inputs} documents, but {ended} done or dead letters")
    outcome.expect(facts.attempts == sent, "attempts differ from the ledger")
    outcome.expect(not facts.both, f"{facts.both} documents done and dead letters as well")
    return outcome
