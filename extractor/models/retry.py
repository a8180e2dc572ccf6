"""One retry policy with two budgets, in place of the SDK's and instructor's own.

Transport: connection errors, timeouts, 408, 409, 429 and 5xx. The wait is what `Retry-After` (RFC
9110, 10.2.3) or `retry-after-ms` asks for; without them it grows exponentially, with jitter. A date
is compared with the server's own `Date`, so that this machine's clock does not matter.
Validation: a reply that does not fit is asked for again at once, with the error. Not here: a reply
that was cut off, and a request that the server would take in another form (`client`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto

import httpx2
import openai
from instructor.core.exceptions import IncompleteOutputException
from tenacity import AsyncRetrying, RetryCallState, wait_exponential_jitter

from extractor.models.answers import SchemaIgnored, Withheld
from extractor.models.attempts import AttemptLog, error_code
from extractor.models.bounds import ReplyTooLarge
from extractor.models.limits import SERVER_ERROR, NotSent, Sleep

RETRIED_STATUS = frozenset({408, 409, 429})
PAYMENT_REQUIRED = 402
NO_CREDIT = frozenset(
    {
        "billing_hard_limit_reached",
        "billing_not_active",
        "credit_balance_too_low",
        "insufficient_balance",
        "insufficient_credits",
        "insufficient_quota",
    }
)
# vcrpy's, by name: the library is needed by tests only.
CASSETTE_MISS = "CannotOverwriteExistingCassetteException"


class Verdict(Enum):
    """What a failed attempt means for the next one."""

    TRANSPORT = auto()
    VALIDATION = auto()
    TRUNCATED = auto()
    UNUSABLE = auto()  # a reply that would be the same again
    FINAL = auto()


@dataclass(frozen=True)
class RetryPolicy:
    """How often, and how long to wait. Times are seconds.

    transport_retries, validation_retries: further attempts after the first, counted apart.
    max_retry_after: a server that asks for more is given up at once.
    first_wait, max_wait: of the exponential series.
    """

    transport_retries: int = 5
    validation_retries: int = 2
    max_retry_after: float = 120.0
    first_wait: float = 0.5
    max_wait: float = 30.0

    def retrying(self, log: AttemptLog, sleep: Sleep) -> AsyncRetrying:
        """A fresh tenacity controller for one request; every failure is written to `log`.

        sleep: how to wait between attempts.
        """
        return AsyncRetrying(
            retry=_Budgets(self, log),
            wait=self._wait,
            sleep=sleep,
            reraise=True,
        )

    def classify(self, error: BaseException, *, replied: bool) -> Verdict:
        """Whether and why `error` may be retried. `replied`: a 2xx response had arrived."""
        match error:
            case IncompleteOutputException():
                verdict = Verdict.TRUNCATED
            case Withheld() | SchemaIgnored():
                verdict = Verdict.UNUSABLE
            case openai.APIConnectionError():
                verdict = self._of_connection(error)
            case openai.APIStatusError():
                verdict = Verdict.TRANSPORT if self._status_retried(error) else Verdict.FINAL
            case (
                openai.APIResponseValidationError()
                | json.JSONDecodeError()
                | UnicodeDecodeError()
                | RecursionError()
            ):
                # A body that is no JSON, no UTF-8, or nested beyond reason.
                verdict = Verdict.VALIDATION
            case Exception() if replied:
                # A response of a shape that nobody foresaw is an unusable reply, not a crash.
                verdict = Verdict.VALIDATION
            case _:
                verdict = Verdict.FINAL
        return verdict

    @staticmethod
    def _of_connection(error: openai.APIConnectionError) -> Verdict:
        if is_too_large(error):
            return Verdict.UNUSABLE
        final = is_cassette_miss(error) or held_back(error) is not None
        return Verdict.FINAL if final else Verdict.TRANSPORT

    def _status_retried(self, error: openai.APIStatusError) -> bool:
        if is_out_of_credit(error):
            return False
        if (retry_after(error.response.headers) or 0.0) > self.max_retry_after:
            return False
        return error.status_code in RETRIED_STATUS or error.status_code >= SERVER_ERROR

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if not isinstance(error, openai.APIConnectionError | openai.APIStatusError):
            return 0.0
        if isinstance(error, openai.APIStatusError):
            asked = retry_after(error.response.headers)
            if asked is not None:
                return asked
        series = wait_exponential_jitter(
            multiplier=self.first_wait, max=self.max_wait, jitter=self.first_wait
        )
        return series(state)


class _Budgets:
    """tenacity's retry predicate: called once per attempt, so it can keep the books."""

    def __init__(self, policy: RetryPolicy, log: AttemptLog) -> None:
        self._policy = policy
        self._log = log
        self._transport = policy.transport_retries
        self._validation = policy.validation_retries

    def __call__(self, state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        if error is None:
            return False
        verdict = self._policy.classify(error, replied=self._log.replied)
        self._log.close(error)
        return self._spend(verdict)

    def _spend(self, verdict: Verdict) -> bool:
        if verdict is Verdict.TRANSPORT:
            self._transport -= 1
            return self._transport >= 0
        if verdict is Verdict.VALIDATION:
            self._validation -= 1
            return self._validation >= 0
        return False


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait, None where it does not say or says nonsense."""
    milliseconds = _seconds(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _seconds(value)
    return seconds if seconds is not None else _seconds_until(value, headers.get("date"))


def is_out_of_credit(error: openai.APIStatusError) -> bool:
    """True when no wait can help, because the account has to be paid first."""
    return error.status_code == PAYMENT_REQUIRED or error_code(error) in NO_CREDIT


def is_cassette_miss(error: BaseException) -> bool:
    """True when a recorded test conversation holds no reply for the request."""
    return any(type(cause).__name__ == CASSETTE_MISS for cause in _causes(error))


def is_too_large(error: BaseException) -> bool:
    """True where a reply was given up for its size."""
    return any(isinstance(cause, ReplyTooLarge) for cause in _causes(error))


def is_unreadable(error: BaseException) -> bool:
    """True where a reply came that could not be unpacked."""
    return any(isinstance(cause, httpx2.DecodingError) for cause in _causes(error))


def held_back(error: BaseException) -> NotSent | None:
    """Why the request behind `error` was not sent; None where it was."""
    return next((cause for cause in _causes(error) if isinstance(cause, NotSent)), None)


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


def _seconds(value: str | None) -> float | None:
    try:
        number = float(value) if value is not None else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _seconds_until(value: str | None, sent: str | None) -> float | None:
    moment = _date(value)
    if moment is None:
        return None
    return max(0.0, (moment - (_date(sent) or datetime.now(UTC))).total_seconds())


def _date(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value) if value is not None else None
    except (ValueError, OverflowError):
        return None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
