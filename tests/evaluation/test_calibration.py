"""Calibration: fitted numbers, probabilities of documents left out, intervals."""

from __future__ import annotations

import random

import pytest

from extractor.confidence import probability
from extractor.evaluation.calibration import (
    Judged,
    fit,
    held_out,
    judge_records,
    reliability,
    suite_reliability,
    wilson,
)
from extractor.evaluation.prediction import Prediction
from extractor.output import Confidence
from tests.evaluation.folders import flawed, perfect, small_suite

GOOD, BAD = {"beside": True, "noise": True}, {"beside": False, "noise": True}


def made(documents: int = 20, each: int = 10, seed: int = 1) -> list[Judged]:
    """Records that are right nine times in ten where `beside` holds, else three times."""
    coin = random.Random(seed)
    found = []
    for document in range(documents):
        for index in range(each):
            beside, noise = index % 2 == 0, coin.random() < 0.5
            right = coin.random() < (0.9 if beside else 0.3)
            found.append(Judged(f"d{document}", {"beside": beside, "noise": noise}, right))
    return found


def test_the_fit_comes_near_the_rates_that_made_the_records() -> None:
    scale = fit(made(documents=60))
    assert probability(GOOD, scale) == pytest.approx(0.9, abs=0.06)
    assert probability(BAD, scale) == pytest.approx(0.3, abs=0.06)
    assert scale.checks["noise"].weight < 0.3


def test_a_check_that_speaks_against_the_truth_counts_for_nothing() -> None:
    wrong_way = [Judged("d", {"c": i % 2 == 0}, i % 2 == 1) for i in range(40)]
    assert fit(wrong_way).checks["c"].weight == 0


def test_no_probability_is_nought_or_one_and_nothing_known_is_even() -> None:
    assert 0.9 < probability({}, fit([Judged("d", {}, True)] * 10)) < 1
    assert probability({}, fit([])) == 0.5


def test_a_check_made_of_some_records_only_moves_only_those() -> None:
    asked = [Judged("d", {"agreed": i % 2 == 0}, i % 2 == 0) for i in range(20)]
    scale = fit([*asked, *(Judged("d", {}, i % 2 == 0) for i in range(20))])
    assert probability({}, scale) == pytest.approx(0.5, abs=0.01)
    assert probability({"agreed": True}, scale) > 0.7


def test_a_document_has_no_say_in_its_own_probabilities() -> None:
    others = made(documents=10)
    odd = [Judged("odd", GOOD, False)] * 50
    assert held_out([*others, *odd])[-1] == pytest.approx(probability(GOOD, fit(others)))


def test_informative_checks_beat_the_base_rate_on_documents_left_out() -> None:
    found = reliability(made(), seed=1)
    assert found is not None
    assert found.documents == 20 and found.records == 200
    assert found.low < found.brier < found.high < found.base_brier
    assert found.error < 0.1
    assert sum(one.records for one in found.bins) == 200
    assert all(one.low <= one.right <= one.high for one in found.bins)


def test_one_document_tells_nothing_of_others() -> None:
    assert reliability([Judged("d", GOOD, True)] * 9, seed=1) is None


def test_alike_records_of_one_article_make_the_interval_wide() -> None:
    alike = [Judged(f"d{i}", {}, i % 2 == 0, 0.5) for i in range(10) for _ in range(10)]
    mixed = [Judged(f"d{i}", {}, j % 2 == 0, 0.5) for i in range(10) for j in range(10)]
    wide, narrow = (reliability(one, seed=1, refit=False) for one in (alike, mixed))
    assert wide is not None and narrow is not None
    assert wide.bins[0].high - wide.bins[0].low > 2 * (narrow.bins[0].high - narrow.bins[0].low)


def test_wilson_is_the_published_interval() -> None:
    """Newcombe 1998, table I: 81 of 263."""
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=0.0001)


def test_records_are_judged_by_gold(tmp_path: object) -> None:
    suite = small_suite(tmp_path)  # type: ignore[arg-type]

    def sure(given: dict[str, Prediction]) -> dict[str, Prediction]:
        return {name: _sure(one) for name, one in given.items()}

    right = judge_records(suite.cases, sure(perfect(suite)))
    assert right["figures"] and all(one.right for one in right["figures"])
    poor = judge_records(suite.cases, sure(flawed(suite)))
    assert not any(one.right for one in poor["figures"])
    found = suite_reliability(suite.cases, sure(perfect(suite)), seed=1)
    assert not found["figures"].refitted, "the stated probabilities come from elsewhere"
    assert found["figures"].bins[0].stated == pytest.approx(0.8)
    assert not suite_reliability(suite.cases, perfect(suite), seed=1), "nothing was stated"


def _sure(given: Prediction) -> Prediction:
    ids = [record.id for records in given.records.values() for record in records]
    confidence = {id_: Confidence(probability=0.8, checks={"c": True}) for id_ in ids}
    return Prediction(given.document, given.records, confidence=confidence)
