"""Bespoke Curator through its OpenAI backend. Runs in an environment of its own.

Its request files and its cache of answers are in the job's folder, as a store is.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.soak.adapters.metering import Job, Meter
from tests.soak.adapters.records import Shipments
from tests.soak.adapters.task import INSTRUCTIONS, texts

NO_LIMIT = 10**9  # a minute; without limits given it keeps to small ones
# It and what it builds on would report their use, look for newer prices, and draw on the terminal.
QUIET = {
    "TELEMETRY_ENABLED": "false",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "HF_HUB_OFFLINE": "1",
    "CURATOR_DISABLE_RICH_DISPLAY": "1",
}


def opened(job: Job) -> Any:
    """An `LLM` of Curator for the record type."""
    curator: Any = import_module("bespokelabs.curator")

    class Extractor(curator.LLM):  # type: ignore[misc]
        """A document in, its shipments out."""

        def prompt(self, row: dict[str, str]) -> str:
            return row["text"]

        def parse(self, _row: dict[str, str], response: Shipments) -> dict[str, Any]:
            return {"records": [record.model_dump() for record in response.records]}

    return Extractor(
        model_name="stub",
        response_format=Shipments,
        backend="openai",
        system_prompt=INSTRUCTIONS,
        generation_params={"temperature": 0.0, "max_tokens": 500},
        backend_params={
            "base_url": job.url,
            "api_key": "none",
            "max_concurrent_requests": job.in_flight,
            "max_requests_per_minute": NO_LIMIT,
            "max_tokens_per_minute": NO_LIMIT,
        },
    )


def extracted(job: Job, llm: Any, numbers: range) -> int:
    """The records of all documents in one call."""
    rows = [{"text": text} for text in texts(numbers)]
    found = llm(rows, working_dir=job.folder)
    return sum(len(row["records"]) for row in found.dataset)


def bundled_tokens() -> str:
    """The token files that come with its dependency litellm; it would fetch them otherwise."""
    litellm = find_spec("litellm")
    assert litellm and litellm.origin
    return str(Path(litellm.origin).parent / "litellm_core_utils" / "tokenizers")


def main() -> None:
    """Ask, and report."""
    sys.stdout = sys.stderr  # the library prints
    job = Job.read()
    os.environ.update(QUIET, CURATOR_CACHE_DIR=job.folder, TIKTOKEN_CACHE_DIR=bundled_tokens())
    llm = opened(job)
    extracted(job, llm, job.before)
    with Meter() as meter:
        records = extracted(job, llm, job.counted)
    meter.report(records, "bespokelabs-curator")


if __name__ == "__main__":
    main()
