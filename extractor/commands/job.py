"""What the user asked of `extractor annotate`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from extractor.bulk import Limits


@dataclass(frozen=True)
class Job:
    """What the user asked for. `overrides` are settings given as options, None where not given.

    fallback: name of a second model. fallback_on: classes of failures, see `extractor.bulk`.
    log: file for one line of JSON per attempt.
    shard: `I/N`, the part of the documents that is meant; its store is beside `store`.
    batch: ask through the server's Batch API, and if `wait`, stay until it has answered.
    """

    paths: tuple[str, ...]
    output: Path | None
    records: tuple[str, ...]
    overrides: Mapping[str, object]
    store: Path
    limits: Limits
    fallback: str | None = None
    fallback_on: tuple[str, ...] = ("invalid", "transport")
    retry_dead: bool = False
    dry_run: bool = False
    log: Path | None = None
    shard: str | None = None
    batch: bool = False
    wait: bool = True
