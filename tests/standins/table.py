"""Putting the seeds through a stand-in, and the table of what came out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.models import open_model
from extractor.settings import Settings
from tests.models.stub import serve
from tests.standins.hosted import Server
from tests.standins.seeds import Answers, extracted, here, records
from tests.standins.servers import SERVERS

PAGE = "docs/servers.md"
BEGIN, END = "<!-- table: python -m tests.standins -->\n", "<!-- end of table -->\n"
HEAD = (
    "| server | model | same records | adapted | requests in vain |\n"
    "| --- | --- | --- | --- | ---: |\n"
)


@dataclass(frozen=True)
class Outcome:
    """What the seeds gave at one server. requests: that it got; adapted: as provenance says."""

    records: list[Any]
    requests: int
    adapted: tuple[str, ...]


async def at(kind: type[Server], answers: Answers, **settings: Any) -> Outcome:
    """All records of the seeds by a stand-in, which is asked as any server is."""
    with serve(kind(answers)) as stub:
        chosen = Settings(base_url=stub.url, seed=7, **settings)
        async with open_model(kind.model, chosen) as model:
            found = await extracted(model)
            adapted = model.adapted
    runs = [run for extraction in found for run in extraction.runs]
    assert runs[-1].adapted == list(adapted)
    return Outcome(records(found), len(stub.requests), adapted)


async def rows(answers: Answers) -> list[str]:
    """The table's rows, one per stand-in; the first one is what the others are compared with."""
    plain = await at(Server, answers)
    return [row(kind, await at(kind, answers), plain) for kind in SERVERS]


def row(kind: type[Server], outcome: Outcome, plain: Outcome) -> str:
    """The table's row for one stand-in."""
    name = f"[{kind.name}]({kind.source})" if kind.source else kind.name
    same = "yes" if outcome.records == plain.records else "NO"
    adapted = "; ".join(outcome.adapted) or "nothing"
    wasted = outcome.requests - plain.requests
    return f"| {name} | `{kind.model}` | {same} | {adapted} | {wasted} |\n"


def table_on_page(path: Path | None = None) -> str:
    """The table as the documentation has it."""
    text = (path or here(PAGE)).read_text(encoding="utf-8")
    return text.partition(BEGIN)[2].partition(END)[0]


def write(found: Iterable[str], path: Path | None = None) -> None:
    """Put the table into the documentation."""
    path = path or here(PAGE)
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    path.write_text(before + BEGIN + HEAD + "".join(found) + END + after, encoding="utf-8")
