"""Replies that no server should send: a well-formed completion, changed at a seeded place."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

Completion = dict[str, Any]
Change = Callable[[random.Random, Completion], Completion | bytes]

NUMBERS = ("1e999", "-1e999", "9" * 5000, "1" + "0" * 400, "-0", "1e-999", "18446744073709551616")
VALUES: Sequence[Any] = (None, True, -1, 0.5, "", [], {}, [[]], "x" * 100_000, 10**30, "\0")
DEPTHS = (10, 200, 5_000, 100_000)
UNDECODABLE = (b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\x00")


def mutated(completion: Completion, seed: int) -> bytes:
    """The HTTP body of a completion after one seeded change."""
    rng = random.Random(seed)
    changed = rng.choice(CHANGES)(rng, completion)
    return changed if isinstance(changed, bytes) else json.dumps(changed).encode()


def _flip_bytes(rng: random.Random, completion: Completion) -> bytes:
    raw = bytearray(json.dumps(completion).encode())
    for _ in range(rng.randint(1, 8)):
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return bytes(raw)


def _cut_body(rng: random.Random, completion: Completion) -> bytes:
    raw = json.dumps(completion).encode()
    return raw[: rng.randrange(len(raw))]


def _insert_bytes(rng: random.Random, completion: Completion) -> bytes:
    raw = json.dumps(completion).encode()
    place = rng.randrange(len(raw))
    return raw[:place] + rng.choice(UNDECODABLE) + raw[place:]


def _drop_key(rng: random.Random, completion: Completion) -> Completion:
    holder = rng.choice(_objects(completion))
    holder.pop(rng.choice(list(holder)))
    return completion


def _change_value(rng: random.Random, completion: Completion) -> Completion:
    holder = rng.choice(_objects(completion))
    holder[rng.choice(list(holder))] = rng.choice(VALUES)
    return completion


def _double_key(rng: random.Random, completion: Completion) -> bytes:
    raw = json.dumps(completion)
    key = rng.choice(["choices", "usage", "id", "model"])
    return f'{{"{key}": {json.dumps(rng.choice(VALUES))}, {raw[1:]}'.encode()


def _nest_body(rng: random.Random, completion: Completion) -> bytes:
    depth = rng.choice(DEPTHS)
    return json.dumps(completion).encode()[:-1] + b', "x": ' + b"[" * depth + b"]" * depth + b"}"


def _content(change: Callable[[random.Random, str], str]) -> Change:
    """A change of the answer's text inside a completion that is otherwise well."""

    def apply(rng: random.Random, completion: Completion) -> Completion:
        message = completion["choices"][0]["message"]
        message["content"] = change(rng, message["content"])
        return completion

    return apply


def _cut(rng: random.Random, text: str) -> str:
    return text[: rng.randrange(len(text))]


def _insert_character(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text))
    return text[:place] + chr(rng.choice((0, 0x22, 0x5C, 0xD800, 0x202E, 0x10FFFF))) + text[place:]


def _retype(rng: random.Random, text: str) -> str:
    found = json.loads(text)
    if found:
        found[rng.choice(list(found))] = rng.choice(VALUES)
    return json.dumps(found)


def _drop(rng: random.Random, text: str) -> str:
    found = json.loads(text)
    if found:
        found.pop(rng.choice(list(found)))
    return json.dumps(found)


def _double(rng: random.Random, text: str) -> str:
    found = json.loads(text) or {"n1": 0}
    key = rng.choice(list(found))
    return f"{{{json.dumps(key)}: {json.dumps(rng.choice(VALUES))}, {text[1:]}"


def _number(rng: random.Random, text: str) -> str:
    return f'{{"n1": {rng.choice(NUMBERS)}, {text[1:]}'


def _nest(rng: random.Random, text: str) -> str:
    depth = rng.choice(DEPTHS)
    opened, closed = rng.choice((("[", "]"), ('{"n1":', "}")))
    return opened * depth + text + closed * depth


def _surrogate(rng: random.Random, text: str) -> str:
    half = rng.choice((r"\ud800", r"\udfff", r"\u0000", "\ud83d"))
    return text.replace('": "', f'": "{half}', 1)


def _wrap(rng: random.Random, text: str) -> str:
    wrapper = rng.choice(("```json\n{}\n```", "\ufeff{}", "[{}]", "{} {}", "Sure: {}", "\n\n{}"))
    return wrapper.format(text, text)


def _replace(rng: random.Random, _: str) -> str:
    return rng.choice(("", " ", "null", "[]", '""', "0", "NaN", "{", "}", "{}", "\0", "é" * 9999))


CHANGES: Sequence[Change] = (
    _flip_bytes,
    _cut_body,
    _insert_bytes,
    _drop_key,
    _change_value,
    _double_key,
    _nest_body,
    *(
        _content(change)
        for change in (
            _cut,
            _insert_character,
            _retype,
            _drop,
            _double,
            _number,
            _nest,
            _surrogate,
            _wrap,
            _replace,
        )
    ),
)


def _objects(value: Any) -> list[dict[str, Any]]:
    """Every object with keys inside a JSON value, itself included."""
    found = [value] if isinstance(value, dict) and value else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return found + [item for part in inner for item in _objects(part)]
