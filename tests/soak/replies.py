"""What the stub says: the smallest answer that fits a JSON schema, and its faulty sisters."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from tests.soak.mutations import mutated
from tests.soak.plan import Kind

SHORT_WAIT = 0.05
CHARACTERS_PER_TOKEN = 4
_ERRORS = {
    Kind.QUOTA: (429, "insufficient_quota"),
    Kind.ERROR_500: (500, "server_error"),
    Kind.ERROR_502: (502, "bad_gateway"),
    Kind.ERROR_503: (503, "overloaded"),
    Kind.ERROR_BODY: (200, "overloaded"),
}


@dataclass(frozen=True)
class Answer:
    """One HTTP reply.

    tokens: prompt and completion tokens that the client can read in it.
    wait: seconds for which it asks the client to send nothing.
    """

    status: int
    body: bytes
    tokens: tuple[int, int] = (0, 0)
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0


def answer(kind: Kind, request: Mapping[str, Any], size: int, luck: int) -> Answer:
    """The reply of this kind to a chat request of `size` bytes; `luck` seeds what is random."""
    if kind in _ERRORS:
        status, label = _ERRORS[kind]
        return Answer(status, _error(label))
    if kind.name.startswith("RATE_"):
        return _rate_limited(kind)
    if kind is Kind.MUTATED:
        raw = mutated(completion(_good(request), _tokens(size, "")), luck)
        return Answer(200, raw)
    content = _content(kind, _good(request))
    tokens = _tokens(size, content)
    body = json.dumps(completion(content, tokens, kind is Kind.LENGTH)).encode()
    if kind is Kind.NOT_JSON:
        return Answer(200, body[: len(body) // 2])
    return Answer(200, body, tokens)


def instance(schema: Mapping[str, Any]) -> Any:
    """The smallest instance of a JSON schema: first choices, required keys, least numbers."""
    return _instance(schema, schema.get("$defs", {}))


def completion(content: str, tokens: tuple[int, int], at_limit: bool = False) -> dict[str, Any]:
    """A chat completion as OpenAI's API answers it."""
    prompt, completed = tokens
    choice = {
        "index": 0,
        "finish_reason": "length" if at_limit else "stop",
        "message": {"role": "assistant", "content": content},
    }
    usage = {
        "prompt_tokens": prompt,
        "completion_tokens": completed,
        "total_tokens": prompt + completed,
    }
    return {
        "id": "soak",
        "object": "chat.completion",
        "created": 1,
        "model": "stub",
        "choices": [choice],
        "usage": usage,
    }


def _good(request: Mapping[str, Any]) -> str:
    form = request.get("response_format") or {}
    return json.dumps(instance(form.get("json_schema", {}).get("schema", {"type": "object"})))


def _instance(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Any:
    if "$ref" in schema:
        return _instance(defs[schema["$ref"].rpartition("/")[2]], defs)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return _instance(schema[choice][0], defs)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    kind = schema.get("type", "null")
    if kind == "object":
        required = schema.get("required", ())
        return {key: _instance(schema["properties"][key], defs) for key in required}
    if kind == "array":
        return [_instance(schema["items"], defs)] * schema.get("minItems", 0)
    least = {
        "string": "x" * schema.get("minLength", 0),
        "integer": math.ceil(schema.get("minimum", 0)),
        "number": schema.get("minimum", 0),
        "boolean": False,
    }
    return least.get(kind)


def _content(kind: Kind, good: str) -> str:
    if kind in {Kind.CUT, Kind.LENGTH}:
        return good[: len(good) // 2]
    if kind is Kind.WRONG_SCHEMA:
        return '{"unheard_of": [1, {"of": true}]}'
    if kind is Kind.DUPLICATE_KEYS:
        pairs = json.loads(good) or {"key": 1}
        key, value = next(iter(pairs.items()))
        return "{" + json.dumps(key) + ": " + json.dumps(value) + ", " + json.dumps(pairs)[1:]
    if kind is Kind.NAN:
        return json.dumps({**json.loads(good), "n1": math.nan})
    return good


def _tokens(size: int, content: str) -> tuple[int, int]:
    return size // CHARACTERS_PER_TOKEN, len(content) // CHARACTERS_PER_TOKEN + 1


def _rate_limited(kind: Kind) -> Answer:
    headers: dict[str, str] = {}
    wait = SHORT_WAIT if kind is not Kind.RATE_BARE else 0.0
    if kind is Kind.RATE_SECONDS:
        headers["retry-after"] = str(SHORT_WAIT)
    elif kind is Kind.RATE_MS:
        headers["retry-after-ms"] = f"{SHORT_WAIT * 1000:.0f}"
    elif kind is Kind.RATE_DATE:
        now = datetime.now(UTC)
        moment = now.replace(microsecond=0) + timedelta(seconds=2)  # a date has whole seconds
        headers["retry-after"] = format_datetime(moment, usegmt=True)
        wait = (moment - now).total_seconds()
    return Answer(429, _error("rate_limit_exceeded"), headers=headers, wait=wait)


def _error(label: str) -> bytes:
    return json.dumps({"error": {"message": "no", "type": label, "code": label}}).encode()
