"""One field of one aligned pair: right, wrong, missing or spurious, given gold's alternatives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

from extractor.evaluation.alignment import Pair
from extractor.evaluation.comparators import Context
from extractor.evaluation.policy import FieldRule
from extractor.records import Record

Outcome = Literal["correct", "incorrect", "missing", "spurious"]


def judge(rule: FieldRule, pair: Pair, context: Context) -> Outcome | None:
    """The field's outcome; None where there is nothing to judge.

    Nothing to judge is: both empty, or the prediction empty where gold allows that.
    """
    given = rule.compare.read(getattr(pair.predicted, rule.source), context)
    golden = replace(context, links=None)
    own = rule.compare.read(getattr(pair.gold, rule.source), golden)
    accepted = [own, *_alternatives(rule, pair.gold, golden)]
    if given is None:
        return None if None in accepted else "missing"
    if any(atom is not None and rule.compare.same(atom, given) for atom in accepted):
        return "correct"
    return "spurious" if own is None else "incorrect"


def holds_record(rule: FieldRule, pair: Pair, context: Context) -> bool:
    """True when this field can make the whole record wrong."""
    if rule.strict == "where_labelled":
        return rule.compare.read(getattr(pair.gold, rule.source), context) is not None
    return rule.strict == "always"


def _alternatives(rule: FieldRule, gold: Record, context: Context) -> Iterator[Any]:
    marked: dict[str, list[Any]] = getattr(gold, "alternatives", {})
    for path, values in marked.items():
        head, *rest = path.split(".")
        if head == rule.source:
            for value in values:
                yield rule.compare.read(_replaced(getattr(gold, head), rest, value), context)


def _replaced(own: Any, path: Sequence[str], value: Any) -> Any:
    """Gold's value with the part at `path` exchanged; the alternative itself where none is left.

    A resolved date for an unresolved expression, or another code of a place, keeps the rest.
    """
    if not path or own is None:
        return value
    head, *rest = path
    if isinstance(own, list):
        index = int(head)
        return [*own[:index], _replaced(own[index], rest, value), *own[index + 1 :]]
    return own.model_copy(update={head: _replaced(getattr(own, head), rest, value)})
