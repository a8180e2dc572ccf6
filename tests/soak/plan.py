"""What the stub answers: a seeded plan that decides by the request and how often it came."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """How one request is answered."""

    OK = "ok"
    RATE_BARE = "rate_bare"  # 429 without a wait
    RATE_SECONDS = "rate_seconds"  # 429 with Retry-After in seconds
    RATE_MS = "rate_ms"  # 429 with retry-after-ms
    RATE_DATE = "rate_date"  # 429 with Retry-After as an HTTP date
    QUOTA = "quota"  # 429 insufficient_quota
    ERROR_500 = "error_500"
    ERROR_502 = "error_502"
    ERROR_503 = "error_503"
    RESET_BEFORE = "reset_before"  # connection reset, nothing sent
    RESET_DURING = "reset_during"  # connection reset in the middle of the reply
    STALL = "stall"  # nothing until the client gives up
    NOT_JSON = "not_json"  # 200, the HTTP body ends too early
    ERROR_BODY = "error_body"  # 200 with an error object
    LENGTH = "length"  # the answer ends at the token limit, and says so
    CUT = "cut"  # the answer's JSON is cut, and does not say so
    WRONG_SCHEMA = "wrong_schema"
    DUPLICATE_KEYS = "duplicate_keys"
    NAN = "nan"
    MUTATED = "mutated"  # any of `tests.soak.mutations`


RATE_LIMITED = frozenset({Kind.RATE_SECONDS, Kind.RATE_MS, Kind.RATE_DATE})


@dataclass(frozen=True)
class Rates:
    """Share of the requests that gets each fault, 0 to 1 together; the rest is answered well."""

    rate_bare: float = 0.0
    rate_seconds: float = 0.0
    rate_ms: float = 0.0
    rate_date: float = 0.0
    quota: float = 0.0
    error_500: float = 0.0
    error_502: float = 0.0
    error_503: float = 0.0
    reset_before: float = 0.0
    reset_during: float = 0.0
    stall: float = 0.0
    not_json: float = 0.0
    error_body: float = 0.0
    length: float = 0.0
    cut: float = 0.0
    wrong_schema: float = 0.0
    duplicate_keys: float = 0.0
    nan: float = 0.0
    mutated: float = 0.0


@dataclass(frozen=True)
class Plan:
    """Reproducible whatever the order in which requests come.

    seed: another one gives other faults to other requests.
    latency: seconds from the request to the reply, at least and at most.
    """

    seed: int = 0
    rates: Rates = field(default_factory=Rates)
    latency: tuple[float, float] = (0.0, 0.0)

    def kind(self, body: str, arrival: int) -> Kind:
        """The fate of the `arrival`-th request (from 1) with this body (a hash)."""
        point = self.chance("kind", body, arrival)
        for name, rate in vars(self.rates).items():
            if point < rate:
                return Kind(name)
            point -= rate
        return Kind.OK

    def delay(self, body: str, arrival: int) -> float:
        """Seconds to wait before the reply."""
        least, most = self.latency
        return least + (most - least) * self.chance("delay", body, arrival)

    def chance(self, purpose: str, body: str, arrival: int) -> float:
        """A number from 0 to 1, always the same for the same arguments."""
        text = f"{self.seed} {purpose} {body} {arrival}"
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest()) / 256**7

    def dumps(self) -> str:
        """As JSON, for a command line."""
        return json.dumps(asdict(self))

    @classmethod
    def loads(cls, text: str) -> Self:
        """The plan that `dumps` wrote."""
        content: dict[str, Any] = json.loads(text)
        least, most = content["latency"]
        return cls(content["seed"], Rates(**content["rates"]), (least, most))
