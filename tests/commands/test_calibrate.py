"""`extractor eval calibrate`, and what the page shows of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel
from typer.testing import CliRunner

from extractor import ScriptedModel
from extractor.cli import app
from extractor.confidence import Calibration
from extractor.errors import ReplyInvalid
from extractor.evaluation.recorded import RecordingModel
from extractor.evaluation.runner import run_model
from extractor.evaluation.suite import load_suite
from extractor.models import Request
from extractor.models.scripted import Answer, Script
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


def recorded_anew(folder: Path, script: Script, *types: str) -> None:
    """Another recording in place of the fixture's: these types only."""
    suite = load_suite(folder)
    model = RecordingModel(ScriptedModel(script, identity="first"))
    if types:
        asyncio.run(run_model(suite.cases, model, types))
    model.save(suite.recorded / "local.jsonl", finished=True)


def refuses_all(_: Request, __: type[BaseModel]) -> Answer:
    return ReplyInvalid("first: no reply fitted - ask less")


@pytest.mark.parametrize(("script", "types"), [(first_choice, ()), (refuses_all, tuple(TASKS))])
def test_a_recording_without_answers_is_refused(
    folder: Path, tmp_path: Path, script: Script, types: tuple[str, ...]
) -> None:
    recorded_anew(folder, script, *types)
    status, text = call("calibrate", folder, "-o", tmp_path / "numbers.yaml")
    assert status == 2
    words = f"error: {folder}: none of the answers recorded as 'local' is to its questions - "
    assert f"{words}record them: extractor eval record {folder}" in text
    assert not (tmp_path / "numbers.yaml").exists()


def test_types_without_recorded_answers_are_said_and_left_out(folder: Path, tmp_path: Path) -> None:
    recorded_anew(folder, first_choice, "figures", "entities")
    status, text = call("calibrate", folder, "-o", tmp_path / "numbers.yaml")
    assert status == 0, text
    assert "a0.txt: no recorded answers for header, events: left out" in text
    fitted = Calibration.model_validate(yaml.safe_load((tmp_path / "numbers.yaml").read_text()))
    assert "figures" in fitted.tasks
    assert not fitted.tasks.keys() & {"header", "events"}


def test_types_of_one_article_are_fitted_and_not_said_to_be_reliable(tmp_path: Path) -> None:
    """That takes an article which the numbers were not fitted on."""
    small_suite(tmp_path / "suite", 1)
    recorded_anew(tmp_path / "suite", first_choice, "figures", "entities")
    status, text = call("calibrate", tmp_path / "suite", "-o", tmp_path / "numbers.yaml")
    assert status == 0, text
    _, table = text.split("said: came true")
    assert "figures" not in table
    fitted = Calibration.model_validate(yaml.safe_load((tmp_path / "numbers.yaml").read_text()))
    assert fitted.tasks["figures"].records == 2
