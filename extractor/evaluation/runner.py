"""From systems to scores: predictions of stored outputs or of a model, scored over a suite."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from extractor.asking import Report, Step
from extractor.errors import DocumentError, ReplyInvalid
from extractor.evaluation.agreement import agreement
from extractor.evaluation.checks import INVALID, check
from extractor.evaluation.gold import Gold
from extractor.evaluation.prediction import RECORD_TYPES, Prediction, RecordType
from extractor.evaluation.results import (
    AgreementResult,
    Result,
    System,
    SystemRun,
    agreement_result,
    summarise,
)
from extractor.evaluation.scoring import score_corpus
from extractor.evaluation.suite import Case, Suite, load_golds
from extractor.models.base import Model
from extractor.output import Extraction, Run
from extractor.pipeline import extract_document
from extractor.records import Record


def silent(_step: Step) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class Outcome:
    """What one system gave for a suite: predictions by gold's document name, and how each went."""

    predictions: Mapping[str, Prediction]
    runs: Mapping[str, Sequence[Run]] = field(default_factory=dict)


def prediction_of(case: Case, extraction: Extraction) -> Prediction:
    """An extraction as the scorer reads it.

    A type is asked for where a run says so, or where there are records; a task that failed was
    asked and gave nothing. A document all of whose tasks failed has failed.
    """
    source = case.gold.document
    asked = {_kind(run.task) for run in extraction.runs}
    records: dict[RecordType, tuple[Record, ...]] = {}
    for kind in RECORD_TYPES:
        found = getattr(extraction, kind)
        if found is not None:
            records[kind] = tuple(found) if isinstance(found, list) else (found,)
        elif kind in asked:
            records[kind] = ()
    failed = extraction.runs and all(run.status == "failed" for run in extraction.runs)
    failure = "; ".join(one for run in extraction.runs for one in run.failures) if failed else None
    furniture = tuple(extraction.document.furniture)
    return Prediction(
        source.name,
        records,
        furniture,
        source.sha256,
        failure,
        uncovered=tuple(extraction.uncovered),
        confidence=extraction.confidence,
    )


def _kind(task: str) -> str:
    return "article" if task == "header" else task


async def run_model(
    cases: Iterable[Case],
    model: Model,
    records: Sequence[str],
    report: Report = silent,
) -> Outcome:
    """Extract from every case with a model, without a store, so that every question is put.

    A document that cannot be processed is a named miss.

    Raises:
        UsageError: an unknown record type.
        ModelError: the model cannot be used, or does not answer any more.
    """
    predictions: dict[str, Prediction] = {}
    runs: dict[str, Sequence[Run]] = {}
    for case in cases:
        name = case.gold.document.name
        try:
            extraction = await extract_document(
                case.document, model=model, records=records, report=report
            )
        except (DocumentError, ReplyInvalid) as error:
            asked = {cast(RecordType, _kind(task)): () for task in records}
            predictions[name] = Prediction(name, asked, furniture=(), failure=str(error))
        else:
            predictions[name] = prediction_of(case, extraction)
            runs[name] = extraction.runs
    return Outcome(predictions, runs)


def read_outputs(cases: Sequence[Case], path: Path) -> Outcome:
    """Predictions from stored extractions, one JSON object a line, matched by document id.

    An object that does not fit the schema is a failure of its document, found by `document.id` or
    `document.name`. Documents without a line are left to the scorer, which counts them as missed.

    Raises:
        DocumentError: not readable, a line that is no JSON object, or no line for any case.
    """
    by_id = {case.document.id: case for case in cases}
    by_name = {case.gold.document.name: case for case in cases}
    predictions: dict[str, Prediction] = {}
    runs: dict[str, Sequence[Run]] = {}
    for number, row in _rows(path):
        info = row.get("document")
        known = info if isinstance(info, dict) else {}
        name = Path(str(known.get("name"))).name
        case = by_id.get(str(known.get("id"))) or by_name.get(name)
        if case is None:
            continue
        source = case.gold.document
        if source.name in predictions:
            place = f"{path}, line {number}"
            raise DocumentError(place, f"{source.name} a second time", "score one system at a time")
        try:
            extraction = Extraction.model_validate_json(json.dumps(row))
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            problem = f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            predictions[source.name] = Prediction(
                source.name, furniture=(), failure=f"{INVALID}: {problem}"
            )
        else:
            predictions[source.name] = prediction_of(case, extraction)
            runs[source.name] = extraction.runs
    if not predictions:
        remedy = "give extractions of the suite's documents"
        raise DocumentError(str(path), "no line is for a document of this suite", remedy)
    return Outcome(predictions, runs)


def _rows(path: Path) -> Iterable[tuple[int, dict[str, object]]]:
    remedy = "give JSON Lines as `extractor annotate -o` writes them"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(str(path), f"cannot be read ({error})", remedy) from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise DocumentError(f"{path}, line {number}", f"not JSON ({error})", remedy) from None
        if not isinstance(row, dict):
            raise DocumentError(f"{path}, line {number}", "not a JSON object", remedy)
        yield number, row


def score_run(suite: Suite, outcome: Outcome) -> SystemRun:
    """Score and check what a system gave."""
    given = list(outcome.predictions.values())
    every = [run for runs in outcome.runs.values() for run in runs]
    problems = {
        name: [f"{run.task} {run.status}: {failure}" for run in runs for failure in run.failures]
        for name, runs in outcome.runs.items()
    }
    return SystemRun(
        score=score_corpus([case.gold for case in suite.cases], given),
        checks=check(suite.cases, outcome.predictions),
        problems={name: found for name, found in problems.items() if found},
        seconds=round(sum(run.seconds for run in every), 3),
        prompt_tokens=sum(run.prompt_tokens for run in every),
        completion_tokens=sum(run.completion_tokens for run in every),
    )


def suite_agreement(suite: Suite) -> AgreementResult | None:
    """Agreement of the suite's two labelling passes; None where it has not both."""
    if len(suite.passes) != 2 or not all(any(one.glob("*.yaml")) for one in suite.passes):
        return None
    return passes_agreement(*suite.passes)


def passes_agreement(first: Path, second: Path) -> AgreementResult | None:
    """Agreement over the documents that both passes labelled, matched by hash; None if none is.

    Raises:
        UsageError: a pass has no gold files.
        DocumentError: one of them cannot be read.
    """
    one, other = (_by_hash(path) for path in (first, second))
    both = [(one[key], other[key]) for key in sorted(one.keys() & other.keys())]
    return agreement_result(agreement(both), len(both)) if both else None


def _by_hash(path: Path) -> dict[str, Gold]:
    return {gold.document.sha256: gold for _, gold in load_golds(path)}


def make_result(suite: Suite, systems: Sequence[System]) -> Result:
    """Everything together."""
    return Result(
        suite=suite.name,
        gold_sha256=suite.gold_sha256,
        inputs_sha256=suite.inputs_sha256,
        documents=[case.gold.document.name for case in suite.cases],
        unlabelled=list(suite.unlabelled),
        agreement=suite_agreement(suite),
        systems=list(systems),
        summary=summarise(systems),
    )
