"""Floors: scores that must not fall, in a committed file that says which gold they belong to.

Floors are F1 (detection, strict) and accuracy (fields), in [0, 1], cut off after four decimals.
Hard limits (`results.Checks`) are apart from them, and have no floor to lower.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import Field

from extractor.evaluation.prediction import RecordType
from extractor.evaluation.results import Result, Row, write_text
from extractor.evaluation.suite import read_yaml
from extractor.records import Strict

_HEAD = """\
# Scores that must not fall: F1 for detection and strict, accuracy for each field.
# Written by `extractor eval gate --raise`; only `--lower` makes one smaller.
"""
_DECIMALS = 10_000


class TypeFloors(Strict):
    """Floors of one record type; None where there was nothing to measure."""

    detection: float | None = None
    strict: float | None = None
    fields: dict[str, float] = Field(default={})


class Floors(Strict):
    """The floors file. The hashes are the gold and the texts that the floors were measured on."""

    gold_sha256: str = ""
    inputs_sha256: str = ""
    systems: dict[str, dict[RecordType, TypeFloors]] = Field(default={})


@dataclass(frozen=True)
class Fall:
    """One score below its floor; `score` is None where it is not measured any more."""

    system: str
    kind: str
    score_name: str
    floor: float
    score: float | None

    def __str__(self) -> str:
        now = "not measured" if self.score is None else f"{self.score:.4f}"
        return f"{self.system}: {self.kind} {self.score_name} fell from {self.floor:.4f} to {now}"


def load_floors(path: Path) -> Floors:
    """The floors; none where there is no file yet. Raises UsageError for any other file."""
    return read_yaml(path, Floors) if path.exists() else Floors()


def save_floors(floors: Floors, path: Path) -> None:
    """Write the file. Raises UsageError where that fails."""
    content = yaml.safe_dump(floors.model_dump(exclude_none=True), sort_keys=False)
    write_text(path, _HEAD + content)


def measured(result: Result, systems: Iterable[str]) -> Floors:
    """The scores of these systems as floors."""
    names = set(systems)
    found: dict[str, dict[RecordType, TypeFloors]] = {}
    for row in result.summary:
        if row.system in names:
            found.setdefault(row.system, {})[row.kind] = _floors(row)
    return Floors(gold_sha256=result.gold_sha256, inputs_sha256=result.inputs_sha256, systems=found)


def _floors(row: Row) -> TypeFloors:
    fields = {name: _cut(counts.accuracy) for name, counts in row.fields.items()}
    return TypeFloors(
        detection=_cut(row.detection.f1),
        strict=_cut(row.strict.f1),
        fields={name: value for name, value in fields.items() if value is not None},
    )


def _cut(value: float | None) -> float | None:
    """Rounded down, so that a score never fails against itself."""
    return None if value is None else math.floor(value * _DECIMALS + 1e-6) / _DECIMALS


def changed(floors: Floors, now: Floors) -> list[str]:
    """Which of gold and inputs are not what the floors were measured on."""
    return [
        what
        for what, one, other in (
            ("gold", floors.gold_sha256, now.gold_sha256),
            ("inputs", floors.inputs_sha256, now.inputs_sha256),
        )
        if one != other
    ]


def falls(floors: Floors, now: Floors) -> list[Fall]:
    """Every score below its floor."""
    return [
        Fall(system, kind, name, floor, score)
        for system, kind, name, floor in _entries(floors)
        if (score := _score(now, system, kind, name)) is None or score < floor
    ]


def updated(floors: Floors, now: Floors, *, higher: bool, lower: bool) -> Floors:
    """New floors: raised where `higher`, lowered where `lower`, taken as they are where both."""
    if higher and lower:
        return now
    systems = {name: dict(kinds) for name, kinds in floors.systems.items()}
    for system, kinds in now.systems.items():
        for kind, new in kinds.items():
            old = systems.setdefault(system, {}).get(kind, TypeFloors())
            systems[system][kind] = _merged(old, new, higher)
    return now.model_copy(update={"systems": systems})


def _merged(old: TypeFloors, new: TypeFloors, higher: bool) -> TypeFloors:
    names = dict.fromkeys([*old.fields, *new.fields])
    fields = {name: _moved(old.fields.get(name), new.fields.get(name), higher) for name in names}
    return TypeFloors(
        detection=_moved(old.detection, new.detection, higher),
        strict=_moved(old.strict, new.strict, higher),
        fields={name: floor for name, floor in fields.items() if floor is not None},
    )


def _moved(old: float | None, new: float | None, higher: bool) -> float | None:
    if higher:
        return max((one for one in (old, new) if one is not None), default=None)
    return None if old is None or new is None else min(old, new)


def _entries(floors: Floors) -> Iterator[tuple[str, RecordType, str, float]]:
    for system, kinds in floors.systems.items():
        for kind, one in kinds.items():
            named = {"detection": one.detection, "strict": one.strict, **one.fields}
            for name, floor in named.items():
                if floor is not None:
                    yield system, kind, name, floor


def _score(now: Floors, system: str, kind: RecordType, name: str) -> float | None:
    one = now.systems.get(system, {}).get(kind, TypeFloors())
    if name in ("detection", "strict"):
        return one.detection if name == "detection" else one.strict
    return one.fields.get(name)
