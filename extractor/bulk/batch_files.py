"""The files of batches, which lie beside the store until the server has them."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path
from typing import IO, Any

from extractor.errors import StoreError

ENDING = ".jsonl"
UNFINISHED = "unfinished"
DOWNLOAD = "download"
NAME_BYTES = 8  # of chance: two batches of the same requests have different names


@dataclass(frozen=True)
class Sizes:
    """How large one batch may be. The API takes 50,000 requests and 200 MB."""

    requests: int = 50_000
    bytes: int = 190_000_000


class BatchFiles:
    """The folder's files that belong to one store; only the one writer of the store has these.

    Args:
        store: path of the store's file.
    """

    def __init__(self, store: Path) -> None:
        self._folder = store.resolve().parent
        self._prefix = f".{store.resolve().name}.batch-"

    def path(self, name: str) -> Path:
        """Where the batch called `name` is written."""
        return self._folder / f"{self._prefix}{name}{ENDING}"

    def sweep(self, kept: Set[str]) -> None:
        """Remove what a process that was killed has left, except the batches called `kept`."""
        for path in self._folder.glob(f"{escape(self._prefix)}*{ENDING}"):
            if path.name.removeprefix(self._prefix).removesuffix(ENDING) not in kept:
                path.unlink(missing_ok=True)


@dataclass
class Gathered:
    """What is in a batch that is being written: keys of calls, and its upper ends."""

    calls: dict[str, None] = field(default_factory=dict)
    bytes: int = 0
    tokens: int = 0
    cost: float = 0.0


class BatchWriter:
    """Writes requests into the file of one batch.

    Raises:
        StoreError: the file cannot be written.
    """

    def __init__(self, files: BatchFiles, sizes: Sizes) -> None:
        self._files = files
        self._sizes = sizes
        self._file: IO[bytes] | None = None
        self.gathered = Gathered()

    def fits(self, line: bytes) -> bool:
        """True where the batch is not too large for another line."""
        few = len(self.gathered.calls) < self._sizes.requests
        return few and self.gathered.bytes + len(line) <= self._sizes.bytes

    def add(self, call: str, line: bytes, tokens: int, cost: float) -> None:
        """Write the line of a call, which takes so much at most."""
        try:
            if self._file is None:
                self._file = self._files.path(UNFINISHED).open("wb")
            self._file.write(line)
        except OSError as error:
            raise _unwritable(self._files.path(UNFINISHED), error) from error
        self.gathered.calls[call] = None
        self.gathered.bytes += len(line)
        self.gathered.tokens += tokens
        self.gathered.cost += cost

    def finish(self) -> tuple[str, Gathered] | None:
        """Bring the file to disk under the batch's name; that name and content, None if empty."""
        gathered, file = self.gathered, self._file
        if file is None:
            return None
        digest = hashlib.sha256("".join(gathered.calls).encode())
        name = f"{digest.hexdigest()[:16]}-{secrets.token_hex(NAME_BYTES)}"
        try:
            file.flush()
            os.fsync(file.fileno())
            self.close()
            self._files.path(UNFINISHED).replace(self._files.path(name))
        except OSError as error:
            raise _unwritable(self._files.path(name), error) from error
        self.gathered = Gathered()
        return name, gathered

    def close(self) -> None:
        """Close the file. What was finished is on disk; the rest is worth nothing."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None


def line_of(call: str, request: Mapping[str, Any]) -> bytes:
    """One line of a batch's file."""
    return json.dumps({"custom_id": call, **request}).encode() + b"\n"


def lines_in(path: Path) -> Iterator[tuple[str, str] | None]:
    """Calls and lines of an output or error file; None for a line that cannot be read."""
    with path.open("rb") as file:
        for line in file:
            if line.strip():
                yield _named(line)


def _named(line: bytes) -> tuple[str, str] | None:
    try:
        text = line.decode().strip()
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    call = found.get("custom_id") if isinstance(found, dict) else None
    return (call, text) if isinstance(call, str) else None


@contextmanager
def written(path: Path) -> Iterator[None]:
    """A failure to write `path` becomes a StoreError, and takes no room any more."""
    try:
        yield
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{path}: cannot be written ({error.strerror}) - free room or give another --store"
    )
