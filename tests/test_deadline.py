"""A stretch of work ends when its time is over, and when the run is to end."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import suppress

import pytest

from extractor.deadline import Deadline, hasten, relax
from extractor.errors import DocumentError, RunStopped


@pytest.fixture(autouse=True)
def _relaxed() -> Iterator[None]:
    yield
    relax()


def _forever() -> None:
    while True:
        pass


def _keeping_errors() -> None:
    with suppress(Exception):
        _forever()


def _hastened_late(late: bool) -> None:
    if late:
        hasten()
    _forever()


def test_python_code_that_hangs_is_ended() -> None:
    told = r"a\.txt: reading it took longer than 0\.05 s - raise"
    with pytest.raises(DocumentError, match=told), Deadline("a.txt", 0.05).running():
        _forever()


def test_a_pattern_that_hangs_is_ended() -> None:
    with pytest.raises(DocumentError), Deadline("a.txt", 0.05).running():
        re.match(r"(a+)+b", "a" * 60)


def test_a_handler_of_errors_does_not_keep_it() -> None:
    with pytest.raises(DocumentError), Deadline("a.txt", 0.05).running():
        _keeping_errors()


def test_the_time_is_that_of_all_stretches_together() -> None:
    deadline = Deadline("a.txt", 0.05)
    with pytest.raises(DocumentError), deadline.running():
        _forever()
    with pytest.raises(DocumentError), deadline.running():
        pass


def test_no_timer_is_left_behind() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with Deadline("a.txt", 60).running():
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    assert signal.getsignal(signal.SIGALRM) == before


@pytest.mark.parametrize("early", [True, False])
def test_a_run_that_is_to_end_stops_the_reading(
    early: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extractor.deadline.GRACE", 0.05)
    if early:
        hasten()
    with pytest.raises(RunStopped, match=r"a\.txt"), Deadline("a.txt").running():
        _hastened_late(not early)
