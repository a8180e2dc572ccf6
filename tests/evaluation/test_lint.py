from __future__ import annotations

from typing import Any

import pytest

from extractor.evaluation.gold import Dismissal, Gold
from extractor.evaluation.lint import Check, Labels, lint, uncovered
from extractor.records import Span

from .synthetic import article, revised

GOLD, TEXT = article([(1200, "at least", "2021-03-04"), (35, "about", "2021-03-28")], voices=1)
ZERO = Dismissal(
    span=Span(start=TEXT.index(" 0 ") + 1, end=TEXT.index(" 0 ") + 2, text="0"),
    reason="list number",
)
LABELS = Labels(measures={"other"}, event_kinds={"statement"}, tactics={"pay"})


def with_first_figure(**update: Any) -> Gold:
    first, *rest = GOLD.figures or []
    return GOLD.model_copy(update={"figures": [revised(first, update), *rest]})


def test_sound_gold_has_no_findings_and_covers_its_text() -> None:
    assert lint(GOLD, TEXT, LABELS) == []
    assert uncovered(GOLD.model_copy(update={"dismissed": [ZERO]}), TEXT) == []


def test_offsets_of_another_text_are_found_everywhere() -> None:
    places = {finding.where for finding in lint(GOLD, "x" + TEXT, LABELS)}
    assert {"furniture", "fig-0", "quo-0", "ent-0", "eve-0", "met-0"} <= places


@pytest.mark.parametrize(
    ("update", "check"),
    [
        ({"id": "fig-1"}, "ids"),
        ({"measure": ["unheard_of"]}, "label"),
        ({"value": 1300}, "number"),
        ({"subset_of": "fig-7"}, "link"),
        ({"subset_of": "fig-0"}, "link"),
        ({"alternatives": {"colour": ["red"]}}, "alternative"),
    ],
)
def test_each_fault_is_found_once(update: dict[str, Any], check: Check) -> None:
    assert [one.check for one in lint(with_first_figure(**update), TEXT, LABELS)] == [check]


def test_duplicate_records_are_found_in_spite_of_ids_and_notes() -> None:
    first = revised((GOLD.figures or [])[0], {"id": "fig-9", "note": "again"})
    gold = GOLD.model_copy(update={"figures": [*(GOLD.figures or []), first]})
    (finding,) = lint(gold, TEXT, LABELS)
    assert (finding.check, finding.where) == ("duplicate", "fig-9")


def test_a_number_outside_its_mention_is_found() -> None:
    mention = (GOLD.figures or [])[0].mentions[0]
    short = revised(mention, {"span": mention.bound_text})
    checks = [one.check for one in lint(with_first_figure(mentions=[short]), TEXT, LABELS)]
    assert checks == ["number"]


def test_scaled_and_rounded_numbers_are_sound() -> None:
    assert lint(with_first_figure(value=1_200_000), TEXT, LABELS) == []


def test_label_sets_that_are_not_given_are_not_checked() -> None:
    assert lint(with_first_figure(measure=["unheard_of"]), TEXT, Labels()) == []


def test_what_no_label_covers_is_listed() -> None:
    gold = GOLD.model_copy(update={"figures": [], "quotations": [], "entities": []})
    found = [(one.kind, one.span.text) for one in uncovered(gold, TEXT)]
    assert ("number", "1200") in found
    assert ("number", "0") in found
    assert ("name", "Ada Quill") in found
    assert [kind for kind, _ in found].count("quotation mark") == 2


def test_a_quotation_does_not_cover_a_number_inside_it() -> None:
    gold = GOLD.model_copy(update={"figures": []})
    assert ("number", "0") in [(one.kind, one.span.text) for one in uncovered(gold, TEXT)]


def test_dismissals_cover_and_unlabelled_types_are_not_looked_for() -> None:
    everything = Dismissal(span=Span(start=0, end=len(TEXT), text=TEXT), reason="not read")
    empty: dict[str, Any] = {"figures": [], "quotations": [], "entities": []}
    assert uncovered(GOLD.model_copy(update={**empty, "dismissed": [everything]}), TEXT) == []
    assert uncovered(GOLD.model_copy(update=dict.fromkeys(empty)), TEXT) == []
