"""`extractor export`: the records of a store as files for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from extractor.assembly import stored_extractions
from extractor.commands.console import guarded, standard_error
from extractor.commands.show import existing
from extractor.errors import UsageError
from extractor.store import Store
from extractor.store.exports import Format, export


def run_export(path: Path, output: Path, format_: str | None) -> int:
    """Write every document's newest results to `output`; the format as its suffix says."""
    return guarded(lambda: _export(path, output, format_))


def _export(path: Path, output: Path, format_: str | None) -> int:
    chosen = _format(output, format_)
    with Store(existing(path)) as store:
        count = export(stored_extractions(store), output, chosen)
    standard_error().print(f"{output}: {count:,} documents", markup=False)
    return 0


def _format(output: Path, given: str | None) -> Format:
    name = given or output.suffix.removeprefix(".")
    for known in get_args(Format):
        if name == known:
            found: Format = known
            return found
    names = ", ".join(get_args(Format))
    where = f"--format {given}: unknown" if given else f"{output}: no format in its name"
    raise UsageError(f"{where} - give --format with one of: {names}")
