from __future__ import annotations

import pytest

from extractor.evaluation.policy import POLICY
from extractor.evaluation.prediction import RECORD_TYPES, RecordType
from extractor.records import (
    Article,
    Entity,
    Event,
    Figure,
    Quotation,
    Record,
    RecruitmentMethod,
)

CLASSES: dict[RecordType, type[Record]] = {
    "article": Article,
    "figures": Figure,
    "quotations": Quotation,
    "entities": Entity,
    "events": Event,
    "methods": RecruitmentMethod,
}


@pytest.mark.parametrize("kind", RECORD_TYPES)
def test_scored_fields_exist_and_have_one_name_each(kind: RecordType) -> None:
    names = [rule.name for rule in POLICY[kind]]
    assert len(names) == len(set(names))
    assert {rule.source for rule in POLICY[kind]} <= set(CLASSES[kind].model_fields)


@pytest.mark.parametrize("kind", RECORD_TYPES)
def test_every_type_has_a_strict_field(kind: RecordType) -> None:
    assert any(rule.strict == "always" for rule in POLICY[kind])
