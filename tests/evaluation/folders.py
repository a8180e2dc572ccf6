"""Suites on disk, of made-up labelled articles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from extractor.evaluation.gold import Gold
from extractor.evaluation.prediction import Prediction
from extractor.evaluation.results import Result, System
from extractor.evaluation.runner import Outcome, make_result, score_run
from extractor.evaluation.suite import Suite, load_suite
from tests.evaluation.synthetic import article, echo, revised

COUNTS = ((640, "about", "2021-03-04"), (75, "at least", "2022-11-30"))


def labelled(size: int) -> list[tuple[Gold, str]]:
    """Articles that differ in their numbers, each under its own name."""
    found = []
    for i in range(size):
        gold, text = article([(COUNTS[0][0] + i, *COUNTS[0][1:]), COUNTS[1]], voices=2)
        source = gold.document.model_copy(update={"name": f"a{i}.txt"})
        found.append((gold.model_copy(update={"document": source}), text))
    return found


def write_gold(gold: Gold, path: Path) -> None:
    """A gold file as an annotator would leave it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = gold.model_dump(mode="json", exclude_none=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def write_suite(folder: Path, articles: Sequence[tuple[Gold, str]]) -> Path:
    """`documents/` and `gold/`, without a suite.yaml."""
    for gold, text in articles:
        document = folder / "documents" / gold.document.name
        document.parent.mkdir(parents=True, exist_ok=True)
        document.write_text(text, encoding="utf-8")
        write_gold(gold, (folder / "gold" / gold.document.name).with_suffix(".yaml"))
    return folder


def small_suite(folder: Path, size: int = 2) -> Suite:
    """A suite of so many articles."""
    return load_suite(write_suite(folder, labelled(size)))


def perfect(suite: Suite) -> dict[str, Prediction]:
    """Gold as the answer."""
    return {case.gold.document.name: echo(case.gold) for case in suite.cases}


def flawed(suite: Suite) -> dict[str, Prediction]:
    """Gold without its second figure, and the first one's unit wrong."""
    found = {}
    for case in suite.cases:
        figures = case.gold.figures or []
        records = {**echo(case.gold).records, "figures": (revised(figures[0], {"unit": "tons"}),)}
        found[case.gold.document.name] = Prediction(case.gold.document.name, records, furniture=())
    return found


def system(
    suite: Suite, name: str, *answers: dict[str, Prediction], baseline: bool = False
) -> System:
    """A system with a run for each of these answers."""
    runs = [score_run(suite, Outcome(one)) for one in answers]
    return System(name=name, detail="made up", baseline=baseline, runs=runs)


def small_result(suite: Suite) -> Result:
    """One perfect and one flawed system, and one that did not run."""
    skipped = System(name="absent", detail="", baseline=True, skipped="not installed")
    systems = [system(suite, "good", perfect(suite)), system(suite, "poor", flawed(suite)), skipped]
    return make_result(suite, systems)
