"""What instructor is given for a schema."""

from __future__ import annotations

from pydantic import BaseModel

from extractor.models.base import json_schema
from extractor.models.instructed import described_as


class Boat(BaseModel):
    name: str


def test_what_instructor_writes_into_a_schema_stays_with_it() -> None:
    """It adds a description in some modes; the next mode's request must be as before."""
    before = json_schema(Boat)
    described = described_as(Boat, reduced=False)
    given = described.model_json_schema()
    given["description"] = "written by somebody else"
    given["properties"]["name"]["title"] = "written by somebody else"
    assert described.model_json_schema() == before == json_schema(Boat)
