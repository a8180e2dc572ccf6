from __future__ import annotations

import pytest

from extractor.errors import UsageError
from extractor.evaluation.agreement import agreement
from extractor.evaluation.counts import Counts

from .synthetic import article, revised

COUNTS = [
    (1200, "at least", "2021-03-04"),
    (35, "about", "2021-03-28"),
    (8, "exactly", "2021-03-28"),
]
GOLD, _ = article(COUNTS, voices=2)


def relabelled(**update: object) -> list[object]:
    first, *rest = GOLD.figures or []
    return [revised(first, update), *rest]


def test_the_same_labels_agree_fully() -> None:
    found = agreement([(GOLD, GOLD)])
    assert {counts.f1 for counts in found.strict.values()} == {1.0}
    assert found.alpha["figures", "bound"] == 1
    assert found.alpha["figures", "per"] is None
    assert found.units["figures"] == 3


def test_alpha_of_one_disagreement_in_three() -> None:
    """Pairs (exact, at_least), (about, about), (exact, exact): by hand, 1 - (1/3) / (11/15)."""
    other = GOLD.model_copy(update={"figures": relabelled(bound="exact")})
    found = agreement([(GOLD, other)])
    assert found.alpha["figures", "bound"] == pytest.approx(1 - (1 / 3) / (11 / 15))
    assert found.strict["figures"] == Counts(2, 1)
    assert found.detection["figures"].f1 == 1


def test_marks_do_not_hide_a_disagreement() -> None:
    lenient = relabelled(optional=True, alternatives={"bound": ["exact"]})
    one = GOLD.model_copy(update={"figures": lenient})
    other = GOLD.model_copy(update={"figures": relabelled(bound="exact")})
    assert agreement([(one, other)]).strict["figures"] == Counts(2, 1)


def test_articles_are_pooled_and_unlabelled_types_left_out() -> None:
    second, _ = article(COUNTS[:1], voices=1)
    without = second.model_copy(update={"events": None})
    found = agreement([(GOLD, GOLD), (second, without)])
    assert found.units["figures"] == 4
    assert found.detection["events"] == Counts(2)


def test_labels_of_two_texts_cannot_be_compared() -> None:
    other, _ = article(COUNTS[1:], voices=1)
    with pytest.raises(UsageError, match="two different texts"):
        agreement([(GOLD, other)])
