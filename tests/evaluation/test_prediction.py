from __future__ import annotations

from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.prediction import labelled_records

from .synthetic import article

GOLD, _ = article([(5, "about", "2021-03-04")], voices=1)


def test_labelled_types_are_those_that_gold_has() -> None:
    gold = GOLD.model_copy(update={"events": None, "methods": []})
    assert list(labelled_records(gold)) == ["figures", "quotations", "entities", "methods"]
    assert labelled_records(gold)["methods"] == ()


def test_the_header_is_one_record() -> None:
    gold = GOLD.model_copy(update={"article": GoldArticle(id="art", title="Boats")})
    assert [record.id for record in labelled_records(gold)["article"]] == ["art"]
