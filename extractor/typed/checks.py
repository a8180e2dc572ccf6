"""What one field of a user's record says, against what the text says at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import TypeVar

from pydantic import BaseModel

from extractor.grounding import is_verbatim
from extractor.reading.context import (
    Place,
    bound_at,
    denials_at,
    numerals_of,
    place_of,
    unit_at,
)
from extractor.reading.numerals import Numeral
from extractor.reading.recount import recount_problem
from extractor.reading.units import SHARES
from extractor.records import Span
from extractor.typed.markers import (
    ANY_UNIT,
    COUNT,
    BoundOf,
    CurrencyOf,
    Normalised,
    Number,
    markers_of,
)

T = TypeVar("T", bound=BaseModel)
UNREADABLE = (ValueError, LookupError)  # what a `Normalised(by=...)` may raise; pydantic's too
_DENIED = re.compile(
    r"(?:\b(?:not|never|no|without|cannot|neither|nor)|n['\u2019]t)\s+$", re.IGNORECASE
)
# "300" is no part of "12:300", "1/300", "300-400" or "F-300".
_JOINED_BEFORE = re.compile(r"\w[:/\u2010-\u2015\u2212-]$")
_JOINED_AFTER = re.compile(r"[:/\u2010-\u2015\u2212-]\d")


def verbatim_problem(words: str, span: Span, text: str) -> str | None:
    """What is wrong with `words` at `span`; None where all is well.

    The span may cut through no number, and what bounds, measures or denies a number of it, or
    denies its first word, must be in it.
    """
    place = place_of(text, span)
    if not is_verbatim(words, text, span):
        return f"{words!r} does not stand at {span.start}:{span.end}"
    if not place_of(text, _first_character(span)).contains(span):
        return f"{words!r} runs over two paragraphs"
    if denied := _DENIED.search(place.before):
        return f"the text denies it: {denied.group().strip()!r}"
    if _is_joined(place):
        return f"{words!r} is cut out of a longer expression"
    return next((f"{words!r} is cut off from {cut!r}" for cut in _cut_off(place, span, text)), None)


def _first_character(span: Span) -> Span:
    return Span(start=span.start, end=span.start + 1, text=span.text[:1])


def _is_joined(place: Place) -> bool:
    """A digit at an edge is joined to what stands outside."""
    text = place.text
    before = text[place.start].isdigit() and _JOINED_BEFORE.search(text, 0, place.start)
    return bool(before or (text[place.end - 1].isdigit() and _JOINED_AFTER.match(text, place.end)))


def _cut_off(place: Place, span: Span, text: str) -> Iterator[str]:
    """The words outside the span that belong to its numbers."""
    for numeral in numerals_of(place.text):
        if numeral.start < place.end and place.start < numeral.end:
            number = Place(place.text, place.offset, numeral.start, numeral.end)
            needed = [number.span(numeral.start, numeral.end), *_belonging(number, numeral, text)]
            yield from (part.text for part in needed if not span.contains(part))


def _belonging(number: Place, numeral: Numeral, text: str) -> Iterator[Span]:
    """The words that bound, measure and deny a number."""
    _, bound_text = bound_at(number, numeral)
    if bound_text is not None:
        yield bound_text
    if (unit := unit_at(number, text)) and _is_certain(*unit):
        yield unit[1]
    yield from denials_at(number, bound_text)


def _is_certain(unit: str | None, words: Span) -> bool:
    """No other reading: "two won" and "one real" may be no money, "$2" and "two euros" are."""
    return unit in SHARES or not words.text.islower() or words.text.endswith("s")


def number_problem(value: object, marker: Number, span: Span, text: str) -> str | None:
    """What is wrong with the number `value` at `span`, apart from denial; None if nothing."""
    number = read_number(span, text)
    if number is None:
        return f"{span.text!r} is not one whole number of the text"
    if number != Decimal(str(value)):
        return f"{span.text!r} does not read as {value}"
    place = place_of(text, span)
    if problem := recount_problem(place.text, place.start, place.end, number, None, None):
        return problem
    return unit_problem(span, marker.unit, text)


def read_number(span: Span, text: str) -> Decimal | None:
    """The number at `span`; None where it is a part of one, a range or a vague amount."""
    numeral = place_of(text, span).numeral
    return None if numeral is None or numeral.upper is not None else numeral.value


def unit_problem(span: Span, wanted: str, text: str) -> str | None:
    """Why the number at `span` has not the unit that `Number` asks for; None where it has."""
    if wanted == ANY_UNIT:
        return None
    hit = unit_at(place_of(text, span), text)
    if wanted == COUNT:
        return f"{hit[1].text.strip()!r} makes it no count" if hit and _is_certain(*hit) else None
    unit = hit[0] if hit else None
    return None if unit == wanted else f"the text does not say {wanted} at the number"


def denied_number(span: Span, said: list[Span], text: str) -> bool:
    """The text denies the number, in words that none of the record's own (`said`) hold."""
    place = place_of(text, span)
    numeral = place.numeral
    denials = denials_at(place, bound_at(place, numeral)[1]) if numeral else []
    return any(not any(own.contains(denial) for own in said) for denial in denials)


def derived(type_: type[BaseModel], name: str, evidence: Mapping[str, Span], text: str) -> object:
    """The value of a `Normalised`, `BoundOf` or `CurrencyOf` field; None where its source is None.

    Raises:
        ValueError, LookupError: the words do not tell it.
    """
    marker = markers_of(type_)[name]
    match marker:
        case Normalised(source=source, by=by):
            return _normalised(by, evidence.get(source))
        case BoundOf(number=of) | CurrencyOf(number=of) if span := evidence.get(of):
            return _qualifier(marker, place_of(text, span), text)
    return None


def _normalised(by: Callable[[str], object], span: Span | None) -> object:
    return None if span is None else by(" ".join(span.text.split()))


def _qualifier(marker: BoundOf | CurrencyOf, place: Place, text: str) -> str | None:
    if isinstance(marker, BoundOf):
        numeral = place.numeral
        return None if numeral is None else bound_at(place, numeral)[0]
    unit = unit_at(place, text)
    if unit is None or unit[0] in SHARES or not _is_certain(*unit):
        return None
    if unit[0] is None:
        raise ValueError(f"{unit[1].text!r} may be several currencies")
    return unit[0]


def derived_problem(
    record: BaseModel, name: str, evidence: Mapping[str, Span], text: str
) -> str | None:
    """What is wrong with a computed field; None where code computes the same value again."""
    try:
        value = derived(type(record), name, evidence, text)
        again = type(record).model_validate(dict(record) | {name: value}, by_name=True)
    except UNREADABLE as error:
        return f"cannot be computed: {' '.join(str(error).split())}"
    if getattr(again, name) != getattr(record, name):
        return f"the text gives {getattr(again, name)!r}"
    return None
