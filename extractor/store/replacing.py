"""Files that take the place of older ones whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(targets: Sequence[Path]) -> Iterator[list[Path]]:
    """Paths to write to, which take the places of `targets` together at the end of the block.

    They lie beside their targets. At the end they are brought to disk, renamed, and the renaming is
    brought to disk; where the block fails they are removed and every target is as it was. A target
    that is no regular file (a pipe, a device) is written to as it is.

    Raises:
        OSError: a target cannot be replaced.
    """
    final = [target if _is_special(target) else target.resolve() for target in targets]
    written = [
        target if _is_special(target) else target.with_name(f".{target.name}.{os.getpid()}")
        for target in final
    ]
    moves = [(path, target) for path, target in zip(written, final, strict=True) if path != target]
    try:
        yield written
        for path, _ in moves:
            _sync(path)
        for path, target in moves:
            path.replace(target)
        for folder in {target.parent for _, target in moves}:
            _sync(folder)
    finally:
        for path, _ in moves:
            path.unlink(missing_ok=True)


def _is_special(path: Path) -> bool:
    return path.exists() and not path.is_file()


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
