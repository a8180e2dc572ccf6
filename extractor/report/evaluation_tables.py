"""Evaluations in a terminal: every ratio with its counts, intervals, and what stands in its way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.box import HORIZONTALS
from rich.console import Console
from rich.table import Table
from rich.text import Text

from extractor.evaluation.calibration import Reliability
from extractor.evaluation.comparison import Line
from extractor.evaluation.counts import Counts, show
from extractor.evaluation.gate import Fall
from extractor.evaluation.prediction import RecordType
from extractor.evaluation.results import AgreementResult, Rate, Result, Row, System
from extractor.evaluation.statistics import MIN_DOCUMENTS

ANNOTATORS = "two annotators"


def print_result(console: Console, result: Result) -> None:
    """Scores per record type, fields, evidence, limits, and everything that did not run."""
    console.print(_scores(result))
    console.print(_fields(result))
    console.print(_limits(result))
    if any(row.f1s for row in result.summary):
        console.print(_repeats(result))
    for remark in _remarks(result):
        console.print(Text(remark))


def _scores(result: Result) -> Table:
    table = _table(f"{result.suite}: {len(result.documents)} documents", "records", "system")
    for name in ("P", "R", "detection F1", "aligned/gold/given", "strict F1", "right/gold/given"):
        table.add_column(name, justify="right", no_wrap=True)
    for kind in dict.fromkeys(row.kind for row in result.summary):
        rows = [row for row in result.summary if row.kind == kind]
        for row in rows:
            table.add_row("" if row is not rows[0] else kind, row.system, *_rates(row))
        if result.agreement and kind in result.agreement.detection:
            found, strict = result.agreement.detection[kind], result.agreement.strict[kind]
            cells = (show(found.precision), show(found.recall), *_plain(found), *_plain(strict))
            table.add_row("", ANNOTATORS, *cells, style="dim")
        table.add_section()
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=HORIZONTALS)
    for name in columns:
        table.add_column(name, no_wrap=True)
    return table


def _rates(row: Row) -> tuple[str | Text, ...]:
    found, strict = row.detection, row.strict
    ratios = (show(found.precision), show(found.recall))
    return (*ratios, _f1(found), _counts(found), _f1(strict), _counts(strict))


def _f1(rate: Rate) -> Text:
    """F1 with its interval, in per cent."""
    if rate.low is None or rate.high is None:
        return Text(show(rate.f1))
    return Text(f"{show(rate.f1)} [{100 * rate.low:.0f}-{100 * rate.high:.0f}]")


def _counts(rate: Rate) -> str:
    return f"{rate.correct}/{rate.gold}/{rate.predicted}"


def _plain(counts: Counts) -> tuple[str, str]:
    return show(counts.f1), f"{counts.correct}/{counts.gold}/{counts.predicted}"


def _fields(result: Result) -> Table:
    """A row per field, a column per system; a cell is right/of and the accuracy."""
    systems = list(dict.fromkeys(row.system for row in result.summary if row.detection.predicted))
    table = _table("Fields, on aligned records", "records", "field")
    for system in systems:
        table.add_column(system, justify="right", no_wrap=True)
    for kind in dict.fromkeys(row.kind for row in result.summary):
        rows = {row.system: row for row in result.summary if row.kind == kind}
        for field in dict.fromkeys(name for row in rows.values() for name in row.fields):
            cells = [_cell(rows[s].fields[field]) if s in rows else "" for s in systems]
            if any(cells):
                table.add_row(kind, field, *cells)
        table.add_section()
    return table


def _cell(counts: Counts) -> str:
    places = counts.correct + counts.incorrect + counts.missing + counts.spurious
    return f"{show(counts.accuracy)} ({counts.correct}/{places})" if places else ""


def _limits(result: Result) -> Table:
    table = _table("Evidence, page furniture, hard limits", "system")
    for name in ("offsets exact", "overlap", "has value", "furniture P/R/F1", "valid", "verbatim"):
        table.add_column(name, justify="right")
    table.add_column("from furniture", justify="right")
    for system in result.systems:
        if system.runs:
            table.add_row(system.name, *_limit_cells(system))
    return table


def _limit_cells(system: System) -> tuple[str, ...]:
    run = system.runs[0]
    scores = [score.evidence for score in run.score.types.values()]
    evidence = sum(scores[1:], scores[0]) if scores else None
    shares = (
        (evidence.exact_share, evidence.mean_overlap, evidence.containing_share)
        if evidence
        else (None, None, None)
    )
    apart, checks = run.score.furniture, run.checks
    return (
        *map(show, shares),
        "/".join(map(show, (apart.precision, apart.recall, apart.f1))),
        f"{checks.valid}/{checks.answers}",
        f"{checks.verbatim}/{checks.spans}",
        str(checks.furniture),
    )


def _repeats(result: Result) -> Table:
    table = _table("Variance over runs", "records", "system", "strict F1 of each run")
    table.add_column("standard deviation", justify="right")
    for row in result.summary:
        if row.f1s:
            runs = ", ".join(map(show, row.f1s))
            table.add_row(row.kind, row.system, runs, show(row.deviation))
    return table


def _remarks(result: Result) -> Iterable[str]:
    if len(result.documents) < MIN_DOCUMENTS:
        yield (
            f"Underpowered: {len(result.documents)} documents. They show whether a system works, "
            f"not which of two is better; that takes {MIN_DOCUMENTS} at the very least."
        )
    if result.agreement:
        yield f"Two annotators: {result.agreement.documents} documents labelled twice."
    for name in result.unlabelled:
        yield f"{name}: no gold for this document; not run."
    for system in result.systems:
        if system.skipped:
            yield f"{system.name}: not run: {system.skipped}"
        for run in system.runs[:1]:
            yield from (f"{system.name}: {fault}" for fault in run.checks.faults)
            yield from _documents(system.name, run.score.failed, "failed, counted as missed")
            yield from _documents(system.name, run.score.unscored, "unscored, in no count")
            for name, problems in run.problems.items():
                yield from (f"{system.name}: {name}: {problem}" for problem in problems)


def _documents(system: str, found: dict[str, str], what: str) -> Iterable[str]:
    return (f"{system}: {name}: {what}: {reason}" for name, reason in found.items())


def print_agreement(console: Console, found: AgreementResult) -> None:
    """F1 of two annotators per record type, and alpha per categorical field."""
    title = f"Agreement of two annotators: {found.documents} documents"
    table = _table(title, "records", "detection F1", "strict F1")
    table.add_column("Krippendorff's alpha (aligned records)")
    for kind, counts in found.detection.items():
        strict = found.strict[kind]
        alphas = [f"{name} {_alpha(a)}" for name, a in found.alpha.get(kind, {}).items()]
        table.add_row(
            kind,
            f"{show(counts.f1)} ({counts.correct}/{counts.gold}/{counts.predicted})",
            f"{show(strict.f1)} ({strict.correct}/{strict.gold}/{strict.predicted})",
            f"{', '.join(alphas)} ({found.units[kind]})" if alphas else "",
        )
    console.print(table)


def _alpha(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def print_comparison(console: Console, lines: Iterable[Line], names: tuple[str, str]) -> None:
    """A row per record type and score; no p-value where there are too few documents."""
    table = _table(f"{names[0]} against {names[1]}", "records", "score")
    for name in (*names, "difference", "p (Holm)", "smallest detectable", "documents"):
        table.add_column(name, justify="right")
    for line in lines:
        table.add_row(
            line.kind,
            line.score,
            show(line.one),
            show(line.other),
            "-" if line.difference is None else f"{100 * line.difference:+.1f}",
            line.remark or ("-" if line.p_value is None else f"{line.p_value:.4f}"),
            show(line.detectable),
            str(line.documents),
        )
    console.print(table)


def print_falls(console: Console, falls: Iterable[Fall]) -> None:
    """One line per score below its floor."""
    for fall in falls:
        console.print(Text(str(fall), style="red"))


def print_reliability(console: Console, found: Mapping[RecordType, Reliability]) -> None:
    """How reliable the confidence is on articles left out, and each bin with its interval."""
    table = _table("confidence, one article left out at a time", "records")
    for name in (
        "articles",
        "right",
        "Brier",
        "base rate's",
        "calibration error",
        "said: came true",
    ):
        table.add_column(name, justify="right")
    for kind, one in found.items():
        bins = "\n".join(
            f"{100 * b.stated:.0f}: {100 * b.right:.0f} [{100 * b.low:.0f}-{100 * b.high:.0f}]"
            for b in one.bins
        )
        brier = f"{one.brier:.3f} [{one.low:.3f}-{one.high:.3f}]"
        right = f"{one.right}/{one.records}"
        cells = (str(one.documents), right, brier, f"{one.base_brier:.3f}", show(one.error), bins)
        table.add_row(kind, *cells)
    console.print(table)
