"""Answer schemas made for one question: the model can name only what was offered to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

_CLOSED = ConfigDict(extra="forbid")


def one_of(values: Iterable[str | int]) -> Any:
    """The type that holds exactly these values."""
    return Literal[tuple(values)]


def short_text(characters: int) -> Any:
    """The type of a text of limited length. It is checked against the article before it is used."""
    return Annotated[str, Field(max_length=characters)]


def list_of(item: Any, most: int) -> Any:
    """The type of a list of at most `most` items."""
    return Annotated[list[item], Field(max_length=most)]


def optional(kind: Any) -> Any:
    """`kind` or null."""
    return kind | None


def answer_schema(name: str, fields: Mapping[str, Any]) -> type[BaseModel]:
    """A closed schema in which every field is required, in the order given.

    Args:
        name: class name, shown in errors.
        fields: field name -> type.
    """
    members: dict[str, Any] = {field: (kind, ...) for field, kind in fields.items()}
    return create_model(name, __config__=_CLOSED, **members)
