"""What stand-ins say and check: errors, answers in their forms, and what a request holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.models.stub import Step, completion

Body = dict[str, Any]
THOUGHT = "The reader asks for a choice. Let me look at the words once more and then decide."
THOUGHT_TOKENS = 900


def openai_error(message: str, param: str | None = None, code: str | None = None) -> Step:
    """A refusal as OpenAI words it."""
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return Step(400, {"error": error})


def anthropic_error(message: str) -> Step:
    """A refusal as Anthropic words it."""
    return Step(
        400, {"type": "error", "error": {"type": "invalid_request_error", "message": message}}
    )


def kind(request: Body) -> str | None:
    """Which type of structured answer is asked for."""
    found: str | None = request.get("response_format", {}).get("type")
    return found


def schema_of(request: Body) -> Any:
    """The schema in a request's response_format."""
    return request.get("response_format", {}).get("json_schema", {}).get("schema", {})


def json_word(request: Body) -> Iterator[Step]:
    """JSON mode wants the word in the prompt."""
    if kind(request) == "json_object" and "json" not in str(request["messages"]).lower():
        yield openai_error("'messages' must contain the word 'json' in some form", "messages")


def keywords(schema: Any) -> set[str]:
    """Keys anywhere in a schema."""
    if isinstance(schema, list):
        return {word for part in schema for word in keywords(part)}
    if not isinstance(schema, dict):
        return set()
    return set(schema) | {word for part in schema.values() for word in keywords(part)}


def strict_faults(request: Body) -> Iterator[Step]:
    """What a strict schema may not have."""
    wanted = request.get("response_format", {}).get("json_schema", {})
    name = str(wanted.get("name"))
    if wanted and not re.fullmatch(r"[\w-]{1,64}", name, re.ASCII):
        yield openai_error("Invalid 'response_format.json_schema.name'", "response_format")
    if not wanted.get("strict"):
        return
    prefix = f"Invalid schema for response_format '{name}': In context=(), "
    for part in objects(wanted["schema"]):
        if part.get("additionalProperties") is not False:
            said = "'additionalProperties' is required to be supplied and to be false."
            yield openai_error(prefix + said, "response_format")
        if set(part.get("required", ())) != set(part["properties"]):
            said = "'required' is required to be an array including every key in properties."
            yield openai_error(prefix + said, "response_format")
    refused = {"maxLength", "minLength", "default", "oneOf", "allOf", "const", "patternProperties"}
    for word in sorted(refused & keywords(wanted["schema"])):
        yield openai_error(prefix + f"'{word}' is not permitted.", "response_format")


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object that a schema describes."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for part in schema.values():
            yield from objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects(part)


def counted(request: Body, answer: str) -> tuple[int, int]:
    """Tokens in and out, at four characters each."""
    return len(json.dumps(request)) // 4, len(answer) // 4 + 1


def fenced(answer: str) -> str:
    """An answer in a Markdown fence."""
    return f"```json\n{answer}\n```"


def called(request: Body, answer: str) -> Step:
    """An answer as the arguments of the function that had to be called."""
    name = request["tool_choice"]["function"]["name"]
    assert name == request["tools"][0]["function"]["name"]
    step = completion(None, finish="tool_calls", tokens=counted(request, answer))
    function = {"name": name, "arguments": answer}
    message = step.body["choices"][0]["message"]  # type: ignore[index]
    message["tool_calls"] = [{"id": "call_1", "type": "function", "function": function}]
    return step


def cut_off(
    request: Body, limit: str, content: str | None = "", written: int | None = None
) -> Step:
    """An answer that ended at the limit, before its first word."""
    tokens = request[limit] if written is None else written
    return completion(content, finish="length", tokens=(counted(request, "")[0], tokens))
