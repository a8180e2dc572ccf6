from __future__ import annotations

import pytest

from extractor.evaluation.alignment import Pair
from extractor.evaluation.evidence import evidence_score, furniture_counts, places
from extractor.evaluation.gold import GoldFigure
from extractor.records import Figure, Mention, Span

from .synthetic import article, revised

GOLD, TEXT = article([(1200, "at least", "2021-03-04")], voices=1)
FIGURE = (GOLD.figures or [])[0]


def cut(start: int, end: int) -> Span:
    return Span(start=start, end=end, text=TEXT[start:end])


def with_mention(start: int, end: int) -> Figure:
    mention = Mention(span=cut(start, end), number=FIGURE.mentions[0].number, bound="at_least")
    return revised(FIGURE, {"mentions": [mention], "evidence": {}, "period": None})


def test_the_same_offsets_are_exact() -> None:
    score = evidence_score([Pair(FIGURE, FIGURE, 1)])
    assert (score.exact_share, score.mean_overlap, score.containing_share) == (1, 1, 1)
    assert score.fields == len(places(FIGURE)) == 3


def test_a_shorter_span_shares_characters_and_may_hold_the_number() -> None:
    """Gold is "at least 1200 porters", 19 letters and digits; the answer leaves out two words."""
    number = FIGURE.mentions[0].number
    score = evidence_score([Pair(FIGURE, with_mention(number.start, number.end), 1)])
    assert (score.fields, score.exact, score.containing) == (1, 0, 1)
    assert score.shared == pytest.approx(4 / 18)


def test_a_span_without_the_number_does_not_contain_it() -> None:
    score = evidence_score([Pair(FIGURE, with_mention(0, 8), 1)])
    assert score.containing == 0


def test_places_that_one_side_leaves_out_are_not_scored() -> None:
    bare: GoldFigure = revised(FIGURE, {"period": None})
    assert evidence_score([Pair(bare, FIGURE, 1)]).fields == 2


def test_furniture_ignores_white_space() -> None:
    assert furniture_counts([cut(0, 9)], [cut(0, 8)]).f1 == 1
    assert furniture_counts([], [cut(0, 2)]).spurious == 2
    assert furniture_counts([], []).f1 is None
