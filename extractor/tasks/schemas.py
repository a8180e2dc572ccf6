"""Answer schemas made for one question: the model can name only what was offered to it.

A kind says what a field may hold. Kinds compare by value, and in order, so that two questions that
offer the same share one schema: making one costs more than all else that is done for a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, create_model

_CLOSED = ConfigDict(extra="forbid")
SCHEMAS_KEPT = 64


@dataclass(frozen=True)
class _OneOf:
    """types: of the values, because True equals 1."""

    values: tuple[str | int, ...]
    types: tuple[type, ...]


@dataclass(frozen=True)
class _Text:
    characters: int


@dataclass(frozen=True)
class _ListOf:
    item: Kind
    most: int


@dataclass(frozen=True)
class _OrNull:
    kind: Kind


Kind: TypeAlias = _OneOf | _Text | _ListOf | _OrNull | type[BaseModel] | None


def one_of(values: Iterable[str | int]) -> Kind:
    """Holds exactly these values."""
    found = tuple(values)
    return _OneOf(found, tuple(map(type, found)))


def short_text(characters: int) -> Kind:
    """A text of limited length. It is checked against the article before it is used."""
    return _Text(characters)


def list_of(item: Kind, most: int) -> Kind:
    """A list of at most `most` items."""
    return _ListOf(item, most)


def optional(kind: Kind) -> Kind:
    """`kind` or null."""
    return _OrNull(kind)


def answer_schema(name: str, fields: Mapping[str, Kind]) -> type[BaseModel]:
    """A closed schema in which every field is required, in the order given.

    Args:
        name: class name, shown in errors.
        fields: field name -> kind; a schema is a kind, too, and None is null.
    """
    return _schema(name, tuple(fields.items()))


@lru_cache(maxsize=SCHEMAS_KEPT)
def _schema(name: str, fields: tuple[tuple[str, Kind], ...]) -> type[BaseModel]:
    members: dict[str, Any] = {field: (_type(kind), ...) for field, kind in fields}
    return create_model(name, __config__=_CLOSED, **members)


def _type(kind: Kind) -> Any:
    match kind:
        case _OneOf(values):
            return Literal[values]
        case _Text(characters):
            return Annotated[str, Field(max_length=characters)]
        case _ListOf(item, most):
            return Annotated[list[_type(item)], Field(max_length=most)]  # type: ignore[misc]
        case _OrNull(inner):
            return _type(inner) | None
    return kind
