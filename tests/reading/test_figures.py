"""What code reads off invented passages of many topics: a floor for each field of a figure.

The passages are in `figures.yaml`. Only which nouns are human beings is answered from the labels;
a measure that code leaves to the model counts as not right.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from extractor.reading.measures import OTHER, measured
from extractor.reading.reading import Reading
from extractor.records import Figure
from extractor.tasks.figures import FigureTask
from tests.reading.conftest import Read
from tests.tasks.examples import prompt_of

Row = Mapping[str, Any]
Outcome = tuple[str, bool, str]

PASSAGES = Path(__file__).with_name("figures.yaml")
FLOORS = {
    "kind": 0.96, "value": 0.98, "bound": 0.98, "unit": 0.94, "measure": 0.83, "per": 0.97,
    "change": 0.97, "negated": 0.98,
}  # fmt: skip
EXPECTED = {"bound": "exact", "unit": "-", "measure": OTHER, "per": "-", "change": "-"}


@pytest.fixture(scope="module")
def outcomes(read: Read) -> list[Outcome]:
    """Field, whether it is right, and a line that shows it, for every field of every passage."""
    rows = yaml.safe_load(PASSAGES.read_text("utf-8"))
    things = _things(rows)
    return [outcome for row in rows for outcome in _outcomes(row, read, things)]


@pytest.mark.parametrize("field", FLOORS)
def test_enough_of_each_field_is_right(field: str, outcomes: list[Outcome]) -> None:
    found = [(right, line) for name, right, line in outcomes if name == field]
    wrong = [line for right, line in found if not right]
    share = 1 - len(wrong) / len(found)
    assert share >= FLOORS[field], f"{field}: {share:.3f}\n" + "\n".join(wrong)


def _things(rows: list[Row]) -> set[str]:
    units = (unit for row in rows for unit in row.get("unit", "").split(" / "))
    other = {"hospitals", "provinces", "seasons", "points", "battalions"}
    return {unit.split()[-1] for unit in units if unit} - {"people"} | other


def _outcomes(row: Row, read: Read, things: set[str]) -> list[Outcome]:
    start = row["text"].index("[[")
    reading = read(row["text"].replace("[[", "").replace("]]", ""))
    figures = _figures(reading, things)
    at = {mention.number.start: figure for figure in figures for mention in figure.mentions}
    figure = at.get(start)
    counted = (figure is None) == row.get("none", False)
    found: list[Outcome] = [("kind", counted, f"{row['id']}: {row['text']}")]
    if figure is None or row.get("none"):
        return found
    return found + [
        (field, value in right, f"{row['id']}: {value}, not {right}: {row['text']}")
        for field, value, right in _compared(row, figure, _is_open(reading, start))
    ]


def _figures(reading: Reading, things: set[str]) -> list[Figure]:
    task, answers = FigureTask(), dict[str, BaseModel]()
    for question in task.questions(reading, prompt_of("figures")):
        given = dict.fromkeys(question.schema.model_fields, OTHER)
        nouns: Any = question.variables.get("nouns", [])
        for number, phrase in enumerate(nouns, 1):
            kind = "things" if phrase.split()[-1].casefold() in things else "people"
            given[f"n{number}"] = f"{phrase}: {kind}"
        answers[question.id] = question.schema.model_validate(given)
    return [record for record in task.build(reading, answers).records if isinstance(record, Figure)]


def _is_open(reading: Reading, start: int) -> bool:
    items = measured(reading.quantities)
    return any(item.options for item in items if item.quantity.number.start == start)


def _compared(row: Row, figure: Figure, is_open: bool) -> list[tuple[str, object, list[Any]]]:
    """Field, what was read, and all answers that are right."""
    said = {"bound": figure.bound, "unit": figure.unit, "per": figure.per, "change": figure.change}
    measure = "open" if is_open else "+".join(sorted(figure.measure))
    written = {field: str(row.get(field, usual)) for field, usual in EXPECTED.items()}
    return [
        ("value", (figure.value, figure.upper, figure.magnitude), [_value(str(row["value"]))]),
        ("negated", figure.negated, [row.get("negated", False)]),
        *((f, said.get(f, measure) or "-", right.split(" / ")) for f, right in written.items()),
    ]


def _value(written: str) -> tuple[Decimal | None, Decimal | None, int | None]:
    if written.startswith("10^"):
        return None, None, int(written.removeprefix("10^"))
    low, _, high = written.partition("..")
    return Decimal(low), Decimal(high) if high else None, None
