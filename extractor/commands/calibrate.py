"""`extractor eval calibrate`: from recorded answers and gold to the numbers of the confidence."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from extractor.asking import Report, Step
from extractor.commands.console import guarded, standard_error
from extractor.commands.evaluate import require_extra, wide_console
from extractor.errors import ModelUnavailable, UsageError
from extractor.report.console import SafeConsole
from extractor.tasks import TASKS

if TYPE_CHECKING:
    from extractor.evaluation.calibration import Judged
    from extractor.evaluation.prediction import Prediction, RecordType
    from extractor.evaluation.suite import Case, Suite
    from extractor.models import Model


def run_calibrate(folders: Sequence[Path], recording: str, output: Path | None) -> int:
    """Replay a recording of each suite, say how reliable probabilities are, write the numbers."""
    return guarded(lambda: _calibrate(folders, recording, output))


def _calibrate(folders: Sequence[Path], recording: str, output: Path | None) -> int:
    require_extra()
    from extractor.evaluation.calibration import judge_records, reliability
    from extractor.evaluation.results import SEED, write_text
    from extractor.evaluation.suite import load_suite
    from extractor.report.evaluation_tables import print_reliability

    suites = [load_suite(folder) for folder in folders]
    cases = _distinct([case for suite in suites for case in suite.cases])
    model, predictions = asyncio.run(_replayed(folders, suites, recording))
    judged = judge_records(cases, predictions)
    found = {kind: reliability(records, seed=SEED) for kind, records in judged.items()}
    console = wide_console()
    print_reliability(console, {kind: one for kind, one in found.items() if one is not None})
    if output is not None:
        write_text(output, _fitted(model, cases, judged))
        SafeConsole(highlight=False, soft_wrap=True).print(Text(f"{output}: written"))
    return 0


def _distinct(cases: Sequence[Case]) -> list[Case]:
    names = [case.gold.document.name for case in cases]
    if twice := {name for name in names if names.count(name) > 1}:
        problem = f"{', '.join(sorted(twice))} in two suites"
        raise UsageError(f"calibrate: {problem} - give each article once")
    return list(cases)


async def _replayed(
    folders: Sequence[Path], suites: Sequence[Suite], recording: str
) -> tuple[str, Mapping[str, Prediction]]:
    """The model that was recorded, and what the pipeline makes of its answers."""
    from extractor.evaluation.recorded import load_recorded

    predictions: dict[str, Prediction] = {}
    models: set[str] = set()
    for folder, suite in zip(folders, suites, strict=True):
        steps: list[Step] = []
        model = load_recorded(suite.recorded / f"{recording}.jsonl")
        models.add(model.identity)
        for case in suite.cases:
            predictions[case.gold.document.name] = await _recorded_types(case, model, steps.append)
        if not any(step.replies for step in steps):
            problem = f"none of the answers recorded as {recording!r} is to its questions"
            raise UsageError(f"{folder}: {problem} - record them: extractor eval record {folder}")
    if len(models) > 1:
        several = " and ".join(sorted(models))
        raise UsageError(f"calibrate: answers of {several} - give recordings of one model")
    return models.pop(), predictions


async def _recorded_types(case: Case, model: Model, report: Report) -> Prediction:
    """The records of the types whose answers were recorded; the others are said and left out."""
    from extractor.evaluation.prediction import Prediction
    from extractor.evaluation.runner import run_model

    name = case.gold.document.name
    parts: list[Prediction] = []
    missing: list[str] = []
    for task in TASKS:
        try:
            parts.append((await run_model([case], model, (task,), report)).predictions[name])
        except ModelUnavailable:
            missing.append(task)
    if missing:
        told = f"{name}: no recorded answers for {', '.join(missing)}: left out"
        standard_error().print(told, markup=False)
    return Prediction(
        name,
        records={kind: found for part in parts for kind, found in part.records.items()},
        confidence={one: sure for part in parts for one, sure in part.confidence.items()},
    )


def _fitted(
    model: str, cases: Sequence[Case], judged: Mapping[RecordType, Sequence[Judged]]
) -> str:
    import yaml

    from extractor.confidence import Calibration
    from extractor.evaluation.calibration import fit

    numbers = Calibration(
        date=datetime.now(UTC).date().isoformat(),
        model=model,
        documents={case.gold.document.name: case.document.id for case in cases},
        tasks={
            "header" if kind == "article" else kind: fit(records)
            for kind, records in judged.items()
        },
    )
    head = "# Written by `extractor eval calibrate`; see extractor/confidence.py for its meaning.\n"
    return head + yaml.safe_dump(numbers.model_dump(mode="json"), sort_keys=False)
