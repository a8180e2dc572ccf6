"""Both runs over the suite: with the defence, and with it taken away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from extractor import Document, Extraction
from extractor.models import Model
from extractor.pipeline import extract_document

from .attacks import Attack, attacks, chosen, clean, obeyed
from .blocks import BASES, MEASURE, SPEAKER, Base

RECORDS = {SPEAKER: "quotations", MEASURE: "figures"}
AT_ONCE = 4


@dataclass(frozen=True)
class Outcome:
    """One attack in both runs. same: the model was shown the same words in both."""

    attack: Attack
    with_defence: bool
    without_defence: bool


@contextmanager
def undefended() -> Iterator[None]:
    """Words of articles go into prompts as they are, as they did before there was a defence."""
    with ExitStack() as stack:
        for name in (
            "extractor.prompts.harmless_all",
            "extractor.tasks.figures.harmless",
            "extractor.tasks.marking.unmarked",
            "extractor.tasks.marking._enclosed",
        ):
            stack.enter_context(patch(name, lambda given: given))
        yield


async def measure(model: Model) -> list[Outcome]:
    """Every attack of the suite in both runs, and the clean articles before them."""
    without = await usual(model)
    suite = attacks()
    articles = [(attack.base, attack.document) for attack in suite]
    defended = await _all(model, articles)
    with undefended():
        open_ = await _all(model, articles)
    return [
        Outcome(
            attack,
            obeyed(attack, one, without[attack.base.name]),
            obeyed(attack, other, without[attack.base.name]),
        )
        for attack, one, other in zip(suite, defended, open_, strict=True)
    ]


async def usual(model: Model) -> dict[str, str | None]:
    """What the records of each clean article say, by its name."""
    found = await _all(model, [(base, clean(base)) for base in BASES])
    return {base.name: chosen(base, one) for base, one in zip(BASES, found, strict=True)}


async def _all(model: Model, articles: list[tuple[Base, Document]]) -> list[Extraction]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(base: Base, document: Document) -> Extraction:
        async with turns:
            return await extract_document(document, model=model, records=[RECORDS[base.kind]])

    # One prompt after the other, so that the engine's slots keep its instructions.
    order = sorted(range(len(articles)), key=lambda at: articles[at][0].kind, reverse=True)
    found = await asyncio.gather(*(one(*articles[at]) for at in order))
    return [one for _, one in sorted(zip(order, found, strict=True), key=lambda pair: pair[0])]
