"""`annotate --engine ray` and `merge`: one corpus in several processes, and one store of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from extractor.bulk.ray_engine import run_shards
from extractor.bulk.shards import Shard, shard_stores
from extractor.commands.annotate import run_annotate
from extractor.commands.console import guarded, standard_error
from extractor.commands.job import Job
from extractor.commands.show import existing
from extractor.errors import UsageError
from extractor.store import Store
from extractor.store.merging import merge

ENGINES = ("ray",)


def run_sharded(job: Job, engine: str | None, shards: int | None) -> int:
    """All shards on an engine, then their stores into one; exit status as `run_annotate`."""
    return guarded(lambda: _sharded(job, engine, shards))


def run_merge(target: Path, sources: Sequence[Path]) -> int:
    """Copy what `sources` hold into `target`, which is made if it is not there."""
    return guarded(lambda: _merge(target, [existing(source) for source in sources]))


def _sharded(job: Job, engine: str | None, shards: int | None) -> int:
    if engine is None:
        raise UsageError("--shards: only with --engine - use --shard I/N for one part of them")
    if shards is None:
        raise UsageError(f"--engine {engine}: give --shards N, the same number until all is done")
    _check(job, engine)
    if job.dry_run:
        return run_annotate(job)
    Shard(1, shards).store(job.store)  # refuses another number than that of the first run
    status = run_shards(partial(_annotate_shard, job, shards), shards)
    _merge(job.store, shard_stores(job.store))
    return status


def _check(job: Job, engine: str) -> None:
    if engine not in ENGINES:
        raise UsageError(f"--engine {engine}: unknown - use: {', '.join(ENGINES)}")
    if job.shard is not None:
        raise UsageError("--shard: not together with --engine - leave one of them out")
    if job.output is not None:
        raise UsageError("-o: not with --engine - use `extractor export` afterwards")
    if "-" in job.paths:
        raise UsageError("-: no standard input with --engine - give files or folders")


def _annotate_shard(job: Job, shards: int, number: int) -> int:
    return run_annotate(replace(job, shard=f"{number}/{shards}"))


def _merge(target: Path, sources: Sequence[Path]) -> int:
    console = standard_error()
    with Store(target) as store:
        for source in sources:
            merge(source, store)
            console.print(f"{target}: has all of {source}", markup=False)
    return 0
