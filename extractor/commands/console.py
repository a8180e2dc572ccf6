"""How the commands talk: results on standard output, everything else on standard error."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from extractor.errors import ExtractorError, UsageError
from extractor.report.console import SafeConsole
from extractor.visible import visible

SOME_FAILED = 1
USAGE = 2
INTERRUPTED = 130


def standard_error() -> Console:
    """Console for progress and errors; plain text where it is not a terminal."""
    return SafeConsole(stderr=True, highlight=False, soft_wrap=True)


def print_error(console: Console, error: ExtractorError) -> None:
    """One line: which thing, what is wrong, what to do."""
    console.print(Text.assemble(("error:", "bold red"), " ", one_line(str(error))))


def one_line(text: str) -> str:
    """Text from outside for one line of a terminal; what acts on a terminal is shown as escapes."""
    return " ".join(visible(text).split())


def guarded(command: Callable[[], int]) -> int:
    """Run a command; an error on purpose becomes its one line and an exit status."""
    try:
        return command()
    except ExtractorError as error:
        print_error(standard_error(), error)
        return USAGE if isinstance(error, UsageError) else SOME_FAILED
