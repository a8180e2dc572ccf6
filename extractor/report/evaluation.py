"""The evaluation's page: from a result and what the systems gave to what the template shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from markupsafe import Markup

from extractor.documents import Document
from extractor.evaluation.calibration import suite_reliability
from extractor.evaluation.counts import Counts, show
from extractor.evaluation.details import Item, details, headline, position
from extractor.evaluation.evidence import EvidenceScore
from extractor.evaluation.prediction import RECORD_TYPES, Prediction, RecordType
from extractor.evaluation.results import SEED, Result, Row, System
from extractor.evaluation.spans import spans_in
from extractor.evaluation.suite import Case, Suite
from extractor.output import Uncovered
from extractor.report.highlight import Mark, highlight
from extractor.report.html import render
from extractor.report.plots import (
    ErrorPlot,
    ReliabilityPlot,
    ScorePlot,
    error_plot,
    reliability_plot,
    score_plot,
)
from extractor.report.uncovered import Line, summed

Given = Mapping[str, Mapping[str, Prediction]]  # system -> gold's document name -> prediction
GOLD, SYSTEM = "gold", "given"
SHOWN_CONTEXTS = 3


@dataclass(frozen=True)
class ItemView:
    """One pair or partnerless record: its anchor, state, verdicts and evidence in context."""

    anchor: str
    state: str
    title: str
    item: Item
    contexts: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True)
class Links:
    """A score with what it is made of: the items that count against it."""

    name: str
    counts: str
    rate: str
    items: tuple[ItemView, ...]


@dataclass(frozen=True)
class DocumentView:
    """One document under one system and record type."""

    name: str
    failure: str | None
    items: tuple[ItemView, ...]


@dataclass(frozen=True)
class SystemView:
    """One system under one record type."""

    anchor: str
    row: Row
    evidence: EvidenceScore
    fields: tuple[Links, ...]
    errors: tuple[Links, ...]
    documents: tuple[DocumentView, ...]


@dataclass(frozen=True)
class KindView:
    """One record type."""

    kind: RecordType
    scores: ScorePlot
    errors: ErrorPlot
    systems: tuple[SystemView, ...]
    reliabilities: tuple[ReliabilityPlot, ...]


@dataclass(frozen=True)
class ArticleView:
    """One article with the evidence of gold and of one system lit, paragraph by paragraph.

    `uncovered` sums up what the system's records leave out.
    """

    anchor: str
    system: str
    name: str
    paragraphs: tuple[tuple[str, bool, Markup], ...]
    uncovered: tuple[Line, ...]


def evaluation_page(suite: Suite, result: Result, given: Given) -> str:
    """One HTML page that needs nothing but itself.

    Args:
        given: the predictions of each system's first run.
    """
    ran = [system for system in result.systems if system.runs]
    kinds = [kind for kind in RECORD_TYPES if any(row.kind == kind for row in result.summary)]
    reliable = _reliabilities(suite, ran, given)
    views = tuple(_kind(suite, result, kind, given, reliable.get(kind, [])) for kind in kinds)
    articles = [
        _article(case, given[system.name].get(case.gold.document.name), system, (i, n))
        for i, system in enumerate(ran)
        for n, case in enumerate(suite.cases)
    ]
    return render(
        "evaluation.html.j2",
        {"result": result, "ran": ran, "kinds": views, "articles": articles, "show": show},
    )


def _reliabilities(
    suite: Suite, ran: Iterable[System], given: Given
) -> dict[RecordType, list[ReliabilityPlot]]:
    """By record type, for the systems under test that say how sure they are."""
    found: dict[RecordType, list[ReliabilityPlot]] = {}
    for system in ran:
        if not system.baseline:
            reliable = suite_reliability(suite.cases, given[system.name], seed=SEED)
            for kind, one in reliable.items():
                found.setdefault(kind, []).append(reliability_plot(system.name, one))
    return found


def _kind(
    suite: Suite,
    result: Result,
    kind: RecordType,
    given: Given,
    reliabilities: Iterable[ReliabilityPlot],
) -> KindView:
    ran = [system for system in result.systems if system.runs]
    rows = {row.system: row for row in result.summary if row.kind == kind}
    views = [
        _system(suite, (i, system), rows[system.name], given[system.name])
        for i, system in enumerate(ran)
        if system.name in rows
    ]
    counts = {
        view.row.system: {links.name: len(links.items) for links in view.errors}
        for view in views
        if view.row.detection.predicted
    }
    plot = error_plot(kind, ran, counts)
    return KindView(kind, score_plot(result, kind), plot, tuple(views), tuple(reliabilities))


def _system(
    suite: Suite, system: tuple[int, System], row: Row, given: Mapping[str, Prediction]
) -> SystemView:
    index, ran = system
    score = ran.runs[0].score
    anchor = f"{row.kind}-{index}"
    found = {one.document: one for one in score.scored if row.kind in one.types}
    documents = []
    for n, case in enumerate(suite.cases):
        name = case.gold.document.name
        if name in found:
            prediction = given.get(name, _absent(name, row))
            items = details(case.gold, prediction, found[name])[row.kind]
            views = [
                _item(case.document, item, f"{anchor}-{n}-{k}", f"text-{index}-{n}")
                for k, item in enumerate(items)
            ]
            documents.append(DocumentView(name, found[name].failure, tuple(views)))
    every = [view for document in documents for view in document.items]
    evidence = score.types[row.kind].evidence
    fields = tuple(_field(name, counts, every) for name, counts in row.fields.items())
    return SystemView(anchor, row, evidence, fields, _errors(every), tuple(documents))


def _absent(name: str, row: Row) -> Prediction:
    return Prediction(name, {row.kind: ()}, failure="no prediction for this document")


def _field(name: str, counts: Counts, every: Iterable[ItemView]) -> Links:
    places = counts.correct + counts.incorrect + counts.missing + counts.spurious
    wrong = [view for view in every if not view.item.optional and _is_wrong(view.item, name)]
    return Links(name, f"{counts.correct}/{places}", show(counts.accuracy), tuple(wrong))


def _is_wrong(item: Item, field: str) -> bool:
    return any(v.field == field and v.outcome not in (None, "correct") for v in item.verdicts)


def _errors(every: Iterable[ItemView]) -> tuple[Links, ...]:
    views = list(every)
    counts = Counter(name for view in views for name in view.item.classes)
    return tuple(
        Links(
            name.replace("_", " "),
            str(count),
            "",
            tuple(view for view in views if name in view.item.classes),
        )
        for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _item(document: Document, item: Item, anchor: str, article: str) -> ItemView:
    record = item.gold or item.given
    assert record is not None
    return ItemView(
        anchor, _state(item), headline(record), item, _contexts(document, item, article)
    )


def _state(item: Item) -> str:
    if item.optional:
        return "optional"
    if item.given is None:
        return "missed"
    if item.gold is None:
        return "spurious"
    return "right" if item.right else "wrong"


def _marks(item: Item) -> list[Mark]:
    gold = [Mark(span.start, span.end, GOLD, "gold") for span in spans_in(item.gold)]
    return gold + [Mark(span.start, span.end, SYSTEM, "system") for span in spans_in(item.given)]


def _contexts(document: Document, item: Item, article: str) -> tuple[tuple[str, Markup], ...]:
    """The sentences (or furniture lines) with the item's evidence, each with its article's link."""
    marks, own = _marks(item), position(item)
    places: dict[tuple[int, int], None] = {}
    for mark in sorted(marks, key=lambda one: (not one.start <= own < one.end, one.start)):
        places.setdefault(_around(document, mark.start, mark.end))
    return tuple(
        (f"{article}-{_block_index(document, a)}", highlight(document.text, marks, start=a, end=b))
        for a, b in islice(places, SHOWN_CONTEXTS)
    )


def _around(document: Document, start: int, end: int) -> tuple[int, int]:
    sentence = document.sentence_at(start)
    if sentence is not None:
        return sentence.start, sentence.end
    blocks = [block for block in document.blocks if block.start <= start < block.end]
    return (blocks[0].start, blocks[0].end) if blocks else (start, end)


def _block_index(document: Document, offset: int) -> int:
    return max((i for i, b in enumerate(document.blocks) if b.start <= offset), default=0)


def _article(
    case: Case, prediction: Prediction | None, system: System, place: tuple[int, int]
) -> ArticleView:
    document, gold = case.document, case.gold
    anchor = f"text-{place[0]}-{place[1]}"
    labelled = [getattr(gold, kind) for kind in RECORD_TYPES]
    marks = [Mark(s.start, s.end, GOLD, "gold") for s in spans_in(labelled)]
    marks += [Mark(s.start, s.end, "apart", "page furniture") for s in gold.furniture]
    for records in prediction.records.values() if prediction else ():
        marks += [Mark(s.start, s.end, SYSTEM, "system") for s in spans_in(records)]
    left = prediction.uncovered if prediction else ()
    marks += [_gap(one) for one in left if one.reason != "furniture"]
    paragraphs = tuple(
        (f"{anchor}-{i}", b.furniture, highlight(document.text, marks, start=b.start, end=b.end))
        for i, b in enumerate(document.blocks)
    )
    return ArticleView(anchor, system.name, gold.document.name, paragraphs, tuple(summed(left)))


def _gap(one: Uncovered) -> Mark:
    reason = f"{one.kind}: {one.reason.replace('_', ' ')}"
    title = f"{reason} ({one.detail})" if one.detail else reason
    return Mark(one.span.start, one.span.end, "open" if one.is_due else "closed", title)
