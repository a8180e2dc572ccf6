"""`extractor show`: the records in the store beside their evidence."""

from __future__ import annotations

from pathlib import Path

from extractor.assembly import stored_extraction
from extractor.commands.console import guarded
from extractor.errors import UsageError
from extractor.report.console import SafeConsole
from extractor.report.terminal import print_extraction
from extractor.store import Store


def run_show(name: str | None, store: Path) -> int:
    """Print the documents whose id is `name` or whose name has it; all without one."""
    return guarded(lambda: _print(name, store))


def _print(name: str | None, path: Path) -> int:
    console = SafeConsole(highlight=False)
    shown = 0
    with Store(existing(path)) as store:
        for document in store.documents():
            if name is None or name == document.id or name in document.name:
                print_extraction(console, document, stored_extraction(document, store))
                shown += 1
    if not shown:
        raise UsageError(f"{path}: no document {name or ''!r} with results - see `extractor show`")
    return 0


def existing(path: Path) -> Path:
    """The path of a store that is only read.

    Raises:
        UsageError: there is none.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such store - run `extractor annotate` first, or give another")
    return path
