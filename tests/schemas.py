"""Write the JSON Schemas of the output and of gold: `make schemas`."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel

from extractor.evaluation.gold import Gold
from extractor.output import Extraction

DOCS = Path(__file__).resolve().parent.parent / "docs"
SCHEMAS: dict[str, type[BaseModel]] = {"output.schema.json": Extraction, "gold.schema.json": Gold}


def rendered(name: str) -> str:
    """The schema file's content as the models say it."""
    return json.dumps(SCHEMAS[name].model_json_schema(), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    for file in SCHEMAS:
        (DOCS / file).write_text(rendered(file), encoding="utf-8")
