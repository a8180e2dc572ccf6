"""Which predicted record is which gold record: one optimal one-to-one assignment per record type.

Every metric reads the same alignment. Two records may be paired only where their evidence meets:

- figures: the number spans of any of their mentions share a character. No scored field has a say.
- quotations: their text spans do; where one carries no span, their folded texts are equal.
- entities: a name or alias in common, or half of their mentions' characters (a name inside a
  longer name is not enough).
- events and methods: their spans do. One sentence can tell of several, so among equal overlaps the
  same kind and status, or tactic and target, are preferred; a label never makes a pair.
- article: there is one.

The assignment has the largest sum of overlaps (Kuhn 1955; scipy's modified Jonker-Volgenant). Both
sides are sorted by content first, so that neither order nor ids can decide a tie.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from extractor.evaluation.comparators import final_name
from extractor.evaluation.gold import Marks
from extractor.evaluation.normalise import fold_name, fold_text
from extractor.evaluation.prediction import RecordType
from extractor.evaluation.spans import dice
from extractor.records import Entity, Event, Figure, Quotation, Record, RecruitmentMethod, Span

MENTION_AGREEMENT = 0.5
_PAIR_BONUS = 1e-6  # of equally good assignments the one with more pairs
_LABEL_BONUS = 1e-3
_Told = Event | RecruitmentMethod


@dataclass(frozen=True)
class Pair:
    """A gold record and the predicted record that answers to it; `weight` is above 0."""

    gold: Record
    predicted: Record
    weight: float


@dataclass(frozen=True)
class Alignment:
    """The assignment of one record type in one document.

    splits: gold record -> every predicted record over it, where there are several.
    merges: predicted record -> every gold record under it, where there are several.
    Only unassigned records make a split or a merge, so neighbours that merely touch do not.
    """

    pairs: tuple[Pair, ...]
    missed: tuple[Record, ...]
    spurious: tuple[Record, ...]
    splits: tuple[tuple[Record, tuple[Record, ...]], ...] = ()
    merges: tuple[tuple[Record, tuple[Record, ...]], ...] = ()


def align(kind: RecordType, gold: Sequence[Record], predicted: Sequence[Record]) -> Alignment:
    """Assign predicted records to gold records of one type."""
    gold, predicted = sorted(gold, key=_gold_content), sorted(predicted, key=_content)
    weights = _weights(kind, gold, predicted)
    rows, columns = linear_sum_assignment(weights + _PAIR_BONUS * (weights > 0), maximize=True)
    matched = {int(i): int(j) for i, j in zip(rows, columns, strict=True) if weights[i, j] > 0}
    lost = [i for i in range(len(gold)) if i not in matched]
    extra = [j for j in range(len(predicted)) if j not in matched.values()]
    partner = {j: i for i, j in matched.items()}
    return Alignment(
        pairs=tuple(Pair(gold[i], predicted[j], float(weights[i, j])) for i, j in matched.items()),
        missed=tuple(gold[i] for i in lost),
        spurious=tuple(predicted[j] for j in extra),
        splits=_shared(gold, predicted, matched, weights[:, extra], extra),
        merges=_shared(predicted, gold, partner, weights[lost, :].T, lost),
    )


def _shared(
    owners: Sequence[Record],
    others: Sequence[Record],
    matched: Mapping[int, int],
    weights: np.ndarray[Any, np.dtype[np.float64]],
    left_over: Sequence[int],
) -> tuple[tuple[Record, tuple[Record, ...]], ...]:
    """Matched owners that left-over records of the other side lie over as well, best owner only."""
    found: dict[int, list[Record]] = {}
    for column, other in enumerate(left_over):
        reached = [i for i in matched if weights[i, column] > 0]
        if reached:
            best = max(reached, key=lambda i: weights[i, column])
            found.setdefault(best, [others[matched[best]]]).append(others[other])
    return tuple((owners[i], tuple(group)) for i, group in found.items())


def _content(record: Record) -> str:
    return record.model_dump_json(exclude={"id", *Marks.model_fields})


def _gold_content(record: Record) -> tuple[bool, str]:
    return getattr(record, "optional", False), _content(record)


def _weights(
    kind: RecordType, gold: Sequence[Record], predicted: Sequence[Record]
) -> np.ndarray[Any, np.dtype[np.float64]]:
    weight = _WEIGHT[kind]
    cells = [[weight(one, other) for other in predicted] for one in gold]
    return np.array(cells, dtype=np.float64).reshape(len(gold), len(predicted))


def _figure(one: Figure, other: Figure) -> float:
    return dice([m.number for m in one.mentions], [m.number for m in other.mentions])


def _quotation(one: Quotation, other: Quotation) -> float:
    here, there = one.evidence.get("text"), other.evidence.get("text")
    if here is None or there is None:
        return float(fold_text(one.text) == fold_text(other.text))
    return dice([here], [there])


def _entity(one: Entity, other: Entity) -> float:
    shared = dice(one.mentions, other.mentions)
    if entity_names(one) & entity_names(other):
        return (1 + shared) / 2
    return shared / 2 if shared >= MENTION_AGREEMENT else 0.0


def entity_names(entity: Entity) -> set[str]:
    """Folded names of an entity: the name, its aliases, and gold's other right names."""
    marked: dict[str, list[Any]] = getattr(entity, "alternatives", {})
    others = [name for name in marked.get("name", []) if isinstance(name, str)]
    return {fold_name(name) for name in (entity.name, *entity.aliases, *others)}


def _event(one: Event, other: Event) -> float:
    agreeing = (one.kind == other.kind) + (one.status == other.status)
    return _spanned(one, other, agreeing)


def _method(one: RecruitmentMethod, other: RecruitmentMethod) -> float:
    agreeing = (one.tactic == other.tactic) + (_target(one) == _target(other))
    return _spanned(one, other, agreeing)


def _target(method: RecruitmentMethod) -> str | None:
    return fold_name(final_name(method.target)) if method.target else None


def _spanned(one: _Told, other: _Told, agreeing: int) -> float:
    """Overlap with the best of the places that gold allows."""
    shared = max(dice([here], [there]) for here in _places(one) for there in _places(other))
    return shared + _LABEL_BONUS * agreeing if shared else 0.0


def _places(record: _Told) -> list[Span]:
    marked: dict[str, list[Any]] = getattr(record, "alternatives", {})
    others = [place for place in marked.get("span", []) if isinstance(place, Mapping)]
    return [record.span, *map(Span.model_validate, others)]


_WEIGHT: Mapping[RecordType, Callable[[Any, Any], float]] = {
    "article": lambda _one, _other: 1.0,
    "figures": _figure,
    "quotations": _quotation,
    "entities": _entity,
    "events": _event,
    "methods": _method,
}
