"""One store, one server with a Batch API, and what happened between them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from extractor import Extraction, Store
from extractor.bulk import Gate, Plan, annotate
from extractor.bulk.batch import BatchPlan, fill
from extractor.costs import Price, Prices
from extractor.models.base import ModelProfile
from extractor.models.batches import BatchServer
from extractor.models.client import ChatModel, Endpoint
from extractor.models.retry import RetryPolicy
from tests.bulk.batch_stub import BatchStub, Fate, serve_batches
from tests.bulk.harness import documents
from tests.support import rows

RECORDS = ("figures",)
COUNT = 3
PRICE = Price(
    input=2.0, output=8.0, batch_discount=0.5, as_of=date(2026, 1, 1), source="the stub's own"
)
TOKENS, CALL_COST = 25, (20 * 2.0 + 5 * 8.0) / 1e6  # of one reply of the stub


@dataclass
class Bench:
    """One store and one server; `told` is what was said, `waits` how long was waited."""

    stub: BatchStub
    store: Path
    plan: BatchPlan = field(default_factory=lambda: BatchPlan(RECORDS, rounds=3))
    gate: Gate = field(default_factory=Gate)
    told: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @asynccontextmanager
    async def model(self) -> AsyncIterator[ChatModel]:
        endpoint = Endpoint(self.stub.url, "sk-secret", "m", "openai/m", 5.0)
        policy = RetryPolicy(transport_retries=2, first_wait=0.01)
        prices = Prices({"openai/m": PRICE})
        profile = ModelProfile(2, 4096, per_task=2)
        async with ChatModel(endpoint, profile, {"temperature": 0.0}, policy, None, prices) as made:
            yield made

    async def fill(self) -> bool:
        """One process: the batches of the documents."""

        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)

        plan = replace(self.plan, tell=self.told.append, sleep=sleep)
        async with self.model() as model, BatchServer(model) as server:
            with Store(self.store) as store:
                return await fill(
                    lambda: documents(COUNT), server=server, plan=plan, store=store, gate=self.gate
                )

    async def records(self) -> list[object]:
        """The figures that the ordinary run gives after that."""
        async with self.model() as model:
            with Store(self.store) as store:
                outcomes = annotate(
                    documents(COUNT), model=model, plan=Plan(RECORDS), store=store, gate=Gate()
                )
                found = [outcome.extraction async for outcome in outcomes]
        return [_figures(one) for one in found]

    def attempts(self) -> list[tuple[Any, ...]]:
        """Number, status, error, tokens and cost of each attempt, in order."""
        columns = "number, status_code, error, prompt_tokens + completion_tokens, cost"
        return rows(self.store, f"SELECT {columns} FROM attempts ORDER BY attempt")

    def left(self) -> list[str]:
        """Files beside the store that belong to batches."""
        return [path.name for path in self.store.parent.iterdir() if ".batch-" in path.name]


def _figures(found: Extraction | None) -> object:
    assert found is not None
    return [figure.model_dump() for figure in found.figures or []]


@asynccontextmanager
async def bench(
    path: Path, fates: Sequence[Fate] = (Fate(),), **options: Any
) -> AsyncIterator[Bench]:
    with serve_batches(BatchStub(fates=fates, **options)) as stub:
        yield Bench(stub, path / "store.db")


Direct = tuple[list[object], list[dict[str, Any]]]
