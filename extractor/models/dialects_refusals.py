"""What a refused request says about the server: which of the things sent it does not take.

Servers name it in many forms: `param` and `code` (OpenAI), `loc` of a validation error (FastAPI,
Mistral), a sentence (Gemini, LiteLLM, llama.cpp). Names are looked for in that order, and only
those of things that were sent: a message may also list what the server takes, or quote the request.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from extractor.models.dialects import LIMITS, Dialect, Structured

MOST_READ = 600  # characters of a message; what follows is mostly a quotation of the request
SHORT = 200  # characters; longer messages may hold the names as words of an article
_MESSAGES = frozenset({"message", "msg", "detail", "error", "errors", "title", "reason", "raw"})
_NAMES = frozenset({"param", "loc", "field", "fieldViolations", "parameter", "path"})
_SCHEMA_WORDS = re.compile(
    r"\b(max|min)(Length|Items|Properties|Contains)\b|\bexclusive(Max|Min)imum\b|\bmultipleOf\b"
    r"|\b(unique|prefix)Items\b|\boneOf\b|\badditionalProperties\b"
    r"|['\"`](pattern|default|const|format|maximum|minimum|title|\$ref|\$defs)['\"`]"
    r"|[Ii]nvalid schema|schema for response_format",
)
_STRUCTURED_WORDS = re.compile(
    r"response[_ ]?format|json[_ ]?schema|structured[ _-]output|json[_ ]?(mode|object)"
    r"|output_config|guided[_ ]|grammar",
    re.IGNORECASE,
)
_STRICT_WORD = re.compile(r"\bstrict\b")
_TOOL_WORDS = re.compile(r"\btools?\b|tool[_ ]choice|function[_ ]call", re.IGNORECASE)
# From here on a message tells what is taken.
_TAKEN = re.compile(
    r"\b(supported|allowed|valid|permitted|accepted|available|known)"
    r" (parameters|params|values|fields|keys|inputs|options|arguments)\b"
    r"|\bdid you mean\b|[.;,]? (please )?use\b|\binstead\b|\bexpected one of\b",
    re.IGNORECASE,
)
_TOO_MUCH = re.compile(
    r"too (large|high|big|long|many)|at most|less than|exceed|context (length|window|size)|greater",
    re.IGNORECASE,
)


def changed(dialect: Dialect, body: object, sent: Collection[str]) -> Dialect | None:
    """`dialect` without what the server refuses; None where the refusal names nothing of it.

    Args:
        body: of the refusal, parsed as JSON where it is JSON.
        sent: names of what was sent, as the server reads them; see `Dialect.sends`.
    """
    messages = [text[:MOST_READ] for text in _strings(body, _MESSAGES)]
    said = " ".join(messages)
    named = _named(body, messages, sent)
    for name in named:
        dialect = _without(dialect, name, said)
    if named:
        return dialect
    schema_sent = dialect.structured is not Structured.TEXT
    if schema_sent and _SCHEMA_WORDS.search(said) and not dialect.reduced:
        return replace(dialect, reduced=True)
    if schema_sent and dialect.structured is Structured.TOOLS and _TOOL_WORDS.search(said):
        return replace(dialect, structured=Structured.JSON_OBJECT)
    words = (_STRUCTURED_WORDS, _SCHEMA_WORDS, _STRICT_WORD)
    about_it = any(word.search(said) for word in words) or _names_structured(body)
    return _less_structured(dialect, said) if schema_sent and about_it else None


def _named(body: object, messages: list[str], sent: Collection[str]) -> list[str]:
    """Names of parameters that were sent and are refused; not of the structured answer."""
    names = set(sent) - {"response_format", "tools", "tool_choice"}
    exact = [name for name in _strings(body, _NAMES) if name in names]
    said = [_TAKEN.split(message)[0] for message in messages]
    found = exact or [name for name in names if any(_mentions(text, name) for text in said)]
    too_much = _TOO_MUCH.search(" ".join(messages))
    # A limit that is too high is no unknown limit.
    return sorted({name for name in found if name not in LIMITS or not too_much})


def _mentions(text: str, name: str) -> bool:
    mark = "" if len(text) <= SHORT else r"['\"`]"
    return bool(re.search(rf"(?<![\w.]){mark}{re.escape(name)}{mark}(?!\w)", text))


def _without(dialect: Dialect, name: str, said: str) -> Dialect:
    """`dialect` that does not send `name`, or sends it under the server's name for it."""
    if name == dialect.limit:
        other = next(one for one in LIMITS if one != name)
        left_out = dialect.left_out | {name}
        limit = None if other in dialect.left_out else other
        return replace(dialect, limit=limit, left_out=left_out)
    extra = json.loads(dialect.extra)
    if name in extra:
        del extra[name]
        return replace(dialect, extra=json.dumps(extra, sort_keys=True))
    asked = next((old for old, new in dialect.renamed if new == name), name)
    better = re.search(rf"\b(\w+_{re.escape(name)})\b", said)
    if asked == name and better:
        return replace(dialect, renamed=(*dialect.renamed, (name, better[1])))
    return replace(dialect, left_out=dialect.left_out | {asked})


def _less_structured(dialect: Dialect, said: str) -> Dialect | None:
    """The next surest way of those that the refusal leaves open."""
    mode = dialect.structured
    offers_object = "json_object" in said
    whole_way = re.search(r"json[_ ]?schema|\btype\b|structured", said, re.IGNORECASE)
    match mode:
        case Structured.STRICT if not offers_object and (
            _SCHEMA_WORDS.search(said) or _STRICT_WORD.search(said) or not whole_way
        ):
            following = Structured.JSON_SCHEMA
        case Structured.STRICT | Structured.JSON_SCHEMA if offers_object or whole_way:
            following = Structured.JSON_OBJECT
        case Structured.TOOLS:
            following = Structured.JSON_OBJECT
        case Structured.TEXT:
            return None
        case _ if _TOOL_WORDS.search(said):
            following = Structured.TOOLS
        case _:
            following = Structured.TEXT
    return replace(dialect, structured=following)


def _names_structured(body: object) -> bool:
    heads = (re.split(r"[.\[]", name)[0] for name in _strings(body, _NAMES))
    return any(head in {"response_format", "output_config", "text"} for head in heads)


def _strings(body: object, keys: Collection[str], inside: bool = False) -> Iterator[str]:
    """Strings under `keys` of parsed JSON, in order; a body that is plain text is a message."""
    if isinstance(body, str):
        if inside or keys is _MESSAGES:
            yield body
    elif isinstance(body, Mapping):
        for key, value in body.items():
            if isinstance(value, str):
                if key in keys:
                    yield value
            else:
                yield from _strings(value, keys, key in keys and key != "error")
    elif isinstance(body, list):
        for value in body:
            if not isinstance(value, str) or inside:
                yield from _strings(value, keys, inside)
