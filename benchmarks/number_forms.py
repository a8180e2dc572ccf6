"""Forms of numbers in news prose: how many of each kind are read right, refused, or wrong.

    python -m benchmarks.number_forms [FILE.yaml]

The file (by default the labelled sentences of the tests) says of each sentence which figures it
has. A figure is right where its value, bound, unit, rate, change and negation are; refused where
the reading gives nothing; all else that the reading gives is wrong. Exits with 1 where one is.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml

from extractor.documents import Block, Document
from extractor.reading.quantities import Quantity
from extractor.reading.reading import Reading
from extractor.reading.units import SHARES

FORMS = Path(__file__).parent.parent / "tests" / "reading" / "number_forms.yaml"
_SIGNS = {
    "exact": "", "between": "", "at_least": ">=", "more_than": ">", "at_most": "<=",
    "less_than": "<", "about": "~", "almost": "^", "vague": "vague ",
}  # fmt: skip
_CHANGES = {"increase": "rise ", "decrease": "fall ", None: ""}


@dataclass(frozen=True)
class Outcome:
    """One sentence: the figures that are right, those that were not read, and the wrong ones."""

    kind: str
    text: str
    right: list[str]
    refused: list[str]
    wrong: list[str]


def outcomes(path: Path = FORMS) -> list[Outcome]:
    """The outcome of every sentence of a file of forms."""
    forms = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [_outcome(kind, text, figures) for kind, rows in forms.items() for text, figures in rows]


def _outcome(kind: str, text: str, figures: list[str]) -> Outcome:
    document = Document("form", text, (Block(0, len(text), furniture=False),))
    read = Counter(_written(q) for found in Reading(document).quantities for q in found)
    due = Counter(figures)
    return Outcome(
        kind,
        text,
        sorted((read & due).elements()),
        sorted((due - read).elements()),
        sorted((read - due).elements()),
    )


def _written(quantity: Quantity) -> str:
    """A quantity as the file writes it."""
    number = f"10^{quantity.magnitude}" if quantity.value is None else f"{quantity.value:f}"
    if quantity.upper is not None:
        number += f"..{quantity.upper:f}"
    unit = f" {quantity.unit}" if quantity.unit else ""
    unknown = " ?" if quantity.kind == "money" and not quantity.unit else ""
    per = f" /{quantity.per}" if quantity.per else ""
    sign = _SIGNS[quantity.bound]
    denied = "not " if quantity.negated else ""
    assert quantity.unit is None or quantity.unit in SHARES or quantity.unit.isupper()
    return f"{denied}{_CHANGES[quantity.change]}{sign}{number}{unit}{unknown}{per}"


def table(found: list[Outcome]) -> list[str]:
    """One line per kind and one for all: figures right, refused and wrong."""
    kinds = list(dict.fromkeys(one.kind for one in found))
    groups = [(kind, [one for one in found if one.kind == kind]) for kind in kinds]
    lines = [f"{'kind':<36}{'sentences':>10}{'right':>8}{'refused':>9}{'wrong':>7}"]
    for name, group in [*groups, ("all", found)]:
        sums = [sum(map(len, (getattr(one, part) for one in group))) for part in _PARTS]
        lines.append(f"{name:<36}{len(group):>10}{sums[0]:>8}{sums[1]:>9}{sums[2]:>7}")
    return lines


_PARTS = ("right", "refused", "wrong")


def main() -> None:
    """Print the table, then each sentence of which something is refused or wrong."""
    found = outcomes(*map(Path, sys.argv[1:2]))
    lines = table(found)
    for one in found:
        if one.refused or one.wrong:
            lines.append(f"  {one.text!r}: refused {one.refused}, wrong {one.wrong}")
    sys.stdout.write("\n".join(lines) + "\n")
    raise SystemExit(any(one.wrong for one in found))


if __name__ == "__main__":
    main()
