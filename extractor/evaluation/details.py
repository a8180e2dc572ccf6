"""Behind the scores: every pair and every record without a partner, with its field verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from extractor.evaluation.alignment import Pair, align, entity_names
from extractor.evaluation.comparators import Context, final_name
from extractor.evaluation.fields import Outcome, holds_record, judge
from extractor.evaluation.gold import Gold
from extractor.evaluation.normalise import Aliases
from extractor.evaluation.policy import POLICY, ErrorClass, FieldRule
from extractor.evaluation.prediction import Prediction, RecordType, labelled_records
from extractor.evaluation.scoring import DocumentScore
from extractor.records import AttributionStep, Record, Reference, Span, TimeExpression

EMPTY = "-"
_NO_CLASSES: frozenset[ErrorClass] = frozenset()


@dataclass(frozen=True)
class Verdict:
    """One field of a pair: both values as text; `outcome` None where neither side holds one."""

    field: str
    outcome: Outcome | None
    strict: bool
    gold: str
    given: str


@dataclass(frozen=True)
class Item:
    """A pair, a missed record (no `given`) or a spurious one (no `gold`).

    optional: gold's mark; the item is in no count then.
    """

    gold: Record | None
    given: Record | None
    verdicts: tuple[Verdict, ...] = ()
    classes: frozenset[ErrorClass] = _NO_CLASSES
    optional: bool = False

    @property
    def right(self) -> bool:
        """Counted as correct by the strict score (or, if optional, as it would be)."""
        held = [v for v in self.verdicts if v.strict and v.outcome not in (None, "correct")]
        return self.gold is not None and self.given is not None and not held


def details(
    gold: Gold, prediction: Prediction, score: DocumentScore
) -> dict[RecordType, tuple[Item, ...]]:
    """Every item of one document by record type, in order of text; `score` is that document's.

    The alignment is the scorer's own: it depends on nothing but the records.
    """
    labelled = labelled_records(gold)
    aliases = Aliases(entity_names(entity) for entity in gold.entities or ())
    failed = prediction.failure is not None
    return {
        kind: tuple(
            sorted(
                _items(
                    kind,
                    labelled[kind],
                    () if failed else prediction.records[kind],
                    Context(aliases),
                    score,
                ),
                key=lambda item: (position(item), _id(item)),
            )
        )
        for kind in score.types
    }


def _items(
    kind: RecordType,
    gold: tuple[Record, ...],
    given: tuple[Record, ...],
    context: Context,
    score: DocumentScore,
) -> Iterator[Item]:
    found = align(kind, gold, given)
    links = {pair.predicted.id: pair.gold.id for pair in found.pairs}
    classes = {(e.gold, e.predicted): e.classes for e in score.types[kind].errors}
    for pair in found.pairs:
        yield Item(
            pair.gold,
            pair.predicted,
            tuple(_verdict(rule, pair, replace(context, links=links)) for rule in POLICY[kind]),
            classes.get((pair.gold.id, pair.predicted.id), _NO_CLASSES),
            _optional(pair.gold),
        )
    for record in found.missed:
        lost = classes.get((record.id, None), _NO_CLASSES)
        yield Item(record, None, classes=lost, optional=_optional(record))
    for record in found.spurious:
        yield Item(None, record, classes=classes.get((None, record.id), _NO_CLASSES))


def _verdict(rule: FieldRule, pair: Pair, context: Context) -> Verdict:
    return Verdict(
        rule.name,
        judge(rule, pair, context),
        holds_record(rule, pair, context),
        shown(getattr(pair.gold, rule.source)),
        shown(getattr(pair.predicted, rule.source)),
    )


def _optional(record: Record) -> bool:
    return bool(getattr(record, "optional", False))


def shown(value: Any) -> str:
    """A field's value in one line."""
    if value is None or value in ([], ()):
        return EMPTY
    if isinstance(value, list | tuple):
        joint = " < " if isinstance(value[0], AttributionStep) else ", "
        return joint.join(shown(one) for one in value)
    return _one(value)


def _one(value: Any) -> str:
    if isinstance(value, AttributionStep):
        return f"{final_name(value)} ({value.stance})"
    if isinstance(value, Reference):
        code = getattr(value, "code", None)
        return final_name(value) + (f" [{code}]" if code else "")
    if isinstance(value, TimeExpression):
        return value.edtf or value.as_written
    if isinstance(value, Span):
        return value.text
    return str(value)


def headline(record: Record) -> str:
    """A record in a few words: what stands for it in a list."""
    for name in ("mentions", "text", "name", "title", "summary", "tactic"):
        value = getattr(record, name, None)
        if value:
            first = value[0] if isinstance(value, list) else value
            return str(getattr(getattr(first, "span", first), "text", first))
    return record.id


def position(item: Item) -> int:
    """Where in the text the item's own evidence begins, gold's if there is any."""
    record = item.gold or item.given
    assert record is not None
    spans = [*record.evidence.values(), getattr(record, "span", None)]
    spans += [getattr(one, "number", one) for one in getattr(record, "mentions", ())]
    return min((span.start for span in spans if isinstance(span, Span)), default=0)


def _id(item: Item) -> str:
    return item.gold.id if item.gold else item.given.id if item.given else ""
