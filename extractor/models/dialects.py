"""How a server wants to be asked: what of a request it takes, and under which names.

Servers that call themselves compatible differ in four things: how the wanted shape of an answer is
given, what the limit of tokens is called, which sampling parameters they take, and what must be
said besides. All four are data here. A first guess from the address and the model's name spares
requests; `extractor.models.adapting` mends what it has wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

LIMITS = ("max_tokens", "max_completion_tokens")
SAMPLING = ("temperature", "seed", "reasoning_effort")
THOUGHT_ROOM = 4096  # tokens; what models write before an answer of a line is mostly below
_SCHEMA_IN_BODY = "response_format"


class Structured(StrEnum):
    """How the wanted shape reaches the model, from the surest way to the least sure.

    STRICT: a JSON Schema that the server promises to keep to. JSON_SCHEMA: the same without the
    promise. TOOLS: as the arguments of a function to call. JSON_OBJECT: any JSON, with the schema
    in the prompt. TEXT: the schema in the prompt, nothing else.
    """

    STRICT = "strict"
    JSON_SCHEMA = "json_schema"
    TOOLS = "tools"
    JSON_OBJECT = "json_object"
    TEXT = "text"


@dataclass(frozen=True)
class Dialect:
    """What one model's server takes. The default is what most servers of open models take.

    limit: name of the parameter that limits the answer's tokens; None: none is sent.
    left_out: names of parameters that are not sent. renamed: parameters sent under another name.
    reduced: schemas go without what strict modes refuse: limits of length, number and size.
    room: tokens that an answer may have beyond what it needs itself, for thought that counts.
    extra: further members of every request, as a JSON object.
    """

    structured: Structured = Structured.JSON_SCHEMA
    limit: str | None = LIMITS[0]
    left_out: frozenset[str] = frozenset()
    renamed: tuple[tuple[str, str], ...] = ()
    reduced: bool = False
    room: int = 0
    extra: str = "{}"

    def body(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The request that is sent for `asked`, which is as instructor words it."""
        names = dict(self.renamed)
        sent = {names.get(name, name): v for name, v in asked.items() if name not in self.left_out}
        if self.structured is Structured.STRICT and _SCHEMA_IN_BODY in sent:
            wanted = sent[_SCHEMA_IN_BODY]
            schema = {**wanted["json_schema"], "strict": True}
            sent[_SCHEMA_IN_BODY] = {**wanted, "json_schema": schema}
        return {**sent, **json.loads(self.extra)}

    def sends(self, asked: Mapping[str, Any]) -> set[str]:
        """Names of what is sent beside the model and the messages, as the server reads them."""
        names = {*self.body(dict(asked))} | ({self.limit} if self.limit else set())
        return names - {"model", "messages"}


PLAIN = Dialect()
_THINKS = Dialect(room=THOUGHT_ROOM)
# Where what is documented differs from PLAIN: pattern of "host/model", and how it differs. All that
# fit count, in order. Sources: docs/servers.md.
_GUESSES: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        r"^(api\.openai\.com|[^/]*\.azure\.com)/",
        {"structured": Structured.STRICT, "limit": LIMITS[1], "reduced": True},
    ),
    (r"/(.*/)?gpt-(4o|4\.1|[5-9]|\d\d)", {"structured": Structured.STRICT, "reduced": True}),
    (
        r"/(.*/)?(o[1-9]|gpt-([5-9]|\d\d))(?![^/]*chat)",
        {"limit": LIMITS[1], "left_out": frozenset({"temperature"}), "room": THOUGHT_ROOM},
    ),
    (r"/(.*/)?gpt-oss", {"room": THOUGHT_ROOM}),
    (r"^api\.anthropic\.com/|/(.*/)?claude", {"reduced": True}),
    (r"^generativelanguage\.googleapis\.com/|/(.*/)?gemini", {"room": THOUGHT_ROOM}),
    (r"^api\.mistral\.ai/", {"renamed": (("seed", "random_seed"),)}),
    (r"^api\.deepseek\.com/", {"structured": Structured.JSON_OBJECT}),
    (
        r"^openrouter\.ai/",
        {
            "structured": Structured.STRICT,
            "reduced": True,
            "extra": '{"provider": {"require_parameters": true}}',
        },
    ),
)


def first_guess(base_url: str, model: str) -> Dialect:
    """What a server is likely to take, by its address and the model's name."""
    place = f"{urlsplit(base_url).hostname or ''}/{model}".lower()
    found = PLAIN
    for pattern, differs in _GUESSES:
        if re.search(pattern, place):
            found = replace(found, **differs)
    return found


def chosen(guess: Dialect, structured: str | None, extra: Mapping[str, Any]) -> Dialect:
    """`guess`, but for what the user has set: the way of structured answers, further members."""
    if structured is not None:
        mode = Structured(structured)
        guess = replace(guess, structured=mode, reduced=guess.reduced or mode is Structured.STRICT)
    both = {**json.loads(guess.extra), **extra}
    return replace(guess, extra=json.dumps(both, sort_keys=True))


def differences(before: Dialect, after: Dialect) -> Iterator[str]:
    """What is done otherwise in `after`, one line each."""
    if after.structured is not before.structured:
        yield f"structured answers by {after.structured} in place of {before.structured}"
    if after.limit != before.limit:
        sent = f"sent as {after.limit}" if after.limit else "not sent"
        yield f"{before.limit} is {sent}"
    for name in sorted(after.left_out - before.left_out - {*LIMITS}):
        yield f"{name} is not sent"
    for name, new in after.renamed:
        if (name, new) not in before.renamed and name not in after.left_out:
            yield f"{name} is sent as {new}"
    if after.reduced and not before.reduced:
        yield "schemas are sent without limits of length and number"
    if after.room != before.room:
        yield f"answers get {after.room} more tokens, for thought"
    old, new_extra = json.loads(before.extra), json.loads(after.extra)
    for name in sorted(old.keys() - new_extra.keys()):
        yield f"{name} of extra_body is not sent"
    for name in sorted(new_extra.keys() - old.keys()):
        yield f"{name} is sent as well"
