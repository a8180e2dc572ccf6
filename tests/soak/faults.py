"""A run through faults: every input ends, nothing is paid for twice, the books agree."""

from __future__ import annotations

from tests.soak.bench import Bench, Outcome, bench
from tests.soak.ledger import Ledger
from tests.soak.plan import Plan, Rates
from tests.soak.store_facts import StoreFacts, reasons, store_facts

RATES = Rates(
    rate_bare=0.005,
    rate_seconds=0.01,
    rate_ms=0.02,
    rate_date=0.001,
    quota=0.0002,
    error_500=0.01,
    error_502=0.01,
    error_503=0.01,
    reset_before=0.01,
    reset_during=0.01,
    stall=0.001,
    not_json=0.01,
    error_body=0.01,
    length=0.01,
    cut=0.01,
    wrong_schema=0.02,
    duplicate_keys=0.01,
    nan=0.01,
)
BROKEN_EVERY = 500
MAX_RUNS = 60  # of which each but the last ended by a quota or an open circuit breaker
SLACK_SECONDS = 0.3


def run_faults(documents: int, seed: int, rates: Rates = RATES) -> Outcome:
    """Annotate through faults, start again until every input has ended, and compare the books."""
    outcome = Outcome(f"faults: {documents} documents, seed {seed}")
    with bench(Plan(seed, rates, latency=(0.0, 0.02))) as made:
        inputs = made.write(documents, seed, broken_every=BROKEN_EVERY)
        runs = _until_ended(made, inputs, outcome)
        facts = store_facts(made.store)
        _report(outcome, made, facts, {"inputs": inputs, "runs": runs})
        _compare(outcome, inputs, facts, made.ledger)
        asked = len(made.ledger.entries)
        made.annotate().check(outcome)
        again = len(made.ledger.entries) - asked
        outcome.expect(not again, f"a run with nothing left to do asked {again} questions")
    return outcome


def _until_ended(made: Bench, inputs: int, outcome: Outcome) -> int:
    """Run until no input is left or a run brings nothing more; the number of runs."""
    before = -1
    for runs in range(1, MAX_RUNS + 1):
        made.annotate().check(outcome)
        ended = store_facts(made.store).ended
        if outcome.faults or ended >= inputs or ended == before:
            return runs
        before = ended
    outcome.faults.append(f"not at an end after {MAX_RUNS} runs")
    return MAX_RUNS


def _report(outcome: Outcome, made: Bench, facts: StoreFacts, counts: dict[str, object]) -> None:
    entries = made.ledger.entries
    outcome.figures.update(counts)
    outcome.figures.update(
        {
            "done": facts.done,
            "dead letters": f"{facts.lettered} {reasons(made.store)}",
            "attempts, store / ledger": f"{facts.attempts} / {len(entries)}",
            "tokens, store / ledger": f"{facts.prompt_tokens} + {facts.completion_tokens} / "
            f"{_prompt_tokens(made.ledger)} + {_completion_tokens(made.ledger)}",
            "replies": dict(made.ledger.kinds().most_common()),
            "paid for twice": len(made.ledger.repeats()),
            "sent before Retry-After": made.ledger.early(SLACK_SECONDS),
            "last words": made.said().strip().rpartition("\n")[2][:200],
        }
    )


def _compare(outcome: Outcome, inputs: int, facts: StoreFacts, ledger: Ledger) -> None:
    ended = facts.ended
    outcome.expect(ended == inputs, f"{inputs} inputs, but {ended} done or dead letters")
    outcome.expect(not facts.both, f"{facts.both} documents done and dead letters as well")
    outcome.expect(not facts.doubled, f"{facts.doubled} results of a document beyond the first")
    outcome.expect(facts.attempts == len(ledger.entries), "attempts differ from the ledger")
    tokens = facts.prompt_tokens, facts.completion_tokens
    sent = _prompt_tokens(ledger), _completion_tokens(ledger)
    outcome.expect(tokens == sent, "tokens differ from the ledger")
    outcome.expect(not ledger.repeats(), f"{len(ledger.repeats())} good answers paid for twice")
    early = ledger.early(SLACK_SECONDS)
    outcome.expect(not early, f"{early} requests sent before Retry-After")


def _prompt_tokens(ledger: Ledger) -> int:
    return sum(entry.prompt_tokens for entry in ledger.entries)


def _completion_tokens(ledger: Ledger) -> int:
    return sum(entry.completion_tokens for entry in ledger.entries)
