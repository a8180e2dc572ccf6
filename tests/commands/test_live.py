"""The live view: one line for people at a terminal, nothing for anybody else."""

from __future__ import annotations

import io
import tracemalloc
from dataclasses import dataclass

import pytest
from rich.console import Console

from extractor.asking import Step
from extractor.bulk import Gate
from extractor.commands import live
from extractor.commands.live import WINDOW_SECONDS, Live


@dataclass
class Clock:
    """A clock that moves when told to."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(live, "time", found)
    return found


def console(*, terminal: bool = True) -> tuple[Console, io.StringIO]:
    screen = io.StringIO()
    return Console(file=screen, force_terminal=terminal, width=120), screen


@pytest.mark.usefixtures("clock")
def test_it_says_where_the_run_stands() -> None:
    told, screen = console()
    gate = Gate()
    with Live(told, gate, total=3) as view:
        view.report(Step(asked=5))
        view.report(Step(answered=1, tokens=1250, replies=1))
        gate.spent.cost = 0.5
        view.document_done(failed=False)
        view.document_done(failed=True)
    shown = screen.getvalue()
    assert "2/3 documents" in shown
    assert "1 failed, 4 questions open, 1,250 tokens/min, $0.50" in shown


@pytest.mark.usefixtures("clock")
def test_without_a_total_it_counts_what_is_done() -> None:
    told, screen = console()
    with Live(told, Gate(), total=None) as view:
        view.document_done(failed=False)
    assert "1 documents" in screen.getvalue()
    assert "$" not in screen.getvalue()


def test_tokens_are_those_of_the_last_minute(clock: Clock) -> None:
    told, screen = console()
    with Live(told, Gate(), total=1) as view:
        view.report(Step(answered=1, tokens=900))
        clock.now = WINDOW_SECONDS + 1
        view.report(Step(answered=1, tokens=100))
    assert ", 100 tokens/min" in screen.getvalue()
    assert ", 1,000 tokens/min" not in screen.getvalue()


def test_where_nobody_looks_it_writes_nothing() -> None:
    told, screen = console(terminal=False)
    with Live(told, Gate(), total=1) as view:
        view.report(Step(asked=1))
        view.document_done(failed=True)
    assert screen.getvalue() == ""


def test_a_run_that_nobody_watches_gathers_nothing() -> None:
    told, _ = console(terminal=False)
    with Live(told, Gate(), total=None) as view:
        step = Step(answered=1, tokens=1250, replies=1)
        tracemalloc.start()
        for _ in range(10_000):
            view.report(step)
        grown, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert grown < 10_000
