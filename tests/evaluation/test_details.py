"""Behind the scores: every record is shown once, with verdicts that add up to the counts."""

from __future__ import annotations

from pathlib import Path

from extractor.evaluation.details import details, headline, shown
from extractor.evaluation.prediction import Prediction
from extractor.evaluation.scoring import score_document
from extractor.records import AttributionStep, Place, Reference, Span, TimeExpression

from .folders import flawed, small_suite


def test_items_add_up_to_the_scores(tmp_path: Path) -> None:
    case = small_suite(tmp_path, 1).cases[0]
    prediction = flawed(small_suite(tmp_path, 1))["a0.txt"]
    score = score_document(case.gold, prediction)
    for kind, items in details(case.gold, prediction, score).items():
        counted = score.types[kind]
        assert sum(item.right for item in items) == counted.strict.correct
        assert sum(item.given is None for item in items) == counted.detection.missing
        assert sum(item.gold is None for item in items) == counted.detection.spurious
        for name, counts in counted.fields.items():
            verdicts = [v for item in items for v in item.verdicts if v.field == name]
            assert sum(v.outcome == "correct" for v in verdicts) == counts.correct


def test_a_wrong_pair_shows_both_values_and_its_class(tmp_path: Path) -> None:
    case = small_suite(tmp_path, 1).cases[0]
    prediction = flawed(small_suite(tmp_path, 1))["a0.txt"]
    found = details(case.gold, prediction, score_document(case.gold, prediction))["figures"]
    wrong, missed = found
    unit = next(v for v in wrong.verdicts if v.field == "unit")
    assert (unit.outcome, unit.gold, unit.given, unit.strict) == (
        "incorrect", "porters", "tons", True,
    )  # fmt: skip
    assert wrong.classes == {"unit"}
    assert missed.classes == {"missed"}
    assert headline(missed.gold or missed.given) == "at least 75 bridges"  # type: ignore[arg-type]


def test_a_failed_document_is_all_missed(tmp_path: Path) -> None:
    case = small_suite(tmp_path, 1).cases[0]
    prediction = Prediction("a0.txt", failure="down")
    found = details(case.gold, prediction, score_document(case.gold, prediction))
    assert {item.given for items in found.values() for item in items} == {None}


def test_values_are_shown_in_one_line() -> None:
    span = Span(start=0, end=2, text="he")
    he = Reference(as_written="he", span=span, resolved="Bo Marsh", resolved_span=span)
    day = TimeExpression(as_written="he", span=span, edtf="2021-03", precision="month")
    step = AttributionStep(name=he, kind="person", stance="stated")
    assert shown([step, step]) == "Bo Marsh (stated) < Bo Marsh (stated)"
    assert shown(day) == "2021-03"
    assert shown(Place(as_written="he", span=span, code="GE")) == "he [GE]"
    assert (shown(["pay", "bonus"]), shown(None), shown([]), shown(False)) == (
        "pay, bonus", "-", "-", "False",
    )  # fmt: skip
