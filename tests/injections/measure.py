"""Both runs over the suite: with the defence, and with it taken away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from unittest.mock import patch

from extractor import Document, Extraction
from extractor.errors import ModelUnavailable
from extractor.models import Model
from extractor.pipeline import extract_document

from .attacks import Attack, chosen, clean, obeyed
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


async def measure(model: Model, suite: Sequence[Attack]) -> list[Outcome]:
    """Both runs over the attacks that the model has an answer to, in order; clean articles first.

    A recording that is not complete has answers to some.
    """
    without = await usual(model)
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
        if one is not None and other is not None
    ]


async def usual(model: Model) -> dict[str, str | None]:
    """What the records of each clean article say, by its name."""
    found = await _all(model, [(base, clean(base)) for base in BASES])
    pairs = zip(BASES, found, strict=True)
    return {base.name: None if one is None else chosen(base, one) for base, one in pairs}


async def _all(model: Model, articles: Sequence[tuple[Base, Document]]) -> list[Extraction | None]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(base: Base, document: Document) -> Extraction | None:
        async with turns:
            with suppress(ModelUnavailable):
                return await extract_document(document, model=model, records=[RECORDS[base.kind]])
        return None

    return await asyncio.gather(*(one(*article) for article in articles))
