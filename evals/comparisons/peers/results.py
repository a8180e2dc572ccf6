"""From answers to the table: predictions, scores, costs, and each peer's best configuration."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from evals.comparisons.peers.configurations import OURS, PEERS
from evals.comparisons.peers.convert import body_of, prediction
from evals.comparisons.peers.proxy import Tally
from evals.comparisons.peers.runner import Answer
from extractor.evaluation.checks import check
from extractor.evaluation.counts import show, total
from extractor.evaluation.prediction import Prediction
from extractor.evaluation.results import Rate, SystemRun, summarise
from extractor.evaluation.results import System as Scored
from extractor.evaluation.runner import prediction_of
from extractor.evaluation.scoring import score_corpus
from extractor.evaluation.suite import Case
from extractor.output import Extraction
from extractor.records import Strict

Kind = Literal["figures", "quotations"]
KINDS: tuple[Kind, ...] = ("figures", "quotations")


class Scores(Strict):
    """Detection and strict F1 of one record type, with 95 % intervals."""

    detection: Rate
    strict: Rate


class Row(Strict):
    """One system with one configuration over one set of pages.

    strict: F1 of both record types together, by which a peer's configuration is chosen.
    unplaced: records whose words are not in the article, or hold no number; in no score.
    failures: pages without an answer (each a miss), and calls that failed beside others.
    seconds: sum over pages.
    """

    system: str
    configuration: str
    pages: list[str]
    types: dict[Kind, Scores]
    strict: float
    unplaced: int
    failures: dict[str, str]
    partial: dict[str, str]
    tally: Tally
    seconds: float

    @property
    def label(self) -> str:
        """How options and tables call it."""
        return f"{self.system}/{self.configuration}"


class Result(Strict):
    """All that `result.json` says. `chosen`: each peer's configuration, from the tuning pages."""

    format: Literal[1] = 1
    served: str
    timeout: float
    chosen: dict[str, str]
    sets: dict[str, list[Row]]


def row(cases: Sequence[Case], answers: Mapping[str, Answer]) -> Row:
    """Score one system's answers, one for every case.

    Args:
        answers: by gold's document name, all of one system and configuration.
    """
    first = next(iter(answers.values()))
    read = {name: predicted(case, answers[name]) for name, case in _named(cases).items()}
    given = {name: found for name, (found, _) in read.items()}
    score = score_corpus([case.gold for case in cases], list(given.values()))
    run = SystemRun(score=score, checks=check(cases, given))
    scored = summarise([Scored(name=first.system, detail="", baseline=False, runs=[run])])
    both = total(score.types[kind].strict for kind in KINDS if kind in score.types)
    return Row(
        system=first.system,
        configuration=first.configuration,
        pages=list(given),
        types={
            kind: Scores(detection=one.detection, strict=one.strict)
            for one in scored
            for kind in KINDS
            if one.kind == kind
        },
        strict=both.f1 or 0.0,
        unplaced=sum(lost for _, lost in read.values()),
        failures=score.failed,
        partial={name: why for name, one in answers.items() if (why := _partial(one))},
        tally=sum((one.tally for one in answers.values()), Tally()),
        seconds=round(sum(one.seconds for one in answers.values()), 1),
    )


def _named(cases: Iterable[Case]) -> dict[str, Case]:
    return {case.gold.document.name: case for case in cases}


def _partial(answer: Answer) -> str:
    errors = [str(line["error"]) for line in answer.lines if line["kind"] == "failure"]
    return "" if answer.failure else "; ".join(errors)


def predicted(case: Case, answer: Answer) -> tuple[Prediction, int]:
    """The prediction of one answer, and how many of its records are in none."""
    name = case.gold.document.name
    if answer.failure is not None:
        nothing: dict[Kind, tuple[()]] = dict.fromkeys(KINDS, ())
        return Prediction(name, nothing, failure=answer.failure), 0
    if answer.system != OURS:
        return prediction(name, body_of(case.document), answer.lines)
    content = next(line["value"] for line in answer.lines if line["kind"] == "extraction")
    extraction = Extraction.model_validate_json(json.dumps(content))
    return prediction_of(case, extraction), 0


def choose(rows: Iterable[Row]) -> dict[str, str]:
    """Each peer's configuration with the highest strict F1 of both record types together.

    Where they tie, the one that takes less time.
    """
    best: dict[str, Row] = {}
    for one in sorted(rows, key=lambda found: (-found.strict, found.seconds)):
        if one.system in PEERS:
            best.setdefault(one.system, one)
    return {name: one.configuration for name, one in sorted(best.items())}


HEADINGS = {"tuning": "Tuning pages", "seeds": "Seed articles", "held-out": "Held-out pages"}
COLUMNS = (
    "system", "figures found", "figures strict", "quotations found", "quotations strict",
    "unplaced", "no answer", "calls", "tokens in", "of them cached", "tokens out", "s per page",
)  # fmt: skip


def table(result: Result) -> str:
    """The result as Markdown: F1 in per cent with 95 % intervals, costs as sums over the pages."""
    parts = [f"Server: {result.served}. Limit for one page: {result.timeout:.0f} s."]
    if result.chosen:
        chosen = ", ".join(f"{peer}/{name}" for peer, name in result.chosen.items())
        parts.append(f"Chosen on the tuning pages: {chosen}.")
    for name, rows in result.sets.items():
        pages = len(rows[0].pages) if rows else 0
        head = f"## {HEADINGS[name]} ({pages})"
        lines = ["| " + " | ".join(COLUMNS) + " |", "|" + " --- |" * len(COLUMNS)]
        lines += ["| " + " | ".join(_cells(one)) + " |" for one in rows]
        parts += [head, "\n".join(lines), *_failures(rows)]
    return "\n\n".join(parts) + "\n"


def _cells(one: Row) -> list[str]:
    found = [one.types.get(kind) for kind in KINDS]
    scores = [_rate(rate) for kind in found for rate in _rates(kind)]
    tally = one.tally
    counts = (
        one.unplaced,
        len(one.failures),
        tally.calls,
        tally.prompt_tokens,
        tally.cached_tokens,
        tally.completion_tokens,
    )
    per_page = f"{one.seconds / len(one.pages):.0f}"
    return [one.label, *scores, *map(str, counts), per_page]


def _rates(scores: Scores | None) -> tuple[Rate | None, Rate | None]:
    return (scores.detection, scores.strict) if scores else (None, None)


def _rate(rate: Rate | None) -> str:
    if rate is None or rate.low is None:
        return show(rate.f1 if rate else None)
    return f"{show(rate.f1)} ({show(rate.low)}-{show(rate.high)})"


def _failures(rows: Iterable[Row]) -> list[str]:
    lines = [
        f"- {one.label}, {page}: {' '.join(why.split())[:200]}"
        for one in rows
        for page, why in (one.failures | one.partial).items()
    ]
    return ["Without an answer, or with a part of it:", "\n".join(lines)] if lines else []


def save(result: Result, folder: Path) -> None:
    """Write `result.json` and `result.md`."""
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps(result.model_dump(mode="json"), indent=1, ensure_ascii=False)
    (folder / "result.json").write_text(content + "\n", encoding="utf-8")
    (folder / "result.md").write_text(table(result), encoding="utf-8")
