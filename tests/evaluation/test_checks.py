"""Hard limits: each violation is counted and named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extractor.evaluation.checks import INVALID, check
from extractor.evaluation.prediction import Prediction
from extractor.evaluation.suite import Suite
from extractor.records import Article, Entity, Quotation, Span

from .folders import perfect, small_suite


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return small_suite(tmp_path, 1)


def with_records(**records: tuple[object, ...]) -> dict[str, Prediction]:
    return {"a0.txt": Prediction("a0.txt", records)}  # type: ignore[arg-type]


def test_gold_breaks_no_limit(suite: Suite) -> None:
    found = check(suite.cases, perfect(suite))
    assert (found.valid, found.answers, found.furniture) == (1, 1, 0)
    assert found.verbatim == found.spans > 0
    assert found.passed


def test_evidence_that_is_not_in_the_text_is_named(suite: Suite) -> None:
    false = Quotation(id="quo-7", text="x", evidence={"text": Span(start=0, end=3, text="xyz")})
    found = check(suite.cases, with_records(quotations=(false,)))
    assert (found.verbatim, found.spans) == (0, 1)
    assert "a0.txt: quo-7: 'xyz' does not stand at 0:3" in found.faults[0]


def test_only_the_header_may_use_page_furniture(suite: Suite) -> None:
    apart = suite.cases[0].gold.furniture[0]
    header = Article(id="art-1", title=apart.text, evidence={"title": apart})
    name = Entity(id="ent-1", name=apart.text, kind="outlet", mentions=[apart])
    found = check(suite.cases, with_records(article=(header,), entities=(name,)))
    assert found.furniture == 1
    assert "ent-1: evidence in page furniture" in found.faults[0]


def test_output_that_does_not_fit_the_schema_is_a_fault(suite: Suite) -> None:
    broken = replace(perfect(suite)["a0.txt"], failure=f"{INVALID}: figures.0")
    found = check(suite.cases, {"a0.txt": broken})
    assert (found.valid, found.answers) == (0, 1)
    assert not found.passed


def test_a_failure_to_answer_breaks_no_limit(suite: Suite) -> None:
    silent = Prediction("a0.txt", failure="the server is down")
    assert check(suite.cases, {"a0.txt": silent}).passed
