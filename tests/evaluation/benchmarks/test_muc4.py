from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor.errors import DocumentError
from extractor.evaluation.benchmarks import muc4
from extractor.evaluation.benchmarks.muc4 import Template

from .folder import benchmark_folder


@pytest.mark.parametrize(
    ("system", "published", "strict"),
    [("gtt", 50.23, 50.00), ("iterx", 53.01, 50.27), ("tempgen", 47.15, 47.05)],
)
def test_recorded_predictions_give_the_published_f1(
    system: str, published: float, strict: float
) -> None:
    folder = benchmark_folder("muc4")
    gold, predicted = muc4.load_gold(folder), muc4.load_predictions(folder, system)
    assert 100 * muc4.published_counts(gold, predicted).f1 == pytest.approx(published, abs=0.01)
    assert 100 * muc4.strict_counts(gold, predicted).f1 == pytest.approx(strict, abs=0.01)


def template(incident: str, *victims: set[str]) -> Template:
    return Template(incident, ((), (), (), tuple(map(frozenset, victims)), ()))


def test_two_names_of_one_entity_are_two_hits_only_in_the_published_rule() -> None:
    gold = {"1": [template("attack", {"mayor", "ada quill"})]}
    given = {"1": [template("attack", {"mayor"}, {"ada quill"})]}
    assert muc4.published_counts(gold, given).precise == 3
    assert muc4.strict_counts(gold, given).precise == 2


def test_templates_of_another_incident_are_not_mapped() -> None:
    gold = {"1": [template("attack / bombing", {"mayor"})]}
    assert muc4.strict_counts(gold, {"1": [template("bombing", {"mayor"})]}).f1 == 1
    assert muc4.strict_counts(gold, {"1": [template("arson", {"mayor"})]}).f1 == 0


def test_a_document_without_predictions_is_missed() -> None:
    counts = muc4.strict_counts({"1": [template("attack", {"mayor"})]}, {})
    assert (counts.gold, counts.given, counts.f1) == (2, 0, 0)


def test_loading_names_documents_and_normalises_mentions(tmp_path: Path) -> None:
    slots: dict[str, list[object]] = {slot: [] for slot in muc4.SLOTS} | {
        "Victim": [[["The Mayor's aide", 3]], []]
    }
    row = {"docid": "TST4-MUC4-0012", "templates": [{"incident_type": "attack", **slots}] * 2}
    (tmp_path / "test.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert muc4.load_gold(tmp_path) == {"40012": [template("attack", {"mayors aide"})]}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"pred_gtt\.json"):
        muc4.load_predictions(tmp_path, "gtt")
