"""A time limit for the work on one document that runs in this process and asks nobody.

Reading a text is pure Python and regular expressions, which both look for signals as they run, so
a timer's signal ends them wherever they are (`setitimer`, POSIX). It needs the main thread; in
another one (an actor of Ray) and on Windows there is no limit. See docs/decisions/011.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from extractor.errors import DocumentError, RunStopped

_AGAIN = 1.0  # seconds: Python drops an error that is raised in a destructor, so it is raised again
GRACE = 2.0  # seconds that a document's reading still has once the run is to end


class _Expired(BaseException):
    """The timer. No handler of errors within the reading may keep it."""


@dataclass
class _Process:
    """Signals and timers are the process's, so this is as well.

    running: the deadline under way, if any. hurried: the run is to end.
    """

    running: Deadline | None = None
    hurried: bool = False


_process = _Process()


class Deadline:
    """What is left of one document's time, over all stretches of work on it.

    Args:
        name: the document's, for the error.
        seconds: wall clock; None for no limit.
    """

    def __init__(self, name: str, seconds: float | None = None) -> None:
        self._name, self._seconds, self._left = name, seconds, seconds

    @contextmanager
    def running(self) -> Iterator[None]:
        """One stretch of work, without an `await` in it.

        Raises:
            DocumentError: the document's time is over.
            RunStopped: the run is to end (`hasten`), and the time of grace is over.
        """
        if _process.running is not None or not _has_timer():
            yield
            return
        begun = time.monotonic()
        before = signal.signal(signal.SIGALRM, _expire)
        _process.running = self
        try:
            self._start_timer()
            yield
        except _Expired:
            _process.running = None
            raise self._error() from None
        finally:
            _process.running = None
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            if self._left is not None:
                self._left -= time.monotonic() - begun

    def _start_timer(self) -> None:
        left = GRACE if _process.hurried else self._left
        if left is not None and left <= 0:
            raise _Expired
        if left is not None:
            signal.setitimer(signal.ITIMER_REAL, left, _AGAIN)

    def _error(self) -> Exception:
        if _process.hurried:
            return RunStopped(f"{self._name}: not finished - the same command reads it again")
        return DocumentError(
            self._name,
            f"reading it took longer than {self._seconds:g} s",
            "raise the setting document_seconds, or split the document",
        )


def hasten() -> None:
    """What is being read, and all that is read from now on, ends within `GRACE` or is stopped.

    For handlers of signals, which are called between two steps of the reading.
    """
    if not _process.hurried:
        _process.hurried = True
        if _process.running is not None:
            signal.setitimer(signal.ITIMER_REAL, GRACE, _AGAIN)


def relax() -> None:
    """The run that was to end has ended."""
    _process.hurried = False


def _expire(*_: object) -> None:
    if _process.running is not None:
        raise _Expired


def _has_timer() -> bool:
    main = threading.current_thread() is threading.main_thread()
    return main and hasattr(signal, "setitimer")
