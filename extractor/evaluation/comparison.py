"""Two systems against each other: the difference per record type, and whether chance gives it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from extractor.errors import UsageError
from extractor.evaluation.counts import Counts, total
from extractor.evaluation.prediction import RECORD_TYPES, RecordType
from extractor.evaluation.results import SEED, Result, System, SystemRun, document_counts
from extractor.evaluation.statistics import compare, holm, smallest_detectable_difference


@dataclass(frozen=True)
class Line:
    """One score of two systems, over the documents that both have a score for.

    p_value: corrected for the number of lines (Holm 1979), None below six documents.
    detectable: the smallest difference that so many documents show with power 0.8.
    """

    kind: RecordType
    score: Literal["detection", "strict"]
    one: float | None
    other: float | None
    difference: float | None
    p_value: float | None
    detectable: float | None
    documents: int
    remark: str


def choose(result: Result, name: str | None) -> System:
    """The system of this name; without one the only system that ran and is no baseline.

    Raises:
        UsageError: there is none, or more than one.
    """
    ran = [system for system in result.systems if system.runs]
    found = [s for s in ran if (not s.baseline if name is None else s.name == name)]
    if len(found) != 1:
        known = ", ".join(system.name for system in ran) or "none"
        raise UsageError(
            f"{result.suite}: which system is meant by {name or 'no name'}? - "
            f"write FILE:SYSTEM with one of: {known}"
        )
    return found[0]


def compare_results(one: Result, other: Result, names: tuple[str | None, str | None]) -> list[Line]:
    """Compare the first runs of two systems, on the same gold and texts.

    Raises:
        UsageError: the results are of different gold or texts, or a system is not there.
    """
    first, second = (choose(result, name) for result, name in zip((one, other), names, strict=True))
    if (one.gold_sha256, one.inputs_sha256) != (other.gold_sha256, other.inputs_sha256):
        raise UsageError(
            f"{one.suite} and {other.suite}: the scores are against different gold or texts - "
            "score both systems anew (stored outputs: `extractor eval run --outputs`)"
        )
    lines = list(_lines(first.runs[0], second.runs[0]))
    corrected = holm([line.p_value for line in lines])
    return [replace(line, p_value=p) for line, p in zip(lines, corrected, strict=True)]


def _lines(first: SystemRun, second: SystemRun) -> Iterator[Line]:
    for kind in RECORD_TYPES:
        here, there = document_counts(first, kind), document_counts(second, kind)
        shared = sorted(here.keys() & there.keys())
        if shared:
            yield _line(kind, "detection", [(here[d][0], there[d][0]) for d in shared])
            yield _line(kind, "strict", [(here[d][1], there[d][1]) for d in shared])


def _line(
    kind: RecordType, score: Literal["detection", "strict"], counts: list[tuple[Counts, Counts]]
) -> Line:
    one, other = [a for a, _ in counts], [b for _, b in counts]
    found = compare(one, other, seed=SEED)
    return Line(
        kind=kind,
        score=score,
        one=total(one).f1,
        other=total(other).f1,
        difference=found.difference,
        p_value=found.p_value,
        detectable=smallest_detectable_difference(one, other, seed=SEED),
        documents=found.documents,
        remark=found.remark,
    )
