"""From what the client raises to this package's errors: one line that names a remedy."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import openai
from instructor.core.exceptions import IncompleteOutputException

from extractor.errors import (
    ModelError,
    ModelUnavailable,
    QuotaExhausted,
    ReplyInvalid,
    TransportFailed,
)
from extractor.models.attempts import HTTP_OK
from extractor.models.base import Attempt, Request
from extractor.models.limits import NotSent
from extractor.models.retry import (
    RetryPolicy,
    Verdict,
    held_back,
    is_cassette_miss,
    is_out_of_credit,
    retry_after,
)
from extractor.models.transport import redirection

MAX_SAID = 160
REMEDIES: Mapping[int, str] = MappingProxyType(
    {
        400: "check the model's context size and the parameters it accepts",
        401: "the key is missing or wrong: set EXTRACTOR_API_KEY or OPENAI_API_KEY, "
        "or use --model local",
        403: "the key may not use this model: choose another model, or use --model local",
        404: "the server has no such model or address: check --model and the base URL, "
        "or use --model local",
        422: "check the parameters that the model accepts",
    }
)
DEFAULT_REMEDY = "try again later, or use --model local"


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
        if isinstance(error, openai.APIConnectionError):
            return self._unreachable(error, request, attempts)
        if verdict in {Verdict.VALIDATION, Verdict.TRUNCATED}:
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
        return TransportFailed(
            f"{self._identity}: refused with status {status}{_said(error)} after "
            f"{_times(attempts)} - {REMEDIES.get(status, DEFAULT_REMEDY)}",
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
        late = isinstance(error, openai.APITimeoutError)
        what = "no answer in time" if late else "no connection to the server"
        remedy = "raise timeout_seconds" if late else "check that it runs and the base URL"
        return TransportFailed(
            f"{self._identity}: {what} in {_times(attempts)} - {remedy}, or use --model local",
            attempts=attempts,
        )

    def _unusable(
        self, error: Exception, request: Request, attempts: tuple[Attempt, ...]
    ) -> ReplyInvalid:
        if isinstance(error, IncompleteOutputException):
            problem = f"the reply was cut off at {request.max_tokens} tokens"
            remedy = "ask about less text at once, or allow more tokens"
        else:
            last = attempts[-1].error if attempts else type(error).__name__
            problem = f"no usable reply ({last})"
            remedy = "try another model, or raise validation_retries"
        return ReplyInvalid(
            f"{self._identity}: {request.task}: {problem} in {_times(attempts)} - {remedy}",
            attempts=attempts,
        )


def _times(attempts: tuple[Attempt, ...]) -> str:
    return "1 attempt" if len(attempts) == 1 else f"{len(attempts)} attempts"


def _said(error: openai.APIStatusError) -> str:
    """The server's own words. Not for 401, where servers repeat a part of the key."""
    said = error.body.get("message") if isinstance(error.body, dict) else None
    if error.status_code == openai.AuthenticationError.status_code or not isinstance(said, str):
        return ""
    return f" ({' '.join(said.split())[:MAX_SAID]})"
