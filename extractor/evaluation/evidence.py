"""Evidence, scored apart from the values: does a record point to the words that gold points to?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from extractor.evaluation.alignment import Pair
from extractor.evaluation.counts import Counts, ratio
from extractor.evaluation.spans import characters
from extractor.records import (
    Entity,
    Event,
    Figure,
    Record,
    RecruitmentMethod,
    Reference,
    Span,
    TimeExpression,
)


@dataclass(frozen=True)
class EvidenceScore:
    """Sums over the fields of aligned pairs whose place both sides give.

    Args:
        fields: how many.
        exact: how many have gold's offsets, all of them and no other.
        shared: sum of the shares of characters in common (intersection over union).
        containing: in how many every one of gold's values lies inside a predicted span.
    """

    fields: int = 0
    exact: int = 0
    shared: float = 0.0
    containing: int = 0

    def __add__(self, other: EvidenceScore) -> EvidenceScore:
        return EvidenceScore(
            self.fields + other.fields,
            self.exact + other.exact,
            self.shared + other.shared,
            self.containing + other.containing,
        )

    @property
    def exact_share(self) -> float | None:
        """Exact ones among all."""
        return ratio(self.exact, self.fields)

    @property
    def mean_overlap(self) -> float | None:
        """Mean intersection over union of characters."""
        return ratio(self.shared, self.fields)

    @property
    def containing_share(self) -> float | None:
        """Containing ones among all."""
        return ratio(self.containing, self.fields)


def evidence_score(pairs: Iterable[Pair]) -> EvidenceScore:
    """Score the evidence of aligned pairs of one record type."""
    return sum((_pair_score(pair) for pair in pairs), EvidenceScore())


def _pair_score(pair: Pair) -> EvidenceScore:
    gold, given = places(pair.gold), places(pair.predicted)
    both = (name for name in gold if given.get(name))
    return sum(
        (_field_score(gold[name], given[name], _values(pair.gold, name)) for name in both),
        EvidenceScore(),
    )


def _field_score(gold: list[Span], given: list[Span], values: list[Span] | None) -> EvidenceScore:
    one, other = characters(gold), characters(given)
    return EvidenceScore(
        fields=1,
        exact=int(set(gold) == set(given)),
        shared=ratio(len(one & other), len(one | other)) or 0.0,
        containing=int(all(any(g.contains(v) for g in given) for v in values or gold)),
    )


def places(record: Record) -> dict[str, list[Span]]:
    """Where a record says its fields stand: `evidence`, references, dates and mentions, by name."""
    found = {name: [span] for name, span in record.evidence.items()}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if isinstance(value, Reference | TimeExpression):
            found[name] = [value.span]
    if isinstance(record, Figure):
        found["mentions"] = [mention.span for mention in record.mentions]
    elif isinstance(record, Entity):
        found["mentions"] = list(record.mentions)
    elif isinstance(record, Event | RecruitmentMethod):
        found["span"] = [record.span]
    return found


def _values(record: Record, name: str) -> list[Span] | None:
    """The words that evidence must at least hold: a mention's number; elsewhere the whole span."""
    if name == "mentions" and isinstance(record, Figure):
        return [mention.number for mention in record.mentions]
    return None


def furniture_counts(gold: Iterable[Span], predicted: Iterable[Span]) -> Counts:
    """Characters of page furniture that both, only gold, or only the prediction marks."""
    one, other = characters(gold), characters(predicted)
    return Counts(correct=len(one & other), missing=len(one - other), spurious=len(other - one))
