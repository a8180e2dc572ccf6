"""This library: a record type of one's own, with a store on disk or without."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import openai
from pydantic import BaseModel

from extractor import Document, Label, Number, Store, Verbatim, aextract_records
from extractor.bulk import Gate, GatedModel
from extractor.models import ModelProfile
from extractor.models.client import ChatModel, Endpoint
from extractor.models.limits import Limits, Rates
from extractor.models.retry import RetryPolicy
from tests.soak.adapters.metering import TIMEOUT_SECONDS, Job, Meter, at_once
from tests.soak.adapters.task import INSTRUCTIONS, texts

WITH_STORE = "store"


class Shipment(BaseModel):
    """A shipment of crates, each field tied to the text."""

    carrier: Annotated[str, Verbatim()]
    crates: Annotated[int, Number()]
    place: Annotated[str, Verbatim()]
    state: Annotated[Literal["arrived", "lost"], Label()]


@dataclass(frozen=True)
class PatientEndpoint(Endpoint):
    """One that waits as long for a connection as for an answer, as the contestants' SDK is told."""

    def connect(self, limits: Limits) -> openai.AsyncOpenAI:
        """As `Endpoint.connect`."""
        return super().connect(limits).with_options(timeout=TIMEOUT_SECONDS)


def connected(job: Job) -> ChatModel:
    """As full as the others from the start: a run lets the number in flight grow by and by.

    Nothing is sent twice here, so that what fails is seen instead of paid for in CPU.
    """
    endpoint = PatientEndpoint(job.url, None, "stub", "openai/stub", TIMEOUT_SECONDS)
    profile = ModelProfile(job.in_flight, 128_000, per_task=job.in_flight)
    limits = Limits(Rates(job.in_flight, adaptive=False))
    policy = RetryPolicy(transport_retries=0, validation_retries=0)
    return ChatModel(endpoint, profile, {"temperature": 0.0}, policy, limits)


async def measured(job: Job) -> None:
    """Ask, and report."""
    path = Path(job.folder) / "store.db"
    with Store(path) if job.option == WITH_STORE else nullcontext() as store:
        async with connected(job) as connection:
            model = GatedModel(connection, Gate(), price=None)

            async def extract(text: str) -> int:
                found = await aextract_records(
                    Document.from_text(text),
                    Shipment,
                    instructions=INSTRUCTIONS,
                    model=model,
                    store=store,
                )
                return len(found.records)

            await at_once(extract, texts(job.before), job.in_flight)
            with Meter() as meter:
                records = await at_once(extract, texts(job.counted), job.in_flight)
    meter.report(records, "extractor")


if __name__ == "__main__":
    asyncio.run(measured(Job.read()))
