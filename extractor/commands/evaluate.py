"""`extractor eval run`, `record` and `compare`: scores, recordings, two results side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from extractor.asking import Step
from extractor.commands.console import INTERRUPTED, SOME_FAILED, guarded, standard_error
from extractor.errors import ModelUnavailable, UsageError
from extractor.models import ScriptedModel, open_model
from extractor.report.console import SafeConsole
from extractor.settings import load_settings
from extractor.tasks import TASKS

if TYPE_CHECKING:
    from extractor.evaluation.results import Result, System
    from extractor.evaluation.runner import Outcome
    from extractor.evaluation.suite import Suite

REQUIRED = ("numpy", "scipy", "krippendorff")
NARROWEST = 122  # columns of the widest table; a pipe has no width of its own


@dataclass(frozen=True)
class EvalJob:
    """What the user asked for.

    overrides: settings of the live model; `outputs`: stored extractions in its place. With neither
    the suite's recordings are replayed.
    output, html: files to write.
    """

    suite: Path
    overrides: Mapping[str, object]
    outputs: tuple[Path, ...] = ()
    repeat: int = 1
    output: Path | None = None
    html: Path | None = None


def run_eval(job: EvalJob) -> int:
    """Score the systems and print the table; 1 where a document failed or a limit is broken."""
    return guarded(lambda: _interruptible(job))


def _interruptible(job: EvalJob) -> int:
    try:
        return _run(job)
    except KeyboardInterrupt:
        standard_error().print("Stopped. `extractor eval record` keeps what was answered.")
        return INTERRUPTED


def require_extra() -> None:
    """Raise UsageError where the packages of the scorer are missing."""
    missing = [name for name in REQUIRED if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"eval needs {', '.join(missing)} - install them: pip install 'extractor[eval]'"
        )


def _run(job: EvalJob) -> int:
    require_extra()
    from extractor.evaluation.results import save_result, write_text
    from extractor.evaluation.runner import make_result
    from extractor.evaluation.suite import load_suite
    from extractor.report.evaluation import evaluation_page
    from extractor.report.evaluation_tables import print_result

    if job.repeat > 1 and job.overrides.get("model") is None:
        raise UsageError("--repeat: only a live model answers anew each time - give --model")
    suite = load_suite(job.suite)
    found = [*baselines(suite), *_asked(job, suite)]
    result = make_result(suite, [system for system, _ in found])
    print_result(wide_console(), result)
    if job.output:
        save_result(result, job.output)
    if job.html:
        given = {system.name: one.predictions for system, one in found if one is not None}
        write_text(job.html, evaluation_page(suite, result, given))
    return SOME_FAILED if _failures(result) else 0


def wide_console() -> Console:
    """Standard output, wide enough for the tables where it is no terminal."""
    console = SafeConsole(highlight=False)
    return console if console.is_terminal else SafeConsole(highlight=False, width=NARROWEST)


def _failures(result: Result) -> bool:
    """A system under test (no baseline) did not run, failed on a document or broke a limit."""
    tested = [system for system in result.systems if not system.baseline]
    runs = [run for system in tested for run in system.runs]
    return any(system.skipped for system in tested) or any(
        run.score.failed or run.score.unscored or run.checks.faults for run in runs
    )


def baselines(suite: Suite) -> list[tuple[System, Outcome | None]]:
    """The three baselines, each with what it gave; one that cannot run says why."""
    from extractor.evaluation import baselines as base
    from extractor.evaluation.runner import Outcome

    found: list[tuple[System, Outcome | None]] = [
        _system(suite, base.EMPTY, "no records", [Outcome(base.empty_predictions(suite.cases))])
    ]
    detail = "quantulum3 and regular expressions"
    if missing := base.quantulum_missing():
        found.append((_skipped(base.QUANTULUM, detail, missing), None))
    else:
        given = Outcome(base.quantulum_predictions(suite.cases))
        found.append(_system(suite, base.QUANTULUM, detail, [given]))
    return [*found, constant(suite)]


def constant(suite: Suite) -> tuple[System, Outcome | None]:
    """The pipeline with a model that always says the same."""
    from extractor.evaluation.baselines import CONSTANT, constant_answer
    from extractor.evaluation.runner import run_model

    model = ScriptedModel(constant_answer, identity=CONSTANT)
    given = asyncio.run(run_model(suite.cases, model, tuple(TASKS)))
    return _system(suite, CONSTANT, "the pipeline with constant answers", [given])


def _system(
    suite: Suite, name: str, detail: str, outcomes: Sequence[Outcome], *, baseline: bool = True
) -> tuple[System, Outcome | None]:
    from extractor.evaluation.results import System
    from extractor.evaluation.runner import score_run

    runs = [score_run(suite, outcome) for outcome in outcomes]
    return System(name=name, detail=detail, baseline=baseline, runs=runs), outcomes[0]


def _skipped(name: str, detail: str, reason: str, *, baseline: bool = True) -> System:
    from extractor.evaluation.results import System

    return System(name=name, detail=detail, baseline=baseline, skipped=reason)


def _asked(job: EvalJob, suite: Suite) -> list[tuple[System, Outcome | None]]:
    """The systems under test: stored outputs, a live model, else the recordings."""
    from extractor.evaluation.runner import read_outputs

    if job.outputs:
        return [
            _system(suite, path.stem, str(path), [read_outputs(suite.cases, path)], baseline=False)
            for path in job.outputs
        ]
    if job.overrides.get("model") is not None:
        return [asyncio.run(_live(job, suite))]
    return recorded(suite)


def recorded(suite: Suite) -> list[tuple[System, Outcome | None]]:
    """Every recording of the suite, replayed; a named gap where there is none."""
    paths = sorted(suite.recorded.glob("*.jsonl"))
    if not paths:
        reason = f"no recording in {suite.recorded} - `extractor eval record --model NAME`"
        return [(_skipped("recorded", "a model's recorded answers", reason), None)]
    return [_replayed(suite, path) for path in paths]


def _replayed(suite: Suite, path: Path) -> tuple[System, Outcome | None]:
    """One recording; one that lacks answers is a system that could not be run."""
    from extractor.evaluation.recorded import load_recorded
    from extractor.evaluation.runner import run_model

    model = load_recorded(path)
    detail = f"{model.identity}, recorded"
    try:
        given = asyncio.run(run_model(suite.cases, model, tuple(TASKS)))
    except ModelUnavailable as error:
        return _skipped(path.stem, detail, str(error), baseline=False), None
    return _system(suite, path.stem, detail, [given], baseline=False)


async def _live(job: EvalJob, suite: Suite) -> tuple[System, Outcome | None]:
    from extractor.evaluation.runner import run_model

    settings = load_settings(job.overrides)
    with _Progress() as progress:
        async with open_model(settings.model, settings) as model:
            outcomes = [
                await run_model(suite.cases, model, tuple(TASKS), progress.report)
                for _ in range(job.repeat)
            ]
            detail = f"{model.identity}, live"
    return _system(suite, settings.model, detail, outcomes, baseline=False)


def run_record(folder: Path, overrides: Mapping[str, object]) -> int:
    """Ask the live model the suite's questions and keep its answers; what is kept is not asked."""
    return guarded(lambda: asyncio.run(_record(folder, overrides)))


async def _record(folder: Path, overrides: Mapping[str, object]) -> int:
    require_extra()
    from extractor.evaluation.recorded import RecordingModel, load_recorded
    from extractor.evaluation.runner import run_model
    from extractor.evaluation.suite import load_suite

    suite, settings = load_suite(folder), load_settings(overrides)
    path = suite.recorded / f"{settings.model.replace('/', '-')}.jsonl"
    known = load_recorded(path) if path.exists() else None
    with _Progress() as progress:
        async with open_model(settings.model, settings) as model:
            recording = RecordingModel(model, known)
            finished = False
            try:
                await run_model(suite.cases, recording, tuple(TASKS), progress.report)
                finished = True
            finally:
                recording.save(path, finished=finished)
    SafeConsole(highlight=False, soft_wrap=True).print(
        f"{path}: {len(recording.answers)} answers, {recording.asked} of them new", markup=False
    )
    return 0


class _Progress:
    """Questions done, on a terminal; silent elsewhere."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        console = standard_error()
        self._progress = Progress(
            BarColumn(),
            TextColumn("{task.completed:.0f}/{task.total:.0f} questions"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._bar = self._progress.add_task("", total=0)

    def __enter__(self) -> _Progress:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def report(self, step: Step) -> None:
        """Move the bar by one step of the pipeline."""
        total = (self._progress.tasks[0].total or 0) + step.asked
        self._progress.update(self._bar, advance=step.answered, total=total)


def run_compare(one: str, other: str) -> int:
    """Compare two systems of saved results, each `FILE` or `FILE:SYSTEM`."""
    return guarded(lambda: _compare(one, other))


def _compare(one: str, other: str) -> int:
    require_extra()
    from extractor.evaluation.comparison import choose, compare_results
    from extractor.evaluation.results import load_result
    from extractor.report.evaluation_tables import print_comparison

    sides = [_side(one), _side(other)]
    results = [load_result(path) for path, _ in sides]
    asked = (sides[0][1], sides[1][1])
    lines = compare_results(results[0], results[1], asked)
    first, second = (choose(result, name) for result, name in zip(results, asked, strict=True))
    print_comparison(wide_console(), lines, (f"A {first.name}", f"B {second.name}"))
    return 0


def _side(given: str) -> tuple[Path, str | None]:
    """`FILE:SYSTEM`, or the whole of it as a file where there is one."""
    path, _, name = given.rpartition(":")
    if Path(given).exists() or not path:
        return Path(given), None
    return Path(path), name
