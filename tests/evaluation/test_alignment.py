from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.evaluation.alignment import align
from extractor.evaluation.spans import dice
from extractor.records import Entity, Event, Figure, Mention, Quotation, Span


def span(start: int, end: int) -> Span:
    return Span(start=start, end=end, text="x" * (end - start))


def figure(name: str, *numbers: tuple[int, int], value: int = 5) -> Figure:
    mentions = [Mention(span=span(*one), number=span(*one), bound="exact") for one in numbers]
    return Figure(id=name, value=Decimal(value), bound="exact", mentions=mentions)


def entity(name: str, *mentions: tuple[int, int]) -> Entity:
    return Entity(id=name, name=name, kind="person", mentions=[span(*one) for one in mentions])


RANGES = st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda r: (r[0], r[0] + r[1]))
FIGURES = st.lists(st.lists(RANGES, min_size=1, max_size=3), max_size=5)


def figures(prefix: str, mentions: list[list[tuple[int, int]]]) -> list[Figure]:
    return [figure(f"{prefix}{i}", *one) for i, one in enumerate(mentions)]


def best_by_brute_force(gold: list[Figure], predicted: list[Figure]) -> float:
    """The largest sum over all ways to pair the smaller side with members of the larger."""
    few, many = sorted((gold, predicted), key=len)
    return max(
        sum(dice(_numbers(one), _numbers(other)) for one, other in zip(few, chosen, strict=True))
        for chosen in permutations(many, len(few))
    )


def _numbers(one: Figure) -> list[Span]:
    return [mention.number for mention in one.mentions]


@settings(max_examples=60, deadline=None)
@given(FIGURES, FIGURES)
def test_assignment_is_optimal_and_one_to_one(
    gold: list[list[tuple[int, int]]], predicted: list[list[tuple[int, int]]]
) -> None:
    ours, theirs = figures("g", gold), figures("p", predicted)
    found = align("figures", ours, theirs)
    assert sum(pair.weight for pair in found.pairs) == pytest.approx(
        best_by_brute_force(ours, theirs), abs=1e-4
    )
    golds = [pair.gold.id for pair in found.pairs] + [one.id for one in found.missed]
    givens = [pair.predicted.id for pair in found.pairs] + [one.id for one in found.spurious]
    assert sorted(golds) == sorted(one.id for one in ours)
    assert sorted(givens) == sorted(one.id for one in theirs)


def test_optimal_where_greedy_loses_a_pair() -> None:
    gold = [figure("wide", (0, 10)), figure("narrow", (4, 6))]
    predicted = [figure("both", (0, 6)), figure("left", (0, 3))]
    assert len(align("figures", gold, predicted).pairs) == 2


def test_figures_align_by_place_and_not_by_value() -> None:
    gold = [figure("a", (0, 2), value=7), figure("b", (5, 7), value=8)]
    predicted = [figure("x", (0, 2), value=8), figure("y", (5, 7), value=7)]
    pairs = align("figures", gold, predicted).pairs
    assert {(pair.gold.id, pair.predicted.id) for pair in pairs} == {("a", "x"), ("b", "y")}


def test_one_shared_mention_is_enough_for_a_figure() -> None:
    gold, given = figure("a", (0, 2), (5, 7), (9, 11)), figure("x", (9, 11))
    assert len(align("figures", [gold], [given]).pairs) == 1


def test_two_answers_for_one_record_are_a_split() -> None:
    found = align("figures", [figure("a", (0, 2), (5, 7))], figures("p", [[(0, 2)], [(5, 7)]]))
    assert len(found.spurious) == 1
    (owner, parts), *_ = found.splits
    assert owner.id == "a"
    assert {part.id for part in parts} == {"p0", "p1"}


def test_one_answer_for_two_records_is_a_merge() -> None:
    found = align("figures", figures("g", [[(0, 2)], [(5, 7)]]), [figure("x", (0, 2), (5, 7))])
    (owner, parts), *_ = found.merges
    assert owner.id == "x"
    assert {part.id for part in parts} == {"g0", "g1"}
    assert len(found.missed) == 1


def test_entities_align_by_name_or_by_half_of_their_mentions() -> None:
    gold = [entity("Ada Quill", (0, 9)), entity("Ministry of Boats", (20, 37))]
    predicted = [entity("ada quill", (50, 59)), entity("Boats", (32, 37))]
    found = align("entities", gold, predicted)
    assert [pair.gold.id for pair in found.pairs] == ["Ada Quill"]
    assert len(align("entities", gold, [entity("Ministry", (20, 34))]).pairs) == 1


def test_quotations_without_a_span_align_by_their_words() -> None:
    gold = Quotation(id="a", text="We go.", evidence={"text": span(3, 9)})
    assert align("quotations", [gold], [Quotation(id="x", text="We go")]).pairs
    elsewhere = Quotation(id="x", text="We go.", evidence={"text": span(20, 26)})
    assert not align("quotations", [gold], [elsewhere]).pairs


def event(name: str, kind: str, start: int) -> Event:
    place = span(start, start + 9)
    return Event(id=name, kind=kind, summary="It was.", status="happened", span=place)


def test_labels_choose_among_events_of_one_sentence_but_make_no_pair() -> None:
    gold = [event("a", "capture", 0), event("b", "combat", 0)]
    given = [event("x", "combat", 0), event("y", "loss", 0)]
    pairs = align("events", gold, given).pairs
    assert {(pair.gold.id, pair.predicted.id) for pair in pairs} == {("a", "y"), ("b", "x")}
    assert not align("events", gold[:1], [event("x", "capture", 40)]).pairs


def test_content_and_not_position_breaks_ties() -> None:
    gold = [figure("a", (0, 4))]
    ties = [figure("x", (0, 4), value=8), figure("y", (0, 4), value=3)]
    chosen = {align("figures", gold, order).pairs[0].predicted.id for order in (ties, ties[::-1])}
    assert len(chosen) == 1


@pytest.mark.parametrize(
    "sides", [([], []), ([figure("a", (0, 2))], []), ([], figures("p", [[(0, 2)]]))]
)
def test_an_empty_side_aligns_nothing(sides: tuple[list[Figure], list[Figure]]) -> None:
    assert not align("figures", *sides).pairs


@settings(max_examples=40, deadline=None)
@given(FIGURES, FIGURES)
def test_assignment_is_as_good_as_stickler_s(
    gold: list[list[tuple[int, int]]], predicted: list[list[tuple[int, int]]]
) -> None:
    """The Hungarian matcher of AWS Labs' key-information scorer, as a second opinion."""
    hungarian = pytest.importorskip(
        "stickler.algorithms.hungarian", reason="stickler-eval is not installed"
    )
    ours, theirs = figures("g", gold), figures("p", predicted)
    matcher = hungarian.HungarianMatcher(
        lambda one, other: dice(_numbers(one), _numbers(other)), normalize_values=False
    )
    matched, similarity = matcher.match(ours, theirs)
    weight = sum(pair.weight for pair in align("figures", ours, theirs).pairs)
    assert weight == pytest.approx(sum(similarity[i, j] for i, j in matched), abs=1e-4)
