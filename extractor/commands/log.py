"""Where attempts go as JSON lines while a run goes on."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from extractor import attempt_log
from extractor.commands.console import one_line
from extractor.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console


class _File(logging.FileHandler):
    """Where it cannot be written it says so once, and the run goes on: the store has it all."""

    def __init__(self, path: Path, console: Console) -> None:
        super().__init__(path, encoding="utf-8")
        self._path = path
        self._console = console
        self._told = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - logging calls it
        if not self._told:
            self._told = True
            told = f"{self._path}: cannot be written ({sys.exc_info()[1]}) - going on without --log"
            self._console.print(one_line(told), markup=False)

    def close(self) -> None:
        with suppress(OSError):  # what could not be written is tried once more
            super().close()


@contextmanager
def log_to(path: Path | None, console: Console) -> Iterator[None]:
    """Attempts as JSON lines into a file; appended, because a run may be the second of its kind.

    Raises:
        UsageError: the file cannot be opened.
    """
    if path is None:
        yield
        return
    try:
        handler = _File(path, console)
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written ({error.strerror}) - give another --log"
        ) from None
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger(attempt_log.NAME)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()
