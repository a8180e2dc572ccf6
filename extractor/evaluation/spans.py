"""Arithmetic on spans: sets of characters, their overlap, and where a record's spans are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from pydantic import BaseModel

from extractor.records import Span

T = TypeVar("T")


def characters(spans: Iterable[Span]) -> set[int]:
    """Offsets of the characters that the spans cover, white space left out."""
    return {
        span.start + i for span in spans for i, char in enumerate(span.text) if not char.isspace()
    }


def overlap(one: Span | None, other: Span | None) -> float:
    """Shared characters over all characters of two spans (Jaccard), 0 where one is absent."""
    if one is None or other is None:
        return 0.0
    shared = max(0, min(one.end, other.end) - max(one.start, other.start))
    return shared / (one.end - one.start + other.end - other.start - shared)


def dice(one: Iterable[Span], other: Iterable[Span]) -> float:
    """Dice coefficient of the characters that two groups of spans cover; 0 where both are empty."""
    first, second = characters(one), characters(other)
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 0.0


def spans_in(value: object) -> Iterator[Span]:
    """Every span inside a record, a list or a mapping, at any depth."""
    return instances(value, Span)


def instances(value: object, kind: type[T]) -> Iterator[T]:
    """Every object of one class inside a record, a list or a mapping, at any depth."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from instances(getattr(value, name), kind)
    elif isinstance(value, dict):
        yield from instances(list(value.values()), kind)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from instances(item, kind)
