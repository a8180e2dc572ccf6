"""This project's extractor on one article, through the same proxy as the peers.

Standard input: a job with the page's `text`, its `name`, the `records` to extract and the
`server`. Standard output, JSON Lines: the extraction, and at the end the seconds from the text to
the records. The language pipeline is loaded before the clock starts, as the peers' libraries are.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

from extractor.documents import Document
from extractor.models.base import ModelProfile
from extractor.models.client import ChatModel, Endpoint
from extractor.models.registry import LOCAL_CONTEXT
from extractor.models.retry import RetryPolicy
from extractor.output import Extraction
from extractor.pipeline import extract_document
from extractor.reading.parse import load_pipeline
from extractor.settings import Settings


async def extracted(job: dict[str, Any]) -> Extraction:
    """Extract with the settings that the embedded model has by default."""
    settings, server = Settings(), job["server"]
    endpoint = Endpoint(
        base_url=server["base_url"],
        api_key=server["api_key"],
        model=server["model"],
        label="served",
        timeout_seconds=settings.timeout_seconds,
        embedded=True,
    )
    profile = ModelProfile(server["slots"], LOCAL_CONTEXT, per_task=1, phrasings=settings.phrasings)
    policy = RetryPolicy(
        transport_retries=settings.transport_retries,
        validation_retries=settings.validation_retries,
        max_retry_after=settings.max_retry_after_seconds,
    )
    async with ChatModel(endpoint, profile, {"temperature": 0.0}, policy) as model:
        document = Document.from_text(job["text"], name=job["name"])
        return await extract_document(document, model=model, records=job["records"])


def main() -> None:
    """Read the job, extract, write the lines."""
    job = json.load(sys.stdin)
    load_pipeline()
    started = time.perf_counter()
    extraction = asyncio.run(extracted(job))
    seconds = time.perf_counter() - started
    lines: list[dict[str, Any]] = [
        {"kind": "extraction", "value": extraction.model_dump(mode="json")},
        {"kind": "end", "seconds": seconds},
    ]
    sys.stdout.writelines(f"{json.dumps(line)}\n" for line in lines)


if __name__ == "__main__":
    main()
