"""Single fields of aligned pairs, by the policy's own rules."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.evaluation.alignment import Pair
from extractor.evaluation.comparators import Context
from extractor.evaluation.fields import Outcome, holds_record, judge
from extractor.evaluation.gold import GoldFigure, GoldMethod, GoldQuotation
from extractor.evaluation.normalise import Aliases
from extractor.evaluation.policy import POLICY, FieldRule
from extractor.evaluation.prediction import RecordType
from extractor.records import (
    AttributionStep,
    Figure,
    Mention,
    Place,
    Quotation,
    Record,
    RecruitmentMethod,
    Reference,
    Span,
    TimeExpression,
)

HERE = Span(start=0, end=1, text="9")
MENTIONS = [Mention(span=HERE, number=HERE, bound="exact")]
ALIASES = Aliases([["Ada Quill", "Quill"]])


def at(words: str, start: int = 0) -> Span:
    return Span(start=start, end=start + len(words), text=words)


def named(words: str, start: int = 0, resolved: str | None = None) -> Reference:
    return Reference(as_written=words, span=at(words, start), resolved=resolved)


def day(words: str, edtf: str | None, start: int = 0) -> TimeExpression:
    reason = None if edtf else "no year"
    return TimeExpression(as_written=words, span=at(words, start), edtf=edtf, unresolved=reason)


def step(name: str, stance: Any = "stated") -> AttributionStep:
    return AttributionStep(name=named(name), kind="person", stance=stance)


def rule(kind: RecordType, name: str) -> FieldRule:
    return next(one for one in POLICY[kind] if one.name == name)


def outcome(kind: RecordType, name: str, gold: Record, given: Record) -> Outcome | None:
    return judge(rule(kind, name), Pair(gold, given, 1), Context(ALIASES, {}))


def figure_outcome(name: str, gold: dict[str, Any], given: dict[str, Any]) -> Outcome | None:
    base: dict[str, Any] = {"id": "f", "value": 9, "bound": "exact", "mentions": MENTIONS}
    return outcome("figures", name, GoldFigure(**base | gold), Figure(**base | given))


@pytest.mark.parametrize(
    ("name", "gold", "given", "expected"),
    [
        ("value", {"value": "9.0"}, {"value": 9}, "correct"),
        ("value", {"value": 9}, {"value": 8}, "incorrect"),
        ("value", {"value": 9}, {"value": None, "magnitude": 1}, "missing"),
        ("upper", {}, {"upper": 12}, "spurious"),
        ("upper", {}, {}, None),
        ("negated", {}, {}, None),
        ("negated", {"negated": True}, {}, "missing"),
        ("unit", {"unit": "EUR"}, {"unit": "eur"}, "correct"),
        ("measure", {"measure": ["pay", "bonus"]}, {"measure": ["bonus", "pay"]}, "correct"),
        ("measure", {"measure": ["pay", "bonus"]}, {"measure": ["bonus"]}, "incorrect"),
        ("unit_text", {"unit_text": "ship’s crews"}, {"unit_text": "ship's crews,"}, "correct"),
        ("period", {"period": day("May", None)}, {"period": day("May", "2021-05")}, "incorrect"),
        ("period", {"period": day("May", None)}, {"period": day("in May", None, 90)}, "incorrect"),
        ("period", {"period": day("May", None)}, {"period": day("May", None, 90)}, "correct"),
        (
            "period",
            {"period": day("May", "2021-05")},
            {"period": day("then", "2021-05")},
            "correct",
        ),
        (
            "origin",
            {"attribution": [step("BBC"), step("Ada Quill")]},
            {"attribution": [step("Quill")]},
            "correct",
        ),
        (
            "chain",
            {"attribution": [step("BBC"), step("Ada Quill")]},
            {"attribution": [step("Quill")]},
            "incorrect",
        ),
        (
            "stance",
            {"attribution": [step("BBC")]},
            {"attribution": [step("X", "denied")]},
            "incorrect",
        ),
        ("origin", {"attribution": [step("BBC")]}, {}, "missing"),
        ("subset_of", {"subset_of": "f1"}, {"subset_of": "f1"}, "incorrect"),
    ],
)
def test_outcomes(
    name: str, gold: dict[str, Any], given: dict[str, Any], expected: Outcome | None
) -> None:
    assert figure_outcome(name, gold, given) == expected


def test_a_link_is_right_when_it_points_to_the_aligned_record() -> None:
    base: dict[str, Any] = {"value": 9, "bound": "exact", "mentions": MENTIONS}
    gold = GoldFigure(id="f2", subset_of="f1", **base)
    given = Figure(id="p9", subset_of="p7", **base)
    found = judge(
        rule("figures", "subset_of"), Pair(gold, given, 1), Context(ALIASES, {"p7": "f1"})
    )
    assert found == "correct"


def test_references_match_by_name_or_by_the_same_words() -> None:
    gold = {"population": named("of them", 40, resolved="the nurses")}
    assert figure_outcome("population", gold, {"population": named("nurses")}) == "correct"
    assert figure_outcome("population", gold, {"population": named("of them", 90)}) == "incorrect"
    longer = {"population": named("nurses of the town", 40)}
    shorter = {"population": named("nurses of the", 40)}
    assert figure_outcome("population", longer, shorter) == "correct"


def test_codes_decide_between_places() -> None:
    gold = {"place": Place(as_written="Georgia", span=at("Georgia"), code="GE")}
    wrong = {"place": Place(as_written="Georgia", span=at("Georgia"), code="US")}
    right = {"place": Place(as_written="Sakartvelo", span=at("Sakartvelo", 60), code="GE")}
    assert figure_outcome("place", gold, wrong) == "incorrect"
    assert figure_outcome("place", gold, right) == "correct"


@pytest.mark.parametrize(
    ("name", "gold", "alternatives", "given", "expected"),
    [
        ("value", {}, {"value": [10]}, {"value": 10}, "correct"),
        ("value", {}, {"value": [10]}, {"value": 11}, "incorrect"),
        (
            "measure",
            {"measure": ["pay"]},
            {"measure": [["pay", "bonus"]]},
            {"measure": ["bonus", "pay"]},
            "correct",
        ),
        (
            "measure",
            {"measure": ["pay"]},
            {"measure": [["bonus"], ["other"]]},
            {"measure": ["bonus", "other"]},
            "incorrect",
        ),
        ("population", {"population": named("nurses")}, {"population": [None]}, {}, None),
        ("change", {}, {"change": ["increase"]}, {"change": "increase"}, "correct"),
        ("change", {}, {"change": ["increase"]}, {"change": "decrease"}, "spurious"),
        ("change", {}, {"change": ["increase"]}, {}, None),
        (
            "period",
            {"period": day("May", None)},
            {"period.edtf": ["2021-05"]},
            {"period": day("x", "2021-05")},
            "correct",
        ),
        (
            "period",
            {"period": day("May", None)},
            {"period.as_written": ["in May"]},
            {"period": day("in May", None, 90)},
            "correct",
        ),
        (
            "origin",
            {"attribution": [step("BBC")]},
            {"attribution": [["BBC", "Ada Quill"]]},
            {"attribution": [step("Quill")]},
            "correct",
        ),
        (
            "chain",
            {"attribution": [step("BBC")]},
            {"attribution": [["BBC", "Ada Quill"]]},
            {"attribution": [step("BBC"), step("Quill")]},
            "correct",
        ),
        ("origin", {"attribution": [step("BBC")]}, {"attribution": [[]]}, {}, None),
        (
            "stance",
            {"attribution": [step("BBC")]},
            {"attribution.0.stance": ["denied"]},
            {"attribution": [step("BBC", "denied")]},
            "correct",
        ),
    ],
)
def test_alternatives(
    name: str,
    gold: dict[str, Any],
    alternatives: dict[str, list[Any]],
    given: dict[str, Any],
    expected: Outcome | None,
) -> None:
    assert figure_outcome(name, gold | {"alternatives": alternatives}, given) == expected


def test_a_pronoun_is_no_speaker_but_an_alias_is() -> None:
    gold = GoldQuotation(id="q", text="Go.", speaker=named("He", 3, resolved="Ada Quill"))

    def speaker(reference: Reference | None) -> Outcome | None:
        return outcome(
            "quotations", "speaker", gold, Quotation(id="p", text="Go.", speaker=reference)
        )

    assert speaker(named("Quill", 70)) == "correct"
    assert speaker(named("he", 3)) == "incorrect"
    assert speaker(None) == "missing"


def test_a_target_counts_only_where_gold_has_one() -> None:
    target = rule("methods", "target")
    bare = GoldMethod(id="m", tactic="pay", span=HERE)
    aimed = bare.model_copy(update={"target": named("nurses")})
    given = RecruitmentMethod(id="p", tactic="pay", span=HERE, target=named("porters"))
    assert not holds_record(target, Pair(bare, given, 1), Context())
    assert holds_record(target, Pair(aimed, given, 1), Context())
