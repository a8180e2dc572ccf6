"""CPU per document beside other tools: the same documents, the same server, one run.

Every contestant works in a process of its own, started anew for each round; the rounds go round
robin, in another order each time, so that what else the machine does falls on all alike. Counted is
the CPU of that process and its children from the first document to the last, after the imports and
after some documents that do not count. The server's CPU is not.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import ExtractorError
from tests.soak.adapters.metering import Job, Spent
from tests.soak.adapters.task import RECORDS_EACH
from tests.soak.bench import ROOT, Outcome, serving

ENVIRONMENTS = ROOT / "evals" / "comparisons" / "peers" / "work"
IN_FLIGHT = 100
WARM_UP = 100  # documents at most, one for each connection
ROUNDS = 5
MOST_PROBES = 5  # requests by which a contestant finds out what the server can do
LATENCY_SECONDS = 0.5  # long enough for so many requests to be open at once
PATIENCE_SECONDS = 3600.0  # another program may have the machine
PATIENCE_PER_DOCUMENT = 0.2
YARDSTICK = "instructor"
HEADER = ("ms/document", f"x {YARDSTICK}", "wall", "peak MB", "open", "version")
WIDTHS = (20, 12, 8, 8, 5, 10)


@dataclass(frozen=True)
class Contestant:
    """Who takes part.

    adapter: its module in `tests.soak.adapters`, `_adapter` left out. option: for that module.
    form: how it wants its answers, see `tests.soak.canned`.
    environment: name of the requirements that it runs in; None for this interpreter.
    """

    name: str
    adapter: str
    form: str = "plain"
    option: str = ""
    environment: str | None = None


CONTESTANTS = (
    Contestant("extractor", "extractor", "chosen", "store"),
    Contestant("extractor, no store", "extractor", "chosen"),
    Contestant("openai", "openai"),
    Contestant("instructor", "instructor"),
    Contestant("langextract", "langextract", "extractions", environment="langextract"),
    Contestant("curator", "curator", environment="curator"),
)


@dataclass(frozen=True)
class Lap:
    """One round of one contestant: what it spent, and what the server saw."""

    spent: Spent
    requests: int
    most_open: int


def run_peers(
    documents: int,
    seed: int,
    contestants: Sequence[Contestant] = CONTESTANTS,
    rounds: int = ROUNDS,
) -> Outcome:
    """Let all work on the same documents, round after round, and compare."""
    outcome = Outcome(f"peers: {documents} documents, {rounds} rounds, {IN_FLIGHT} in flight")
    pythons = _pythons(contestants, outcome)
    taking_part = [one for one in contestants if one.name in pythons]
    laps: dict[str, list[Lap]] = {one.name: [] for one in taking_part}
    rng = random.Random(seed)
    served = documents + _warm_up(documents)
    with serving("tests.soak.canned", str(LATENCY_SECONDS), str(served)) as server:
        for _ in range(rounds):
            for one in rng.sample(taking_part, len(taking_part)):
                try:
                    laps[one.name].append(_lap(one, pythons[one.name], server, documents))
                except ExtractorError as error:
                    outcome.faults.append(str(error))
    report(outcome, laps, documents)
    return outcome


def report(outcome: Outcome, laps: Mapping[str, Sequence[Lap]], documents: int) -> None:
    """Put the table into the outcome, and what was not as it should be."""
    yard = _median_ms(laps.get(YARDSTICK, ()), documents)
    outcome.figures[""] = _row(HEADER)
    for name, found in laps.items():
        if found:
            outcome.figures[name] = _row(_cells(found, documents, yard))
        for lap in found:
            records = lap.spent.records
            wanted = RECORDS_EACH * documents
            outcome.expect(records == wanted, f"{name}: {records} records instead of {wanted}")
            asked, seen = documents + _warm_up(documents), lap.requests
            once = asked <= seen <= asked + MOST_PROBES
            outcome.expect(once, f"{name}: {seen} requests for {asked} documents")


def _cells(laps: Sequence[Lap], documents: int, yard: float | None) -> Sequence[str]:
    spent = [lap.spent for lap in laps]
    each = [one.cpu_seconds * 1000 / documents for one in spent]
    median = statistics.median(each)
    wall = statistics.median(one.wall_seconds * 1000 / documents for one in spent)
    return (
        f"{median:.2f} [{min(each):.2f}-{max(each):.2f}]",
        f"{median / yard:.2f}" if yard else "-",
        f"{wall:.2f}",
        f"{max(one.peak_mb for one in spent):.0f}",
        f"{max(lap.most_open for lap in laps)}",
        spent[0].version,
    )


def _median_ms(laps: Sequence[Lap], documents: int) -> float | None:
    times = [lap.spent.cpu_seconds * 1000 / documents for lap in laps]
    return statistics.median(times) if times else None


def _row(cells: Sequence[str]) -> str:
    return " ".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True))


def _pythons(contestants: Sequence[Contestant], outcome: Outcome) -> dict[str, Path]:
    """The interpreter of each; whose environment cannot be made is left out, and named."""
    from evals.comparisons.peers.environments import python_for

    found = {one.name: Path(sys.executable) for one in contestants}
    for one in contestants:
        if one.environment is not None:
            try:
                found[one.name] = python_for(one.environment, ENVIRONMENTS)
            except ExtractorError as error:
                outcome.faults.append(f"left out - {error}")
                del found[one.name]
    return found


def _warm_up(documents: int) -> int:
    return min(WARM_UP, documents)


def _lap(contestant: Contestant, python: Path, server: str, documents: int) -> Lap:
    """Raises ExtractorError where the contestant does not come to its end."""
    _seen(server)  # what is left of the one before
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        url = f"{server}/{contestant.form}/v1"
        warm_up = _warm_up(documents)
        job = Job(url, documents, warm_up, IN_FLIGHT, folder, contestant.option)
        spent = _spent(contestant, python, job)
    seen = _seen(server)
    return Lap(spent, seen["requests"], seen["most_open"])


def _spent(contestant: Contestant, python: Path, job: Job) -> Spent:
    module = f"tests.soak.adapters.{contestant.adapter}_adapter"
    try:
        done = subprocess.run(
            [python, "-m", module],
            input=job.dumps(),
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env=_environment(Path(job.folder)),
            timeout=PATIENCE_SECONDS + PATIENCE_PER_DOCUMENT * job.documents,
        )
        return Spent(**json.loads(done.stdout))
    except subprocess.SubprocessError as error:
        said = getattr(error, "stderr", None) or str(error)
        words = " ".join(str(said).split())[-300:]
    raise ExtractorError(f"{contestant.name}: it ended early ({words}) - run {module} by itself")


def _environment(home: Path) -> dict[str, str]:
    """This process's, with nothing that changes settings, reports anywhere, or finds old work."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EXTRACTOR_")}
    local = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "PYTHONUTF8": "1"}
    return {**kept, **local, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config")}


def _seen(server: str) -> dict[str, int]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{server}/seen") as reply:
        found: dict[str, int] = json.load(reply)
    return found
