"""Markers: what a user writes beside each field of a type, to say how it is tied to the text.

    class Donation(BaseModel):
        donor: Annotated[str, Verbatim()]
        amount: Annotated[Decimal, Number(unit="any")]
        currency: Annotated[str | None, CurrencyOf("amount")]
        received: Annotated[date | None, Normalised(source="day", by=date.fromisoformat)] = None
        day: Annotated[str | None, Verbatim()] = None
        kind: Annotated[Literal["gift", "loan"], Label()]

`Verbatim` and `Number` fields have evidence of their own. `Normalised`, `BoundOf` and `CurrencyOf`
fields are computed from such evidence by code. A `Label` is a judgement on the record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel

from extractor.errors import UsageError
from extractor.reading.units import SHARES

COUNT, ANY_UNIT = "count", "any"
_CURRENCY_CODE = re.compile(r"[A-Z]{3}")
_NUMBERS = (int, float, Decimal)


@dataclass(frozen=True)
class Verbatim:
    """For `str`: words copied from the text. Only quotation marks, dashes and blanks may differ.

    They may not be cut out of a number, nor from the words that bound, measure or deny one.
    """


@dataclass(frozen=True)
class Number:
    """For `int`, `float` or `Decimal`: a whole number of the text, in digits or in words.

    Ranges ("5 to 7") and vague amounts ("hundreds") are no single number and are refused, as is a
    number that its clause denies.

    Args:
        unit: what the text must say at the number: `count` neither a share nor money, `percent`,
            `percentage points`, an ISO 4217 code, or `any`; `CurrencyOf` in another field then
            keeps the currency.
    """

    unit: str = COUNT

    def __post_init__(self) -> None:
        if self.unit not in {COUNT, ANY_UNIT, *SHARES} and not _CURRENCY_CODE.fullmatch(self.unit):
            raise UsageError(
                f"Number(unit={self.unit!r}): unknown unit - use count, percent, any or an ISO 4217"
                " code such as EUR"
            )


@dataclass(frozen=True)
class Normalised:
    """A value that code computes from the words of a `Verbatim` field: a date, a country's code.

    Args:
        source: the name of that field.
        by: words, blanks made single spaces -> value. It raises ValueError where it cannot tell.
    """

    source: str
    by: Callable[[str], object]


@dataclass(frozen=True)
class BoundOf:
    """For `Bound` or `str`: how the text bounds a `Number` field ("at least": `at_least`)."""

    number: str


@dataclass(frozen=True)
class CurrencyOf:
    """For `str | None`: ISO 4217 code of the money that a `Number` field is, None where it is none.

    A sum whose currency is unclear is refused.
    """

    number: str


@dataclass(frozen=True)
class Label:
    """For a Literal, an Enum or `bool`: one of a closed set, without evidence of its own."""


Marker: TypeAlias = Verbatim | Number | Normalised | BoundOf | CurrencyOf | Label
Markers: TypeAlias = Mapping[str, Marker]
_KINDS = get_args(Marker)
_SAYS_HOW = "Verbatim(), Number(), Normalised(...), BoundOf(...), CurrencyOf(...) or Label()"


@cache
def markers_of(type_: type[BaseModel]) -> Markers:
    """The marker of each field, in order.

    Raises:
        UsageError: a field has none or several, one that does not fit its type or that names no
            fitting field, or nothing in the type has evidence.
    """
    markers = {name: _marker(type_, name) for name in type_.model_fields}
    for name, marker in markers.items():
        _check(type_, name, marker, markers)
    if not any(isinstance(marker, Verbatim | Number) for marker in markers.values()):
        raise UsageError(
            f"{type_.__name__}: nothing ties it to a text - mark a field as Verbatim or Number"
        )
    return markers


def _marker(type_: type[BaseModel], name: str) -> Marker:
    found = [m for m in type_.model_fields[name].metadata if isinstance(m, _KINDS)]
    if len(found) != 1:
        problem = "several markers say" if found else "no marker says"
        raise UsageError(
            f"{type_.__name__}.{name}: {problem} how it is tied to the text - annotate the whole"
            f" type with one of {_SAYS_HOW}"
        )
    marker: Marker = found[0]
    return marker


def _check(type_: type[BaseModel], name: str, marker: Marker, markers: Markers) -> None:
    kinds = kinds_of(type_, name)
    match marker:
        case Verbatim():
            _demand(set(kinds) == {str}, type_, name, "Verbatim is for str")
        case Number():
            fits = len(kinds) == 1 and kinds[0] in _NUMBERS
            _demand(fits, type_, name, "Number is for int, float or Decimal")
        case Label():
            _demand(bool(choices_of(type_, name)), type_, name, "Label is for Literal, Enum, bool")
        case Normalised(source=source):
            fits = isinstance(markers.get(source), Verbatim)
            _demand(fits, type_, name, f"its source {source!r} is no Verbatim field")
        case BoundOf(number=of) | CurrencyOf(number=of):
            fits = isinstance(markers.get(of), Number)
            _demand(fits, type_, name, f"{of!r} is no Number field")


def _demand(fits: bool, type_: type[BaseModel], name: str, problem: str) -> None:
    if not fits:
        raise UsageError(f"{type_.__name__}.{name}: {problem} - change the annotation")


def kinds_of(type_: type[BaseModel], name: str) -> tuple[Any, ...]:
    """The alternatives of a field's type, without None."""
    annotation = type_.model_fields[name].annotation
    alternatives = get_args(annotation) if _is_union(annotation) else (annotation,)
    return tuple(kind for kind in alternatives if kind is not type(None))


def is_optional(type_: type[BaseModel], name: str) -> bool:
    """The field may be None."""
    annotation = type_.model_fields[name].annotation
    return _is_union(annotation) and type(None) in get_args(annotation)


def _is_union(annotation: object) -> bool:
    return get_origin(annotation) in (Union, UnionType)


def choices_of(type_: type[BaseModel], name: str) -> tuple[str | int | bool, ...]:
    """The values that a `Label` field may have, as JSON says them; empty for another type."""
    choices: list[str | int | bool] = []
    for kind in kinds_of(type_, name):
        if get_origin(kind) is Literal:
            choices += get_args(kind)
        elif isinstance(kind, type) and issubclass(kind, Enum):
            choices += [member.value for member in kind]
        else:
            choices += [True, False] if kind is bool else []
    return tuple(choices)
