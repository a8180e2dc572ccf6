from __future__ import annotations

from typing import Any

import pytest

from extractor.evaluation.alignment import align
from extractor.evaluation.error_classes import partnerless_errors, wrong_scale
from extractor.evaluation.policy import ErrorClass
from extractor.evaluation.scoring import score_document

from .synthetic import answer, article, revised

GOLD, _ = article([(1200, "at least", "2021-03-04")], voices=1)
FIGURE = (GOLD.figures or [])[0]
VOICE = (GOLD.quotations or [])[0]


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        ({"value": 1300}, "wrong_number"),
        ({"value": 12}, "scale"),
        ({"value": None, "magnitude": 3}, "wrong_number"),
        ({"bound": "exact"}, "bound"),
        ({"unit": "EUR"}, "unit"),
        ({"per": "month"}, "unit"),
        ({"measure": ["pay"]}, "label"),
        ({"negated": True}, "label"),
        ({"period": None}, "date"),
    ],
)
def test_a_wrong_figure_is_named(update: dict[str, Any], expected: ErrorClass) -> None:
    given = revised(FIGURE, update)
    (error,) = score_document(GOLD, answer(GOLD, "figures", [given])).types["figures"].errors
    assert error.classes == {expected}
    assert (error.gold, error.predicted) == (FIGURE.id, FIGURE.id)


@pytest.mark.parametrize(
    ("update", "expected"),
    [({"text": "we fire number 0"}, "not_verbatim"), ({"speaker": None}, "speaker")],
)
def test_a_wrong_quotation_is_named(update: dict[str, Any], expected: ErrorClass) -> None:
    given = revised(VOICE, update)
    (error,) = score_document(GOLD, answer(GOLD, "quotations", [given])).types["quotations"].errors
    assert error.classes == {expected}


@pytest.mark.parametrize(
    ("gold", "given", "scale"),
    [(1200, 12, True), (12, 1_200_000, True), (12, 12, False), (12, 21, False), (0, 10, False)],
)
def test_scale_is_a_power_of_ten(gold: int, given: int, scale: bool) -> None:
    one, other = (revised(FIGURE, {"value": value}) for value in (gold, given))
    assert wrong_scale(one, other) is scale


def test_vague_amounts_differ_in_scale() -> None:
    hundreds, thousands = (revised(FIGURE, {"value": None, "magnitude": power}) for power in (2, 3))
    assert wrong_scale(hundreds, thousands)
    assert not wrong_scale(hundreds, hundreds)


def test_records_without_a_partner_are_named() -> None:
    errors = partnerless_errors(align("figures", [FIGURE], []))
    assert [error.classes for error in errors] == [{"missed"}]
    twice = [FIGURE, revised(FIGURE, {"id": "again"})]
    assert partnerless_errors(align("figures", [FIGURE], twice))[0].classes == {"spurious", "split"}
    assert partnerless_errors(align("figures", twice, [FIGURE]))[0].classes == {"missed", "merged"}
