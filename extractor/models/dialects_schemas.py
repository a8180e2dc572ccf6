"""JSON Schemas for strict modes, which take a part of the language only.

Strict modes want every property required, nothing besides, and know few keywords (OpenAI,
"Structured model outputs", section on supported schemas; Anthropic and Gemini alike). What is taken
away is checked all the same when the reply is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What counts for the shape; everything else is a limit, a default or a word to readers.
_KEPT = frozenset({"type", "properties", "required", "items", "enum", "anyOf", "description"})


def reduced(schema: Mapping[str, Any]) -> dict[str, Any] | None:
    """`schema` as strict modes take it; None where its shape cannot be said in them.

    That is so where the keys of an object are not known beforehand, and where the whole is not an
    object.
    """
    try:
        found = _reduced(schema)
        if "$defs" in schema:
            found["$defs"] = {name: _reduced(part) for name, part in schema["$defs"].items()}
    except _NotStrict:
        return None
    if found.get("type") != "object":
        return None
    return found | ({"title": schema["title"]} if "title" in schema else {})


class _NotStrict(Exception):
    """A shape that strict modes cannot say."""


def _reduced(schema: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}  # nothing may stand beside it
    if "const" in schema:
        return {"type": _type_of(schema["const"]), "enum": [schema["const"]]}
    if "allOf" in schema and len(schema["allOf"]) == 1:
        return _reduced(schema["allOf"][0])
    if schema.keys() & {"allOf", "prefixItems", "patternProperties"}:
        raise _NotStrict
    found = {name: value for name, value in schema.items() if name in _KEPT}
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        found["anyOf"] = [_reduced(choice) for choice in choices]
    if schema.get("type") == "object":
        if not schema.get("properties") or isinstance(schema.get("additionalProperties"), dict):
            raise _NotStrict
        found["properties"] = {k: _reduced(v) for k, v in schema["properties"].items()}
        found |= {"required": list(schema["properties"]), "additionalProperties": False}
    elif schema.get("type") == "array":
        if "items" not in schema:
            raise _NotStrict
        found["items"] = _reduced(schema["items"])
    elif not choices and not found.keys() & {"type", "enum"}:
        raise _NotStrict  # anything at all
    return found


def _type_of(value: object) -> str:
    if value is None:
        return "null"
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string"}
    return next(name for kind, name in kinds.items() if isinstance(value, kind))
