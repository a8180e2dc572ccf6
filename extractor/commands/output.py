"""Where extractions go as JSONL while a run goes on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from extractor.errors import UsageError
from extractor.output import Extraction
from extractor.store.exports import json_line


class Lines:
    """Where extractions go as JSONL; a line is on its way as soon as it is written.

    Args:
        on_failure: is told at once that the file cannot be written; the error itself comes at the
            end, when what is in flight is finished.
    """

    def __init__(self, file: TextIO, on_failure: Callable[[str], None]) -> None:
        self._file = file
        self._on_failure = on_failure
        self.failure: OSError | None = None
        self.written = False

    def add(self, extraction: Extraction) -> None:
        """Write one line; nothing more after a failure."""
        if self.failure is not None:
            return
        try:
            self._file.write(json_line(extraction))
            self.written = True
        except OSError as error:
            self.failure = error
            self._on_failure(f"-o: {error}")

    def close(self) -> None:
        """Close the file."""
        try:
            self._file.close()
        except OSError as error:
            self.failure = self.failure or error


@contextmanager
def output_lines(path: Path | None, on_failure: Callable[[str], None]) -> Iterator[Lines | None]:
    """A file beside `path` that takes its place at the end, whatever ends the run.

    Only a run that ends before its first line, or whose lines cannot be written, leaves an older
    file as it was. What is no regular file (a pipe, a device) is written to as it is.

    Raises:
        UsageError: the file cannot be written.
    """
    if path is None:
        yield None
        return
    special = path.exists() and not path.is_file()
    target = path if special else path.resolve()
    temporary = target if special else target.with_name(f".{target.name}.{os.getpid()}")
    with _writing(path):
        file = temporary.open("w", encoding="utf-8", buffering=1)
    lines = Lines(file, on_failure)
    complete = False
    try:
        yield lines
        complete = True
    finally:
        lines.close()
        with _writing(path):
            if not special and lines.failure is None and (complete or lines.written):
                temporary.replace(target)
            elif not special:
                temporary.unlink()
            if lines.failure is not None:
                raise lines.failure


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written ({error.strerror}) - give another -o"
        ) from None
