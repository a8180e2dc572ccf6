"""Verification: a finished record read again against the text, by code alone.

How a record was built does not matter here: every span must be verbatim, and what the record says
of a number, a quotation or a name must be what the text says at that place. Only declared
normalisation is allowed: thousands separators, words for digits, scale words. Nothing is fuzzy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from extractor import records
from extractor.reading.bounds import find_periods
from extractor.reading.context import (
    Place,
    bound_at,
    clause_before,
    denials_at,
    place_of,
    unit_at,
)
from extractor.reading.countries import code_of_place
from extractor.reading.date_check import misdated
from extractor.reading.denials import NEGATION, denies_adjective
from extractor.reading.plurals import singular_of
from extractor.reading.quantities import find_change
from extractor.reading.recount import recount_problem
from extractor.reading.units import SHARES
from extractor.records import (
    SHORT_CHARACTERS,
    Entity,
    Event,
    Figure,
    Mention,
    Quotation,
    Record,
    Span,
    TimeExpression,
)

# Fields that hold words of the text, and the field beside them that says where those words stand.
_COPIES = {"as_written": "span", "resolved": "resolved_span", "cue": "cue_span"}
_CURRENCY_CODE = re.compile(r"[A-Z]{3}")
_QUOTE_MARKS = "\"'\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a`"


@dataclass(frozen=True)
class Fault:
    """What a record says and its text does not. `field` is a path ("mentions[0].number")."""

    field: str
    problem: str


def verify(record: Record, text: str) -> list[Fault]:
    """Everything in `record` that the canonical text does not bear out; empty where all is well.

    Figures, quotations, entities and events are read again; of all records the spans are checked,
    and dates and codes of places against the words that they normalise.
    """
    match record:
        case Figure():
            return verify_figure(record, text)
        case Quotation():
            return verify_quotation(record, text)
        case Entity():
            return verify_entity(record, text)
        case Event():
            return verify_event(record, text)
        case _:
            return _miscopied(record, text)


def verify_figure(figure: Figure, text: str) -> list[Fault]:
    """Faults of value, bound, unit, rate, change and negation; each mention is read again."""
    if faults := _miscopied(figure, text):
        return faults  # what follows reads at these places
    places = [place_of(text, mention.number) for mention in figure.mentions]
    for index, (mention, place) in enumerate(zip(figure.mentions, places, strict=True)):
        for field, problem in _mention_problems(figure, mention, place, text):
            faults.append(Fault(f"mentions[{index}].{field}", problem))
    faults += [Fault(*pair) for pair in _bound_problems(figure)]
    faults += [Fault(*pair) for pair in _unit_text_problems(figure, places)]
    faults += [Fault(*pair) for pair in _per_problems(figure, places)]
    return faults


def verify_quotation(quotation: Quotation, text: str) -> list[Fault]:
    """Faults of a quotation: its words must be the text's, from quotation mark to mark."""
    faults = _miscopied(quotation, text)
    span = quotation.evidence.get("text")
    if span is None:
        return [*faults, Fault("text", "has no evidence")]
    if quotation.text != span.text:
        faults.append(Fault("text", f"differs from the text's {span.text!r}"))
    if not _is_quoted(text, span):
        faults.append(Fault("text", "does not reach from quotation mark to quotation mark"))
    if quotation.cue is not None and _evidence_text(quotation, "cue") != quotation.cue:
        faults.append(Fault("cue", f"{quotation.cue!r} has no evidence with these words"))
    return faults


def verify_entity(entity: Entity, text: str) -> list[Fault]:
    """Faults of an entity: each form is a mention, each mention a form, all of them whole words."""
    faults = _miscopied(entity, text)
    written = {" ".join(mention.text.split()) for mention in entity.mentions}
    forms = {" ".join(form.split()) for form in (entity.name, *entity.aliases)}
    faults += [Fault("name", f"{form!r} is nowhere mentioned") for form in sorted(forms - written)]
    faults += [Fault("mentions", f"{form!r} is no form") for form in sorted(written - forms)]
    for index, mention in enumerate(entity.mentions):
        if _cuts_word(text, mention):
            faults.append(Fault(f"mentions[{index}]", f"{mention.text!r} is a part of a word"))
    return faults


def verify_event(event: Event, text: str) -> list[Fault]:
    """Faults of an event: its summary may say no more, and no less, than its clause."""
    faults = _miscopied(event, text)
    if not faults and not _retells(event, text):
        faults.append(Fault("summary", "differs from the words of its clause"))
    return faults


def _retells(event: Event, text: str) -> bool:
    """The clause's own words, cut where they are too long; before them at most words that stand
    in the same paragraph (the subject, where the clause before has it).
    """
    said = event.summary.removesuffix(".").casefold()
    told = " ".join(event.span.text.split()).casefold()
    around = " ".join(place_of(text, event.span).text.split()).casefold()
    cut = len(event.summary) >= SHORT_CHARACTERS
    for start in (0, *(blank.end() for blank in re.finditer(" ", said))):
        subject, rest = said[:start].strip(), said[start:]
        if told.startswith(rest) and (cut or rest == told):
            return not subject or (_has_word(around, subject) and not NEGATION.fullmatch(subject))
    return False


def _miscopied(record: Record, text: str) -> list[Fault]:
    """Spans that are not verbatim, and copied words that differ from their span."""
    return [Fault(path, problem) for path, problem in _walk(record, "", text)]


def _walk(value: object, path: str, text: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Span):
        if text[value.start : value.end] != value.text:
            yield path, f"{value.text!r} does not stand at {value.start}:{value.end}"
    elif isinstance(value, BaseModel):
        fields = dict(value)
        yield from _differing(fields, path)
        if problem := _misread(value):
            yield path, problem
        for name, item in fields.items():
            yield from _walk(item, f"{path}.{name}".lstrip("."), text)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _walk(item, f"{path}.{name}", text)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, f"{path}[{index}]", text)


def _differing(fields: dict[str, object], path: str) -> Iterator[tuple[str, str]]:
    for name in _COPIES.keys() & fields.keys():
        span = fields.get(_COPIES[name])
        if isinstance(span, Span) and fields[name] != span.text:
            yield f"{path}.{name}", f"{fields[name]!r} are not the words of its span"


def _misread(value: BaseModel) -> str | None:
    """A date or a code that the words beside it do not give. Words that count from the day of
    publication ("last week") give none by themselves.
    """
    if isinstance(value, TimeExpression) and value.edtf:
        return misdated(value.as_written, value.edtf)
    if isinstance(value, records.Place) and value.code:
        codes = {code_of_place(words) for words in (value.as_written, value.resolved) if words}
        return None if value.code in codes else f"{value.code} is not {value.as_written!r}"
    return None


def _mention_problems(
    figure: Figure, mention: Mention, place: Place, text: str
) -> Iterator[tuple[str, str]]:
    numeral = place.numeral
    if numeral is None:
        yield "number", f"{mention.number.text!r} is not a whole number of the text"
        return
    said = (figure.value, figure.upper, figure.magnitude)
    if said != (numeral.value, numeral.upper, numeral.magnitude):
        yield "number", f"{mention.number.text!r} does not read as the record's value"
    elif problem := recount_problem(place.text, place.start, place.end, *said):
        yield "number", problem
    if not mention.span.contains(mention.number):
        yield "span", "does not hold its number"
    bound, bound_text = bound_at(place, numeral)
    if (mention.bound, mention.bound_text) != (bound, bound_text):
        yield "bound", f"the text says {bound} ({bound_text.text if bound_text else 'no word'})"
    yield from _unit_problems(figure, place, text)
    if problem := _negation_problem(figure, mention, place):
        yield "negated", problem
    if figure.change != (change := find_change(place.before, place.behind)):
        yield "change", f"the text says {change or 'no change'} at the number"


def _bound_problems(figure: Figure) -> Iterator[tuple[str, str]]:
    """A bare mention says less than a bounded one, so it may not speak for both."""
    bounds = {mention.bound for mention in figure.mentions}
    if figure.bound not in (bounds - {"exact"} or bounds):
        yield "bound", f"{figure.bound} is not the bound of its mentions"


def _unit_problems(figure: Figure, place: Place, text: str) -> Iterator[tuple[str, str]]:
    """Percent and money are read at the number; another label's noun stands in the paragraph."""
    unit = figure.unit
    read, certain = _read_unit(figure, place, text)
    if unit in SHARES or (unit is not None and _CURRENCY_CODE.fullmatch(unit)):
        if read != unit:
            yield "unit", f"{unit} is not the unit at the number"
    elif certain and (read or unit == "people"):
        yield "unit", f"the text says {read or 'a sum of money'} at the number"
    elif unit not in (None, "people") and not _names(place.text, str(unit)):
        yield "unit", f"{unit!r} does not stand in the paragraph"


def _read_unit(figure: Figure, place: Place, text: str) -> tuple[str | None, bool]:
    """Unit at the number, and whether nothing else can be meant ("two won" is seldom money)."""
    hit = unit_at(place, text)
    if hit is None:
        return None, False
    unit, words = hit
    certain = unit in SHARES or not words.text.islower() or words.text == figure.unit_text
    return unit, certain


def _names(text: str, noun: str) -> bool:
    """The text has the noun, in the plural or in the singular ("one ship" counts ships)."""
    return _has_word(text, noun) or _has_word(text, singular_of(noun))


def _has_word(text: str, words: str) -> bool:
    return bool(re.search(rf"(?<![^\W\d_]){re.escape(words)}(?!\w)", text, re.IGNORECASE))


def _unit_text_problems(figure: Figure, places: list[Place]) -> Iterator[tuple[str, str]]:
    if figure.unit_text != _evidence_text(figure, "unit_text"):
        yield "unit_text", f"{figure.unit_text!r} has no evidence with these words"
    span = figure.evidence.get("unit_text")
    if span is not None and not any(place.contains(span) for place in places):
        yield "unit_text", "stands in another paragraph than the number"


def _evidence_text(record: Record, field: str) -> str | None:
    span = record.evidence.get(field)
    return None if span is None else span.text


def _per_problems(figure: Figure, places: list[Place]) -> Iterator[tuple[str, str]]:
    """The period is named by its evidence or, where there is none, beside one of the mentions."""
    span = figure.evidence.get("per")
    named = {
        per
        for place in places
        for per, start, end in find_periods(place.text)
        if span is None or (place.offset + start, place.offset + end) == (span.start, span.end)
    }
    if (figure.per is None and span is not None) or (figure.per and figure.per not in named):
        yield "per", f"{figure.per} is not the period in the text"


def _negation_problem(figure: Figure, mention: Mention, place: Place) -> str | None:
    if figure.negated:
        clause = clause_before(place, mention.bound_text)
        words = NEGATION.finditer(clause)
        denied = any(not denies_adjective(clause, match.end()) for match in words)
        return None if denied else "nothing in its clause denies it"
    return "the text denies it" if denials_at(place, mention.bound_text) else None


def _is_quoted(text: str, span: Span) -> bool:
    """A mark opens before the words, and one closes after them or the paragraph ends."""
    before, after = text[: span.start].rstrip(" \u00a0\n"), text[span.end :].lstrip(" \u00a0")
    opened = before.endswith((*_QUOTE_MARKS,)) and not before[-2:-1].isalnum()
    return opened and (not after or after[0] in (*_QUOTE_MARKS, "\n"))


def _cuts_word(text: str, span: Span) -> bool:
    edges = (text[max(0, span.start - 1) : span.start + 1], text[span.end - 1 : span.end + 1])
    return any(len(edge) == 2 and edge.isalnum() for edge in edges)
