"""Keeping count of one request's attempts: time, tokens and how each of them ended."""

from __future__ import annotations

import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime

import openai
from pydantic import BaseModel, ValidationError

from extractor.costs import Price
from extractor.models.answers import has_thought
from extractor.models.base import Attempt
from extractor.models.replies import describe_invalid

MAX_LABEL = 60
MAX_TOKENS = 10**9  # that one request can have; sums of them stay within 64 bits
HTTP_OK = 200


@dataclass
class _Open:
    """The attempt under way. `seconds` stays None until an answer is there."""

    started: str = field(
        default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds")
    )
    clock: float = field(default_factory=time.monotonic)
    seconds: float | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None
    finish_reason: str | None = None
    text: str | None = None
    replied: bool = False
    sent: bool = False


class AttemptLog:
    """Collects the attempts of one request, fed by the HTTP client, instructor and the policy.

    Only what was really sent is an attempt. `price` gives the cost of each; None: not known, as
    is that of a reply that does not say what it took.

    Usage is read at once when the response arrives, because instructor afterwards overwrites it
    with the running total. `thinks` turns True with the first sign of a model that thinks.
    """

    def __init__(self, schema: type[BaseModel], price: Price | None = None) -> None:
        self._schema = schema
        self._price = price
        self.thinks = False
        self._done: list[Attempt] = []
        self._open = _Open()

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Every attempt that has ended, oldest first."""
        return tuple(self._done)

    @property
    def replied(self) -> bool:
        """True when the attempt under way has had a response."""
        return self._open.replied

    def begin(self) -> None:
        """A request is sent now; the time that it waited for its turn is not part of it."""
        self._open = _Open(sent=True)

    def received(self, response: object) -> None:
        """A response with a 2xx status is there."""
        current = self._open
        current.replied = True
        current.seconds = time.monotonic() - current.clock
        self._read_usage(getattr(response, "usage", None))
        choices = getattr(response, "choices", None)
        if isinstance(choices, list) and choices:
            current.finish_reason = _text(choices[0], "finish_reason")
            message = getattr(choices[0], "message", None)
            called = getattr(message, "tool_calls", None)
            current.text = _text(message, "content") or ("called" if called else None)
        self.thinks = self.thinks or bool(current.reasoning_tokens) or has_thought(response)

    def _read_usage(self, usage: object) -> None:
        """Tokens, of which some servers count thought (`reasoning`) in the total only."""
        current = self._open
        current.prompt_tokens = _count(usage, "prompt_tokens") or 0
        written = _count(usage, "completion_tokens") or 0
        details = getattr(usage, "completion_tokens_details", None)
        thought = _count(details, "reasoning_tokens")
        total = _count(usage, "total_tokens") or 0
        if current.prompt_tokens and written:
            beside = max(0, total - current.prompt_tokens - written)
            thought = max(thought or 0, beside) or thought
            written += beside
        current.completion_tokens = max(written, thought or 0)
        current.reasoning_tokens = thought
        cached = _count(getattr(usage, "prompt_tokens_details", None), "cached_tokens")
        deepseek = _count(usage, "prompt_cache_hit_tokens")
        current.cached_tokens = deepseek if cached is None else cached

    def close(self, error: BaseException | None) -> None:
        """The attempt has ended; `error` is None when its reply was accepted."""
        current = self._open
        if not current.sent:
            return
        seconds = current.seconds
        self._done.append(
            Attempt(
                number=len(self._done) + 1,
                started=current.started,
                seconds=round(time.monotonic() - current.clock if seconds is None else seconds, 3),
                prompt_tokens=current.prompt_tokens,
                completion_tokens=current.completion_tokens,
                cached_tokens=current.cached_tokens,
                reasoning_tokens=current.reasoning_tokens,
                finish_reason=current.finish_reason,
                status_code=_status(error, current.replied),
                error=None if error is None else self._describe(error),
                cost=self._cost(),
            )
        )
        self._open = _Open()

    def _cost(self) -> float | None:
        """US dollars; what got no reply is taken to cost nothing."""
        current = self._open
        if self._price is None or (current.replied and not current.prompt_tokens):
            return None
        return self._price.cost(current)

    def _describe(self, error: BaseException) -> str:
        name = type(error).__name__
        if self._open.replied and self._open.text is None:
            return f"{name}: the response holds no text"
        if isinstance(error, ValidationError):
            return f"{name}: {describe_invalid(error, self._schema)}"
        if isinstance(error, openai.APIError):
            return f"{name}: {error_code(error)}" if error_code(error) else name
        return name


# Between the model, which opens a log per request, and the HTTP client, which knows when it sends.
CURRENT_LOG: ContextVar[AttemptLog | None] = ContextVar("CURRENT_LOG", default=None)


def error_code(error: openai.APIError) -> str | None:
    """The server's short label for an error (`insufficient_quota`), None where it has none."""
    for label in (error.code, error.type):
        if isinstance(label, str) and label:
            return label[:MAX_LABEL]
    return None


def _status(error: BaseException | None, replied: bool) -> int | None:
    if isinstance(error, openai.APIStatusError | openai.APIResponseValidationError):
        return error.status_code
    return HTTP_OK if replied else None


def _count(holder: object, name: str) -> int | None:
    """A count of tokens; None where there is none that can be believed."""
    value = getattr(holder, name, None)
    believed = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_TOKENS
    return value if believed else None


def _text(holder: object, name: str) -> str | None:
    value = getattr(holder, name, None)
    return value if isinstance(value, str) and value else None
