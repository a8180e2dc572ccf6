"""The output format: closed, versioned, and honest about what was not done."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from extractor import Extraction
from extractor.output import DocumentInfo
from extractor.records import Metadata

INFO = DocumentInfo(
    id="0" * 16, name="a", language=None, characters=1, metadata=Metadata(), furniture=[]
)


def test_not_asked_and_nothing_found_stay_apart() -> None:
    text = Extraction(document=INFO, figures=[]).model_dump_json()
    found = Extraction.model_validate_json(text)
    assert found.figures == []
    assert found.quotations is None


@pytest.mark.parametrize("change", [{"format": 2}, {"colour": "red"}, {"document": None}])
def test_other_formats_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Extraction.model_validate(Extraction(document=INFO).model_dump() | change)


def test_extractions_do_not_share_their_lists() -> None:
    first, second = Extraction(document=INFO), Extraction(document=INFO)
    assert first.rejected is not second.rejected
