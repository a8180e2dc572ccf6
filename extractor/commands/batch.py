"""`extractor annotate --batch`: the questions go out in batches before the ordinary run."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from extractor.bulk import Gate
from extractor.bulk.batch import BatchPlan, fill
from extractor.bulk.runner import Input
from extractor.bulk.stopping import check_price
from extractor.commands.console import one_line
from extractor.models.registry import open_batches
from extractor.settings import Settings
from extractor.store import Batches, Store

if TYPE_CHECKING:
    from rich.console import Console

    from extractor.commands.job import Job

GOES_ON = (
    "The server goes on with the batches that it has; the same command fetches what they gave."
)


async def fill_answers(
    job: Job,
    settings: Settings,
    documents: Callable[[], Iterable[Input]],
    *,
    store: Store,
    gate: Gate,
    console: Console,
) -> bool:
    """Ask in batches what the store lacks; False where answers are to be fetched later.

    Raises:
        UsageError: the model has no Batch API, or money is limited and its price is not known.
        ModelError, StoreError: as `extractor.bulk.batch.fill`.
    """

    def tell(words: str) -> None:
        console.print(one_line(words), markup=False)

    plan = BatchPlan(
        job.records,
        rounds=settings.validation_retries + 1,
        retry_dead=job.retry_dead,
        wait=job.wait,
        tell=tell,
    )
    async with open_batches(settings.model, settings) as server:
        check_price(server.model, job.limits, server.model.price)
        with _telling_how_to_go_on(tell), _cancelled_by_sigterm():
            done = await fill(documents, server=server, plan=plan, store=store, gate=gate)
    unread = Batches(store).unread()
    if done and unread:
        tell(f"{unread} replies in the store are to questions that this run does not ask.")
    if not done:
        tell(GOES_ON)
    return done


@contextmanager
def _telling_how_to_go_on(tell: Callable[[str], None]) -> Iterator[None]:
    try:
        yield
    except asyncio.CancelledError:
        tell(GOES_ON)
        raise


@contextmanager
def _cancelled_by_sigterm() -> Iterator[None]:
    """End at once at SIGTERM as at Ctrl-C: nothing that is in flight here is paid for."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    if task is not None:
        with contextlib.suppress(NotImplementedError, RuntimeError):  # Windows, another thread
            loop.add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        yield
    finally:
        with contextlib.suppress(NotImplementedError):
            loop.remove_signal_handler(signal.SIGTERM)
