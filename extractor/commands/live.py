"""The calm live view of a run: one line that says where it stands. Silent where nobody looks."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from extractor.asking import Step
from extractor.bulk import Gate

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

WINDOW_SECONDS = 60.0


class Live:
    """Documents done and failed, questions, tokens a minute, cost, time left.

    Args:
        total: documents to come, None where only the reading will tell.
        gate: knows what has been spent.
    """

    def __init__(self, console: Console, gate: Gate, total: int | None) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._gate = gate
        self._failed = 0
        self._open = 0
        self._recent: deque[tuple[float, int]] = deque()
        self._progress: Progress = Progress(
            TextColumn("{task.completed:.0f}" + (f"/{total}" if total else "") + " documents"),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[told]}"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._bar: TaskID = self._progress.add_task("", total=total, told="")

    def __enter__(self) -> Live:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if not self._progress.disable:  # else it would leave an empty line
            self._progress.stop()

    def report(self, step: Step) -> None:
        """A step of the pipeline: questions asked or answered, tokens used."""
        self._open += step.asked - step.answered
        if step.tokens and not self._progress.disable:  # only what is shown is forgotten again
            self._recent.append((time.monotonic(), step.tokens))
        self._show()

    def document_done(self, *, failed: bool) -> None:
        """Count a document."""
        self._failed += failed
        self._progress.update(self._bar, advance=1)
        self._show()

    def _show(self) -> None:
        if self._progress.disable:
            return
        parts = [f"{self._failed} failed", f"{self._open} questions open", self._rate()]
        if self._gate.spent.cost:
            parts.append(f"${self._gate.spent.cost:.2f}")
        self._progress.update(self._bar, told=", ".join(parts))

    def _rate(self) -> str:
        now = time.monotonic()
        while self._recent and self._recent[0][0] < now - WINDOW_SECONDS:
            self._recent.popleft()
        return f"{sum(tokens for _, tokens in self._recent):,} tokens/min"
