"""A folder with documents and settings, the stub server, and runs of `extractor annotate`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.soak import corpus
from tests.soak.ledger import Ledger
from tests.soak.plan import Plan

ROOT = Path(__file__).parents[2]
TICK_SECONDS = 0.05
QUIET_SECONDS = 180.0  # the first start on a busy machine takes a good part of a minute
PASS_OVER_SECONDS = 0.2  # for a document that is done already, on a busy machine
USAGE = 2
CRASH = "Traceback (most recent call last)"
SETTINGS: Mapping[str, int | float] = {
    "timeout_seconds": 15.0,  # far above what a busy machine needs, so that only stalls time out
    "transport_retries": 2,
    "validation_retries": 2,
    "concurrency": 50,
}


@dataclass
class Outcome:
    """What a bench found.

    figures: name -> what was counted or measured. faults: what should not be, one line each.
    """

    title: str
    figures: dict[str, object] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def expect(self, holds: bool, fault: str) -> None:
        """Note the fault unless the condition holds."""
        if not holds:
            self.faults.append(fault)

    def __str__(self) -> str:
        width = max(map(len, self.figures), default=0)
        lines = [f"  {name:<{width}}  {value}" for name, value in self.figures.items()]
        verdict = [f"  FAULT: {fault}" for fault in self.faults] or ["  all as it should be"]
        return "\n".join([self.title, *lines, *verdict])


@dataclass(frozen=True)
class Run:
    """One `extractor annotate` that has ended. code: as `subprocess` says it; said: its stderr."""

    code: int
    said: str
    hung: bool

    def check(self, outcome: Outcome, clean: bool = False) -> None:
        """Note a crash, a hang, or wrong usage; `clean`: any exit status but 0."""
        last = self.said.strip().rpartition("\n")[2][:300]
        outcome.expect(CRASH not in self.said, f"a crash: {last}")
        outcome.expect(not self.hung, f"a hang: {last}")
        well = self.code == 0 if clean else self.code >= 0 and self.code != USAGE
        outcome.expect(self.hung or well, f"exit status {self.code}: {last}")


class Bench:
    """The parts of one soak run; made by `bench`.

    options: of the command, beyond the usual ones.
    patience: seconds without a request or a write after which a run counts as hung.
    """

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.documents = folder / "documents.jsonl"
        self.store = folder / "store.db"
        self.ledger = Ledger(folder / "ledger.jsonl")
        self._environment = _environment(folder)
        self._url = url
        self.options: tuple[str, ...] = ()
        self.patience = QUIET_SECONDS

    def configure(self, **changed: float) -> None:
        """Write `extractor.toml`; `changed` settings stand above `SETTINGS`."""
        texts = {"model": "stub", "base_url": self._url, "api_key": "none-needed"}
        lines = [f'{name} = "{value}"' for name, value in texts.items()]
        lines += [f"{name} = {value}" for name, value in {**SETTINGS, **changed}.items()]
        (self.folder / "extractor.toml").write_text("\n".join(lines) + "\n")

    def write(self, count: int, seed: int, start: int = 0, broken_every: int = 0) -> int:
        """Write the documents to annotate; the number of rows."""
        rows = corpus.write(self.documents, corpus.rows(count, seed, start), broken_every)
        self.patience = QUIET_SECONDS + PASS_OVER_SECONDS * rows
        return rows

    @contextmanager
    def annotating(self) -> Iterator[subprocess.Popen[bytes]]:
        """A running annotation in a session of its own; nothing of it outlives the block."""
        with self._said.open("wb") as said:
            process = subprocess.Popen(
                self._command(),
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            _end_session(process)

    def annotate(self, tick: Callable[[int], None] = lambda _: None) -> Run:
        """Annotate to the end, or until nothing has moved for `patience` seconds.

        Args:
            tick: called some times a second with the process's id.
        """
        with self.annotating() as process:
            moved, before = time.monotonic(), -1
            while process.poll() is None:
                tick(process.pid)
                now = self.ledger.refresh() + _size(self.store)
                if now != before:
                    moved, before = time.monotonic(), now
                if time.monotonic() - moved > self.patience:
                    return Run(0, self.said(), hung=True)
                time.sleep(TICK_SECONDS)
            self.ledger.refresh()
            return Run(process.returncode, self.said(), hung=False)

    def settle(self) -> None:
        """Wait until the server has read what ended processes sent; it reads as things come in."""
        httpx.get(f"{self._url}/models", timeout=QUIET_SECONDS, trust_env=False)

    def said(self) -> str:
        """What the last annotation wrote on standard output and standard error."""
        return self._said.read_text(encoding="utf-8", errors="replace")

    @property
    def _said(self) -> Path:
        return self.folder / "said.txt"

    def _command(self) -> list[str | Path]:
        program = Path(sys.executable).with_name("extractor")
        options: list[str | Path] = ["--store", self.store, "--records", "figures"]
        return [program, "annotate", self.documents, *options, *self.options]


@contextmanager
def bench(plan: Plan, **settings: float) -> Iterator[Bench]:
    """A bench in a temporary folder, its server running."""
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        ledger = str(folder / "ledger.jsonl")
        with serving("tests.soak.server", plan.dumps(), ledger) as url:
            made = Bench(folder, f"{url}/v1")
            made.configure(**settings)
            yield made


@contextmanager
def serving(module: str, *arguments: str) -> Iterator[str]:
    """The URL of a server program, which prints its port and ends with its standard input."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the bench
    ) as server:
        assert server.stdin and server.stdout
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.stdin.close()


def _environment(folder: Path) -> dict[str, str]:
    """This process's, without anything that would change the settings or leave the loopback."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("EXTRACTOR_") and name != "OPENAI_API_KEY"
    }
    home = str(folder / "config")
    return {**kept, "XDG_CONFIG_HOME": home, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}


def _end_session(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the session that `process` leads, its children included."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _size(store: Path) -> int:
    files = (store, store.with_name(f"{store.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
