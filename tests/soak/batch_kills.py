"""SIGKILL around a Batch API: nothing is submitted twice, and each document is done once."""

from __future__ import annotations

import random
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

from tests.bulk.batch_stub import BatchStub, Fate, serve_batches
from tests.soak.bench import Bench, Outcome
from tests.soak.store_facts import store_facts

DOCUMENTS = 12
# A run that finds nothing done asks for the list of batches, uploads and submits, in nine moments.
MOST_MOMENTS = 9
MAX_DELAY = 3.0  # reading what a batch gave takes about so long on a busy machine


class Killer:
    """Kills the client at its `number`-th moment, or at the one called `name`; see `BatchStub.at`.

    killed_at: the moment's name, empty before it. delay: seconds from there to the kill.
    """

    def __init__(self, number: int = 0, name: str = "", delay: float = 0.0) -> None:
        self.killed_at = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._left = number
        self._name = name
        self._delay = delay

    def watch(self, process: subprocess.Popen[bytes]) -> int:
        """The exit status of the client, which has not yet asked for anything."""
        self._process = process
        return process.wait()

    def at(self, moment: str) -> None:
        """Kill if it is time."""
        self._left -= 1
        if self._process is None or (self._left != 0 and moment != self._name):
            return
        self.killed_at = moment
        if self._delay:
            Timer(self._delay, self._process.kill).start()
        else:
            self._process.kill()
            self._process.wait()


@contextmanager
def batch_bench(documents: int, seed: int) -> Iterator[tuple[Bench, BatchStub]]:
    """A folder with documents, and a server whose batches have ended when they are looked at."""
    server = serve_batches(BatchStub(fates=[Fate(looks=0)]))
    with tempfile.TemporaryDirectory(prefix="soak-") as name, server as stub:
        made = Bench(Path(name), stub.url)
        made.configure()
        made.write(documents, seed)
        made.options = ("--batch", "--no-wait")
        yield made, stub


def run_killed(made: Bench, stub: BatchStub, killer: Killer) -> int:
    """One run of the command that `killer` may end; its exit status."""
    stub.at = killer.at
    with made.annotating() as process:
        return killer.watch(process)


def kill_batches(times: int, seed: int, outcome: Outcome) -> int:
    """Kill runs with `--batch` at seeded moments, over fresh stores; how often it was done."""
    rng = random.Random(seed)
    kills, stores = 0, 0
    while kills < times and not outcome.faults:
        stores += 1
        with batch_bench(DOCUMENTS, seed + stores) as (made, stub):
            kills += _killed_to_the_end(made, stub, rng, outcome)
            check_books(made, stub, DOCUMENTS, outcome)
    return kills


def _killed_to_the_end(made: Bench, stub: BatchStub, rng: random.Random, outcome: Outcome) -> int:
    kills = 0
    while store_facts(made.store).done < DOCUMENTS and not outcome.faults:
        delay = rng.uniform(0, MAX_DELAY) if rng.random() < 0.5 else 0.0
        code = run_killed(made, stub, Killer(rng.randint(1, MOST_MOMENTS), delay=delay))
        kills += code == -signal.SIGKILL
        last = made.said().strip().rpartition("\n")[2]
        outcome.expect(code in {0, -signal.SIGKILL}, f"exit status {code}: {last}")
    stub.at = lambda _: None
    made.annotate().check(outcome, clean=True)  # the last one may have been killed late
    return kills


def check_books(made: Bench, stub: BatchStub, documents: int, outcome: Outcome) -> None:
    """What the server was asked, and what the store has of it."""
    asked = [key for keys in stub.asked_for() for key in keys]
    facts = store_facts(made.store)
    twice = len(asked) - len(set(asked))
    outcome.expect(not twice, f"{twice} requests are in two batches")
    outcome.expect(not stub.direct, f"{len(stub.direct)} requests beside the batches")
    outcome.expect(facts.attempts == len(asked), f"{facts.attempts} attempts of {len(asked)}")
    outcome.expect(facts.done == documents, f"{facts.done} of {documents} documents done")
    outcome.expect(not facts.lettered, f"{facts.lettered} dead letters")
    outcome.expect(not facts.doubled, f"{facts.doubled} results of a document beyond the first")
    left = [path.name for path in made.folder.iterdir() if ".batch-" in path.name]
    outcome.expect(not left, f"files left beside the store: {left}")
