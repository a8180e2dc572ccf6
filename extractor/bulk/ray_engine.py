"""The shards of a run as actors of a Ray cluster: Ray places them, restarts them, and no more."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from extractor.errors import RunStopped, UsageError

RESTARTS = 10  # of an actor that dies; a shard that kills each of them ends the run (Ray: never)
Work = Callable[[int], int]  # number of a shard, from 1 -> its exit status


class ShardWorker:
    """What an actor does: one shard after the other, in the folder where the run was started."""

    def __init__(self, folder: Path, work: Work) -> None:
        os.chdir(folder)  # paths and extractor.toml mean the same on every machine
        self._work = work

    def __call__(self, batch: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
        """Work through the shards of a batch (column `shard`); their exit status (`status`)."""
        return {"status": [self._work(int(number)) for number in batch["shard"]]}


def run_shards(work: Work, shards: int) -> int:
    """Call `work` for every shard, on as many actors as there are CPUs, at most one a shard.

    Ray Data's `map_batches` over the numbers of the shards: the documents are read where they are
    worked on and do not pass through Ray. The cluster is that of RAY_ADDRESS; without it one is
    started on this machine. When an actor dies, Ray starts another one and repeats its shard, which
    goes on from the shard's store.

    Args:
        work: has to pickle.

    Returns:
        The highest exit status of all shards.

    Raises:
        UsageError: Ray is not installed.
        RunStopped: Ray gave up, or no cluster could be started.
    """
    ray = _ray()
    _start(ray)
    ray.data.DataContext.get_current().raise_original_map_exception = True
    rows = ray.data.from_items(
        [{"shard": n + 1} for n in range(shards)], override_num_blocks=shards
    )
    actors = max(1, min(shards, int(ray.cluster_resources().get("CPU", 1))))
    ended = rows.map_batches(
        ShardWorker,
        fn_constructor_args=(Path.cwd(), work),
        batch_size=1,
        # One task in flight: a second one would wait behind a whole shard.
        compute=ray.data.ActorPoolStrategy(size=actors, max_tasks_in_flight_per_actor=1),
        num_cpus=1,
        max_restarts=RESTARTS,
        max_task_retries=RESTARTS,
    )
    try:
        return max(int(row["status"]) for row in ended.take_all())
    except ray.exceptions.RayError as error:
        problem = str(error).strip().splitlines()[-1]
        raise RunStopped(f"ray: {problem} - the same command goes on from there") from error


def _start(ray: Any) -> None:
    try:
        ray.init(ignore_reinit_error=True)
    except Exception as error:  # Ray has no class for it
        problem = str(error).strip().splitlines()[-1:]
        raise RunStopped(
            f"ray: not started ({''.join(problem)}) - see its logs, or use --shard"
        ) from error


def _ray() -> Any:
    try:
        import ray
        import ray.data
    except ModuleNotFoundError as error:
        raise UsageError(
            f"--engine ray: {error.name} is not installed - pip install 'extractor[ray]'"
        ) from None
    return ray
