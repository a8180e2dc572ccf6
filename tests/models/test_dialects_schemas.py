from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel

from extractor.models.dialects_schemas import reduced
from tests.standins.wire import strict_faults


class Colour(StrEnum):
    RED = "red"


class Part(BaseModel):
    """A part."""

    kind: Literal["part"] = "part"
    size: int = Field(ge=1, le=9, default=3)


class Other(BaseModel):
    kind: Literal["other"]


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(max_length=9, min_length=1, pattern="^a")]
    colour: Colour = Colour.RED
    parts: list[Part] = Field(max_length=3, description="all of them")
    chosen: Annotated[Part | Other, Field(discriminator="kind")]
    first: Part | None = Field(default=None, description="the first")
    one: Literal[1]
    flag: bool = True


class Keys(BaseModel):
    by_name: dict[str, int]


class Nested(BaseModel):
    inner: Keys


class Anything(BaseModel):
    what: object


class Pair(BaseModel):
    pair: tuple[int, str]


def test_a_reduced_schema_is_what_strict_modes_take() -> None:
    found = reduced(Whole.model_json_schema())
    assert found is not None
    wanted = {"name": "Whole", "strict": True, "schema": found}
    assert list(strict_faults({"response_format": {"json_schema": wanted}})) == []
    assert set(found["required"]) == set(Whole.model_fields)
    assert found["properties"]["first"]["anyOf"][1] == {"type": "null"}
    assert found["properties"]["one"] == {"type": "integer", "enum": [1]}


def test_the_checker_of_the_stand_in_sees_the_plain_schema() -> None:
    wanted = {"name": "Whole", "strict": True, "schema": Whole.model_json_schema()}
    assert list(strict_faults({"response_format": {"json_schema": wanted}}))


@pytest.mark.parametrize("type_", [Keys, Nested, Anything, Pair, RootModel[list[int]]])
def test_what_strict_modes_cannot_say_is_told(type_: type[BaseModel]) -> None:
    assert reduced(type_.model_json_schema()) is None


def test_nothing_is_changed_in_place() -> None:
    before = Whole.model_json_schema()
    reduced(before)
    assert before == Whole.model_json_schema()
