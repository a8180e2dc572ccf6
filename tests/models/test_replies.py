from __future__ import annotations

import pytest
from pydantic import BaseModel, Field, ValidationError

from extractor.models.replies import describe_invalid, parse_reply, without_links


class Item(BaseModel):
    name: str = Field(max_length=3)


class Items(BaseModel):
    items: list[Item]


def invalid(text: str) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        parse_reply(text, Items)
    return caught.value


def test_reads_what_fits() -> None:
    assert parse_reply('{"items": [{"name": "é"}]}', Items).items[0].name == "é"


@pytest.mark.parametrize(
    "text",
    ['{"items": [{"name": "a", "name": "b"}]}', '{"items": [], "x": Infinity}', '{"items": []} x'],
)
def test_strict_json(text: str) -> None:
    assert "json_invalid" in describe_invalid(invalid(text), Items)


def test_description_holds_no_reply_text() -> None:
    error = invalid('{"items": [{"name": "secret"}, {"name": "secret"}, {}, {}, {}]}')
    described = describe_invalid(error, Items)
    assert described.startswith("items: string_too_long")
    assert described.endswith("2 more")
    assert "secret" not in described


def test_reask_text_is_short_but_says_where() -> None:
    text = str(without_links(invalid('{"items": [{"name": "too {long}"}]}')))
    assert "items.0.name" in text and "at most 3 characters" in text
    assert "http" not in text
