"""MUC-4 template filling: three systems' recorded predictions, scored in two ways.

`published_counts` follows the scorer of Du, Rush & Cardie (NAACL 2021, GTT): CEAF-REE with the
template's incident type as one more slot. It gives the micro-F1 that the literature reports: GTT
50.23, IterX 53.01, TempGen 47.15.

`strict_counts` gives each predicted entity and each gold entity credit once at most: 50.00, 50.27
and 47.05 for the same predictions. The gap is this one rule. In the published scorer a predicted
entity is right if any gold entity of the slot has all its mentions, and a gold entity is found if
any predicted one is; so two predicted names of one gold entity are two hits of precision. IterX
often gives several names of one entity as several entities, and gains most.

Both choose, per document, the one-to-one template mapping with the best F1; templates may be mapped
only where the incident type agrees, "attack / bombing" agreeing with either.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from extractor.errors import DocumentError

SLOTS = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")
SYSTEMS = ("gtt", "iterx", "tempgen")

_TEST_SET = 10_000  # a key is the digit of the test set times this, plus the text's number
_DROPPED = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")

Entity = frozenset[str]


@dataclass(frozen=True)
class Template:
    """One incident: its type and, per slot, entities as sets of normalised mentions."""

    incident: str
    slots: tuple[tuple[Entity, ...], ...]


@dataclass(frozen=True)
class Credit:
    """Hits and totals, apart for precision and recall: the published scorer can let hits differ."""

    precise: int = 0
    given: int = 0
    found: int = 0
    gold: int = 0

    def __add__(self, other: Credit) -> Credit:
        return Credit(
            self.precise + other.precise,
            self.given + other.given,
            self.found + other.found,
            self.gold + other.gold,
        )

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall in [0, 1], 0 without a hit."""
        if not self.precise or not self.found:
            return 0.0
        precision, recall = self.precise / self.given, self.found / self.gold
        return 2 * precision * recall / (precision + recall)


Documents = Mapping[str, Sequence[Template]]
SlotCredit = Callable[[Sequence[Entity], Sequence[Entity]], tuple[int, int]]


def load_gold(folder: Path) -> dict[str, list[Template]]:
    """Gold templates by document key from `test.jsonl`; equal templates of a document are one.

    Raises:
        DocumentError: the file is missing or not of this form.
    """
    path = folder / "test.jsonl"
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return {_key(row["docid"]): _distinct(row["templates"]) for row in rows}
    except (OSError, ValueError, KeyError) as error:
        raise DocumentError(
            str(path), str(error), "give the folder of the MUC-4 test set"
        ) from error


def load_predictions(folder: Path, system: str) -> dict[str, list[Template]]:
    """One system's templates by document key from `pred_<system>.json`.

    Raises:
        DocumentError: the file is missing or not of this form.
    """
    path = folder / f"pred_{system}.json"
    try:
        documents = json.loads(path.read_text(encoding="utf-8"))
        return {key: [_template(raw) for raw in found] for key, found in documents.items()}
    except (OSError, ValueError, KeyError) as error:
        raise DocumentError(
            str(path), str(error), "give the folder of the MUC-4 test set"
        ) from error


def published_counts(gold: Documents, predicted: Documents) -> Credit:
    """Credit by the published rule: many predicted entities may share one gold entity."""
    return _counts(gold, predicted, _shared_credit)


def strict_counts(gold: Documents, predicted: Documents) -> Credit:
    """Credit by one optimal one-to-one assignment of entities in each slot."""
    return _counts(gold, predicted, _exclusive_credit)


def _key(docid: str) -> str:
    test_set, _, number = docid.split("-")
    return str(int(test_set[-1]) * _TEST_SET + int(number))


def _distinct(raw: Sequence[Mapping[str, object]]) -> list[Template]:
    return list(dict.fromkeys(map(_template, raw)))


def _template(raw: Mapping[str, object]) -> Template:
    slots = (_entities(raw[slot]) for slot in SLOTS)
    return Template(str(raw["incident_type"]), tuple(slots))


def _entities(raw: object) -> tuple[Entity, ...]:
    """Gold mentions come with an offset, `[words, offset]`, predicted ones as words."""
    entities = raw if isinstance(raw, list) else []
    return tuple(frozenset(map(_words, entity)) for entity in entities if entity)


def _words(mention: object) -> str:
    words = str(mention[0] if isinstance(mention, list) else mention)
    return " ".join(_ARTICLES.sub(" ", words.lower().translate(_DROPPED)).split())


def _counts(gold: Documents, predicted: Documents, credit: SlotCredit) -> Credit:
    best = (_best(templates, predicted.get(key, ()), credit) for key, templates in gold.items())
    return sum(best, Credit())


def _best(gold: Sequence[Template], given: Sequence[Template], credit: SlotCredit) -> Credit:
    totals = Credit(given=sum(map(_size, given)), gold=sum(map(_size, gold)))
    scores = (
        sum((_pair(gold[i], template, credit) for i, template in mapped), totals)
        for mapped in _mappings(gold, given)
    )
    return max(scores, key=lambda score: score.f1)


def _size(template: Template) -> int:
    return 1 + sum(map(len, template.slots))


def _mappings(
    gold: Sequence[Template], given: Sequence[Template]
) -> Iterator[list[tuple[int, Template]]]:
    """Every way of giving predicted templates to different gold ones, or to none."""
    for targets in product((*range(len(gold)), None), repeat=len(given)):
        used = [target for target in targets if target is not None]
        if len(used) == len(set(used)):
            pairs = zip(targets, given, strict=True)
            yield [(i, template) for i, template in pairs if i is not None]


def _pair(gold: Template, given: Template, credit: SlotCredit) -> Credit:
    if given.incident not in gold.incident:
        return Credit()
    hits = [credit(*slots) for slots in zip(gold.slots, given.slots, strict=True)]
    return Credit(precise=1 + sum(p for p, _ in hits), found=1 + sum(r for _, r in hits))


def _shared_credit(gold: Sequence[Entity], given: Sequence[Entity]) -> tuple[int, int]:
    precise = sum(any(one <= entity for entity in gold) for one in given)
    return precise, sum(any(one <= entity for one in given) for entity in gold)


def _exclusive_credit(gold: Sequence[Entity], given: Sequence[Entity]) -> tuple[int, int]:
    if not gold or not given:
        return 0, 0
    hits = np.array([[one <= entity for one in given] for entity in gold], dtype=np.int64)
    matched = int(hits[linear_sum_assignment(hits, maximize=True)].sum())
    return matched, matched
