"""Scores of predictions against gold, from one document to a corpus. Pure: no model, no files.

Detection asks whether a record was found (it is aligned), strict whether everything that
`policy.POLICY` holds against it is right, the fields one by one how often each is right on aligned
records, and evidence whether it points to the right place.

Gold marked `optional` is neutral in every count: unmatched it is not missed, and matched it and its
partner are left out. MUC-4 (Chinchor 1992) counts a matched optional record as correct; leaving it
out keeps recall's denominator the same for all systems, which paired tests need.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from extractor.errors import UsageError
from extractor.evaluation.alignment import Alignment, Pair, align, entity_names
from extractor.evaluation.comparators import Context
from extractor.evaluation.counts import Counts, total
from extractor.evaluation.error_classes import RecordError, pair_error, partnerless_errors
from extractor.evaluation.evidence import EvidenceScore, evidence_score, furniture_counts
from extractor.evaluation.fields import Outcome, holds_record, judge
from extractor.evaluation.gold import Gold
from extractor.evaluation.normalise import Aliases
from extractor.evaluation.policy import POLICY, FieldRule
from extractor.evaluation.prediction import (
    RECORD_TYPES,
    Prediction,
    RecordType,
    labelled_records,
)
from extractor.records import Record

_OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True)
class TypeScore:
    """One record type, in one document or pooled over several.

    Args:
        detection: aligned records, missed ones, spurious ones.
        strict: the same with "incorrect" for an aligned record that has a strict field wrong.
        fields: counts per scored field, on aligned records.
        evidence: see `EvidenceScore`.
        optional: matched optional records, which the counts leave out.
        splits: gold id -> ids of the predicted records that share it.
        merges: predicted id -> ids of the gold records that it joins.
        errors: every wrong, missed or spurious record, named.
    """

    detection: Counts = Counts()
    strict: Counts = Counts()
    fields: Mapping[str, Counts] = field(default_factory=dict)
    evidence: EvidenceScore = EvidenceScore()
    optional: int = 0
    splits: tuple[tuple[str, tuple[str, ...]], ...] = ()
    merges: tuple[tuple[str, tuple[str, ...]], ...] = ()
    errors: tuple[RecordError, ...] = ()


@dataclass(frozen=True)
class DocumentScore:
    """One document. `failure`: the system's, a miss. `unscored`: the scorer's, no score at all.

    types: the types that were labelled and asked for. furniture: characters, None if not asked for.
    """

    document: str
    types: Mapping[RecordType, TypeScore] = field(default_factory=dict)
    furniture: Counts | None = None
    failure: str | None = None
    unscored: str | None = None

    @property
    def strict(self) -> Counts:
        """Strict counts of all types together."""
        return total(score.strict for score in self.types.values())


@dataclass(frozen=True)
class CorpusScore:
    """All labelled documents, in order of name, and their pools.

    without_gold: names of predictions that no gold answers to, so that none is dropped in silence.
    """

    documents: tuple[DocumentScore, ...]
    without_gold: tuple[str, ...] = ()

    @property
    def scored(self) -> tuple[DocumentScore, ...]:
        """The documents that have a score, failed ones included."""
        return tuple(score for score in self.documents if score.unscored is None)

    @property
    def failed(self) -> dict[str, str]:
        """Documents without an answer, and why: each counts as a miss."""
        return {score.document: score.failure for score in self.documents if score.failure}

    @property
    def unscored(self) -> dict[str, str]:
        """Documents that could not be scored, and why: in no count."""
        return {score.document: score.unscored for score in self.documents if score.unscored}

    @property
    def strict(self) -> Counts:
        """Strict counts over all types and documents, for micro averages."""
        return total(score.strict for score in self.scored)

    @property
    def furniture(self) -> Counts:
        """Characters of page furniture over all documents."""
        return total(score.furniture for score in self.scored if score.furniture is not None)

    @property
    def types(self) -> dict[RecordType, TypeScore]:
        """Pooled scores per type, for the types scored in any document."""
        return pool(self.scored)


def score_corpus(golds: Sequence[Gold], predictions: Sequence[Prediction]) -> CorpusScore:
    """Score each gold document against the prediction of the same name.

    A document without a prediction is a miss for everything that the other predictions were asked
    for. An error inside the scorer leaves its document unscored, named with the reason.

    Raises:
        UsageError: two predictions are for one document.
    """
    given = {prediction.document: prediction for prediction in predictions}
    if len(given) < len(predictions):
        raise UsageError("two predictions for one document - score one system at a time")
    absent = _absent(predictions)
    ordered = sorted(golds, key=lambda gold: gold.document.name)
    return CorpusScore(
        tuple(_guarded(gold, given.get(gold.document.name, absent)) for gold in ordered),
        tuple(sorted(given.keys() - {gold.document.name for gold in golds})),
    )


def _absent(predictions: Sequence[Prediction]) -> Prediction:
    """What stands for a prediction that is not there: a failure at all that was asked for."""
    asked: dict[RecordType, tuple[Record, ...]] = {
        kind: () for prediction in predictions for kind in prediction.records
    }
    marked = any(prediction.furniture is not None for prediction in predictions)
    reason = "no prediction for this document"
    return Prediction("", asked, furniture=() if marked else None, failure=reason)


def _guarded(gold: Gold, prediction: Prediction) -> DocumentScore:
    try:
        return score_document(gold, prediction)
    except Exception as error:  # any fault of the scorer must not become a score
        return DocumentScore(gold.document.name, unscored=f"{type(error).__name__}: {error}")


def score_document(gold: Gold, prediction: Prediction) -> DocumentScore:
    """Score one document; a failed one as if it had given nothing."""
    name = gold.document.name
    if prediction.sha256 not in (None, gold.document.sha256):
        return DocumentScore(name, unscored="the predicted text is not the labelled text")
    records = _answers(prediction)
    labelled = labelled_records(gold)
    alignments = {
        kind: align(kind, labelled[kind], records[kind]) for kind in labelled if kind in records
    }
    aliases = Aliases(entity_names(entity) for entity in gold.entities or ())
    return DocumentScore(
        document=name,
        types={kind: score_type(kind, found, aliases) for kind, found in alignments.items()},
        furniture=_furniture(gold, prediction),
        failure=prediction.failure,
    )


def _answers(prediction: Prediction) -> Mapping[RecordType, tuple[Record, ...]]:
    if prediction.failure is None:
        return prediction.records
    return dict.fromkeys(prediction.records or RECORD_TYPES, ())


def _furniture(gold: Gold, prediction: Prediction) -> Counts | None:
    if prediction.furniture is None:
        return None
    return furniture_counts(gold.furniture, () if prediction.failure else prediction.furniture)


def score_type(kind: RecordType, alignment: Alignment, aliases: Aliases) -> TypeScore:
    """Every count of one record type from its alignment."""
    pairs = [pair for pair in alignment.pairs if not _optional(pair.gold)]
    context = Context(aliases, {pair.predicted.id: pair.gold.id for pair in alignment.pairs})
    judged = [{rule: judge(rule, pair, context) for rule in POLICY[kind]} for pair in pairs]
    right = sum(
        _strictly_right(pair, found, context) for pair, found in zip(pairs, judged, strict=True)
    )
    missing = sum(not _optional(record) for record in alignment.missed)
    spurious = len(alignment.spurious)
    wrong = (pair_error(pair, found) for pair, found in zip(pairs, judged, strict=True))
    return TypeScore(
        detection=Counts(len(pairs), 0, missing, spurious),
        strict=Counts(right, len(pairs) - right, missing, spurious),
        fields={rule.name: _field_counts(rule, judged) for rule in POLICY[kind]},
        evidence=evidence_score(pairs),
        optional=len(alignment.pairs) - len(pairs),
        splits=_ids(alignment.splits),
        merges=_ids(alignment.merges),
        errors=(*(error for error in wrong if error), *partnerless_errors(alignment)),
    )


def _strictly_right(
    pair: Pair, outcomes: Mapping[FieldRule, Outcome | None], context: Context
) -> bool:
    return not any(
        outcome not in (None, "correct") and holds_record(rule, pair, context)
        for rule, outcome in outcomes.items()
    )


def _field_counts(rule: FieldRule, judged: Iterable[Mapping[FieldRule, Outcome | None]]) -> Counts:
    outcomes = [found[rule] for found in judged]
    return Counts(*(outcomes.count(outcome) for outcome in _OUTCOMES))


def _optional(record: Record) -> bool:
    return bool(getattr(record, "optional", False))


def _ids(
    groups: Iterable[tuple[Record, tuple[Record, ...]]],
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((owner.id, tuple(record.id for record in group)) for owner, group in groups)


def pool(documents: Iterable[DocumentScore]) -> dict[RecordType, TypeScore]:
    """Pooled scores per type, for the types scored in any of the documents."""
    kept = tuple(documents)
    found = {kind: [one.types[kind] for one in kept if kind in one.types] for kind in POLICY}
    return {kind: _pooled(scores) for kind, scores in found.items() if scores}


def _pooled(scores: Sequence[TypeScore]) -> TypeScore:
    names = dict.fromkeys(name for score in scores for name in score.fields)
    return TypeScore(
        detection=total(score.detection for score in scores),
        strict=total(score.strict for score in scores),
        fields={name: total(s.fields.get(name, Counts()) for s in scores) for name in names},
        evidence=sum((score.evidence for score in scores), EvidenceScore()),
        optional=sum(score.optional for score in scores),
        splits=tuple(split for score in scores for split in score.splits),
        merges=tuple(merge for score in scores for merge in score.merges),
        errors=tuple(error for score in scores for error in score.errors),
    )
