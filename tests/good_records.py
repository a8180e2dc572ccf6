"""Good records, which the corruptions start from: what the pipeline makes of whole pages."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel

from extractor import (
    BoundOf,
    CurrencyOf,
    Number,
    ScriptedModel,
    Span,
    Verbatim,
    aextract,
    read_document,
)
from extractor.evaluation.baselines import constant_answer
from extractor.models import Request
from extractor.records import Bound, Figure, Mention, Record
from extractor.tasks import TASKS
from extractor.tasks.figures import PEOPLE, THINGS

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    *sorted((ROOT / "evals" / "development").glob("*.txt"))[2::3],
    *sorted((ROOT / "seeds").glob("*.txt")),
]
TYPES = tuple(name for name in TASKS if name != "header")
Good = list[tuple[str, Record, str]]


class Count(BaseModel):
    """A type such as a user writes: the words that say a number, and the number."""

    phrase: Annotated[str, Verbatim()]
    value: Annotated[Decimal, Number(unit="any")]
    bound: Annotated[Bound, BoundOf("value")]
    currency: Annotated[str | None, CurrencyOf("value")] = None


def answer(request: Request, schema: type[BaseModel]) -> dict[str, object]:
    """The first choice of everything; every other noun of a question counts no people."""
    given = constant_answer(request, schema)
    for name in list(given)[1::2]:
        told = given[name]
        if isinstance(told, str) and told.endswith(f": {PEOPLE}"):
            given[name] = f"{told.removesuffix(PEOPLE)}{THINGS}"
    return given


async def extract() -> Good:
    """Type, record and canonical text of every record that the pipeline accepts."""
    good: Good = []
    for page in PAGES:
        document = read_document(page)
        extraction = await aextract(document, model=ScriptedModel(answer), records=TYPES)
        found = ((type_, record) for type_ in TYPES for record in getattr(extraction, type_))
        good += [(type_, record, document.text) for type_, record in found]
    return good


def counts(extracted: Good) -> Iterator[tuple[dict[str, Any], str]]:
    """Each mention of a plain figure as a `Count`, in the form that the corruptions take."""
    for _, record, text in extracted:
        if isinstance(record, Figure) and record.value is not None and record.upper is None:
            yield from ((_count(record, m), text) for m in record.mentions if not record.negated)


def _count(figure: Figure, mention: Mention) -> dict[str, Any]:
    money = figure.unit if figure.unit and figure.unit.isupper() else None
    record = Count(
        phrase=mention.span.text, value=figure.value, bound=mention.bound, currency=money
    )
    evidence: dict[str, Span] = {"phrase": mention.span, "value": mention.number}
    return {
        "record": record.model_dump(mode="json"),
        "evidence": {name: span.model_dump() for name, span in evidence.items()},
        "bound_text": mention.bound_text and mention.bound_text.model_dump(),
    }
