"""`extractor models`: what can be used here, and why not the rest."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table
from rich.text import Text

from extractor.commands.console import guarded, one_line
from extractor.models import available_models
from extractor.report.console import SafeConsole
from extractor.settings import load_settings


def run_models(overrides: Mapping[str, object]) -> int:
    """Print a row per model; 0 always, unless the settings are wrong."""
    return guarded(lambda: _print(overrides))


def _print(overrides: Mapping[str, object]) -> int:
    table = Table("model", "usable", "where, or what is missing")
    for status in available_models(load_settings(overrides)):
        usable = "[green]yes[/]" if status.usable else "[red]no[/]"
        table.add_row(status.name, usable, Text(one_line(status.problem or status.detail)))
    SafeConsole().print(table)
    return 0
