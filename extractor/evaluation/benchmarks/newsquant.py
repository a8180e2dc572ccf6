"""NewsQuant (Almasian et al., EMNLP 2023): 590 sentences with 904 quantities; values only.

`value_counts` gives GPT-3's recorded output 70.5 (P 72.1, R 69.0), published 70.6 (P 72.1, R 69.1),
and quantulum3 73.0, published 73.0.

Two values are the same within a relative 1e-5, two ranges where both ends are; a value and a range
are not. Each sentence gets one optimal one-to-one assignment. The published scorer walks through
all pairs of a sentence and can count an equal value again while the sentence has gold quantities
left, which is worth three values of GPT-3 at most; hence the tenth between the two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isclose
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from extractor.errors import DocumentError
from extractor.evaluation.counts import Counts, total

_TOLERANCE = 1e-5
_EPSILON = 1e-8
_VALUE = 1  # the place of the value among a recorded quantity's parts

Value = float | tuple[float, float] | None


@dataclass(frozen=True)
class Sentence:
    """A sentence and its quantities' values: a number, a range's ends, or None if unreadable."""

    text: str
    values: tuple[Value, ...]


def load_gold(folder: Path, *, average_ranges: bool = False) -> list[Sentence]:
    """Gold sentences from `gold.json`.

    Args:
        average_ranges: a range is its mean, as for systems that give one number (quantulum3).

    Raises:
        DocumentError: the file is missing or not JSON.
    """
    rows = _read(folder / "gold.json")
    found = [(row["text"], [_value(one["value"]) for one in row["quantities"]]) for row in rows]
    averaged = _mean if average_ranges else _same
    return [Sentence(text, tuple(map(averaged, values))) for text, values in found]


def load_gpt3(folder: Path) -> dict[str, tuple[Value, ...]]:
    """GPT-3's recorded values by sentence from `gpt3.json`; of a repeated sentence the first row.

    Raises:
        DocumentError: the file is missing or not JSON.
    """
    found: dict[str, tuple[Value, ...]] = {}
    for row in _read(folder / "gpt3.json"):
        given = (quantity for quantity in row["quantities"] if quantity)
        found.setdefault(row["text"], tuple(_value(quantity[_VALUE]) for quantity in given))
    return found


def value_counts(gold: Sequence[Sentence], given: Mapping[str, Sequence[Value]]) -> Counts:
    """Counts of values over all sentences; a sentence without an answer has given nothing."""
    return total(_sentence(one.values, given.get(one.text, ())) for one in gold)


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DocumentError(str(path), str(error), "give the folder of NewsQuant") from error
    return list(rows)


def _same(value: Value) -> Value:
    return value


def _mean(value: Value) -> Value:
    return sum(value) / len(value) if isinstance(value, tuple) else value


def _value(words: str) -> Value:
    """`12`, `-3.5`, `1e6`, or a range `10-12`."""
    try:
        return float(words)
    except ValueError:
        low, _, high = words.partition("-")
    try:
        return float(low), float(high)
    except ValueError:
        return None


def _sentence(gold: Sequence[Value], given: Sequence[Value]) -> Counts:
    hits = np.array([[_equal(one, other) for other in given] for one in gold], dtype=np.int64)
    hits = hits.reshape(len(gold), len(given))
    right = int(hits[linear_sum_assignment(hits, maximize=True)].sum())
    return Counts(right, 0, len(gold) - right, len(given) - right)


def _equal(one: Value, other: Value) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return all(_close(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, float) and isinstance(other, float):
        return _close(one, other)
    return False


def _close(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=_TOLERANCE, abs_tol=_EPSILON)
