"""Records in a terminal: each with its labels, and the sentence it came from with its words lit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TypeVar

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from extractor.documents import Document
from extractor.output import Confidence, Extraction, Rejected, Uncovered
from extractor.records import (
    Article,
    AttributionStep,
    Entity,
    Event,
    Figure,
    Quotation,
    Record,
    RecruitmentMethod,
    Reference,
    Span,
)
from extractor.report.uncovered import summed

R = TypeVar("R", bound=Record)
Lit = Iterable[tuple[Span, str]]
_NUMBER = "bold green"
_UNIT = "green"
_SOURCE = "bold magenta"
_NAME = "bold cyan"
_QUOTE = "bold yellow"
_GAP = "bold red"
_SIGNS = {
    "exact": "", "about": "about ", "at_least": "at least ", "more_than": "more than ",
    "at_most": "at most ", "less_than": "less than ", "almost": "almost ",
    "between": "", "vague": "",
}  # fmt: skip
SHOWN_CONTEXTS = 3
NEAR = 28  # characters beside a name: with the name they fit a line


def print_extraction(console: Console, document: Document, extraction: Extraction) -> None:
    """Everything that was found in one document, and what was not accepted."""
    console.print(Rule(Text(f"{document.name}  ({document.id})", style="bold")))
    if extraction.article is not None:
        console.print(_header(extraction.article))
    doubts = {id_: one for id_, one in extraction.confidence.items() if one.is_doubtful}
    show = partial(_print_records, console, document, doubts)
    show("Figures", extraction.figures, _figure)
    show("Quotations", extraction.quotations, _quotation)
    show("Entities", extraction.entities, _entity, reach=NEAR)
    show("Events", extraction.events, _event)
    show("Recruitment methods", extraction.methods, _method)
    _print_rejected(console, extraction.rejected)
    _print_uncovered(console, document, extraction.uncovered)


def _print_records(
    console: Console,
    document: Document,
    doubts: Mapping[str, Confidence],
    title: str,
    records: Sequence[R] | None,
    describe: Callable[[R], tuple[Text, Lit]],
    reach: int | None = None,
) -> None:
    if records is None:
        return
    console.print(Text(f"\n{title} ({len(records)})", style="bold underline"))
    for record in records:
        label, lit = describe(record)
        if record.id in doubts:
            label.append("  doubtful", style="dim italic")
        console.print(label)
        for line in _contexts(document, lit, reach):
            console.print(Padding(line, (0, 0, 0, 6)))


def _header(article: Article) -> Text:
    rows = [
        ("title", article.title),
        ("outlet", article.outlet),
        ("authors", ", ".join(article.authors)),
        ("published", article.published.as_written if article.published else None),
        ("language", article.language),
        ("cites", ", ".join(_referred(reference) for reference in article.cited_sources)),
    ]
    return Text("\n").join(Text(f"{name:>10}: {value or '-'}") for name, value in rows)


def _figure(figure: Figure) -> tuple[Text, Lit]:
    label = Text(f"{figure.id} ", style="dim").append(amount(figure), style=_NUMBER)
    label.append(f"  {', '.join(figure.measure)}")
    _append(
        label,
        ("who", _referred(figure.population) if figure.population else None),
        ("from", ", ".join(figure.nationalities)),
        ("part of", figure.subset_of),
        *_circumstances(figure),
    )
    lit = [(mention.span, _UNIT) for mention in figure.mentions]
    lit += [(mention.number, _NUMBER) for mention in figure.mentions]
    return label, [*lit, *((step.name.span, _SOURCE) for step in figure.attribution)]


def _circumstances(record: Figure | Event) -> Iterator[tuple[str, str | None]]:
    yield "where", record.place.as_written if record.place else None
    yield "when", record.period.edtf or record.period.as_written if record.period else None
    yield "says", _chain(record.attribution)


def _append(label: Text, *parts: tuple[str, str | None]) -> None:
    for name, value in parts:
        if value:
            label.append(f"  {name}: ", style="dim").append(value)


def amount(figure: Figure) -> str:
    """The count in one line: "at least 18,000 people a month", "not 1", "hundreds of contracts"."""
    if figure.value is None:
        number = f"{figure.mentions[0].number.text} (10^{figure.magnitude})"
    else:
        number = f"{figure.value:,}" + (f" to {figure.upper:,}" if figure.upper else "")
    sign = ("not " if figure.negated else "") + _SIGNS[figure.bound]
    change = {"increase": "up by ", "decrease": "down by ", None: ""}[figure.change]
    per = f" a {figure.per}" if figure.per else ""
    return f"{sign}{change}{number} {figure.unit or ''}{per}".strip()


def _quotation(quotation: Quotation) -> tuple[Text, Lit]:
    speaker = _referred(quotation.speaker) if quotation.speaker else "nobody named"
    label = Text(f"{quotation.id} ", style="dim").append(speaker, style=_SOURCE)
    lit = [(quotation.evidence["text"], _QUOTE)]
    if quotation.speaker:
        lit.append((quotation.speaker.span, _SOURCE))
    return label, lit


def _entity(entity: Entity) -> tuple[Text, Lit]:
    label = Text(f"{entity.id} ", style="dim").append(entity.name, style=_NAME)
    label.append(f"  {entity.kind}" + (f" {entity.code}" if entity.code else ""))
    if entity.aliases:
        label.append(f"  also: {', '.join(entity.aliases)}")
    label.append(f"  {len(entity.mentions)} mentions", style="dim")
    return label, [(entity.mentions[0], _NAME)]


def _event(event: Event) -> tuple[Text, Lit]:
    label = Text(f"{event.id} ", style="dim").append(event.kind, style=_NAME)
    label.append(f"  {event.status}  {event.summary}")
    who = ", ".join(_referred(party) for party in event.participants)
    _append(label, ("who", who), *_circumstances(event))
    return label, [(event.span, _UNIT)]


def _method(method: RecruitmentMethod) -> tuple[Text, Lit]:
    label = Text(f"{method.id} ", style="dim").append(method.tactic, style=_NAME)
    target = _referred(method.target) if method.target else None
    _append(label, ("whom", target), ("says", _chain(method.attribution)))
    return label, [(method.evidence["tactic"], _NAME)]


def _referred(reference: Reference) -> str:
    if reference.resolved is None:
        return reference.as_written
    return f"{reference.resolved} ({reference.as_written!r})"


def _chain(steps: Sequence[AttributionStep]) -> str:
    return " < ".join(_referred(step.name) for step in steps)


def _contexts(document: Document, lit: Lit, reach: int | None) -> list[Text]:
    """The sentences or furniture lines that hold the spans, each once, with the spans lit.

    reach: characters to show on either side of a span; None for the whole sentence.
    """
    styles = list(lit)
    places: dict[tuple[int, int], None] = {}
    for span, _ in styles:
        start, end = _around(document, span)
        if reach is not None:
            start, end = max(start, span.start - reach), min(end, span.end + reach)
        places.setdefault((start, end))
    return [_lit(document, start, end, styles) for start, end in islice(places, SHOWN_CONTEXTS)]


def _around(document: Document, span: Span) -> tuple[int, int]:
    units = [(s.start, s.end) for s in document.sentences]
    units += [(block.start, block.end) for block in document.blocks]
    return next(((a, b) for a, b in units if a <= span.start < b), (span.start, span.end))


def _lit(document: Document, start: int, end: int, styles: Lit) -> Text:
    line = Text(document.text[start:end], style="dim")
    for span, style in styles:
        if start <= span.start < end:
            line.stylize(f"not dim {style}", span.start - start, span.end - start)
    return line


def _print_rejected(console: Console, rejected: Sequence[Rejected]) -> None:
    if not rejected:
        return
    console.print(Text(f"\nNot accepted ({len(rejected)})", style="bold underline"))
    passed_over = Counter((r.task, r.detail) for r in rejected if r.is_routine)
    for (task, detail), count in passed_over.items():
        console.print(Text(f"  {task}: {count} {detail}", style="dim"))
    for item in (r for r in rejected if not r.is_routine):
        words = item.span.text if item.span else ""
        console.print(Text(f"  {item.task}: {words!r} - {item.detail}", style="dim"))


def _print_uncovered(console: Console, document: Document, uncovered: Sequence[Uncovered]) -> None:
    """A table of reasons, and below it every place that nobody asked about."""
    if not uncovered:
        return
    console.print(Text(f"\nNot covered by a record ({len(uncovered)})", style="bold underline"))
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for line in summed(uncovered):
        style = "" if line.is_due else "dim"
        kind = f"{line.count} {line.kind}" + ("s" if line.count > 1 else "")
        table.add_row(Text(line.reason), Text(kind), Text(line.words), style=style)
    console.print(table)
    for one in uncovered:
        if one.reason == "not_found":
            for context in _contexts(document, [(one.span, _GAP)], NEAR):
                console.print(Padding(context, (0, 0, 0, 6)))
