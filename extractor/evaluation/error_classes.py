"""What kind of error: each pair with a wrong field, and each record without a partner, is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from extractor.evaluation.alignment import Alignment, Pair
from extractor.evaluation.fields import Outcome
from extractor.evaluation.policy import ErrorClass, FieldRule
from extractor.records import Figure, Record


@dataclass(frozen=True)
class RecordError:
    """What is wrong with one record, by ids; `fields` are the wrong ones of an aligned pair."""

    gold: str | None
    predicted: str | None
    classes: frozenset[ErrorClass]
    fields: tuple[str, ...] = ()


def pair_error(pair: Pair, outcomes: Mapping[FieldRule, Outcome | None]) -> RecordError | None:
    """The error of an aligned pair, None where every field is right or empty."""
    wrong = [rule for rule, outcome in outcomes.items() if outcome not in (None, "correct")]
    if not wrong:
        return None
    classes = {_class(rule, pair) for rule in wrong}
    names = tuple(rule.name for rule in wrong)
    return RecordError(pair.gold.id, pair.predicted.id, frozenset(classes), names)


def _class(rule: FieldRule, pair: Pair) -> ErrorClass:
    if rule.error == "wrong_number" and wrong_scale(pair.gold, pair.predicted):
        return "scale"
    return rule.error


def wrong_scale(gold: Record, predicted: Record) -> bool:
    """True when the predicted number is gold's times a power of ten, other than one.

    A vague amount is of a wrong scale when its magnitude is another.
    """
    if not (isinstance(gold, Figure) and isinstance(predicted, Figure)):
        return False
    if gold.magnitude and predicted.magnitude:
        return gold.magnitude != predicted.magnitude
    if not gold.value or not predicted.value or gold.value == predicted.value:
        return False
    return gold.value.normalize().as_tuple()[:2] == predicted.value.normalize().as_tuple()[:2]


def partnerless_errors(alignment: Alignment) -> tuple[RecordError, ...]:
    """Errors of the records without a partner; optional gold records cost nothing."""
    split = _members(alignment.splits)
    merged = _members(alignment.merges)
    missed = (record for record in alignment.missed if not getattr(record, "optional", False))
    return (
        *(
            RecordError(record.id, None, _named("missed", "merged", record.id in merged))
            for record in missed
        ),
        *(
            RecordError(None, record.id, _named("spurious", "split", record.id in split))
            for record in alignment.spurious
        ),
    )


def _members(groups: Iterable[tuple[Record, tuple[Record, ...]]]) -> set[str]:
    """Ids of the members but for each group's first, which is the assigned one."""
    return {record.id for _, group in groups for record in group[1:]}


def _named(first: ErrorClass, second: ErrorClass, also: bool) -> frozenset[ErrorClass]:
    return frozenset({first, second}) if also else frozenset({first})
