"""The formats are frozen: the schemas in docs/ are those of the models."""

from __future__ import annotations

import pytest

from tests.schemas import DOCS, SCHEMAS, rendered


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_in_docs_is_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == rendered(name), "run `make schemas`"
