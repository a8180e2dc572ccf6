"""What a system must beat: nothing, quantulum3 with regular expressions, constant answers."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterable, Iterator
from decimal import Decimal
from importlib.util import find_spec
from typing import Any, get_args

from pydantic import BaseModel

from extractor.documents import Block, Document
from extractor.evaluation.prediction import RECORD_TYPES, Prediction, RecordType
from extractor.evaluation.suite import Case
from extractor.models.base import Request
from extractor.records import (
    Article,
    Bound,
    Entity,
    Figure,
    Mention,
    Per,
    Quotation,
    Record,
    Reference,
    Span,
)

EMPTY, QUANTULUM, CONSTANT = "empty", "quantulum", "constant"
_BOUNDS: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("at_least", re.compile(r"at least\s*[^\w\s]?$", re.I)),
    ("more_than", re.compile(r"(?:more than|over)\s*[^\w\s]?$", re.I)),
    ("at_most", re.compile(r"(?:at most|up to)\s*[^\w\s]?$", re.I)),
    ("less_than", re.compile(r"(?:less than|fewer than|under)\s*[^\w\s]?$", re.I)),
    ("almost", re.compile(r"(?:almost|nearly)\s*[^\w\s]?$", re.I)),
    ("about", re.compile(r"(?:about|around|approximately)\s*[^\w\s]?$", re.I)),
)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_DIGITS = re.compile(r"\d[\d.,  ]*\d|\d")
_PLURAL = re.compile(r"\s+(?:[a-z-]+\s+){0,2}?([a-z]{2,}s)\b")
_QUOTED = re.compile(r"[\"“](\w[^\"“”]+)[\"”]")
_WORD = r"[A-Z][\w’'-]+"
_SAID = r"(?:said|says|told|added|stated)"
_SPEAKER = re.compile(rf"{_SAID}\s+({_WORD}(?: {_WORD})*)|({_WORD}(?: {_WORD})*)\s+{_SAID}")
_NAMES = re.compile(rf"{_WORD}(?: {_WORD})+")
_LOOK_BACK = 24  # characters before a number in which a bound word may stand
_LOOK_AROUND = 200  # characters around a quotation in which its speaker may stand


def empty_predictions(cases: Iterable[Case]) -> dict[str, Prediction]:
    """No record of any type for every document."""
    nothing: dict[RecordType, tuple[Record, ...]] = dict.fromkeys(RECORD_TYPES, ())
    return {
        case.gold.document.name: Prediction(case.gold.document.name, nothing, furniture=())
        for case in cases
    }


def constant_answer(_request: Request, schema: type[BaseModel]) -> dict[str, object]:
    """The same answer to every question of a form, without reading it, for a `ScriptedModel`.

    The first of the allowed values, True, null or else nothing: every counted noun is people, an
    open measure is that of the first word for one, every open clause tells of a happening,
    every word for a means is one. What the pipeline then scores is what its code finds without a
    model.
    """
    form = schema.model_json_schema()
    answer = _constant(form, form.get("$defs", {}))
    assert isinstance(answer, dict)
    return answer


def _constant(form: dict[str, Any], shared: dict[str, Any]) -> object:
    if "$ref" in form:
        return _constant(shared[form["$ref"].rpartition("/")[2]], shared)
    if "const" in form:
        return form["const"]
    if "enum" in form:
        return form["enum"][0]
    if form.get("type") == "object":
        return {name: _constant(one, shared) for name, one in form["properties"].items()}
    empty = {"boolean": True, "string": "", "integer": 0, "number": 0, "array": []}
    return empty.get(form.get("type", ""))


def quantulum_missing() -> str | None:
    """Why the baseline cannot run, None where it can."""
    if find_spec("quantulum3") is None:
        return "quantulum3 is not installed - pip install quantulum3"
    return None


def quantulum_predictions(cases: Iterable[Case]) -> dict[str, Prediction]:
    """Figures by quantulum3, quotations, names and the title by regular expressions.

    It reads the article's own paragraphs, and marks the same page furniture as the pipeline.
    """
    return {
        case.gold.document.name: Prediction(
            case.gold.document.name, _records(case.document), tuple(case.document.furniture)
        )
        for case in cases
    }


def _records(document: Document) -> dict[RecordType, tuple[Record, ...]]:
    body = [block for block in document.blocks if not block.furniture]
    return {
        "article": tuple(_article(document, body[:1])),
        "figures": tuple(_figures(document, body)),
        "quotations": tuple(_quotations(document, body)),
        "entities": tuple(_entities(document, body)),
    }


def _article(document: Document, first: Iterable[Block]) -> Iterator[Article]:
    for block in first:
        title = document.span(block.start, block.end)
        yield Article(id="art-1", title=title.text, language="en", evidence={"title": title})


def _figures(document: Document, body: Iterable[Block]) -> Iterator[Figure]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for an optional classifier
        from quantulum3 import parser

    logging.getLogger("quantulum3").setLevel(logging.ERROR)
    for block in body:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = parser.parse(document.text[block.start : block.end])
        for quantity in found:
            start, end = quantity.span  # it has quantities without words, and without a place
            if 0 <= start < end and not _YEAR.match(quantity.surface):
                yield _figure(document, block, quantity)


def _figure(document: Document, block: Block, quantity: Any) -> Figure:
    start, end = (block.start + offset for offset in quantity.span)
    surface = document.text[start:end]
    digits = _DIGITS.search(surface)
    low, high = digits.span() if digits else (0, len(surface))
    number = document.span(start + low, start + high)
    before = document.text[max(block.start, start - _LOOK_BACK) : start]
    bound = next((name for name, words in _BOUNDS if words.search(before)), "exact")
    value, spread = Decimal(str(quantity.value)), Decimal(str(quantity.uncertainty or 0))
    unit = _unit(quantity, document.text[end : block.end])
    return Figure(
        id=f"fig-{number.start}",
        value=value - spread,
        upper=value + spread if spread else None,
        bound="between" if spread else bound,
        unit=unit,
        per=next((per for per in get_args(Per) if f"per {per}" in quantity.unit.name), None),
        mentions=[Mention(span=document.span(start, end), number=number, bound=bound)],
    )


def _unit(quantity: Any, after: str) -> str | None:
    """ISO 4217 code, `percent`, or the plural noun behind a bare number."""
    from quantulum3 import load

    names = load.units().names  # "dollar per month" is made of units; one of them is the money
    parts = [names.get(part["base"]) for part in quantity.unit.dimensions]
    code = next(filter(None, (getattr(part, "currency_code", None) for part in parts)), None)
    if code:
        return str(code)
    if quantity.unit.name == "percentage":
        return "percent"
    noun = _PLURAL.match(after)
    return noun.group(1)[:60] if noun else None


def _quotations(document: Document, body: Iterable[Block]) -> Iterator[Quotation]:
    for block in body:
        for match in _QUOTED.finditer(document.text, block.start, block.end):
            words = document.span(*match.span(1))
            low = max(block.start, match.start() - _LOOK_AROUND)
            high = min(block.end, match.end() + _LOOK_AROUND)
            yield Quotation(
                id=f"quo-{words.start}",
                text=words.text[:5000],
                speaker=_speaker(document, low, high),
                evidence={"text": words},
            )


def _speaker(document: Document, low: int, high: int) -> Reference | None:
    match = _SPEAKER.search(document.text, low, high)
    if match is None:
        return None
    span = document.span(*match.span(match.lastindex or 0))
    return Reference(as_written=span.text[:300], span=span)


def _entities(document: Document, body: Iterable[Block]) -> Iterator[Entity]:
    mentions: dict[str, list[Span]] = {}
    for block in body:
        for match in _NAMES.finditer(document.text, block.start, block.end):
            mentions.setdefault(match.group(), []).append(document.span(*match.span()))
    for name, spans in mentions.items():
        yield Entity(
            id=f"ent-{spans[0].start}", name=name[:300], kind="organisation", mentions=spans
        )
