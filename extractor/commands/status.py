"""`extractor status`: how far a store is, what was given up, what was spent."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from extractor.commands.console import guarded, one_line
from extractor.commands.show import existing
from extractor.redaction import redacted
from extractor.report.console import SafeConsole
from extractor.store import Store
from extractor.store.status import Spent, Status, read_status
from extractor.visible import visible_json


def run_status(path: Path, *, as_json: bool) -> int:
    """Print the state of a store, which a run may be writing to."""
    return guarded(lambda: _print(path, as_json))


def _print(path: Path, as_json: bool) -> int:
    with Store(existing(path)) as store:
        status = read_status(store)
    console = SafeConsole(highlight=False, soft_wrap=True)
    if as_json:
        console.out(visible_json(redacted(json.dumps(asdict(status), ensure_ascii=False))))
        return 0
    for line in _lines(status):
        console.print(line, markup=False)
    if status.spent:
        console.print(_spent(status.spent))
    return 0


def _lines(status: Status) -> list[str]:
    given_up = sum(found.documents for found in status.given_up)
    results = ", ".join(f"{task} {count:,}" for task, count in status.results.items())
    lines = [f"documents: {status.documents:,} begun, {status.done:,} done, {given_up:,} given up"]
    if results:
        lines.append(f"results: {results}")
    for found in status.given_up:
        example = one_line(found.example)
        lines.append(f"given up: {found.documents:,} x {found.error} ({found.stage}): {example}")
    return lines


def _spent(spent: list[Spent]) -> Table:
    table = Table("model", "task", box=None, pad_edge=False)
    for name in ("attempts", "failed", "tokens in", "cached", "out", "seconds", "US$"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in spent:
        counts = (
            row.attempts,
            row.errors,
            row.prompt_tokens,
            row.cached_tokens,
            row.completion_tokens,
            row.seconds,
        )
        cells = [f"{count:,.0f}" for count in counts]
        table.add_row(one_line(row.model), row.task, *cells, _cost(row))
    return table


def _cost(row: Spent) -> str:
    if not row.unpriced:
        return f"{row.cost:,.4f}"
    return f"{row.cost:,.4f} + ?" if row.cost else "?"
