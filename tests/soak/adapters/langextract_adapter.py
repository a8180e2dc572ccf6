"""LangExtract through its OpenAI provider. Runs in an environment of its own."""

from __future__ import annotations

import sys
import warnings
from importlib import import_module
from typing import Any

from tests.soak.adapters.metering import Job, Meter
from tests.soak.adapters.task import EXAMPLE, EXAMPLE_RECORD, INSTRUCTIONS, texts

library: Any = import_module("langextract")


def model(job: Job) -> Any:
    """The provider, with the schema that LangExtract makes from the example."""
    config = library.factory.ModelConfig(
        model_id="stub",
        provider="OpenAILanguageModel",
        provider_kwargs={
            "api_key": "none",
            "base_url": job.url,
            "temperature": 0.0,
            "max_workers": job.in_flight,
            "max_output_tokens": 500,
        },
    )
    return library.factory.create_model(config, examples=[example()], use_schema_constraints=True)


def example() -> Any:
    """LangExtract has to be shown one."""
    words = f"{EXAMPLE_RECORD['crates']} crates"
    extraction = library.data.Extraction(
        extraction_class="shipment", extraction_text=words, attributes=dict(EXAMPLE_RECORD)
    )
    return library.data.ExampleData(text=EXAMPLE, extractions=[extraction])


def extracted(job: Job, opened: Any, numbers: range) -> int:
    """The records of all documents in one call, so many requests at once."""
    found = library.extract(
        text_or_documents=[library.data.Document(text=text) for text in texts(numbers)],
        prompt_description=INSTRUCTIONS,
        examples=[example()],
        model=opened,
        max_workers=job.in_flight,
        batch_length=job.in_flight,
        show_progress=False,
    )
    return sum(len(document.extractions or ()) for document in found)


def main() -> None:
    """Ask, and report."""
    sys.stdout = sys.stderr  # the library may print
    warnings.simplefilter("ignore")
    job = Job.read()
    opened = model(job)
    extracted(job, opened, job.before)
    with Meter() as meter:
        records = extracted(job, opened, job.counted)
    meter.report(records, "langextract")


if __name__ == "__main__":
    main()
