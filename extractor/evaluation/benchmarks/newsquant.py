"""NewsQuant (Almasian et al., EMNLP 2023): 590 sentences with 904 quantities, values and units.

Two values are the same within a relative 1e-5, two ranges where both ends are; a value and a range
are not. Two units are the same where they denote one currency (ISO 4217), one unit of measurement
(Unicode CLDR, SI) or the same noun, whatever its number (Harman 1991's S-stemmer); a rate has two
units. Each sentence gets one optimal one-to-one assignment.

By value, `count` gives GPT-3's recorded output 70.5 (P 72.1, R 69.0), published 70.6 (P 72.1,
R 69.1), and quantulum3 73.0, published 73.0. The published scorer walks through all pairs of a
sentence and can count an equal value again while the sentence has gold quantities left, which is
worth three values of GPT-3 at most; hence the tenth between the two. By value and unit the
published 59.1 and 47.2 rest on lists of spellings made for each system and then on equal strings;
the rule here needs none, and treats all systems alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import isclose
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from extractor.errors import DocumentError
from extractor.evaluation.counts import Counts
from extractor.evaluation.statistics import RESAMPLES
from extractor.reading.money import currency_of_name, find_currency
from extractor.reading.units import name_of_unit

_TOLERANCE = 1e-5
_EPSILON = 1e-8
_VALUE, _UNIT = 1, 3  # the places of the value and the normalised unit in a recorded quantity
_NONE = {"", "-", "dimensionless", "unk"}
_PERCENT = {"%", "percent", "percentage", "per cent", "pc", "percentage point"}
# The benchmark's own names beside those of CLDR.
_SYNONYMS = {
    "pound sterling": "GBP", "united states dollar": "USD", "count": "time", "times": "time",
}  # fmt: skip
_SMALL_WORDS = {"of", "the", "a", "an", "and", "most"}
_IRREGULAR = {"best": "good", "worst": "bad"}

Value = float | tuple[float, float] | None


@dataclass(frozen=True)
class Quantity:
    """A number, a range's ends, or None if unreadable; and the name of its unit, "-" for none."""

    value: Value
    unit: str = "-"


@dataclass(frozen=True)
class Sentence:
    """A sentence and its quantities."""

    text: str
    quantities: tuple[Quantity, ...]


def load_gold(folder: Path, *, average_ranges: bool = False) -> list[Sentence]:
    """Gold sentences from `gold.json`.

    Args:
        average_ranges: a range is its mean, as for systems that give one number (quantulum3).

    Raises:
        DocumentError: the file is missing or not JSON.
    """
    averaged = _mean if average_ranges else _same
    return [
        Sentence(
            row["text"],
            tuple(
                Quantity(averaged(_value(one["value"])), one.get("normalized_unit", "-"))
                for one in row["quantities"]
            ),
        )
        for row in _read(folder / "gold.json")
    ]


def load_gpt3(folder: Path) -> dict[str, tuple[Quantity, ...]]:
    """GPT-3's recorded answers by sentence from `gpt3.json`; of a repeated one the first row.

    Raises:
        DocumentError: the file is missing or not JSON.
    """
    found: dict[str, tuple[Quantity, ...]] = {}
    for row in _read(folder / "gpt3.json"):
        given = (one for one in row["quantities"] if one)
        found.setdefault(
            row["text"], tuple(Quantity(_value(one[_VALUE]), one[_UNIT].strip()) for one in given)
        )
    return found


def count(
    gold: Sequence[Sentence], given: Mapping[str, Sequence[Quantity]], *, units: bool = False
) -> list[Counts]:
    """Counts of each sentence, in order; one without an answer has given nothing.

    Args:
        units: a quantity is right where its unit is, too.
    """
    return [_sentence(one.quantities, given.get(one.text, ()), units=units) for one in gold]


def difference_interval(
    one: Sequence[Counts], other: Sequence[Counts], *, seed: int, level: float = 0.95
) -> tuple[float, float]:
    """Paired bootstrap percentile interval for F1 of `one` minus F1 of `other`.

    Sentences are drawn with replacement, each with both systems' counts (Efron & Tibshirani 1993).
    """
    tables = np.array(
        [[(c.correct, c.gold + c.predicted) for c in counts] for counts in (one, other)]
    )
    draws = np.random.default_rng(seed).integers(len(one), size=(RESAMPLES, len(one)))
    right, both = np.moveaxis(tables[:, draws].sum(axis=2), -1, 0)
    first, second = 2 * right / both
    low, high = np.quantile(first - second, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


@cache
def normal_unit(name: str) -> str:
    """What a unit's name denotes: codes, CLDR names and stems, the parts of a rate with " per "."""
    if "/" in name and (measured := name_of_unit(name)):
        return measured
    parts = re.split(r"\s+per\s+|/", name.strip(), maxsplit=1)
    return " per ".join(_normal_part(part) for part in parts)


def _normal_part(name: str) -> str:
    plain = " ".join(name.lower().split())
    if plain in _NONE:
        return "-"
    if plain in _PERCENT:
        return "percent"
    if found := _SYNONYMS.get(plain) or _currency(name.strip()) or name_of_unit(name):
        return found
    return " ".join(_stem(word) for word in plain.split() if word not in _SMALL_WORDS)


def _currency(name: str) -> str | None:
    mark = None if name.islower() else find_currency(f"{name} 1", len(name) + 1, len(name) + 2)
    return (mark and mark[0]) or currency_of_name(name)


def _stem(word: str) -> str:
    """Harman's S-stemmer, superlatives too, and no final "e": "viruses" and "virus" meet."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    word = re.sub(r"(?<=.{3})(?<=(.))\1?est$", r"\1", re.sub(r"men$", "man", word))
    if re.search(r"(?<![ea])ies$", word):
        word = f"{word[:-3]}y"
    elif re.search(r"(?<![us])s$", word):
        word = word[:-1]
    return word.removesuffix("e")


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


def _sentence(gold: Sequence[Quantity], given: Sequence[Quantity], *, units: bool) -> Counts:
    hits = np.array(
        [[_equal(one, other, units=units) for other in given] for one in gold], dtype=np.int64
    )
    hits = hits.reshape(len(gold), len(given))
    right = int(hits[linear_sum_assignment(hits, maximize=True)].sum())
    return Counts(right, 0, len(gold) - right, len(given) - right)


def _equal(one: Quantity, other: Quantity, *, units: bool) -> bool:
    if not _equal_values(one.value, other.value):
        return False
    return not units or normal_unit(one.unit) == normal_unit(other.unit)


def _equal_values(one: Value, other: Value) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return all(_close(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, float) and isinstance(other, float):
        return _close(one, other)
    return False


def _close(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=_TOLERANCE, abs_tol=_EPSILON)
