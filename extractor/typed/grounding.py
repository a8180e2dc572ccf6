"""Grounding of users' records: where each field's words and numbers stand, or what is wrong.

Pure, and never fuzzy for a digit, a scale word, a currency, a negation or a bound word.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Generic, TypeVar

from pydantic import BaseModel, SerializeAsAny

from extractor.grounding import find_all_verbatim
from extractor.reading.context import numerals_of, place_of
from extractor.records import Record, Span
from extractor.typed.checks import (
    denied_number,
    derived,
    derived_problem,
    number_problem,
    read_number,
    verbatim_problem,
)
from extractor.typed.markers import (
    BoundOf,
    CurrencyOf,
    Markers,
    Normalised,
    Number,
    Verbatim,
    markers_of,
)
from extractor.verification import Fault

T = TypeVar("T", bound=BaseModel)
REACH = 700  # characters: what says one thing stands together
_LINE = re.compile(r"[^\n]+")
_SENTENCE = ""  # the name under which the sentence of a record takes part in the choice of places


class Grounded(Record, Generic[T]):
    """A user's own object, and the place of each of its `Verbatim` and `Number` fields."""

    record: SerializeAsAny[T]


def ground(
    record: T,
    text: str,
    *,
    within: Sequence[Span] = (),
    placed: Mapping[str, Span] | None = None,
    near: Span | None = None,
) -> Grounded[T] | list[Fault]:
    """Find the evidence of `record` in canonical text, all of it within `REACH` characters.

    Words or a number that stand in several places are taken where they are nearest to the rest of
    the record. Two `Number` fields never share one place.

    Args:
        record: an object whose fields carry markers, see `extractor.typed.markers`.
        within: the only parts of the text where words may come from; by default all of it.
        placed: places that are already known, by field.
        near: where the record is told, if that is known: decides between equal places.

    Returns:
        The record with its evidence, or the faults of the best attempt, by field.

    Raises:
        UsageError: the type's markers are missing or contradict it.
    """
    markers = markers_of(type(record))
    searched = within or ([Span(start=0, end=len(text), text=text)] if text else [])
    places = {
        name: [(placed or {})[name]]
        if name in (placed or {})
        else _places(getattr(record, name), marker, text, searched)
        for name, marker in markers.items()
        if isinstance(marker, Verbatim | Number) and getattr(record, name) is not None
    }
    if missing := [name for name, found in places.items() if not found]:
        return [_missing(name, getattr(record, name), text, markers) for name in missing]
    return _best(record, text, places, near)


def _best(
    record: T, text: str, places: Mapping[str, Sequence[Span]], near: Span | None
) -> Grounded[T] | list[Fault]:
    """The first choice of places that bears the record out, else the faults of the nearest one."""
    first: list[Fault] = []
    markers = markers_of(type(record))
    numbers = {name for name in places if isinstance(markers[name], Number)}
    for evidence in _choices(places, numbers, near):
        grounded = _grounded(record, evidence)
        faults = verify_grounded(grounded, text)
        if not faults:
            return grounded
        first = first or faults
    return first or [Fault("record", "has no evidence: every Verbatim and Number field is None")]


def _grounded(record: T, evidence: dict[str, Span]) -> Grounded[T]:
    """The id is a hash of what the record says and where it stands."""
    content = (
        record.model_dump_json(fallback=str),
        sorted((name, span.start, span.end) for name, span in evidence.items()),
    )
    digest = hashlib.sha256(repr(content).encode()).hexdigest()
    return Grounded(id=f"rec-{digest[:12]}", record=record, evidence=evidence)


def _places(value: object, marker: object, text: str, searched: Iterable[Span]) -> list[Span]:
    """Where a field's words or number stand, read in context."""
    if isinstance(marker, Number):
        numbers = (span for part in searched for span in number_spans(part, text))
        return [span for span in numbers if number_problem(value, marker, span, text) is None]
    words = (span for part in searched for span in find_all_verbatim(str(value), part))
    return [span for span in words if verbatim_problem(str(value), span, text) is None]


def number_spans(part: Span, text: str) -> Iterator[Span]:
    """The numbers that lie in `part` of the text, in order, each read in its whole paragraph."""
    end = part.start
    for line in _LINE.finditer(text, part.start, part.end):
        if line.start() < end:
            continue
        place = place_of(text, Span(start=line.start(), end=line.end(), text=line.group()))
        end = place.offset + len(place.text)
        spans = (place.span(numeral.start, numeral.end) for numeral in numerals_of(place.text))
        yield from (span for span in spans if part.contains(span))


def _missing(name: str, value: object, text: str, markers: Markers) -> Fault:
    """Why a field has no place: its words are nowhere, or only where they say something else."""
    marker, whole = markers[name], Span(start=0, end=len(text), text=text) if text else None
    found = list(find_all_verbatim(str(value), whole)) if whole else []
    if isinstance(marker, Verbatim):
        problems = (verbatim_problem(str(value), span, text) for span in found)
        nowhere = f"{value!r} does not stand in the text"
    else:
        assert isinstance(marker, Number)
        problems = (number_problem(value, marker, span, text) for span in found)
        nowhere = f"no whole number of the text reads as {value}"
    return Fault(name, next(filter(None, problems), nowhere))


def _choices(
    places: Mapping[str, Sequence[Span]], numbers: Set[str], near: Span | None
) -> Iterator[dict[str, Span]]:
    """One place per field, gathered around each place of the rarest field; the closest first."""
    if not places:
        return
    known = {**places, _SENTENCE: [near]} if near else dict(places)
    anchor = min(known, key=lambda name: len(known[name]))
    gathered = [_gathered(known, numbers, anchor, place) for place in known[anchor]]
    for choice in sorted(gathered, key=lambda choice: _length(choice.values())):
        yield {name: choice[name] for name in places}


def _gathered(
    places: Mapping[str, Sequence[Span]], numbers: Set[str], anchor: str, place: Span
) -> dict[str, Span]:
    """For each field its place nearest to `place`; one that another number has taken comes last."""
    chosen = {anchor: place}
    for name, spans in places.items():
        taken = [chosen[other] for other in numbers & chosen.keys()] if name in numbers else []
        if name != anchor:
            chosen[name] = min(spans, key=lambda span: (span in taken, _distance(span, place)))
    return chosen


def _distance(a: Span, b: Span) -> int:
    return max(a.start - b.end, b.start - a.end, 0)


def _length(spans: Iterable[Span]) -> int:
    spans = list(spans)
    return max(span.end for span in spans) - min(span.start for span in spans)


def fill(type_: type[T], given: Mapping[str, object], numbers: Mapping[str, Span], text: str) -> T:
    """The user's object from what a model gave: code reads the numbers and computes the rest.

    Args:
        given: the `Verbatim` and `Label` fields.
        numbers: the places of the `Number` fields.

    Raises:
        ValueError, LookupError: the type refuses a value, or one cannot be computed.
    """
    markers = markers_of(type_)
    words = {name: str(given[name]) for name in given if isinstance(markers[name], Verbatim)}
    known = {name: Span(start=0, end=len(word), text=word) for name, word in words.items()}
    values = dict(given) | {name: read_number(span, text) for name, span in numbers.items()}
    for name, marker in markers.items():
        if isinstance(marker, Normalised | BoundOf | CurrencyOf):
            values[name] = derived(type_, name, {**known, **numbers}, text)
    return type_.model_validate(values, by_name=True)


def verify_grounded(grounded: Grounded[T], text: str) -> list[Fault]:
    """Everything in a grounded record that the canonical text does not bear out; empty if nothing.

    Raises:
        UsageError: the type's markers are missing or contradict it.
    """
    record, evidence = grounded.record, grounded.evidence
    markers = markers_of(type(record))
    if faults := [*_unevidenced(record, markers, evidence), *_miscopied(evidence, text)]:
        return faults  # what follows reads at these places
    problems = {name: _problem(grounded, name, markers, text) for name in markers}
    faults = [Fault(name, problem) for name, problem in problems.items() if problem]
    faults += _number_faults(evidence, markers, text)
    if _length(evidence.values()) > REACH:
        faults.append(Fault("evidence", f"is spread over more than {REACH} characters"))
    return faults


def _unevidenced(
    record: BaseModel, markers: Markers, evidence: Mapping[str, Span]
) -> Iterator[Fault]:
    own = {name for name, marker in markers.items() if isinstance(marker, Verbatim | Number)}
    needed = {name for name in own if getattr(record, name) is not None}
    yield from (Fault(name, "has no evidence") for name in sorted(needed - evidence.keys()))
    yield from (Fault(name, "may have no evidence") for name in sorted(evidence.keys() - needed))
    if not needed:
        yield Fault("record", "has no evidence: every Verbatim and Number field is None")


def _miscopied(evidence: Mapping[str, Span], text: str) -> Iterator[Fault]:
    for name, span in evidence.items():
        if text[span.start : span.end] != span.text:
            yield Fault(name, f"{span.text!r} does not stand at {span.start}:{span.end}")


def _number_faults(evidence: Mapping[str, Span], markers: Markers, text: str) -> Iterator[Fault]:
    """Numbers that the text denies, and those that stand at the place of another one."""
    said = [span for name, span in evidence.items() if isinstance(markers[name], Verbatim)]
    taken: list[Span] = []
    for name, span in evidence.items():
        if not isinstance(markers[name], Number):
            continue
        if denied_number(span, said, text):
            yield Fault(name, "the text denies it")
        if any(span.overlaps(other) for other in taken):
            yield Fault(name, f"{span.text!r} is the place of another number")
        taken.append(span)


def _problem(grounded: Grounded[T], name: str, markers: Markers, text: str) -> str | None:
    """What is wrong with one field, apart from its neighbours."""
    value, marker = getattr(grounded.record, name), markers[name]
    span = grounded.evidence.get(name)
    match marker:
        case Verbatim() if span:
            return verbatim_problem(value, span, text)
        case Number() if span:
            return number_problem(value, marker, span, text)
        case Normalised() | BoundOf() | CurrencyOf():
            return derived_problem(grounded.record, name, grounded.evidence, text)
    return None
