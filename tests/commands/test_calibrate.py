"""`extractor eval calibrate`, and what the page shows of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from extractor import ScriptedModel
from extractor.cli import app
from extractor.confidence import Calibration
from extractor.evaluation.recorded import RecordingModel
from extractor.evaluation.runner import run_model
from extractor.tasks import TASKS
from tests.evaluation.folders import small_suite
from tests.support import first_choice


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A suite of three articles with a recording of a scripted model."""
    suite = small_suite(tmp_path / "suite", 3)
    model = RecordingModel(ScriptedModel(first_choice, identity="first"))
    asyncio.run(run_model(suite.cases, model, tuple(TASKS)))
    model.save(suite.recorded / "local.jsonl", finished=True)
    return tmp_path / "suite"


def call(*arguments: object) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["eval", *map(str, arguments)])
    return found.exit_code, " ".join(found.output.split())


def test_numbers_are_fitted_and_written(folder: Path, tmp_path: Path) -> None:
    status, text = call("calibrate", folder, "-o", tmp_path / "numbers.yaml")
    assert status == 0, text
    assert "figures" in text and "Brier" in text
    fitted = Calibration.model_validate(yaml.safe_load((tmp_path / "numbers.yaml").read_text()))
    assert fitted.model == "first"
    assert sorted(fitted.documents) == ["a0.txt", "a1.txt", "a2.txt"]
    assert fitted.tasks["figures"].records == 6
    assert "unit_beside" in fitted.tasks["figures"].checks


def test_an_article_counts_once(folder: Path) -> None:
    status, text = call("calibrate", folder, folder)
    assert status == 2
    assert "a0.txt, a1.txt, a2.txt in two suites - give each article once" in text


def test_a_suite_without_the_recording_is_named(folder: Path) -> None:
    status, text = call("calibrate", folder, "--recording", "other")
    assert status != 0
    assert "other.jsonl" in text


def test_the_page_shows_how_reliable_the_confidence_is(folder: Path, tmp_path: Path) -> None:
    status, text = call(folder, "--html", tmp_path / "page.html")
    assert status == 0, text
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert 'aria-label="Reliability of the confidence of local"' in page
    assert "of 3 articles. Brier score" in page
    assert "As stated in the output, which was fitted on other articles." in page
    assert "Reliability of the confidence of constant" not in page, "a baseline claims nothing"
