"""From what the client raises to this package's errors: one line that names a remedy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

import openai
from instructor.core.exceptions import IncompleteOutputException

from extractor.errors import (
    ModelError,
    ModelUnavailable,
    QuotaExhausted,
    ReplyInvalid,
    RequestRefused,
    TransportFailed,
)
from extractor.models.answers import SchemaIgnored, Withheld
from extractor.models.attempts import HTTP_OK, error_code
from extractor.models.base import Attempt, Request
from extractor.models.bounds import MOST_REPLY_BYTES
from extractor.models.limits import NotSent
from extractor.models.retry import (
    RetryPolicy,
    Verdict,
    held_back,
    is_cassette_miss,
    is_out_of_credit,
    is_too_large,
    is_unreadable,
    retry_after,
)
from extractor.models.transport import redirection

MAX_SAID = 160
MOST_ALIKE = 3  # refusals before the first answer, after which it is the server and no document
KEY = (
    "the key is missing or wrong: set EXTRACTOR_API_KEY or the provider's own variable, "
    "or use --model local"
)
MODEL = (
    "the server has no such model or address: check --model (`extractor models` lists them) and "
    "--base-url, or use --model local"
)
PARAMETERS = (
    "`extractor models --probe` says what the server takes; set temperature, seed, "
    "reasoning_effort, extra_body or structured_mode accordingly"
)
LENGTH = "the request is too long for the server: lower questions_per_call, or use another model"
REMEDIES: Mapping[int, str] = MappingProxyType(
    {
        400: PARAMETERS,
        401: KEY,
        403: "the key may not use this model: choose another model, or use --model local",
        404: MODEL,
        413: LENGTH,
        422: PARAMETERS,
    }
)
# What proxies say with a status that means something else.
_SAID = (
    (r"api[ _-]?key|\bauth|credential|\btoken is (invalid|expired)|unauthori[sz]ed", KEY),
    (
        r"model\b.{0,80}(not (be )?found|does ?n.t exist|not exist|unknown|invalid|not supported)"
        r"|(unknown|invalid|no such) model",
        MODEL,
    ),
    (r"context (length|window|size)|too (long|large|many tokens)|maximum.{0,20}tokens", LENGTH),
)
_ANY_REFUSAL = frozenset({400, 401, 403, 404, 413, 422})
_ONE_REQUEST = frozenset({400, 413, 422})  # of a server that answers others
_FILTERED = re.compile(r"content[_-]?(filter|policy)|responsible_?ai|moderation", re.IGNORECASE)
FILTER = "the server's content filter took it: try another model"
DEFAULT_REMEDY = "try again later, or use --model local"


class Refusals:
    """Whether a model's server refuses all requests alike, which is no document's fault."""

    def __init__(self, identity: str) -> None:
        self._identity = identity
        self._answered = False
        self._alike: Counter[int] = Counter()
        self._verdict: str | None = None

    def answered(self) -> None:
        """The server has answered a question: what it refuses from now on is that request's."""
        self._answered = True

    def check(self) -> None:
        """Raise ModelUnavailable where nothing more needs to be sent."""
        if self._verdict is not None:
            raise ModelUnavailable(self._verdict)

    def judged(self, failure: ModelError) -> ModelError:
        """`failure`, or what it means beside the others."""
        last = failure.attempts[-1] if failure.attempts else None
        status = last.status_code if isinstance(last, Attempt) else None
        if type(failure) is not TransportFailed or status not in _ANY_REFUSAL:
            return failure
        assert status is not None
        if self._answered:
            one = status in _ONE_REQUEST
            return RequestRefused(str(failure), attempts=failure.attempts) if one else failure
        self._alike[status] += 1
        if self._alike[status] < MOST_ALIKE:
            return failure
        self._verdict = str(failure)
        return ModelUnavailable(self._verdict, attempts=failure.attempts)


class FailureReport:
    """Turns the last error of one request into a `ModelError` that carries its attempts."""

    def __init__(self, identity: str, policy: RetryPolicy) -> None:
        self._identity = identity
        self._policy = policy

    def explain(
        self, error: Exception, request: Request, attempts: tuple[Attempt, ...]
    ) -> ModelError | None:
        """The error to raise for `error`; None when it is nothing that a model could cause."""
        replied = bool(attempts) and attempts[-1].status_code == HTTP_OK
        verdict = self._policy.classify(error, replied=replied)
        if isinstance(error, openai.APIStatusError):
            return self._refused(error, attempts)
        if isinstance(error, openai.APIConnectionError) and verdict is not Verdict.UNUSABLE:
            return self._unreachable(error, request, attempts)
        if verdict in {Verdict.VALIDATION, Verdict.TRUNCATED, Verdict.UNUSABLE}:
            return self._unusable(error, request, attempts)
        return None

    def _refused(
        self, error: openai.APIStatusError, attempts: tuple[Attempt, ...]
    ) -> TransportFailed:
        status = error.status_code
        if is_out_of_credit(error):
            return QuotaExhausted(
                f"{self._identity}: the account has no credit left ({status}) - "
                "add credit, or use --model local",
                attempts=attempts,
            )
        if (sent_on := redirection(error.response)) is not None:
            return TransportFailed(
                f"{self._identity}: {sent_on} ({status}), which is not followed - if you trust "
                "that address, give it as base_url",
                attempts=attempts,
            )
        asked = retry_after(error.response.headers) or 0.0
        if asked > self._policy.max_retry_after:
            return self._too_long(asked, attempts)
        said = _said(error)
        filtered = bool(_FILTERED.search(f"{error_code(error)} {error.type} {_inner_code(error)}"))
        kind = RequestRefused if filtered else TransportFailed
        return kind(
            f"{self._identity}: refused with status {status}{said} after "
            f"{_times(attempts)} - {FILTER if filtered else remedy(error)}",
            attempts=attempts,
        )

    def _too_long(self, seconds: float, attempts: tuple[Attempt, ...]) -> TransportFailed:
        return TransportFailed(
            f"{self._identity}: the server asks to wait {seconds:.0f} s, more than the "
            f"{self._policy.max_retry_after:.0f} s allowed - try again later, or raise "
            "max_retry_after_seconds",
            attempts=attempts,
        )

    def _held_back(self, reason: NotSent, attempts: tuple[Attempt, ...]) -> ModelError:
        if reason.seconds is not None:
            return self._too_long(reason.seconds, attempts)
        return ModelUnavailable(
            f"{self._identity}: not sent, because the run is being stopped - start it again to "
            "go on",
            attempts=attempts,
        )

    def _unreachable(
        self, error: openai.APIConnectionError, request: Request, attempts: tuple[Attempt, ...]
    ) -> ModelError:
        reason = held_back(error)
        if reason is not None:
            return self._held_back(reason, attempts)
        if is_cassette_miss(error):
            return ModelUnavailable(
                f"{self._identity}: the cassette holds no reply to this {request.task} request "
                "- record it again",
                attempts=attempts,
            )
        what, remedy = "no connection to the server", "check that it runs, and --base-url"
        if isinstance(error, openai.APITimeoutError):
            what, remedy = "no whole answer in time", "raise timeout_seconds"
        elif is_unreadable(error):
            what, remedy = "a reply that cannot be unpacked", "check the server and what is between"
        return TransportFailed(
            f"{self._identity}: {what} in {_times(attempts)} - {remedy}, or use --model local",
            attempts=attempts,
        )

    def _unusable(
        self, error: Exception, request: Request, attempts: tuple[Attempt, ...]
    ) -> ReplyInvalid:
        last = attempts[-1] if attempts else None
        problem = f"no usable reply ({last.error if last else type(error).__name__})"
        remedy = "try another model, or raise validation_retries"
        if isinstance(error, IncompleteOutputException):
            wrote = last.completion_tokens if last else 0
            problem = f"the reply was cut off at {wrote} tokens"
            remedy = "raise max_answer_tokens, or lower reasoning_effort"
        elif isinstance(error, Withheld):
            problem = "the model refused to answer, or a content filter withheld its answer"
            remedy = "try another model"
        elif isinstance(error, SchemaIgnored):
            problem = "prose in place of JSON"
            remedy = "set structured_mode to tools or text, or try another model"
        elif is_too_large(error):
            problem = f"a reply of more than {MOST_REPLY_BYTES // 2**20} MB"
            remedy = "check the server and what is between"
        return ReplyInvalid(
            f"{self._identity}: {request.task}: {problem} in {_times(attempts)} - {remedy}",
            attempts=attempts,
        )


def _times(attempts: tuple[Attempt, ...]) -> str:
    return "1 attempt" if len(attempts) == 1 else f"{len(attempts)} attempts"


def remedy(error: openai.APIStatusError) -> str:
    """What to do, by the server's words where it has some that tell, else by the status."""
    if error.status_code in _ANY_REFUSAL:
        words = _words(error)
        for pattern, found in _SAID:
            if re.search(pattern, words, re.IGNORECASE):
                return found
    return REMEDIES.get(error.status_code, DEFAULT_REMEDY)


def _said(error: openai.APIStatusError) -> str:
    """The server's own words. Not where they are about the key, of which they may repeat a part."""
    said = _words(error)
    about_key = re.search(_SAID[0][0], said, re.IGNORECASE)
    if error.status_code == openai.AuthenticationError.status_code or about_key or not said:
        return ""
    return f" ({said[:MAX_SAID]})"


def _words(error: openai.APIStatusError) -> str:
    """The message in an error's body, in one line; empty where there is none."""
    body = error.body
    while isinstance(body, list) and body:
        body = body[0]
    for key in ("error", "message", "detail", "msg"):
        if isinstance(body, dict) and key in body:
            body = body[key]
            while isinstance(body, list) and body:
                body = body[0]
    return " ".join(body.split()) if isinstance(body, str) else ""


def _inner_code(error: openai.APIStatusError) -> object:
    """Azure puts the reason one level deeper."""
    body = error.body if isinstance(error.body, dict) else {}
    inner = body.get("innererror") or body.get("inner_error")
    return inner.get("code") if isinstance(inner, dict) else None
