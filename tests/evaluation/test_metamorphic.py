"""Laws of the scorer, with gold as the prediction: what leaves a score alone, what lowers it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.evaluation.agreement import without_marks
from extractor.evaluation.gold import Gold, load_gold
from extractor.evaluation.prediction import Prediction, RecordType, labelled_records
from extractor.evaluation.scoring import DocumentScore, TypeScore, score_document
from extractor.records import Mention, Record, Span

from .synthetic import ARTICLES, answer, echo, revised

FILES = sorted((Path(__file__).parents[2] / "evals" / "gold").rglob("*.yaml"))
KINDS: tuple[RecordType, ...] = ("figures", "quotations", "entities", "events", "methods")
LABELLED = st.one_of(ARTICLES, *[st.sampled_from(FILES).map(cache(load_gold)) for _ in FILES[:1]])
KIND = st.sampled_from(KINDS)
FEW = settings(max_examples=15, deadline=None)


def required(gold: Gold, kind: RecordType) -> list[Record]:
    return [one for one in labelled_records(gold).get(kind, ()) if not vars(one)["optional"]]


def scored(gold: Gold, prediction: Prediction, kind: RecordType) -> TypeScore:
    return score_document(gold, prediction).types[kind]


def with_first_figure(gold: Gold, **update: Any) -> Prediction:
    first, *rest = gold.figures or []
    return answer(gold, "figures", [revised(first, update), *rest])


@FEW
@given(LABELLED)
def test_gold_scores_one_against_itself(gold: Gold) -> None:
    score = score_document(gold, echo(gold))
    for kind, found in score.types.items():
        assert found.strict.f1 == (1.0 if required(gold, kind) else None)
        assert {counts.accuracy for counts in found.fields.values()} <= {1.0, None}
        assert found.evidence.exact_share in (1.0, None)
        assert not found.errors
    assert score.furniture is not None
    assert score.furniture.f1 == (1.0 if gold.furniture else None)


@FEW
@given(LABELLED, st.randoms(use_true_random=False), st.data())
def test_order_changes_nothing(gold: Gold, random: Random, data: st.DataObject) -> None:
    kept = {
        kind: [records[i] for i in data.draw(st.permutations(range(len(records))))[1:]]
        for kind, records in labelled_records(gold).items()
    }
    shuffled = {kind: tuple(random.sample(records, len(records))) for kind, records in kept.items()}
    straight = Prediction(gold.document.name, {kind: tuple(r) for kind, r in kept.items()})
    assert _numbers(score_document(gold, straight)) == _numbers(
        score_document(gold, Prediction(gold.document.name, shuffled))
    )


def _numbers(score: DocumentScore) -> list[object]:
    return [
        (kind, one.detection, one.strict, one.fields, one.evidence, frozenset(one.errors))
        for kind, one in score.types.items()
    ]


@FEW
@given(ARTICLES, ARTICLES, KIND)
def test_swapping_the_sides_swaps_precision_and_recall(
    one: Gold, other: Gold, kind: RecordType
) -> None:
    one, other = without_marks(one), without_marks(other)
    there = scored(one, echo_of(other, one), kind)
    back = scored(other, echo_of(one, other), kind)
    for forward, backward in ((there.detection, back.detection), (there.strict, back.strict)):
        assert (forward.precision, forward.recall) == (backward.recall, backward.precision)
        assert forward.f1 == backward.f1


def echo_of(other: Gold, name_of: Gold) -> Prediction:
    return Prediction(name_of.document.name, labelled_records(other))


@FEW
@given(LABELLED, KIND)
def test_dropping_a_record_lowers_recall(gold: Gold, kind: RecordType) -> None:
    records = required(gold, kind)
    if records:
        found = scored(gold, answer(gold, kind, records[1:]), kind)
        assert found.detection.missing == 1
        assert found.strict.recall == (len(records) - 1) / len(records)


@FEW
@given(LABELLED, KIND)
def test_duplicating_a_record_lowers_precision_and_is_named(gold: Gold, kind: RecordType) -> None:
    records = required(gold, kind)
    if records:
        extra = records[0].model_copy(update={"id": "extra"})
        everything = labelled_records(gold)[kind]
        found = scored(gold, answer(gold, kind, [*everything, extra]), kind)
        assert found.strict.precision == len(records) / (len(records) + 1)
        assert found.strict.recall == 1
        assert len(found.splits) == 1


@FEW
@given(ARTICLES)
def test_splitting_a_mention_off_lowers_precision(gold: Gold) -> None:
    first, *rest = gold.figures or []
    again = moved(first.mentions[0], len("".join(str(gold.furniture))) + 9999)
    whole = revised(first, {"mentions": [*first.mentions, again]})
    labelled = gold.model_copy(update={"figures": [whole, *rest]})
    halves = [
        whole.model_copy(update={"mentions": [part], "id": f"half-{i}"})
        for i, part in enumerate(whole.mentions)
    ]
    found = scored(labelled, answer(labelled, "figures", [*halves, *rest]), "figures")
    assert found.detection.spurious == 1
    assert found.splits[0][0] == first.id
    assert sorted(found.splits[0][1]) == ["half-0", "half-1"]


def moved(mention: Mention, by: int) -> Mention:
    def shift(span: Span) -> Span:
        return Span(start=span.start + by, end=span.end + by, text=span.text)

    return Mention(span=shift(mention.span), number=shift(mention.number), bound=mention.bound)


@FEW
@given(ARTICLES)
def test_a_thousandfold_number_is_wrong_and_named_scale(gold: Gold) -> None:
    assert gold.figures
    value = gold.figures[0].value
    assert value is not None
    found = scored(gold, with_first_figure(gold, value=value * 1000), "figures")
    assert found.strict.incorrect == 1
    assert found.detection.f1 == 1
    assert found.errors[0].classes == {"scale"}


@FEW
@given(ARTICLES)
def test_a_date_moved_by_a_day_is_wrong(gold: Gold) -> None:
    assert gold.figures
    period = gold.figures[0].period
    assert period is not None
    assert period.edtf is not None
    later = str(date.fromisoformat(period.edtf) + timedelta(days=1))
    found = scored(
        gold, with_first_figure(gold, period=period.model_copy(update={"edtf": later})), "figures"
    )
    assert found.fields["period"].incorrect == 1
    assert found.errors[0].classes == {"date"}
