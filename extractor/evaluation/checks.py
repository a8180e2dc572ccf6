"""Hard limits, apart from scores: valid schema, verbatim evidence, nothing from page furniture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from extractor.evaluation.prediction import Prediction
from extractor.evaluation.results import Checks
from extractor.evaluation.spans import characters, spans_in
from extractor.evaluation.suite import Case
from extractor.records import Article, Record

INVALID = "does not fit the schema"  # how a prediction's failure begins when its output is invalid


def check(cases: Iterable[Case], predictions: Mapping[str, Prediction]) -> Checks:
    """Count the violations of all predictions, by gold's document name."""
    found = [
        _check_one(case, predictions[case.gold.document.name])
        for case in cases
        if case.gold.document.name in predictions
    ]
    return Checks(
        answers=sum(one.answers for one in found),
        valid=sum(one.valid for one in found),
        spans=sum(one.spans for one in found),
        verbatim=sum(one.verbatim for one in found),
        furniture=sum(one.furniture for one in found),
        faults=[fault for one in found for fault in one.faults],
    )


def _check_one(case: Case, prediction: Prediction) -> Checks:
    name = prediction.document
    if prediction.failure is not None:
        invalid = prediction.failure.startswith(INVALID)
        faults = [f"{name}: {prediction.failure}"] if invalid else []
        return Checks(answers=int(invalid), faults=faults)
    records = [record for group in prediction.records.values() for record in group]
    text = case.document.text
    spans = [(record, span) for record in records for span in spans_in(record)]
    wrong = [(r, s) for r, s in spans if text[s.start : s.end] != s.text]
    placed = list(_in_furniture(case, records))
    return Checks(
        answers=1,
        valid=1,
        spans=len(spans),
        verbatim=len(spans) - len(wrong),
        furniture=len(placed),
        faults=[
            *(f"{name}: {r.id}: {s.text!r} does not stand at {s.start}:{s.end}" for r, s in wrong),
            *(f"{name}: {record.id}: evidence in page furniture" for record in placed),
        ],
    )


def _in_furniture(case: Case, records: Iterable[Record]) -> Iterator[Record]:
    """Records with evidence in labelled furniture; the header may have it there."""
    apart = characters(case.gold.furniture)
    for record in records:
        if not isinstance(record, Article) and apart & characters(spans_in(record)):
            yield record
