"""How one field's values are compared: read into an atom, then two atoms are the same or not.

A reader takes the record's value or the plain value of a gold alternative (a string for a name, a
list of strings for a chain) and returns None where the field is empty.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from extractor.evaluation.normalise import Aliases, DateKey, date_key, fold_name, fold_text, number
from extractor.evaluation.spans import overlap
from extractor.records import AttributionStep, Place, Reference, Span, TimeExpression

SPAN_AGREEMENT = 0.5  # share of characters in common from which two spans mean the same words


@dataclass(frozen=True)
class Context:
    """What a comparison may know beside the two values.

    Args:
        aliases: names of the document's labelled entities.
        links: id of a predicted record -> id of the gold record that it is aligned to; None while
            gold itself is read. Both sides number their records on their own.
    """

    aliases: Aliases = field(default_factory=Aliases)
    links: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Words:
    """A name, phrase or date as written, its span, and its code where it has one."""

    words: str
    span: Span | None = None
    code: str | None = None


@dataclass(frozen=True)
class Comparator:
    """`read` gives an atom or None for an empty field, `same` compares two atoms, symmetrically."""

    read: Callable[[Any, Context], Any]
    same: Callable[[Any, Any], bool] = operator.eq


def final_name(value: Any) -> str:
    """What a reference comes to: the resolved name, else the words themselves."""
    if isinstance(value, AttributionStep):
        return final_name(value.name)
    if isinstance(value, Reference):
        return value.resolved or value.as_written
    return str(value)


def _number(value: Any, _: Context) -> Any:
    return number(value)


def _label(value: Any, _: Context) -> str | None:
    return str(value).casefold() if value else None


def _labels(value: Any, _: Context) -> frozenset[str] | None:
    return frozenset(str(label).casefold() for label in value or ()) or None


def _text(value: Any, _: Context) -> str | None:
    return fold_text(str(value)) if value else None


def _own_name(value: Any, _: Context) -> str | None:
    return fold_name(final_name(value)) if value else None


def _name(value: Any, context: Context) -> str | None:
    return context.aliases.key(final_name(value)) if value else None


def _names(value: Any, context: Context) -> frozenset[str] | None:
    return frozenset(context.aliases.key(final_name(name)) for name in value or ()) or None


def _own_names(value: Any, _: Context) -> frozenset[str] | None:
    return frozenset(map(fold_name, value or ())) or None


def _chain(value: Any, context: Context) -> tuple[str, ...] | None:
    return tuple(context.aliases.key(final_name(name)) for name in value or ()) or None


def _origin(value: Any, context: Context) -> str | None:
    """The last step that is somebody: a medium carries words, it is not where they come from."""
    steps = [step for step in value or () if getattr(step, "kind", None) != "medium"]
    return context.aliases.key(final_name(steps[-1])) if steps else None


def _stance(value: Any, _: Context) -> str | None:
    """The origin's stance. An alternative chain is a list of names and says nothing of stances."""
    step = value[-1] if value else None
    return step.stance if isinstance(step, AttributionStep) else None


def _reference(value: Any, context: Context) -> Words | None:
    if not value:
        return None
    if not isinstance(value, Reference):
        return Words(context.aliases.key(str(value)))
    span = value.resolved_span if value.resolved else value.span
    code = value.code if isinstance(value, Place) else None
    return Words(context.aliases.key(final_name(value)), span, code)


def _same_reference(one: Words, other: Words) -> bool:
    if one.code and other.code:
        return one.code == other.code
    return one.words == other.words or overlap(one.span, other.span) >= SPAN_AGREEMENT


def _date(value: Any, _: Context) -> DateKey | Words | None:
    if not value:
        return None
    if not isinstance(value, TimeExpression):
        return date_key(str(value))
    if value.edtf:
        return date_key(value.edtf)
    return Words(fold_text(value.as_written), value.span)


def _same_date(one: DateKey | Words, other: DateKey | Words) -> bool:
    """Resolved dates by their days; two unresolved ones where they are the same words."""
    if isinstance(one, Words) and isinstance(other, Words):
        return one.words == other.words or overlap(one.span, other.span) >= SPAN_AGREEMENT
    return one == other


def _link(value: str | None, context: Context) -> str | None:
    if not value or context.links is None:
        return value or None
    return context.links.get(value, f"not aligned: {value}")


def _span(value: Any, _: Context) -> Span | None:
    """A span, or the mapping that an alternative gives; words alone say no place."""
    return Span.model_validate(value) if isinstance(value, Span | Mapping) else None


def _same_span(one: Span, other: Span) -> bool:
    return overlap(one, other) >= SPAN_AGREEMENT


NUMBER = Comparator(_number)
LABEL = Comparator(_label)
LABELS = Comparator(_labels)
TEXT = Comparator(_text)
OWN_NAME = Comparator(_own_name)
NAME = Comparator(_name)
NAMES = Comparator(_names)
OWN_NAMES = Comparator(_own_names)
CHAIN = Comparator(_chain)
ORIGIN = Comparator(_origin)
STANCE = Comparator(_stance)
REFERENCE = Comparator(_reference, _same_reference)
DATE = Comparator(_date, _same_date)
LINK = Comparator(_link)
SPAN = Comparator(_span, _same_span)
