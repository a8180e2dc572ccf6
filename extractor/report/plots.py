"""Plots as inline SVG: geometry here, drawing in `plots.svg.j2`. Colours come from the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractor.evaluation.calibration import Bin, Reliability
from extractor.evaluation.prediction import RecordType
from extractor.evaluation.results import Rate, Result, Row, System

LEFT, RIGHT = 112, 40  # room for names and for numbers, in SVG units
WIDTH = 300  # of the scale from 0 to 100 %, or from no error to the most
ROW = 34
BAR = 11
SQUARE = 220  # side of a reliability plot
MARGIN = 40
COLOURS = 6  # classes s0 to s5 of the style sheet


@dataclass(frozen=True)
class Dot:
    """A score with its interval; None of each where there is none. Offsets in SVG units."""

    x: float | None
    low: float | None
    high: float | None
    label: str


@dataclass(frozen=True)
class DotRow:
    """One system: detection above, strict below."""

    name: str
    y: int
    detection: Dot
    strict: Dot


@dataclass(frozen=True)
class ScorePlot:
    """F1 of every system on one record type; `ceiling` is the annotators' strict F1."""

    kind: RecordType
    rows: tuple[DotRow, ...]
    ceiling: float | None
    height: int
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Bar:
    """One count: `series` is the index of its system, for its colour."""

    y: int
    width: float
    count: int
    series: int
    system: str


@dataclass(frozen=True)
class BarGroup:
    """One class of errors over the systems."""

    name: str
    y: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class ErrorPlot:
    """Errors by class on one record type."""

    kind: RecordType
    groups: tuple[BarGroup, ...]
    systems: tuple[tuple[int, str], ...]
    height: int


@dataclass(frozen=True)
class Point:
    """One bin of a reliability plot: place and interval in SVG units, `size` by its records."""

    x: float
    y: float
    low: float
    high: float
    size: float
    label: str


@dataclass(frozen=True)
class ReliabilityPlot:
    """Stated probability against the share that is right; on the diagonal both are the same."""

    system: str
    found: Reliability
    points: tuple[Point, ...]
    ticks: tuple[tuple[float, float, str], ...]


def reliability_plot(system: str, found: Reliability) -> ReliabilityPlot:
    """A reliability diagram (Murphy & Winkler 1977) with the interval of each bin."""
    return ReliabilityPlot(
        system=system,
        found=found,
        points=tuple(_point(one, found.records) for one in found.bins),
        ticks=tuple((_across(i / 4), _up(i / 4), str(25 * i)) for i in range(5)),
    )


def _point(one: Bin, records: int) -> Point:
    said, came = f"{100 * one.stated:.0f}", f"{100 * one.right:.0f}"
    interval = f"{100 * one.low:.0f}–{100 * one.high:.0f}"
    label = f"said {said} %, right {came} % ({interval}), {one.records} records"
    size = round(3 + 6 * (one.records / records) ** 0.5, 1)
    places = (_across(one.stated), _up(one.right), _up(one.low), _up(one.high))
    return Point(*places, size, label)


def _across(share: float) -> float:
    return round(MARGIN + share * SQUARE, 1)


def _up(share: float) -> float:
    return round(10 + (1 - share) * SQUARE, 1)


def _x(share: float | None) -> float | None:
    return None if share is None else round(LEFT + share * WIDTH, 1)


def score_plot(result: Result, kind: RecordType) -> ScorePlot:
    """Detection and strict F1 with their intervals, a row per system."""
    rows = [row for row in result.summary if row.kind == kind]
    agreed = result.agreement.strict.get(kind) if result.agreement else None
    return ScorePlot(
        kind=kind,
        rows=tuple(_dot_row(row, i) for i, row in enumerate(rows)),
        ceiling=_x(agreed.f1 if agreed else None),
        height=len(rows) * ROW + 34,
        ticks=tuple((LEFT + WIDTH * i / 4, str(25 * i)) for i in range(5)),
    )


def _dot_row(row: Row, index: int) -> DotRow:
    return DotRow(row.system, 16 + index * ROW, _dot(row.detection), _dot(row.strict))


def _dot(rate: Rate) -> Dot:
    label = "–" if rate.f1 is None else f"{100 * rate.f1:.0f}"
    return Dot(_x(rate.f1), _x(rate.low), _x(rate.high), label)


def error_plot(
    kind: RecordType, systems: Sequence[System], counts: Mapping[str, Mapping[str, int]]
) -> ErrorPlot:
    """Errors by class; `counts` is system -> class -> records. The commonest class comes first."""
    shown = [
        (i % COLOURS, system.name) for i, system in enumerate(systems) if system.name in counts
    ]
    totals: dict[str, int] = {}
    for found in counts.values():
        for name, count in found.items():
            totals[name] = totals.get(name, 0) + count
    most = max((count for found in counts.values() for count in found.values()), default=1)
    step = len(shown) * BAR + 8
    ordered = sorted(totals, key=lambda name: (-totals[name], name))
    groups = [
        BarGroup(
            name,
            4 + g * step + len(shown) * BAR / 2,
            tuple(
                _bar(counts[system].get(name, 0), most, (4 + g * step + k * BAR, i, system))
                for k, (i, system) in enumerate(shown)
            ),
        )
        for g, name in enumerate(ordered)
    ]
    return ErrorPlot(kind, tuple(groups), tuple(shown), len(ordered) * step + 8)


def _bar(count: int, most: int, place: tuple[int, int, str]) -> Bar:
    y, series, system = place
    return Bar(y, round(WIDTH * count / most, 1), count, series, system)
