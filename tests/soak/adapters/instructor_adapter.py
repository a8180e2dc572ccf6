"""Plain instructor on the SDK, as its documentation shows it, in this library's mode."""

from __future__ import annotations

import asyncio

import instructor
import openai

from tests.soak.adapters.metering import TIMEOUT_SECONDS, Job, Meter, at_once
from tests.soak.adapters.records import Shipments
from tests.soak.adapters.task import INSTRUCTIONS, texts


async def measured(job: Job) -> None:
    """Ask, and report."""
    async with openai.AsyncOpenAI(
        base_url=job.url, api_key="none", timeout=TIMEOUT_SECONDS, max_retries=0
    ) as sdk:
        client = instructor.from_openai(sdk, mode=instructor.Mode.JSON_SCHEMA)

        async def extract(text: str) -> int:
            answer = await client.create(
                response_model=Shipments,
                messages=[
                    {"role": "system", "content": INSTRUCTIONS},
                    {"role": "user", "content": text},
                ],
                model="stub",
                max_tokens=500,
                temperature=0.0,
                max_retries=0,
            )
            return len(answer.records)

        await at_once(extract, texts(job.before), job.in_flight)
        with Meter() as meter:
            records = await at_once(extract, texts(job.counted), job.in_flight)
    meter.report(records, "instructor")


if __name__ == "__main__":
    asyncio.run(measured(Job.read()))
