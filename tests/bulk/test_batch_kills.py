"""`extractor annotate --batch` as a process that is killed again and again."""

from __future__ import annotations

import signal

from tests.soak.batch_kills import Killer, batch_bench, check_books, run_killed
from tests.soak.bench import Outcome
from tests.soak.store_facts import store_facts

MOMENTS = (
    "heard POST files",  # written down, not uploaded
    "half POST files",  # uploaded, not submitted
    "done POST batches",  # submitted, not noted
    "half GET files",  # ended, not kept
)


def test_kills_cost_no_second_batch_and_no_document() -> None:
    outcome = Outcome("batch kills")
    with batch_bench(documents=3, seed=1) as (made, stub):
        for moment in MOMENTS:
            killer = Killer(name=moment)
            assert run_killed(made, stub, killer) == -signal.SIGKILL, made.said()
            assert killer.killed_at == moment
            assert store_facts(made.store).done == 0
        assert run_killed(made, stub, Killer()) == 0, made.said()
        check_books(made, stub, 3, outcome)
    assert outcome.faults == []
    assert len(stub.batches) == 1
    assert stub.asked.count("POST /v1/files") > 1
