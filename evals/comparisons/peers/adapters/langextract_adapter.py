"""LangExtract on one article. Runs in an environment of its own, never imported by the project.

Standard input: a job (see `configurations.job_for`) with `server`. Standard output, JSON Lines: a
record per line with LangExtract's own alignment, a line per call that failed, and at the end the
seconds from the text to the records.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from importlib import import_module
from typing import Any

KINDS: dict[str, dict[str, Any]] = {"text": {"type": "string"}, "flag": {"type": "boolean"}}


def main() -> None:
    """Read the job, extract, write the lines."""
    langextract = import_module("langextract")
    import_module("openai")  # which the provider imports when it is first used
    answers, sys.stdout = sys.stdout, sys.stderr  # the library may print
    job = json.load(sys.stdin)
    model_config = config(langextract, job)
    started = time.perf_counter()
    lines: list[dict[str, Any]] = []
    for call in job["calls"]:
        try:
            lines += extracted(langextract, job, call, model_config)
        except Exception as error:  # whatever the library raises: this call has no answer
            message = f"{type(error).__name__}: {error}"[:300]
            lines.append({"kind": "failure", "of": list(call["types"]), "error": message})
    lines.append({"kind": "end", "seconds": time.perf_counter() - started})
    answers.writelines(f"{json.dumps(line)}\n" for line in lines)


def config(library: Any, job: dict[str, Any]) -> Any:
    """The OpenAI-compatible provider, pointed at the job's server."""
    server = job["server"]
    return library.factory.ModelConfig(
        model_id=server["model"],
        provider="OpenAILanguageModel",
        provider_kwargs={
            "api_key": server["api_key"],
            "base_url": server["base_url"],
            "temperature": 0.0,
            "max_workers": server["slots"],
            "max_output_tokens": job["options"]["max_output_tokens"],
        },
    )


def extracted(
    library: Any, job: dict[str, Any], call: dict[str, Any], model_config: Any
) -> list[dict[str, Any]]:
    """The records of one prompt over all chunks of the text."""
    options = job["options"]
    schema = closed_schema(library, call["types"]) if options["closed_schema"] else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        document = library.extract(
            text_or_documents=job["text"],
            prompt_description=call["instructions"],
            examples=[example_data(library, example) for example in call["examples"]],
            config=model_config,
            output_schema=schema,
            max_char_buffer=options["max_char_buffer"],
            context_window_chars=options.get("context_window_chars"),
            max_workers=job["server"]["slots"],
            show_progress=False,
        )
    return [line(extraction) for extraction in document.extractions or []]


def closed_schema(library: Any, types: dict[str, Any]) -> dict[str, Any]:
    """An output schema in which labels are enumerated."""
    items = [
        library.schema.extraction_item_schema(
            name, attributes={field: field_schema(spec) for field, spec in fields.items()}
        )
        for name, fields in types.items()
    ]
    schema: dict[str, Any] = library.schema.extractions_schema(*items)
    return schema


def field_schema(spec: dict[str, Any]) -> dict[str, Any]:
    """The JSON schema of one attribute."""
    kind = KINDS.get(spec["kind"], {"type": "string", "enum": spec["labels"]})
    return {"anyOf": [kind, {"type": "null"}]} if spec["nullable"] else kind


def example_data(library: Any, example: dict[str, Any]) -> Any:
    """An example in the library's own form, its records in the order of the text."""
    records = [
        (example["text"].find(record["words"]), name, record)
        for name, group in example["records"].items()
        for record in group
    ]
    extractions = [
        library.data.Extraction(
            extraction_class=name,
            extraction_text=record["words"],
            attributes={field: value for field, value in record.items() if field != "words"},
        )
        for _, name, record in sorted(records, key=lambda found: found[0])
    ]
    return library.data.ExampleData(text=example["text"], extractions=extractions)


def line(extraction: Any) -> dict[str, Any]:
    """One record, with offsets in the job's text where the library aligned it."""
    interval = extraction.char_interval
    values = {**(extraction.attributes or {}), "words": extraction.extraction_text}
    return {
        "kind": extraction.extraction_class,
        "values": values,
        "start": interval.start_pos if interval else None,
        "end": interval.end_pos if interval else None,
    }


if __name__ == "__main__":
    main()
