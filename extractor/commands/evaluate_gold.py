"""`extractor eval gate`, `lint` and `agreement`: floors, checked labels, two annotators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from extractor.commands.console import SOME_FAILED, guarded
from extractor.commands.evaluate import constant, recorded, require_extra, wide_console
from extractor.errors import UsageError
from extractor.report.console import SafeConsole

if TYPE_CHECKING:
    from extractor.evaluation.gate import Floors
    from extractor.evaluation.gold import Gold
    from extractor.evaluation.lint import Labels
    from extractor.evaluation.results import Result
    from extractor.evaluation.suite import Suite


def run_gate(folder: Path, *, higher: bool, lower: bool) -> int:
    """Hold the suite's recordings, and the pipeline with constant answers, against the floors.

    Returns 1 for a score below its floor, a broken hard limit, or floors of another gold.
    """
    return guarded(lambda: _gate(folder, higher, lower))


def _gate(folder: Path, higher: bool, lower: bool) -> int:
    require_extra()
    from extractor.evaluation.gate import load_floors, measured, save_floors, updated
    from extractor.evaluation.runner import make_result
    from extractor.evaluation.suite import load_suite

    suite = load_suite(folder)
    found = [constant(suite), *recorded(suite)]
    result = make_result(suite, [system for system, _ in found])
    floors = load_floors(suite.floors)
    now = measured(result, [system.name for system, _ in found])
    problems = [*_broken(result), *_unmet(suite, floors, now, higher, lower)]
    console = SafeConsole(highlight=False, soft_wrap=True)
    for problem in problems:
        console.print(Text(problem, style="red"))
    if problems:
        return SOME_FAILED
    if higher or lower:
        save_floors(updated(floors, now, higher=higher, lower=lower), suite.floors)
        console.print(Text(f"{suite.floors}: written"))
    else:
        console.print(Text(f"{suite.name}: no score below its floor, no limit broken"))
    return 0


def _broken(result: Result) -> list[str]:
    """Recordings that lack answers, and broken hard limits; no option lets them pass."""
    stale = [f"{s.name}: {s.skipped}" for s in result.systems if s.skipped and not s.baseline]
    return stale + [
        f"{system.name}: hard limit: {fault}"
        for system in result.systems
        for run in system.runs
        for fault in run.checks.faults
    ]


def _unmet(suite: Suite, floors: Floors, now: Floors, higher: bool, lower: bool) -> list[str]:
    from extractor.evaluation.gate import changed, falls

    if not floors.systems:
        first = f"{suite.floors}: no floors yet - set them with `extractor eval gate --raise`"
        return [] if higher else [first]
    if (moved := changed(floors, now)) and not (higher and lower):
        return [
            f"{suite.floors}: {' and '.join(moved)} changed since these floors were set - "
            "set them anew with `extractor eval gate --raise --lower`"
        ]
    if lower:
        return []
    return [f"{fall} - mend it, or accept it with --lower" for fall in falls(floors, now)]


def run_lint(paths: Sequence[Path], folder: Path) -> int:
    """Check gold files against the suite's documents and label sets; 1 where anything is found."""
    return guarded(lambda: _lint(paths, folder))


def _lint(paths: Sequence[Path], folder: Path) -> int:
    require_extra()
    from extractor.evaluation.lint import Labels
    from extractor.evaluation.suite import find_document, load_documents, load_golds, suite_file

    given = suite_file(folder)
    documents = load_documents(folder / given.documents)
    labels = Labels(given.labels.measures, given.labels.event_kinds, given.labels.tactics)
    golds = [one for path in paths or [folder / given.gold] for one in load_golds(path)]
    console = SafeConsole(highlight=False, soft_wrap=True)
    count = 0
    for file, gold in golds:
        for line in _findings(gold, find_document(file, gold, documents).text, labels):
            console.print(Text(f"{file}: {line}"))
            count += 1
    console.print(Text(f"{len(golds)} gold files, {count} findings"))
    return SOME_FAILED if count else 0


def _findings(gold: Gold, text: str, labels: Labels) -> Iterator[str]:
    from extractor.evaluation.lint import lint, uncovered

    for found in lint(gold, text, labels):
        yield f"{found.where}: {found.check}: {found.problem}"
    for passed in uncovered(gold, text):
        place = f"{passed.span.start}:{passed.span.end}"
        yield f"{place}: {passed.kind} {passed.span.text!r} - label it, or dismiss it with a reason"


def run_agreement(first: Path, second: Path) -> int:
    """Print how far two labelling passes agree, over the documents that both have."""
    return guarded(lambda: _agreement(first, second))


def _agreement(first: Path, second: Path) -> int:
    require_extra()
    from extractor.evaluation.runner import passes_agreement
    from extractor.report.evaluation_tables import print_agreement

    found = passes_agreement(first, second)
    if found is None:
        raise UsageError(f"{first} and {second}: no document labelled in both - give two passes")
    print_agreement(wide_console(), found)
    return 0
