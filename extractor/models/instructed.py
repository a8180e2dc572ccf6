"""instructor's part: how a schema is put to the server in each mode, and how a reply is read."""

from __future__ import annotations

import logging
import re
from copy import deepcopy
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

import instructor
from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.models.base import SCHEMAS_KEPT, json_schema
from extractor.models.dialects import Structured
from extractor.models.dialects_schemas import reduced as reduced_schema
from extractor.models.replies import parse_reply, without_links

T = TypeVar("T", bound=BaseModel)

MODES = {
    Structured.STRICT: instructor.Mode.JSON_SCHEMA,
    Structured.JSON_SCHEMA: instructor.Mode.JSON_SCHEMA,
    Structured.TOOLS: instructor.Mode.TOOLS,
    Structured.JSON_OBJECT: instructor.Mode.JSON,
    Structured.TEXT: instructor.Mode.MD_JSON,
}
LONGEST_NAME = 64  # of a schema or a tool; letters, digits, underscores and dashes


class Read(NamedTuple, Generic[T]):
    """A reply that was read; no model, so that instructor hangs no response on it."""

    value: T


@lru_cache(maxsize=SCHEMAS_KEPT)
def described_as(schema: type[BaseModel], *, reduced: bool) -> type[instructor.ResponseSchema]:
    """What instructor takes for `schema`: it is described alike, and read by `parse_reply`.

    instructor's re-ask then covers every fault. It would derive a class from any other than its
    own for every call, which costs more than all the rest, so this is one of its own, without
    fields.

    Args:
        reduced: describe it as strict modes want it, where that is possible.
    """
    described = dict(json_schema(schema))
    if reduced:
        described = reduced_schema(described) or described

    def model_json_schema(_cls: type[BaseModel], /, **_options: object) -> dict[str, Any]:
        return deepcopy(described)  # instructor writes into what it is given

    def model_validate_json(_cls: type[BaseModel], /, text: str, **_options: object) -> object:
        try:
            return Read(parse_reply(text, schema))
        except ValidationError as error:
            raise without_links(error) from None

    members = {
        # Nothing is validated by it, so that its own validator need not be built.
        "model_config": ConfigDict(defer_build=True),
        "model_json_schema": classmethod(model_json_schema),
        "model_validate_json": classmethod(model_validate_json),
        "__module__": schema.__module__,
    }
    metaclass: Any = type(instructor.ResponseSchema)
    name = re.sub(r"[^\w-]", "_", schema.__name__, flags=re.ASCII)[:LONGEST_NAME]
    checked: type[instructor.ResponseSchema] = metaclass(
        name, (instructor.ResponseSchema,), members
    )
    return checked


@lru_cache(maxsize=SCHEMAS_KEPT)
def can_be_strict(schema: type[BaseModel]) -> bool:
    """True where strict modes can say the shape of `schema`."""
    return reduced_schema(json_schema(schema)) is not None


def quiet_instructor() -> None:
    """instructor logs every failed reply with its text; here the attempts keep the failures."""
    logging.getLogger("instructor").setLevel(logging.CRITICAL)
