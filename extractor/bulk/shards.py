"""A corpus in parts: by its hash each document belongs to one shard, on whatever machine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from extractor.bulk.stopping import Limits
from extractor.documents import Document
from extractor.errors import DocumentError, UsageError
from extractor.settings import Settings
from extractor.store import content_key

MOST = 9_999
_FORM = re.compile(r"([0-9]{1,4})/([0-9]{1,4})")
_HASH_DIGITS = 16


@dataclass(frozen=True)
class Shard:
    """Part `number`, counted from 1, of a corpus in `of` parts."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The shard written as `3/16`.

        Raises:
            UsageError: it is not, or there is no such shard.
        """
        found = _FORM.fullmatch(text)
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise UsageError(f"--shard {text}: no such shard - use I/N, as 3/16; I from 1 to N")
        return cls(int(found[1]), int(found[2]))

    def of_inputs(
        self, inputs: Iterable[Document | DocumentError]
    ) -> Iterator[Document | DocumentError]:
        """Those that belong to the shard: by the document's hash, by its name if it is unreadable.

        So the copies of a page are in one shard, and are asked about once.
        """
        return (one for one in inputs if _place(one) % self.of == self.number - 1)

    def store(self, store: Path) -> Path:
        """The shard's own file beside `store`: `STORE.shards/0003-of-0016.db`.

        Raises:
            UsageError: the folder holds shards of another number, whose work would be done again.
        """
        ending = f"-of-{self.of:04}.db"
        others = [path for path in shard_stores(store) if not path.name.endswith(ending)]
        if others:
            raise UsageError(
                f"{others[0]}: a shard of another number of shards - go on with that number,"
                " because any other would ask again what is done"
            )
        return _folder(store) / f"{self.number:04}{ending}"

    def limits(self, limits: Limits) -> Limits:
        """The shard's part of what all may spend."""
        tokens = None if limits.tokens is None else limits.tokens // self.of
        return Limits(tokens, None if limits.cost is None else limits.cost / self.of)

    def settings(self, settings: Settings) -> Settings:
        """The settings with the shard's part of what the server allows in a minute.

        Raises:
            UsageError: that is less than one request or token.
        """
        parts = {}
        for name in ("requests_per_minute", "tokens_per_minute"):
            allowed = getattr(settings, name)
            if allowed is None:
                continue
            if allowed < self.of:
                raise UsageError(f"{name} {allowed}: too few for {self.of} shards - use fewer")
            parts[name] = allowed // self.of
        return settings.model_copy(update=parts)


def shard_stores(store: Path) -> list[Path]:
    """The stores of the shards that have begun, in order."""
    return sorted(_folder(store).glob("*-of-*.db"))


def _folder(store: Path) -> Path:
    return store.with_name(f"{store.name}.shards")


def _place(one: Document | DocumentError) -> int:
    key = one.fingerprint if isinstance(one, Document) else content_key(one.name)
    return int(key[:_HASH_DIGITS], 16)
