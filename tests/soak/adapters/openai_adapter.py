"""The SDK alone: the schema in `response_format`, the reply read by pydantic."""

from __future__ import annotations

import asyncio
from typing import Any

import openai

from tests.soak.adapters.metering import TIMEOUT_SECONDS, Job, Meter, at_once
from tests.soak.adapters.records import Shipments
from tests.soak.adapters.task import INSTRUCTIONS, texts


async def measured(job: Job) -> None:
    """Ask, and report."""
    described: Any = {"name": "Shipments", "schema": Shipments.model_json_schema()}
    async with openai.AsyncOpenAI(
        base_url=job.url, api_key="none", timeout=TIMEOUT_SECONDS, max_retries=0
    ) as client:

        async def extract(text: str) -> int:
            response = await client.chat.completions.create(
                model="stub",
                messages=[
                    {"role": "system", "content": INSTRUCTIONS},
                    {"role": "user", "content": text},
                ],
                max_tokens=500,
                temperature=0.0,
                response_format={"type": "json_schema", "json_schema": described},
            )
            content = response.choices[0].message.content or ""
            return len(Shipments.model_validate_json(content).records)

        await at_once(extract, texts(job.before), job.in_flight)
        with Meter() as meter:
            records = await at_once(extract, texts(job.counted), job.in_flight)
    meter.report(records, "openai")


if __name__ == "__main__":
    asyncio.run(measured(Job.read()))
