"""Where extractions go as JSONL while a run goes on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from extractor.errors import UsageError
from extractor.output import Extraction


class Lines:
    """Where extractions go as JSONL; a line is on its way as soon as it is written."""

    def __init__(self, path: Path, file: TextIO) -> None:
        self._path = path
        self._file = file
        self.written = False

    def add(self, extraction: Extraction) -> None:
        """Write one line."""
        with _writing(self._path):
            self._file.write(extraction.model_dump_json() + "\n")
        self.written = True


@contextmanager
def output_lines(path: Path | None) -> Iterator[Lines | None]:
    """A file beside `path` that takes its place at the end, whatever ends the run.

    Only a run that ends before its first line leaves an older file as it was. What is no regular
    file (a pipe, a device) is written to as it is.
    """
    if path is None:
        yield None
        return
    special = path.exists() and not path.is_file()
    target = path if special else path.resolve()
    temporary = target if special else target.with_name(f".{target.name}.{os.getpid()}")
    with _writing(path):
        file = temporary.open("w", encoding="utf-8", buffering=1)
    lines = Lines(path, file)
    complete = False
    try:
        yield lines
        complete = True
    finally:
        with _writing(path):
            file.close()
            if not special and (complete or lines.written):
                temporary.replace(target)
            elif not special:
                temporary.unlink()


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written ({error.strerror}) - give another -o"
        ) from None
