"""Invented documents and runs over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from extractor import Document, Store
from extractor.bulk import Gate, Outcome, Plan, annotate
from extractor.errors import DocumentError
from extractor.models import Model

PLAN = Plan(records=("figures",), in_flight=3)
NOUNS = [
    "divers",
    "sailors",
    "pilots",
    "cooks",
    "drivers",
    "nurses",
    "guards",
    "welders",
    "miners",
    "clerks",
    "bakers",
]


def documents(count: int) -> Iterator[Document]:
    """Each counts something else, so that each asks a question of its own."""
    for number, noun in enumerate(NOUNS[:count]):
        text = f"At least {640 + number} {noun} joined the coast patrol."
        yield Document.from_text(text, name=f"{number}.txt")


async def run(
    inputs: Iterable[Document | DocumentError],
    model: Model,
    store: Path,
    plan: Plan = PLAN,
    gate: Gate | None = None,
) -> list[Outcome]:
    """All outcomes of one run."""
    gate = gate or Gate()
    with Store(store) as opened:
        found = annotate(inputs, model=model, plan=plan, store=opened, gate=gate)
        return [outcome async for outcome in found]


def values(outcomes: Iterable[Outcome]) -> list[int]:
    """The figures of all outcomes, sorted."""
    kept = [outcome.extraction for outcome in outcomes if outcome.extraction]
    return sorted(int(f.value) for e in kept for f in e.figures or [] if f.value is not None)
