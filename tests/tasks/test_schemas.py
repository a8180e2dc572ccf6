"""Answer schemas: closed, in order, and shared by questions that offer the same."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from extractor.tasks.schemas import answer_schema, list_of, one_of, optional, short_text


def test_questions_that_offer_the_same_share_a_schema() -> None:
    def made() -> object:
        item = answer_schema("Item", {"kind": one_of(["a", "b"]), "words": short_text(5)})
        return answer_schema("Items", {"items": list_of(item, 2), "by": optional(one_of([0, 1]))})

    assert made() is made()


@pytest.mark.parametrize(
    ("one", "other"),
    [(["a", "b"], ["b", "a"]), ([1, 0], [True, False]), (["1"], [1]), (["a"], ["a", "b"])],
)
def test_what_differs_in_order_or_type_is_not_shared(
    one: list[str | int], other: list[str | int]
) -> None:
    first, second = (answer_schema("Answer", {"is": one_of(values)}) for values in (one, other))
    assert first is not second
    assert first.model_json_schema() != second.model_json_schema()


def test_a_schema_is_closed_and_every_field_required() -> None:
    schema = answer_schema("Answer", {"is": one_of(["a"]), "who": optional(short_text(3))})
    assert schema.model_validate({"is": "a", "who": None}).model_dump() == {"is": "a", "who": None}
    for wrong in ({"is": "a"}, {"is": "b", "who": None}, {"is": "a", "who": "long"}):
        with pytest.raises(ValidationError):
            schema.model_validate(wrong)
    with pytest.raises(ValidationError):
        schema.model_validate({"is": "a", "who": None, "more": 1})
