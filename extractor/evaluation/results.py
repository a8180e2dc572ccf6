"""What an evaluation leaves: counts per system, run and document, and the table made of them.

Everything later (comparison, gate, page) reads this, and it is what `--output` writes as JSON.
"""

from __future__ import annotations

import json
import statistics as stdlib_statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from extractor.errors import UsageError
from extractor.evaluation.agreement import Agreement
from extractor.evaluation.counts import Counts
from extractor.evaluation.prediction import RECORD_TYPES, RecordType
from extractor.evaluation.scoring import CorpusScore
from extractor.evaluation.statistics import bootstrap_interval
from extractor.records import Strict

SEED = 20_251  # of the bootstrap and of the shuffles; any number, but the same one every time


class Checks(Strict):
    """Hard limits, counted over all that one run gave; every pair of numbers should be equal.

    valid, answers: documents whose output fits the schema, of those that gave any.
    verbatim, spans: pieces of evidence that stand in the text as cited, of all.
    furniture: records other than the header with evidence in labelled page furniture; should be 0.
    faults: each violation, by document and record.
    """

    answers: int = 0
    valid: int = 0
    spans: int = 0
    verbatim: int = 0
    furniture: int = 0
    faults: list[str] = Field(default=[])

    @property
    def passed(self) -> bool:
        """No limit is broken."""
        return not self.faults


class SystemRun(Strict):
    """One run of one system over the suite.

    problems: by document, tasks that failed or answered in part; their records count as missed.
    seconds, tokens: sums over all requests to the model, 0 where nobody counted.
    """

    score: CorpusScore
    checks: Checks
    problems: dict[str, list[str]] = Field(default={})
    seconds: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0


class System(Strict):
    """One row of the table. `skipped`: why it has no run."""

    name: str
    detail: str
    baseline: bool
    skipped: str | None = None
    runs: list[SystemRun] = Field(default=[])


class Rate(Strict):
    """Counts with their ratios in [0, 1]; None where there is nothing to divide by.

    low, high: 95 % cluster bootstrap interval of F1 over documents.
    """

    correct: int
    gold: int
    predicted: int
    precision: float | None
    recall: float | None
    f1: float | None
    low: float | None = None
    high: float | None = None


class Row(Strict):
    """One system on one record type. `f1s`: strict F1 of every run, where there are several."""

    system: str
    kind: RecordType
    detection: Rate
    strict: Rate
    fields: dict[str, Counts]
    optional: int
    f1s: list[float | None] = Field(default=[])

    @property
    def deviation(self) -> float | None:
        """Standard deviation (n - 1) of strict F1 over the runs."""
        known = [f1 for f1 in self.f1s if f1 is not None]
        return stdlib_statistics.stdev(known) if len(known) > 1 else None


class AgreementResult(Strict):
    """Two annotators against each other, over the documents that both labelled."""

    documents: int
    detection: dict[RecordType, Counts]
    strict: dict[RecordType, Counts]
    alpha: dict[RecordType, dict[str, float | None]]
    units: dict[RecordType, int]


class Result(Strict):
    """A whole evaluation. `unlabelled`: documents of the suite that have no gold."""

    format: Literal[1] = 1
    suite: str
    gold_sha256: str
    inputs_sha256: str
    documents: list[str]
    unlabelled: list[str] = Field(default=[])
    agreement: AgreementResult | None = None
    systems: list[System]
    summary: list[Row]


def agreement_result(found: Agreement, documents: int) -> AgreementResult:
    """The agreement in a form that JSON can hold."""
    alpha: dict[RecordType, dict[str, float | None]] = {}
    for (kind, name), value in found.alpha.items():
        alpha.setdefault(kind, {})[name] = value
    return AgreementResult(
        documents=documents,
        detection=dict(found.detection),
        strict=dict(found.strict),
        alpha=alpha,
        units=dict(found.units),
    )


def summarise(systems: Iterable[System]) -> list[Row]:
    """A row per record type and system that ran, record types first. Counts are the first run's."""
    ran = [system for system in systems if system.runs]
    pooled = {system.name: [run.score.types for run in system.runs] for system in ran}
    return [
        _row(system, kind, [types[kind].strict.f1 for types in pooled[system.name]])
        for kind in RECORD_TYPES
        for system in ran
        if all(kind in types for types in pooled[system.name])
    ]


def _row(system: System, kind: RecordType, f1s: list[float | None]) -> Row:
    score = system.runs[0].score
    pooled = score.types[kind]
    scored = [one.types[kind] for one in score.scored if kind in one.types]
    return Row(
        system=system.name,
        kind=kind,
        detection=_rate(pooled.detection, [one.detection for one in scored]),
        strict=_rate(pooled.strict, [one.strict for one in scored]),
        fields=dict(pooled.fields),
        optional=pooled.optional,
        f1s=f1s if len(f1s) > 1 else [],
    )


def _rate(pooled: Counts, documents: Sequence[Counts]) -> Rate:
    interval = bootstrap_interval(documents, seed=SEED)
    return Rate(
        correct=pooled.correct,
        gold=pooled.gold,
        predicted=pooled.predicted,
        precision=pooled.precision,
        recall=pooled.recall,
        f1=pooled.f1,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
    )


def document_counts(run: SystemRun, kind: RecordType) -> Mapping[str, tuple[Counts, Counts]]:
    """Detection and strict counts by document, for the documents with a score."""
    return {
        one.document: (one.types[kind].detection, one.types[kind].strict)
        for one in run.score.scored
        if kind in one.types
    }


def save_result(result: Result, path: Path) -> None:
    """Write JSON, the same bytes for the same result.

    Raises:
        UsageError: the file cannot be written.
    """
    content = json.dumps(result.model_dump(), default=sorted, indent=1, ensure_ascii=False)
    write_text(path, content + "\n")


def write_text(path: Path, content: str) -> None:
    """Write a file of results.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}) - give another") from None


def load_result(path: Path) -> Result:
    """Read what `save_result` wrote.

    Raises:
        UsageError: not such a file.
    """
    remedy = "give a file written by `extractor eval run --output`"
    try:
        return Result.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error}) - {remedy}") from None
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(map(str, fault["loc"]))
        raise UsageError(f"{path}: {place}: {fault['msg']} - {remedy}") from None
