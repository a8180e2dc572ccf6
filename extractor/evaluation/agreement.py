"""Agreement of two annotators, by the scorer itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import krippendorff

from extractor.errors import UsageError
from extractor.evaluation.alignment import Pair, align
from extractor.evaluation.counts import Counts
from extractor.evaluation.gold import Gold
from extractor.evaluation.prediction import Prediction, RecordType, labelled_records
from extractor.evaluation.scoring import pool, score_document
from extractor.records import Record

CATEGORIES: Mapping[RecordType, tuple[str, ...]] = {
    "figures": ("bound", "unit", "per", "change", "negated", "measure"),
    "entities": ("kind",),
    "events": ("kind", "status"),
    "methods": ("tactic",),
}


@dataclass(frozen=True)
class Agreement:
    """How far two annotators agree.

    Args:
        detection: F1 of records found, per type labelled by both (Hripcsak & Rothschild 2005: for
            records without a fixed number of places, F1 is what kappa tends to).
        strict: the same with strict fields right.
        alpha: Krippendorff's alpha, nominal, per type and categorical field, on aligned records;
            None where all values are one, so that nothing could have gone wrong by chance.
        units: aligned records that alpha rests on.
    """

    detection: Mapping[RecordType, Counts]
    strict: Mapping[RecordType, Counts]
    alpha: Mapping[tuple[RecordType, str], float | None]
    units: Mapping[RecordType, int]


def agreement(labellings: Sequence[tuple[Gold, Gold]]) -> Agreement:
    """Compare two annotators over articles that both labelled.

    Optional marks and alternatives are set aside, so F1 is the same from either side unless names
    match through the first annotator's aliases.

    Args:
        labellings: per article, the first annotator's gold and the second's.

    Raises:
        UsageError: the two labels of an article are not of the same text.
    """
    pairs = [(without_marks(one), without_marks(other)) for one, other in labellings]
    answers = [_answer(one, other) for one, other in pairs]
    types = pool(score_document(*both) for both in zip((o for o, _ in pairs), answers, strict=True))
    aligned = {kind: [_aligned(kind, *pair) for pair in pairs] for kind in types}
    return Agreement(
        detection={kind: score.detection for kind, score in types.items()},
        strict={kind: score.strict for kind, score in types.items()},
        alpha={
            (kind, name): _alpha([pair for group in groups for pair in group], name)
            for kind, groups in aligned.items()
            for name in CATEGORIES.get(kind, ())
        },
        units={kind: sum(map(len, groups)) for kind, groups in aligned.items()},
    )


def _answer(one: Gold, other: Gold) -> Prediction:
    name = one.document.name
    if one.document.sha256 != other.document.sha256:
        raise UsageError(f"{name}: labels of two different texts - compare labels of one text")
    return Prediction(name, labelled_records(other))


def _aligned(kind: RecordType, one: Gold, other: Gold) -> tuple[Pair, ...]:
    first, second = labelled_records(one), labelled_records(other)
    return align(kind, first[kind], second[kind]).pairs if kind in first and kind in second else ()


def without_marks(gold: Gold) -> Gold:
    """Gold with nothing optional and no alternatives, as one annotator's plain answer."""
    plain: dict[str, object] = {"optional": False, "alternatives": {}}
    records: dict[str, list[Record]] = {
        kind: [record.model_copy(update=plain) for record in labels]
        for kind, labels in labelled_records(gold).items()
    }
    header = next(iter(records.pop("article", [])), None)
    return gold.model_copy(update={**records, "article": header})


def _alpha(pairs: Sequence[Pair], name: str) -> float | None:
    """Krippendorff's alpha (2011) of one field; an empty value and a set of labels are categories.

    Two annotators give each unit two values, so a row of `value_counts` sums to two.
    """
    units = [(_category(p.gold, name), _category(p.predicted, name)) for p in pairs]
    values = sorted({value for unit in units for value in unit})
    if len(values) <= 1:
        return None
    counts = [[unit.count(value) for value in values] for unit in units]
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))


def _category(record: Record, name: str) -> str:
    value = getattr(record, name)
    return " ".join(sorted(value)) if isinstance(value, list) else str(value)
