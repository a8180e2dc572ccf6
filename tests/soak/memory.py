"""Memory of a long run without faults: its peak, and whether it grows with the documents."""

from __future__ import annotations

import time
from pathlib import Path

from tests.soak.bench import Outcome, bench
from tests.soak.plan import Plan
from tests.soak.store_facts import store_facts

PEAK_MB = 250.0
SLOPE_MB = 20.0
PER_DOCUMENTS = 100_000
SAMPLE_SECONDS = 0.5
KIB_PER_MB = 1024


def run_memory(documents: int, seed: int) -> Outcome:
    """Annotate, sample resident memory, and fit a line through the second half of the run."""
    outcome = Outcome(f"memory: {documents} documents, seed {seed}")
    samples: list[tuple[int, float]] = []
    with bench(Plan(seed)) as made:
        made.write(documents, seed)
        next_sample = 0.0

        def sample(process: int) -> None:
            nonlocal next_sample
            if time.monotonic() >= next_sample:
                next_sample = time.monotonic() + SAMPLE_SECONDS
                samples.append((len(made.ledger.entries), resident_mb(process)))

        start = time.monotonic()
        made.annotate(sample).check(outcome, clean=True)
        seconds = time.monotonic() - start
        done, asked = store_facts(made.store).done, len(made.ledger.entries)
    outcome.expect(done == documents, f"{done} documents done")
    at = [(documents * count / max(1, asked), memory) for count, memory in samples]
    peak, grows = max(memory for _, memory in at), slope(at, documents)
    outcome.figures.update(
        {
            "done": done,
            "seconds": f"{seconds:.0f} ({documents / seconds:.1f} documents a second)",
            "peak": f"{peak:.0f} MB (limit {PEAK_MB:.0f})",
            "slope": f"{grows:+.1f} MB per {PER_DOCUMENTS} documents (limit {SLOPE_MB:.0f})",
        }
    )
    outcome.expect(peak <= PEAK_MB, f"peak {peak:.0f} MB")
    outcome.expect(grows <= SLOPE_MB, f"slope {grows:+.1f} MB per {PER_DOCUMENTS} documents")
    return outcome


def slope(samples: list[tuple[float, float]], documents: int) -> float:
    """Least squares over the second half of (documents so far, MB): MB per `PER_DOCUMENTS`."""
    late = [(x, y) for x, y in samples if x >= documents / 2]
    mean_x = sum(x for x, _ in late) / max(1, len(late))
    spread = sum((x - mean_x) ** 2 for x, _ in late)
    if not spread:
        return 0.0
    return sum((x - mean_x) * y for x, y in late) / spread * PER_DOCUMENTS


def resident_mb(process: int) -> float:
    """Resident memory of a process and all below it; 0 once it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
        tasks = Path(f"/proc/{process}/task").iterdir()
        children = [child for task in tasks for child in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    found = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")]
    return sum(found) / KIB_PER_MB + sum(resident_mb(int(child)) for child in children)
