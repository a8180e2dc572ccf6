from __future__ import annotations

import pytest

from extractor.errors import UsageError
from extractor.evaluation import scoring
from extractor.evaluation.counts import Counts
from extractor.evaluation.gold import Gold
from extractor.evaluation.prediction import Prediction
from extractor.evaluation.scoring import score_corpus, score_document

from .synthetic import answer, article, echo, revised

GOLD, TEXT = article([(1200, "at least", "2021-03-04"), (35, "about", "2021-03-28")], voices=2)
OTHER, _ = article([(7, "exactly", "2022-11-30")], voices=1)


def optional(gold: Gold) -> Gold:
    """Gold whose first figure is optional."""
    first, *rest = gold.figures or []
    marked = revised(first, {"optional": True})
    return gold.model_copy(update={"figures": [marked, *rest]})


def test_a_wrong_bound_is_found_but_not_strictly_right() -> None:
    first, second = GOLD.figures or []
    given = [revised(first, {"bound": "exact"}), second]
    found = score_document(GOLD, answer(GOLD, "figures", given)).types["figures"]
    assert found.detection == Counts(2)
    assert found.strict == Counts(1, 1)
    assert found.fields["bound"] == Counts(1, 1)
    assert found.errors[0].fields == ("bound",)


def test_a_wrong_population_leaves_a_figure_strictly_right() -> None:
    first, second = GOLD.figures or []
    given = [revised(first, {"nationalities": ["FR"]}), second]
    found = score_document(GOLD, answer(GOLD, "figures", given)).types["figures"]
    assert found.strict == Counts(2)
    assert found.fields["nationalities"] == Counts(spurious=1)


def test_an_optional_record_costs_and_gains_nothing() -> None:
    gold = optional(GOLD)
    with_it = score_document(gold, echo(gold)).types["figures"]
    without = score_document(gold, answer(gold, "figures", (gold.figures or [])[1:]))
    assert with_it.strict == without.types["figures"].strict == Counts(1)
    assert (with_it.optional, without.types["figures"].optional) == (1, 0)
    assert not without.types["figures"].errors


def test_types_that_were_not_labelled_or_not_asked_are_not_scored() -> None:
    gold = GOLD.model_copy(update={"methods": None})
    given = Prediction(GOLD.document.name, {"figures": (), "methods": ()})
    score = score_document(gold, given)
    assert list(score.types) == ["figures"]
    assert score.types["figures"].strict == Counts(missing=2)
    assert score.furniture is None


def test_nothing_against_nothing_has_no_score() -> None:
    gold = GOLD.model_copy(update={"figures": []})
    found = score_document(gold, answer(gold, "figures", [])).types["figures"]
    assert found.strict.f1 is None
    assert found.detection.precision is None


def test_furniture_is_scored_by_characters() -> None:
    whole = GOLD.furniture[0]
    half = whole.model_copy(update={"end": whole.start + 3, "text": whole.text[:3]})
    given = Prediction(GOLD.document.name, {}, furniture=(half,))
    furniture = score_document(GOLD, given).furniture
    assert furniture == Counts(correct=3, missing=len(whole.text.replace(" ", "")) - 3)


def test_a_failed_document_is_a_miss_and_is_named() -> None:
    failed = Prediction(OTHER.document.name, {"figures": ()}, failure="the model timed out")
    corpus = score_corpus([GOLD, OTHER], [echo(GOLD), failed])
    assert corpus.failed == {OTHER.document.name: "the model timed out"}
    assert corpus.types["figures"].strict == Counts(correct=2, missing=1)
    assert corpus.types["quotations"].strict == Counts(2)


def test_records_given_before_a_failure_do_not_count() -> None:
    given = echo(OTHER)
    failed = Prediction(given.document, given.records, given.furniture, failure="interrupted")
    score = score_document(OTHER, failed)
    assert score.strict == Counts(missing=5)
    assert score.furniture is not None
    assert score.furniture.recall == 0


def test_a_document_without_a_prediction_is_a_miss_for_the_types_asked() -> None:
    figures = Prediction(GOLD.document.name, {"figures": tuple(GOLD.figures or ())})
    corpus = score_corpus([GOLD, OTHER], [figures])
    assert list(corpus.failed) == [OTHER.document.name]
    assert corpus.strict == Counts(correct=2, missing=1)


def test_a_document_without_a_prediction_misses_its_furniture_where_that_was_asked() -> None:
    corpus = score_corpus([GOLD, OTHER], [echo(GOLD)])
    assert corpus.furniture.missing == corpus.furniture.correct > 0


def test_two_predictions_for_one_document_are_an_error() -> None:
    with pytest.raises(UsageError, match="one system at a time"):
        score_corpus([GOLD], [echo(GOLD), echo(GOLD)])


def test_a_prediction_without_gold_is_named() -> None:
    assert score_corpus([GOLD], [echo(GOLD), echo(OTHER)]).without_gold == (OTHER.document.name,)


def test_another_text_is_unscored_and_not_zero() -> None:
    given = echo(GOLD)
    other = Prediction(given.document, given.records, given.furniture, sha256="0" * 64)
    corpus = score_corpus([GOLD], [other])
    assert list(corpus.unscored) == [GOLD.document.name]
    assert corpus.strict.f1 is None


def test_a_fault_of_the_scorer_is_unscored_and_not_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    real = scoring.score_document

    def faulty(gold: Gold, prediction: Prediction) -> scoring.DocumentScore:
        if gold is OTHER:
            raise RuntimeError("fault")
        return real(gold, prediction)

    monkeypatch.setattr(scoring, "score_document", faulty)
    corpus = score_corpus([GOLD, OTHER], [echo(GOLD), echo(OTHER)])
    assert corpus.unscored == {OTHER.document.name: "RuntimeError: fault"}
    assert corpus.strict.f1 == 1


def test_pools_add_up_over_documents_and_types() -> None:
    corpus = score_corpus([GOLD, OTHER], [echo(GOLD), answer(OTHER, "figures", [])])
    assert corpus.types["figures"].strict == Counts(correct=2, missing=1)
    assert corpus.strict.gold == sum(one.strict.gold for one in corpus.documents) == 15
    assert corpus.types["figures"].fields["value"] == Counts(2)
    assert corpus.types["figures"].evidence.exact == corpus.types["figures"].evidence.fields
