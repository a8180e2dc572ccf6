"""What a contestant's program is told, how its work is measured, what it reports."""

from __future__ import annotations

import gc
import json
import os
import re
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

KIB_PER_MB = 1024
TIMEOUT_SECONDS = 300.0  # of a connection as of an answer: on a busy machine nobody is to give up


@dataclass(frozen=True)
class Job:
    """What to do.

    url: base URL of the stub, up to and including `/v1`.
    documents, warm_up: how many count (numbers from 0), and how many before (those after).
    in_flight: requests at once.
    folder: an empty one, for whatever the contestant keeps on disk.
    option: tells apart contestants with one program.
    """

    url: str
    documents: int
    warm_up: int
    in_flight: int
    folder: str
    option: str

    @classmethod
    def read(cls) -> Self:
        """The job on standard input."""
        return cls(**json.load(sys.stdin))

    def dumps(self) -> str:
        """As `read` takes it."""
        return json.dumps(asdict(self))

    @property
    def counted(self) -> range:
        """Numbers of the documents that are measured."""
        return range(self.documents)

    @property
    def before(self) -> range:
        """Numbers of the documents that are not."""
        return range(self.documents, self.documents + self.warm_up)


@dataclass(frozen=True)
class Spent:
    """What the documents took together: seconds of CPU and on the clock; peak memory since the
    program began; how many records came out; which version of the package made them.
    """

    cpu_seconds: float
    wall_seconds: float
    peak_mb: float
    records: int
    version: str


class Meter:
    """Measures what happens inside its `with` block, in this process and in its children."""

    def __enter__(self) -> Self:
        gc.collect()  # what getting ready has left behind is not the documents'
        self._wall, self._cpu = time.perf_counter(), _cpu_seconds()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu_seconds = _cpu_seconds() - self._cpu
        self.wall_seconds = time.perf_counter() - self._wall

    def report(self, records: int, package: str) -> None:
        """Write what was measured to standard output."""
        spent = Spent(self.cpu_seconds, self.wall_seconds, _peak_mb(), records, version(package))
        sys.__stdout__.write(json.dumps(asdict(spent)) + "\n")  # type: ignore[union-attr]


def _cpu_seconds() -> float:
    """User and system time of this process, its ended children, and those that still run."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    running = sum(map(_seconds_of, _children()))
    return sum(one.ru_utime + one.ru_stime for one in used) + running


def _children() -> Iterable[int]:
    tasks = Path("/proc/self/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def _seconds_of(process: int) -> float:
    """User and system time of a running child and of those that it has waited for."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _peak_mb() -> float:
    """`ru_maxrss` would do, did it not begin with the memory of the process that started this."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / KIB_PER_MB if found else 0.0


async def at_once(
    work: Callable[[Any], Awaitable[int]], items: Iterable[Any], in_flight: int
) -> int:
    """Work on all items, so many at a time; the sum of what comes back."""
    import asyncio

    left = iter(items)

    async def worker() -> int:
        return sum([await work(item) for item in left])

    return sum(await asyncio.gather(*(worker() for _ in range(in_flight))))
