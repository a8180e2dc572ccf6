"""`python -m evals.comparisons.peers`: run what is missing, score, print and write the table."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.console import Console

from evals.comparisons.peers.configurations import HERE, OURS, System, all_systems
from evals.comparisons.peers.results import Result, Row, choose, row, save, table
from evals.comparisons.peers.runner import Answer, answer_all, questions, served
from extractor.commands.console import guarded
from extractor.errors import UsageError
from extractor.evaluation.gold import load_gold
from extractor.evaluation.suite import Case, load_documents, load_suite, match
from extractor.models.engine import require_engine
from extractor.models.weights import Weights, packaged_weights
from extractor.settings import load_settings

ROOT = HERE.parents[2]
EVALS, DEVELOPMENT, WORK = ROOT / "evals", ROOT / "evals" / "development", HERE / "work"
SEEDS = "seeds"
# One long and one short page each, so that all of it takes an evening and not a week.
INVENTED = {"tuning": ("d07", "d12"), "held-out": ("d13", "d22")}
SETS = ("tuning", SEEDS, "held-out")
STOPPED = 130


@dataclass(frozen=True)
class Choice:
    """What one run is about. Empty filters mean everything.

    limit: how many new answers to get at most. timeout: seconds for one page.
    """

    pages: tuple[str, ...]
    systems: tuple[str, ...]
    limit: int | None
    timeout: float

    @property
    def everything(self) -> bool:
        """Nothing is filtered."""
        return not self.pages and not self.systems

    def chosen_cases(self, cases: Iterable[Case]) -> list[Case]:
        """Pages whose name begins as asked."""
        return [
            case
            for case in cases
            if not self.pages or case.gold.document.name.startswith(self.pages)
        ]

    def chosen_systems(self, systems: Iterable[System]) -> list[System]:
        """Systems asked for by name, or by `name/configuration`."""
        wanted = set(self.systems)
        return [one for one in systems if not wanted or wanted & {one.name, one.label}]


class _Bench:
    """The weights, the answers kept so far, and how many may still be got."""

    def __init__(self, choice: Choice, weights: Weights, console: Console) -> None:
        self.choice = choice
        self.weights = weights
        self.console = console
        self.left = choice.limit

    def rows(self, systems: Sequence[System], cases: Sequence[Case]) -> list[Row]:
        """Get the missing answers; a row for each system that has all of them."""
        asked = questions(systems, cases, self.weights, WORK)
        timeout = self.choice.timeout
        missing = [one for one in asked if one.answer(timeout) is None][: self.left]
        if self.left is not None:
            self.left -= len(missing)
        asyncio.run(answer_all(missing, self.weights, WORK, timeout, self._report))
        found: list[Row] = []
        for system in systems:
            own = [one for one in asked if one.system == system]
            answers = {one.page: kept for one in own if (kept := one.answer(timeout))}
            if answers and len(answers) == len(own):
                found.append(row(cases, answers))
            elif own:
                self.console.print(f"{system.label}: {len(answers)} of {len(own)} pages answered")
        return found

    def _report(self, answer: Answer) -> None:
        told = answer.failure or f"{answer.seconds:.0f} s, {answer.tally.calls} calls"
        self.console.print(f"{answer.system}/{answer.configuration} {answer.page}: {told}")


def cases_of(name: str) -> list[Case]:
    """The labelled pages of a set: all seeds, or a few development pages.

    Raises:
        UsageError, DocumentError: gold or texts cannot be read.
    """
    if name == SEEDS:
        return list(load_suite(EVALS).cases)
    pages = INVENTED[name]
    files = sorted(path for page in pages for path in (DEVELOPMENT / "gold").glob(f"{page}_*.yaml"))
    golds = [(path, load_gold(path)) for path in files]
    documents = [
        document for path in files for document in load_documents(DEVELOPMENT / f"{path.stem}.txt")
    ]
    return match(golds, documents)


def compare(choice: Choice, console: Console) -> int:
    """Tune the peers, run their best configurations and the extractor on the other pages."""
    require_engine()
    cache = load_settings({}).cache_dir.expanduser()
    weights = packaged_weights(cache)
    bench = _Bench(choice, weights, Console(stderr=True, highlight=False, soft_wrap=True))
    systems = choice.chosen_systems(all_systems())
    if not systems:
        known = ", ".join(one.label for one in all_systems())
        raise UsageError(f"--systems: none of that name - use any of: {known}")
    sets: dict[str, list[Row]] = {}
    chosen: dict[str, str] = {}
    for name in SETS:
        cases = choice.chosen_cases(cases_of(name))
        found = bench.rows(systems, cases) if cases else []
        if found:
            sets[name] = found
        if name == "tuning" and choice.everything:
            if len(found) < len(systems):
                break
            chosen = choose(found)
            best = {OURS: "shipped", **chosen}
            systems = [one for one in systems if best.get(one.name) == one.configuration]
    result = Result(served=served(weights), timeout=choice.timeout, chosen=chosen, sets=sets)
    complete = bool(chosen) and all(len(sets.get(name, [])) == len(systems) for name in SETS[1:])
    folder = HERE if complete else WORK
    save(result, folder)
    console.print(table(result))
    console.print(f"Written: {folder.relative_to(ROOT)}/result.json, result.md")
    return 0


def main(
    pages: Annotated[list[str] | None, typer.Option(help="only pages that begin so (d12)")] = None,
    systems: Annotated[
        list[str] | None, typer.Option(help="only these: instructor, langextract/defaults ...")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="new answers at most")] = None,
    timeout: Annotated[float, typer.Option(min=1, help="seconds for one page")] = 900.0,
) -> None:
    """Compare. With a filter, with a limit or before all is answered, the result goes to work/."""
    choice = Choice(tuple(pages or ()), tuple(systems or ()), limit, timeout)
    console = Console(highlight=False, soft_wrap=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = guarded(lambda: compare(choice, console))
    except KeyboardInterrupt:
        console.print("Stopped. The same command goes on from here.")
        code = STOPPED
    raise typer.Exit(code)


if __name__ == "__main__":
    typer.run(main)
