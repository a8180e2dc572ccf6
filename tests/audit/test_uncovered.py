"""The audit: what gold's records cover stays silent, what is taken from them comes up, with why."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from extractor import Document, Extraction
from extractor.audit.uncovered import find_uncovered
from extractor.evaluation.gold import Marks
from extractor.evaluation.suite import Case, load_suite
from extractor.output import DocumentInfo, Rejected, Run, Uncovered
from extractor.reading.numerals import NUMBERS_PER_SENTENCE
from extractor.records import Figure, Metadata, Span

EVALS = Path(__file__).parents[2] / "evals"
TEXT = (
    "Ana Ruiz, 31, said on 14 May 2031 that 640 Kenyans had joined. “We have no boats,” she said.\n"
    "Copyright 2031. Another 900 “offers”"
)


@cache
def cases() -> tuple[Case, ...]:
    return load_suite(EVALS).cases


def bare(labels: Sequence[Marks] | None) -> list[dict[str, object]]:
    """Gold's records, dumped, without gold's marks."""
    return [label.model_dump(exclude=set(Marks.model_fields)) for label in labels or ()]


def extraction(document: Document, **fields: object) -> Extraction:
    info = DocumentInfo(
        id=document.id,
        name=document.name,
        language="en",
        characters=len(document.text),
        metadata=Metadata(),
        furniture=document.furniture,
    )
    return Extraction.model_validate({"document": info, **fields})


@cache
def gold(index: int) -> Extraction:
    """Gold as the output of a system that made no mistake."""
    one = cases()[index].gold
    assert one.article is not None
    return extraction(
        cases()[index].document,
        article=bare([one.article])[0],
        figures=bare(one.figures),
        quotations=bare(one.quotations),
        entities=bare(one.entities),
        events=bare(one.events),
        methods=bare(one.methods),
    )


def labels(kind: str) -> list[tuple[int, str]]:
    return [(n, one.id) for n, case in enumerate(cases()) for one in getattr(case.gold, kind) or ()]


@pytest.mark.parametrize("index", range(5))
def test_nothing_may_be_missing_where_gold_is_the_answer(index: int) -> None:
    found = find_uncovered(cases()[index].document, gold(index))
    assert [one for one in found if one.is_due and one.kind != "name"] == []


@pytest.mark.parametrize(("index", "id_"), labels("figures"))
def test_a_missing_figure_comes_up_wherever_it_is_stated(index: int, id_: str) -> None:
    figures = gold(index).figures or []
    rest = [figure for figure in figures if figure.id != id_]
    left = gold(index).model_copy(update={"figures": rest})
    found = [one.span for one in find_uncovered(cases()[index].document, left) if one.is_due]
    (gone,) = [figure for figure in figures if figure.id == id_]
    assert all(any(span.overlaps(m.number) for span in found) for m in gone.mentions)


@pytest.mark.parametrize(("index", "id_"), labels("quotations"))
def test_a_missing_quotation_comes_up(index: int, id_: str) -> None:
    quotations = gold(index).quotations or []
    rest = [quotation for quotation in quotations if quotation.id != id_]
    left = gold(index).model_copy(update={"quotations": rest})
    found = find_uncovered(cases()[index].document, left)
    (gone,) = [quotation for quotation in quotations if quotation.id == id_]
    passages = [one.span for one in found if one.kind == "quotation" and one.is_due]
    assert any(span.overlaps(gone.evidence["text"]) for span in passages)


def page() -> Document:
    return Document.from_paragraphs(
        [(line, bool(furniture)) for furniture, line in enumerate(TEXT.splitlines())]
    )


def span(words: str) -> Span:
    start = page().text.index(words)
    return page().span(start, start + len(words))


def audit(**fields: object) -> dict[str, Uncovered]:
    return {one.span.text: one for one in find_uncovered(page(), extraction(page(), **fields))}


def reasons(**fields: object) -> dict[str, str]:
    return {words: one.reason for words, one in audit(**fields).items()}


FOUND = {
    "Ana Ruiz": "not_found", "31": "age", "14": "date", "2031": "furniture", "640": "not_found",
    "Kenyans": "demonym", "We have no boats,": "not_found", "900": "furniture",
    "offers": "furniture",
}  # fmt: skip
NOTHING: dict[str, list[object]] = {"figures": [], "quotations": [], "entities": []}
FIGURE = {
    "id": "fig-01", "value": 640, "bound": "exact",
    "mentions": [{"span": span("640 Kenyans"), "number": span("640"), "bound": "exact"}],
}  # fmt: skip
QUOTATION = {
    "id": "quo-01",
    "text": "We have no boats,",
    "evidence": {"text": span("We have no boats,")},
}
RUN = Run(
    task="entities", status="failed", prompt="p", prompt_sha256="", schema_sha256="", model="m",
    parameters={}, version="1", questions=1, reused=0, attempts=1, prompt_tokens=1,
    completion_tokens=1, seconds=1, failures=["e1: no reply"],
)  # fmt: skip


def test_every_kind_comes_up_with_its_reason() -> None:
    assert reasons(**NOTHING) == FOUND


def test_records_cover_their_own_kind_only() -> None:
    speaker = {"as_written": "Ana Ruiz", "span": span("Ana Ruiz")}
    found = reasons(**{**NOTHING, "quotations": [{**QUOTATION, "speaker": speaker}]})
    assert found == {k: r for k, r in FOUND.items() if k not in ("Ana Ruiz", "We have no boats,")}
    everything = page().span(0, len(page().text))
    quoted = {"id": "quo-01", "text": everything.text, "evidence": {"text": everything}}
    assert "640" in reasons(**{**NOTHING, "quotations": [quoted]})
    assert "640" not in reasons(**{**NOTHING, "figures": [FIGURE]})


def test_a_type_that_was_not_asked_for_says_so() -> None:
    found = audit(figures=[FIGURE], quotations=[])
    assert (found["Ana Ruiz"].reason, found["Ana Ruiz"].detail) == (
        "not_asked",
        "entities were not asked for",
    )
    assert found["We have no boats,"].reason == "not_found"


def test_a_type_that_failed_says_so() -> None:
    found = audit(figures=[], quotations=[], runs=[RUN])["Ana Ruiz"]
    assert (found.reason, found.detail) == ("no_answer", "entities failed: e1: no reply")


@pytest.mark.parametrize("reason", ["not_chosen", "no_answer", "invalid"])
def test_what_became_of_a_candidate_is_told_in_its_words(reason: str) -> None:
    rejected = Rejected.model_validate(
        {"task": "figures", "reason": reason, "detail": "labelled as no count"}
        | {"span": span("640 Kenyans")}
    )
    found = audit(**NOTHING, rejected=[rejected])["640"]
    assert (found.reason, found.detail) == (reason, "labelled as no count")


def test_a_record_that_failed_its_check_is_found_by_its_own_evidence() -> None:
    candidate = Figure.model_validate(FIGURE).model_dump(mode="json")
    rejected = Rejected(
        task="figures", reason="not_grounded", detail="value: 64 is not 640", candidate=candidate
    )
    found = audit(**NOTHING, rejected=[rejected])
    assert (found["640"].reason, found["640"].detail) == ("not_grounded", "value: 64 is not 640")
    assert found["14"].reason == "date"


def test_a_rejected_name_is_rejected_everywhere() -> None:
    text = "They saw Ana Ruiz. Later Ruiz left with Lena Obua."
    document = Document.from_paragraphs([(text, False)])
    rejected = Rejected(
        task="entities", reason="not_chosen", detail="no name", span=document.span(9, 17)
    )
    found = find_uncovered(document, extraction(document, entities=[], rejected=[rejected]))
    names = [(one.span.text, one.reason) for one in found]
    assert names == [("Ana Ruiz", "not_chosen"), ("Ruiz", "not_chosen"), ("Lena Obua", "not_found")]


def test_numbers_side_by_side_are_one() -> None:
    document = Document.from_paragraphs(
        [("Between 12 and 15 of two hundred boats, of tens of thousands, sank.", False)]
    )
    found = find_uncovered(document, extraction(document, figures=[]))
    assert [one.span.text for one in found] == ["12 and 15", "two hundred", "tens of thousands"]


def test_a_number_inside_an_accepted_name_is_told_apart() -> None:
    document = Document.from_paragraphs([("They joined Harbour Watch 12 there.", False)])
    entity = {
        "id": "ent-01", "name": "Harbour Watch 12", "kind": "organisation",
        "mentions": [document.span(12, 28)],
    }  # fmt: skip
    found = find_uncovered(document, extraction(document, figures=[], entities=[entity]))
    assert [(one.span.text, one.reason) for one in found] == [("12", "name")]


@pytest.mark.parametrize("text", ["", "Nothing happened here, and nobody came to see it."])
def test_an_article_without_anything_has_nothing_uncovered(text: str) -> None:
    document = Document.from_text(text)
    assert find_uncovered(document, extraction(document, **NOTHING)) == []


def test_numbers_beyond_those_read_of_a_sentence_are_shown_with_the_reason() -> None:
    listed = "; ".join(f"{number} boats" for number in range(40, 300))
    document = Document.from_text(f"Lost were {listed}.")
    found = find_uncovered(document, extraction(document, figures=[]))
    told = {one.span.text: (one.reason, one.detail) for one in found if one.kind == "number"}
    assert told[str(39 + NUMBERS_PER_SENTENCE)] == ("not_found", None)
    assert told[str(40 + NUMBERS_PER_SENTENCE)] == (
        "half_read",
        "too many numbers in one sentence",
    )
