"""Reading a model's reply: strict JSON (RFC 8259), then the schema, with one type of error."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Never, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

T = TypeVar("T", bound=BaseModel)

MAX_DESCRIBED = 3


def parse_reply(text: str, schema: type[T]) -> T:
    """Return `text` as an instance of `schema`.

    Stricter than pydantic's own JSON reading: a key given twice, NaN and infinite numbers are
    faults, because each of them means that something the model said would be dropped.

    Raises:
        pydantic.ValidationError: the text is not JSON or does not fit.
    """
    try:
        json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except (ValueError, RecursionError) as error:
        raise _invalid(schema, str(error)) from None
    return schema.model_validate_json(text)


def describe_invalid(error: ValidationError, schema: type[BaseModel]) -> str:
    """The fields and kinds of fault in `error`, without any text that the model wrote.

    Only names declared in `schema` are shown: the rest of a location may quote the reply.
    """
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    known = set(schema.model_fields)
    parts = [
        f"{fault['loc'][0]}: {fault['type']}"
        if fault["loc"][:1] and fault["loc"][0] in known
        else fault["type"]
        for fault in faults[:MAX_DESCRIBED]
    ]
    more = len(faults) - len(parts)
    return "; ".join(parts) + (f"; {more} more" if more else "")


def _unique(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has the same key twice")
    return found


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is not a JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _invalid(schema: type[BaseModel], problem: str) -> ValidationError:
    kind = PydanticCustomError("json_invalid", "Invalid JSON: {problem}", {"problem": problem})
    return ValidationError.from_exception_data(
        schema.__name__, [InitErrorDetails(type=kind, input=None)]
    )


def without_links(error: ValidationError) -> ValidationError:
    """The same faults, at most `MAX_DESCRIBED`, without pydantic's documentation links.

    The text goes back to the model in a re-ask, where each link costs some thirty tokens.
    """
    details = [
        InitErrorDetails(
            type=PydanticCustomError(fault["type"], "{fault}", {"fault": fault["msg"]}),
            loc=fault["loc"],
            input=fault["input"],
        )
        for fault in error.errors(include_url=False)[:MAX_DESCRIBED]
    ]
    return ValidationError.from_exception_data(error.title, details)
