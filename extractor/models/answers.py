"""What is in a chat completion: an answer, thought besides, a refusal, or an error after all.

Servers put these in different places. Here each is brought to the one place where it is read:
`opened` leaves the answer, and nothing else, as the message's content.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import httpx2
import openai
from openai.types.chat import ChatCompletion

MAX_SAID = 400
SERVER_FAILED = 500
ERRORS = range(400, 600)
# How servers name the kind of an error, and the HTTP status that says the same.
_KINDS = (
    (r"overload|unavailable|capacity|no[_ ]healthy", 503),
    (r"timeout|timed[_ ]out|deadline", 504),
    (r"rate[_ ]?limit|too[_ ]many|throttl|resource[_ ]exhausted|quota", 429),
    (r"authenti|unauthori|api[_ ]?key|invalid[_ ]token", 401),
    (r"billing|credit|balance|payment", 402),
    (r"permission|forbidden", 403),
    (r"not[_ ]found", 404),
    (r"invalid|bad[_ ]request|context[_ ]length|unsupported|validation", 400),
)
_CUT = frozenset({"length", "max_tokens", "model_length", "max_output_tokens"})
_WITHHELD = re.compile(
    r"content[_ ]?filter|^(safety|refusal|prohibited_content|blocklist|recitation|spii|sensitive)"
)
_THOUGHT = re.compile(
    r"\s*(?:[<\[](think|thinking|thought|thoughts|reasoning)[>\]])?(?P<thought>.*?)"
    r"[<\[]/(?:think|thinking|thought|thoughts|reasoning)[>\]]\s*",
    re.DOTALL | re.IGNORECASE,
)
_OPEN_THOUGHT = re.compile(
    r"\s*[<\[](think|thinking|thought|thoughts|reasoning)[>\]]", re.IGNORECASE
)
_FENCED = re.compile(r"```[\w+.-]*[ \t]*\n?(.*?)```", re.DOTALL)
_THOUGHT_FIELDS = ("reasoning_content", "reasoning", "thinking")


class Withheld(Exception):
    """The model refused to answer, or a filter took its answer away: there is none to read."""


class SchemaIgnored(Exception):
    """The reply is prose: the server does not heed how the answer was asked for."""


def opened(response: Any) -> Any:
    """`response` with the answer alone as its content, whole or cut off.

    Raises:
        openai.APIStatusError: the body is an error, of the kind that it says itself.
        Withheld: a refusal, or a content filter.
    """
    if not isinstance(response, ChatCompletion):
        return response
    choices = response.choices if isinstance(getattr(response, "choices", None), list) else []
    first: Any = choices[0] if choices else None
    problem = getattr(response, "error", None) or getattr(first, "error", None)
    if problem:
        raise error_of(problem)
    message = getattr(first, "message", None)
    if message is None:
        return response
    finish = str(getattr(first, "finish_reason", None) or "").lower()
    if finish == "error":
        raise error_of({"message": "the server ended the answer with an error"})
    if _WITHHELD.search(finish) or getattr(message, "refusal", None):
        raise Withheld
    if finish in _CUT:
        first.finish_reason = "length"
    message.content = _answer(message)
    return response


def has_thought(response: Any) -> bool:
    """True where the model thought before it answered, as far as the reply shows it."""
    message = _message(response)
    if message is None:
        return False
    content = getattr(message, "content", None)
    if is_cut_off(response) and not content:
        return True  # it has written something
    parts = isinstance(content, list)
    written = isinstance(content, str) and bool(_OPEN_THOUGHT.match(content))
    return parts or written or any(_thought(message, name) for name in _THOUGHT_FIELDS)


def is_cut_off(response: Any) -> bool:
    """True for a reply that ended at its limit of tokens."""
    if _message(response) is None:
        return False
    return str(getattr(response.choices[0], "finish_reason", None)).lower() in _CUT


def is_prose(response: Any) -> bool:
    """True for a whole reply in words where JSON was asked for."""
    message = _message(response)
    content = getattr(message, "content", None)
    if getattr(message, "tool_calls", None) or not isinstance(content, str):
        return False
    finish = getattr(response.choices[0], "finish_reason", None)
    return finish == "stop" and bool(content) and not content.lstrip().startswith(("{", "["))


def plain_answer(text: str) -> str:
    """`text` without thought before it and without the one Markdown fence around it.

    Text with two fences is left as it is: which of them is the answer is not for us to say.
    """
    if text.lstrip().startswith(("{", '["', "[{")):
        return text
    if found := _THOUGHT.match(text):
        text = text[found.end() :]
    elif _OPEN_THOUGHT.match(text):
        return ""  # cut off, or ended, before there was an answer
    fenced = _FENCED.findall(text)
    return fenced[0].strip() if len(fenced) == 1 else text


def error_of(problem: object) -> openai.APIStatusError:
    """The error that a body with status 200 holds, as if it had come with its own status."""
    details = problem if isinstance(problem, Mapping) else {"message": str(problem)[:MAX_SAID]}
    status = _status(details)
    said = str(details.get("message") or "no reason given")[:MAX_SAID]
    request = httpx2.Request("POST", "http://server.invalid")
    answer = httpx2.Response(status, request=request)
    return openai.APIStatusError(said, response=answer, body=dict(details))


def _status(details: Mapping[str, Any]) -> int:
    for key in ("code", "status", "status_code", "http_status"):
        value = details.get(key)
        number = int(value) if isinstance(value, str) and value.isdecimal() else value
        if isinstance(number, int) and number in ERRORS:
            return number
    labels = [str(details.get(key) or "") for key in ("type", "code", "status", "message")]
    for label in labels:
        for pattern, status in _KINDS:
            if re.search(pattern, label.lower()):
                return status
    return SERVER_FAILED


def _answer(message: Any) -> str | None:
    content = message.content
    if isinstance(content, list):
        content = "".join(_text(part) for part in content)
    if isinstance(content, str) and content.strip():
        return plain_answer(content)
    # Some put a constrained answer where the thought belongs. Only a whole one is taken from there.
    thoughts = [_thought(message, name) for name in _THOUGHT_FIELDS]
    return next((text for text in thoughts if text and _is_object(text)), content or None)


def _text(part: object) -> str:
    """The text of one part of a message's content; thought has none."""
    if isinstance(part, Mapping) and part.get("type") in {None, "text", "output_text"}:
        text = part.get("text")
        return text if isinstance(text, str) else ""
    return ""


def _thought(message: object, name: str) -> str | None:
    value = getattr(message, name, None)
    return value if isinstance(value, str) and value.strip() else None


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _message(response: Any) -> Any:
    choices = getattr(response, "choices", None)
    return getattr(choices[0], "message", None) if isinstance(choices, list) and choices else None
