"""Scores on NewsQuant: this project's reading beside quantulum3 and GPT-3's recorded output.

    python -m benchmarks.newsquant FOLDER

FOLDER holds `gold.json` and `gpt3.json` of satya77/CQE_Evaluation. There is no training split:
rules were developed on the sentences whose index is even, so the odd ones are the score. The last
columns say how far the reading's F1 is above, in points, with the 95 % paired bootstrap interval.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from extractor.errors import ExtractorError
from extractor.evaluation.benchmarks.newsquant import (
    Quantity,
    Sentence,
    count,
    difference_interval,
    load_gold,
    load_gpt3,
)
from extractor.evaluation.benchmarks.newsquant_systems import our_quantities, quantulum_quantities
from extractor.evaluation.counts import Counts, show, total

SEED = 0
Answers = Mapping[str, Sequence[Quantity]]


def answers(gold: Sequence[Sentence], system: Callable[[str], Sequence[Quantity]]) -> Answers:
    """What `system` finds in each sentence."""
    return {one.text: system(one.text) for one in gold}


def line(name: str, system: Sequence[Sequence[Counts]], ours: Sequence[Sequence[Counts]]) -> str:
    """One row: value P, R, F1 and value + unit F1, and how far our F1 is above."""
    value, unit = (total(counts) for counts in system)
    scores = [show(one) for one in (value.precision, value.recall, value.f1, unit.f1)]
    gaps = []
    for mine, other in zip(ours, system, strict=True) if ours is not system else ():
        difference = 100 * ((total(mine).f1 or 0) - (total(other).f1 or 0))
        low, high = (100 * end for end in difference_interval(mine, other, seed=SEED))
        gaps.append(f"{difference:+6.1f} [{low:+.1f}, {high:+.1f}]")
    return (
        f"  {name:<11}"
        + "".join(f"{score:>7}" for score in scores)
        + "".join(f"{gap:>23}" for gap in gaps)
    )


def report(folder: Path) -> list[str]:
    """The lines of the table, for the even and the odd sentences."""
    gold, averaged = load_gold(folder), load_gold(folder, average_ranges=True)
    systems = {
        "reading": (gold, answers(gold, our_quantities)),
        "quantulum3": (averaged, answers(gold, quantulum_quantities)),
        "GPT-3": (gold, load_gpt3(folder)),
    }
    columns = f"{'P':>7}{'R':>7}{'F1':>7}{'+unit':>7}{'F1 of reading, above':>23}{'with unit':>23}"
    head = f"  {'':<11}{columns}"
    lines = []
    for parity, name in enumerate(("even (developed on)", "odd (the score)")):
        lines += [f"{name}: {len(gold[parity::2])} sentences", head]
        counted = {
            system: [count(truth[parity::2], given, units=units) for units in (False, True)]
            for system, (truth, given) in systems.items()
        }
        lines += [line(system, both, counted["reading"]) for system, both in counted.items()]
    return lines


def main() -> None:
    """Print the table, or one line that says what is missing."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m benchmarks.newsquant FOLDER")
    try:
        lines = report(Path(sys.argv[1]))
    except ExtractorError as error:
        raise SystemExit(str(error)) from None
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
