"""The server's book of what it received: one JSON line per request, whole at any moment."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TextIO

from tests.soak.plan import Kind


@dataclass(frozen=True)
class Entry:
    """One request.

    body: hash of its body; arrival: how often that body had come, from 1.
    prompt_tokens, completion_tokens: as the client could read them, 0 where it could not.
    started, ended: the system's monotonic clock, seconds; the same clock for every process.
    wait: seconds from `ended` for which the reply asked to send nothing.
    """

    body: str
    arrival: int
    kind: Kind
    status: int | None
    prompt_tokens: int
    completion_tokens: int
    started: float
    ended: float
    wait: float = 0.0

    def write(self, file: TextIO) -> None:
        """Append the entry; it survives whatever happens to the client."""
        file.write(json.dumps(vars(self)) + "\n")
        file.flush()


class Ledger:
    """Reads the book while it is written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries: list[Entry] = []
        self._read = 0

    def refresh(self) -> int:
        """Read what is new; the number of entries."""
        if self.path.exists():
            with self.path.open("rb") as file:
                file.seek(self._read)
                whole = file.read().rpartition(b"\n")[0]
            self._read += len(whole) + bool(whole)
            for line in whole.splitlines():
                content = json.loads(line)
                self.entries.append(Entry(**{**content, "kind": Kind(content["kind"])}))
        return len(self.entries)

    def kinds(self) -> Counter[str]:
        """How often each kind of reply was given."""
        return Counter(entry.kind.value for entry in self.entries)

    def repeats(self) -> list[tuple[Entry, Entry]]:
        """Requests sent again though answered well: the earlier answer and the later one."""
        paid: dict[str, list[Entry]] = defaultdict(list)
        for entry in sorted(self.entries, key=lambda entry: entry.started):
            if entry.kind is Kind.OK:
                paid[entry.body].append(entry)
        return [pair for same in paid.values() for pair in pairwise(same)]

    def early(self, slack: float) -> int:
        """Requests that came before a wait was over, `slack` seconds at either end not counted.

        What a client had sent before it could read the reply comes within the slack.
        """
        waits = [
            (entry.ended + slack, entry.ended + entry.wait - slack)
            for entry in self.entries
            if entry.wait > 2 * slack
        ]
        return sum(_within(entry.started, waits) for entry in self.entries)


def _within(moment: float, spans: Iterable[tuple[float, float]]) -> bool:
    return any(start < moment < end for start, end in spans)
