"""Finding out what a server takes: by asking it, once for all requests of a model.

A request that uses something the server has not accepted yet (a parameter, a way of structured
answers, a keyword in the schema) goes alone; the others that do wait for what it finds out. So a
thing that is refused costs one request, however many are in flight.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from extractor.models.dialects import PLAIN, Dialect, differences

ADAPTABLE = frozenset({400, 422})
MOST_STEPS = 6  # changes for one request; the least common denominator is nearer
_logger = logging.getLogger("extractor.models")


@dataclass
class Turn:
    """A place in the queue of those who try something new; `leave` may be called any time."""

    lock: asyncio.Lock
    alone: bool = False

    async def take(self) -> None:
        """Wait until nobody else tries something new."""
        if not self.alone:
            await self.lock.acquire()
            self.alone = True

    def leave(self) -> None:
        """Let the others go: the server has accepted it, or does not answer at all just now."""
        if self.alone:
            self.alone = False
            self.lock.release()


@dataclass
class Learning:
    """The dialect of one model, as far as it is known.

    Args:
        identity: of the model, for the notices.
        dialect: the first guess. fixed: it is known, and nothing is to be learned.

    silent: the server gives no answers just now, so that waiting for them would teach nothing.
    """

    identity: str
    dialect: Dialect
    fixed: bool = False
    silent: bool = False
    accepted: set[str] = field(default_factory=set)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def adapted(self) -> tuple[str, ...]:
        """What is sent otherwise than to most servers, one line each."""
        return tuple(differences(PLAIN, self.dialect))

    @asynccontextmanager
    async def turn(self, schema: Mapping[str, Any], sent: Mapping[str, Any]) -> AsyncIterator[Turn]:
        """A turn for a request with these sampling parameters, taken where any of it is new."""
        turn = Turn(self._lock)
        try:
            if self._is_new(schema, sent):
                await turn.take()
                if not self._is_new(schema, sent):  # since those who were before this one
                    turn.leave()
            yield turn
        finally:
            turn.leave()

    def _is_new(self, schema: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
        """True where a request should go alone."""
        return not (self.fixed or self.silent or self.is_known(self.dialect, schema, sent))

    def is_known(
        self, dialect: Dialect, schema: Mapping[str, Any], sent: Mapping[str, Any]
    ) -> bool:
        """True where the server has accepted all of this before."""
        return features(dialect, schema, sent) <= self.accepted

    def accept(
        self, dialect: Dialect, schema: Mapping[str, Any], sent: Mapping[str, Any], new: bool
    ) -> None:
        """The server has taken a request in `dialect`; a new one is from now on the one to use."""
        self.silent = False
        self.accepted |= features(dialect, schema, sent)
        if new and dialect != self.dialect:
            for line in differences(self.dialect, dialect):
                _logger.warning("%s: %s", self.identity, line)
            self.dialect = dialect


def features(dialect: Dialect, schema: Mapping[str, Any], sent: Mapping[str, Any]) -> set[str]:
    """Names of everything in a request that a server may not take; `sent`: sampling parameters."""
    keywords = set() if dialect.reduced else _keywords(schema)
    return {dialect.structured, *dialect.sends(sent), *(f"schema: {word}" for word in keywords)}


def _keywords(schema: object) -> set[str]:
    """JSON Schema's keywords in `schema`; the names of properties are none."""
    if isinstance(schema, list):
        return {word for part in schema for word in _keywords(part)}
    if not isinstance(schema, Mapping):
        return set()
    found = set(schema)
    for keyword, value in schema.items():
        named = keyword in {"properties", "$defs"}
        parts = list(value.values()) if named and isinstance(value, Mapping) else value
        found |= _keywords(parts) if keyword not in {"enum", "const", "default"} else set()
    return found
