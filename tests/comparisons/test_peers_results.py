"""From answers to a row, the choice of a configuration, and the table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.comparisons.peers.proxy import Tally
from evals.comparisons.peers.results import Result, Row, choose, row, save, table
from evals.comparisons.peers.runner import Answer
from extractor.evaluation.suite import Case
from extractor.output import DocumentInfo, Extraction
from extractor.records import Figure, Metadata, Quotation
from tests.evaluation.folders import small_suite


def gold_lines(case: Case) -> list[dict[str, Any]]:
    """What a perfect peer would write."""
    lines: list[dict[str, Any]] = []
    for one in case.gold.figures or ():
        mention = one.mentions[0]
        values = {
            "words": mention.span.text, "number": mention.number.text, "bound": one.bound,
            "unit": one.unit, "measure": next(iter(one.measure), None), "per": one.per,
        }  # fmt: skip
        place = {"start": mention.span.start, "end": mention.span.end}
        lines.append({"kind": "figure", "values": values, **place})
    for said in case.gold.quotations or ():
        speaker = said.speaker.as_written if said.speaker else None
        lines.append({"kind": "quotation", "values": {"words": said.text, "speaker": speaker}})
    return lines


def answered(
    cases: Sequence[Case], system: str = "instructor", **changes: Any
) -> dict[str, Answer]:
    return {
        case.gold.document.name: Answer(
            system=system,
            configuration="one",
            page=case.gold.document.name,
            lines=gold_lines(case),
            seconds=4.0,
            tally=Tally(calls=1, prompt_tokens=10, completion_tokens=5),
        ).model_copy(update=changes)
        for case in cases
    }


def test_a_perfect_peer_and_its_costs(tmp_path: Path) -> None:
    cases = small_suite(tmp_path).cases
    one = row(cases, answered(cases))
    assert one.types["figures"].detection.f1 == one.types["figures"].strict.f1 == 1.0
    assert one.types["quotations"].detection.f1 == 1.0
    assert (one.tally.calls, one.tally.prompt_tokens, one.seconds) == (2, 20, 8.0)
    assert not one.failures and one.unplaced == 0


def test_a_page_without_an_answer_is_a_miss_and_is_named(tmp_path: Path) -> None:
    cases = small_suite(tmp_path).cases
    answers = answered(cases)
    name = cases[0].gold.document.name
    answers[name] = answers[name].model_copy(
        update={"lines": [], "failure": "no answer within 9 s", "timeout": 9.0}
    )
    one = row(cases, answers)
    found = one.types["figures"].detection
    assert found.precision == 1.0 and found.recall == 0.5
    assert one.failures == {name: "no answer within 9 s"}


def test_records_of_a_peer_that_cannot_be_placed_are_told(tmp_path: Path) -> None:
    cases = small_suite(tmp_path, 1).cases
    lost = {"kind": "figure", "values": {"words": "987654 owls", "number": "987654"}}
    failed = {"kind": "failure", "of": ["quotation"], "error": "cut off"}
    one = row(cases, answered(cases, lines=[*gold_lines(cases[0]), lost, failed]))
    assert one.unplaced == 1
    assert list(one.partial.values()) == ["cut off"]
    assert one.types["figures"].detection.f1 == 1.0


def test_the_extractors_own_answer_is_scored_as_an_evaluation_would(tmp_path: Path) -> None:
    (case,) = small_suite(tmp_path, 1).cases
    marks = {"optional", "alternatives", "note"}
    document = case.document
    extraction = Extraction(
        document=DocumentInfo(
            id=document.id, name=document.name, language="en", characters=len(document.text),
            metadata=Metadata(), furniture=document.furniture,
        ),
        figures=[Figure(**one.model_dump(exclude=marks)) for one in case.gold.figures or ()],
        quotations=[
            Quotation(**one.model_dump(exclude=marks)) for one in case.gold.quotations or ()
        ],
    )  # fmt: skip
    line = {"kind": "extraction", "value": extraction.model_dump(mode="json")}
    one = row([case], answered([case], system="extractor", lines=[line]))
    assert one.strict == 1.0


def rows(*told: tuple[str, str, float, float]) -> list[Row]:
    return [
        Row(
            system=system, configuration=name, pages=["a"], types={}, strict=strict, unplaced=0,
            failures={}, partial={}, tally=Tally(), seconds=seconds,
        )
        for system, name, strict, seconds in told
    ]  # fmt: skip


def test_the_best_configuration_is_chosen_and_of_equals_the_faster() -> None:
    found = rows(
        ("extractor", "shipped", 0.9, 1), ("instructor", "a", 0.2, 5), ("instructor", "b", 0.4, 9),
        ("langextract", "slow", 0.3, 50), ("langextract", "fast", 0.3, 40),
    )  # fmt: skip
    assert choose(found) == {"instructor": "b", "langextract": "fast"}


def test_the_table_shows_scores_intervals_costs_and_failures(tmp_path: Path) -> None:
    cases = small_suite(tmp_path / "suite").cases
    name = cases[0].gold.document.name
    answers = answered(cases)
    answers[name] = answers[name].model_copy(update={"lines": [], "failure": "late"})
    result = Result(
        served="w, 4 slots", timeout=9, chosen={"instructor": "one"},
        sets={"seeds": [row(cases, answers)]},
    )  # fmt: skip
    save(result, tmp_path)
    text = (tmp_path / "result.md").read_text(encoding="utf-8")
    assert text == table(result)
    assert "## Seed articles (2)" in text
    assert "| instructor/one | 66.7 (0.0-100.0) |" in text
    assert "| 0 | 1 | 2 | 20 | 0 | 10 | 4 |" in text
    assert f"- instructor/one, {name}: late" in text
    again = Result.model_validate(json.loads((tmp_path / "result.json").read_text("utf-8")))
    assert again == result
