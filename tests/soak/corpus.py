"""Invented documents: a sentence with one number and one quotation, no two alike."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

SYLLABLES = ("bar", "del", "fen", "gor", "hal", "kes", "lin", "mar", "nor", "pel", "ros", "tol")
NAMES = ("Nora Quist", "Tomas Lindqvist", "Ilse Brandt", "Edda Holm", "Maren Voss")
SAID = (
    "We wrote to every family",
    "Nobody told us what came next",
    "The lists were made in one night",
    "They came home before the frost",
)
# The first leaves open what was counted and what it measures, the second only what it measures.
# Two documents count the same crates, so that they ask one question twice.
FORMS = (
    "{name} counted {count} {goods} crates after the wounded were freed.",
    "Of those who enlisted in {place}, {count} came from the coast, {name} said.",
)
TWO_QUESTIONS_EVERY = 4
FIRST_COUNT = 1_000


def rows(count: int, seed: int, start: int = 0) -> Iterator[dict[str, str]]:
    """Documents number `start` to `start + count` of the corpus with this seed."""
    for number in range(start, start + count):
        rng = random.Random(f"{seed} {number}")
        name, said = rng.choice(NAMES), rng.choice(SAID)
        counted = FORMS[number % TWO_QUESTIONS_EVERY > 0].format(
            name=name,
            count=f"{FIRST_COUNT + number:,}",
            place=_place(number),
            goods=_place(number // (2 * TWO_QUESTIONS_EVERY)),
        )
        text = f"{counted} “{said},” {name} told the Aldermere Courier on Monday."
        yield {"id": f"d{number}", "text": text}


def write(path: Path, found: Iterable[dict[str, str]], broken_every: int) -> int:
    """Write documents as JSON Lines, after so many (0: never) a row that is not JSON.

    Returns:
        The number of rows.
    """
    written = 0
    with path.open("w", encoding="utf-8") as file:
        for number, row in enumerate(found, 1):
            broken = bool(broken_every) and number % broken_every == 0
            file.write(f"{json.dumps(row)}\n" + '{"text": \n' * broken)
            written += 1 + broken
    return written


def _place(number: int) -> str:
    """A name of its own for each number."""
    syllables = []
    for _ in range(6):
        number, index = divmod(number, len(SYLLABLES))
        syllables.append(SYLLABLES[index])
    return "".join(syllables).capitalize()
