"""`extractor models`: what can be used here, why not the rest, and what a server takes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from rich.table import Table
from rich.text import Text

from extractor.commands.console import SOME_FAILED, guarded, one_line, standard_error
from extractor.models import available_models
from extractor.report.console import SafeConsole
from extractor.settings import load_settings

_STYLES = {True: "green", False: "red"}


def run_models(overrides: Mapping[str, object], name: str | None = None) -> int:
    """Print a row per model; or, of the model called `name`, how its server is asked.

    0, but 1 where that model gave no answer, and 2 where the settings are wrong.
    """
    return guarded(lambda: _print(overrides) if name is None else _probe(name, overrides))


def _print(overrides: Mapping[str, object]) -> int:
    """A line per model, however long: names are to be copied whole."""
    console = SafeConsole(soft_wrap=True, highlight=False)
    statuses = available_models(load_settings(overrides))
    width = max(len(one_line(status.name)) for status in statuses)
    for status in statuses:
        line = Text(one_line(status.name).ljust(width + 2))
        line.append("usable  " if status.usable else "not usable  ", _STYLES[status.usable])
        console.print(line.append(one_line(status.problem or status.detail)))
    return 0


def _probe(name: str, overrides: Mapping[str, object]) -> int:
    from extractor.models.probing import probe

    found = asyncio.run(probe(name, load_settings(overrides)))
    table = Table(title=Text(one_line(found.identity)), title_justify="left")
    table.add_column("what is sent", no_wrap=True)
    table.add_column("how", overflow="fold")
    for row in found.rows:
        table.add_row(*(Text(one_line(cell)) for cell in row))
    SafeConsole().print(table)
    if found.problem is None:
        return 0
    standard_error().print(one_line(found.problem), markup=False)
    return SOME_FAILED
