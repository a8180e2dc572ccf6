"""How large one document may be, and what becomes of one that no reader foresaw."""

from __future__ import annotations

from collections.abc import Callable

from extractor.deadline import Deadline
from extractor.documents import Document
from extractor.errors import DocumentError, ExtractorError

MAX_BYTES = 5_000_000  # one document: a file, standard input, or one row of a .jsonl


def too_large(name: str) -> DocumentError:
    """The error for an input above the limit."""
    limit = f"{MAX_BYTES // 1_000_000} MB"
    return DocumentError(name, f"larger than {limit}", "split it into articles")


def read_or_refuse(name: str, read: Callable[[], Document], seconds: float | None) -> Document:
    """What `read` gives; whatever goes wrong in it is this input's error, and the others go on.

    Args:
        seconds: that it may take; None for no limit.

    Raises:
        DocumentError: the input cannot be read, or not in that time.
        RunStopped: the run is to end, see `extractor.deadline`.
    """
    try:
        with Deadline(name, seconds).running():
            return read()
    except (ExtractorError, OSError):
        raise
    except Exception as error:
        problem = f"cannot be read ({type(error).__name__}: {' '.join(str(error).split())})"
        raise DocumentError(name, problem, "save its article as plain text") from error
