"""Verification: a finished record read again against the text, by code alone.

How a record was built does not matter here: every span must be verbatim, and what the record says
of a number, a quotation or a name must be what the text says at that place. Only declared
normalisation is allowed: thousands separators, words for digits, scale words. Nothing is fuzzy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pydantic import BaseModel

from extractor.reading.bounds import find_bound, find_periods
from extractor.reading.countries import codes_in
from extractor.reading.money import find_currency
from extractor.reading.numerals import Numeral, find_numerals
from extractor.records import Bound, Entity, Figure, Mention, Quotation, Record, Span

# Fields that hold words of the text, and the field beside them that says where those words stand.
_COPIES = {"as_written": "span", "resolved": "resolved_span", "cue": "cue_span"}
_WRAP_WIDTH = 60  # characters: shorter lines are headings and items, not wrapped prose
_LINE_BREAK = re.compile(r"\n")
_CLOSES_LINE = (".", "!", "?", ":", ";", '"', "\u201d", ")")
_PERCENT = re.compile(
    r"\s?(?:%|per ?cent(?:age points?)?\b|pct\b|percentage points?\b)", re.IGNORECASE
)
_CURRENCY_CODE = re.compile(r"[A-Z]{3}")
# "Not one of the nine" denies the one, not the nine.
_DENIAL = re.compile(
    r"\b(?:not(?! one of\b)|never|without|cannot|\w+n['\u2019]t)(?!\w)", re.IGNORECASE
)
_NEGATION = re.compile(rf"{_DENIAL.pattern}|\b(?:no|none|nobody|nor|neither)\b", re.IGNORECASE)
_CLAUSE_START = re.compile(
    r"[.,;:!?()\u2013\u2014]|\b(?:that|who|whom|which|because|if|when|while|but|and|or|as|whether"
    r"|where|how|than|until|after|before)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?]['\"\u2019\u201d)]*\s+(?=\S)")
# "Handed over 800 rifles": the word belongs to the verb and bounds nothing.
_PHRASAL = re.compile(
    r"\b(?:hand|turn|tak|took|giv|gave|pass|bring|brought|sign|win|won|run|ran|mov)\w*\s+$",
    re.IGNORECASE,
)
_QUOTE_MARKS = "\"'\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a`"


@dataclass(frozen=True)
class Fault:
    """What a record says and its text does not. `field` is a path ("mentions[0].number")."""

    field: str
    problem: str


@dataclass(frozen=True)
class _Place:
    """A number in its paragraph; offsets are in the paragraph's own text."""

    text: str
    offset: int
    start: int
    end: int

    @property
    def before(self) -> str:
        """The words of the number's own sentence that stand before it."""
        start = max((m.end() for m in _SENTENCE_END.finditer(self.text, 0, self.start)), default=0)
        return self.text[start : self.start]

    def contains(self, span: Span) -> bool:
        return self.offset <= span.start and span.end <= self.offset + len(self.text)


def verify(record: Record, text: str) -> list[Fault]:
    """Everything in `record` that the canonical text does not bear out; empty where all is well.

    Figures, quotations and entities are read again; of other records the spans are checked.
    """
    match record:
        case Figure():
            return verify_figure(record, text)
        case Quotation():
            return verify_quotation(record, text)
        case Entity():
            return verify_entity(record, text)
        case _:
            return _miscopied(record, text)


def verify_figure(figure: Figure, text: str) -> list[Fault]:
    """Faults of value, bound, unit, rate and negation, each mention read again at its place."""
    if faults := _miscopied(figure, text):
        return faults  # what follows reads at these places
    places = [_place(text, mention.number) for mention in figure.mentions]
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


def _place(text: str, number: Span) -> _Place:
    start, end = _paragraph(text, number)
    return _Place(text[start:end], start, number.start - start, number.end - start)


def _paragraph(text: str, span: Span) -> tuple[int, int]:
    """The line of `span`, with the lines that a hard-wrapped paragraph continues it in."""
    start = text.rfind("\n", 0, span.start) + 1
    while start and _wraps(text, start - 1):
        start = text.rfind("\n", 0, start - 1) + 1
    breaks = (m.start() for m in _LINE_BREAK.finditer(text, span.end))
    return start, next((at for at in breaks if not _wraps(text, at)), len(text))


def _wraps(text: str, at: int) -> bool:
    """The line break at `at` stands within a sentence: a number may go on after it."""
    line = text[text.rfind("\n", 0, at) + 1 : at].rstrip()
    following = text[at + 1 : at + 2]
    if not line or not following.strip() or line.endswith(_CLOSES_LINE):
        return False
    return len(line) >= _WRAP_WIDTH or following.islower()


@lru_cache(maxsize=512)
def _numerals(paragraph: str) -> dict[tuple[int, int], Numeral]:
    return {(numeral.start, numeral.end): numeral for numeral in find_numerals(paragraph)}


def _mention_problems(
    figure: Figure, mention: Mention, place: _Place, text: str
) -> Iterator[tuple[str, str]]:
    numeral = _numerals(place.text).get((place.start, place.end))
    if numeral is None:
        yield "number", f"{mention.number.text!r} is not a whole number of the text"
        return
    said = (figure.value, figure.upper, figure.magnitude)
    if said != (numeral.value, numeral.upper, numeral.magnitude):
        yield "number", f"{mention.number.text!r} does not read as the record's value"
    if not mention.span.contains(mention.number):
        yield "span", "does not hold its number"
    bound, bound_text = _read_bound(numeral, place)
    if (mention.bound, mention.bound_text) != (bound, bound_text):
        yield "bound", f"the text says {bound} ({bound_text.text if bound_text else 'no word'})"
    yield from _unit_problems(figure, place, text)
    if problem := _negation_problem(figure, mention, place):
        yield "negated", problem


def _read_bound(numeral: Numeral, place: _Place) -> tuple[Bound, Span | None]:
    hit = find_bound(place.text, place.start, place.end)
    if hit and not _is_particle(place, hit[1]):
        start, end = hit[1]
        words = place.text[start:end]
        return hit[0], Span(start=place.offset + start, end=place.offset + end, text=words)
    if numeral.magnitude is not None:
        return "vague", None
    return ("exact" if numeral.upper is None else "between"), None


def _is_particle(place: _Place, words: tuple[int, int]) -> bool:
    start, end = words
    return place.text[start:end].lower() == "over" and bool(_PHRASAL.search(place.text[:start]))


def _bound_problems(figure: Figure) -> Iterator[tuple[str, str]]:
    """A bare mention says less than a bounded one, so it may not speak for both."""
    bounds = {mention.bound for mention in figure.mentions}
    if figure.bound not in (bounds - {"exact"} or bounds):
        yield "bound", f"{figure.bound} is not the bound of its mentions"


def _unit_problems(figure: Figure, place: _Place, text: str) -> Iterator[tuple[str, str]]:
    """Percent and money are read at the number; another label's noun stands in the paragraph."""
    unit = figure.unit
    read, certain = _read_unit(figure, place, text)
    if unit == "percent" or (unit is not None and _CURRENCY_CODE.fullmatch(unit)):
        if read != unit:
            yield "unit", f"{unit} is not the unit at the number"
    elif certain and (read or unit == "people"):
        yield "unit", f"the text says {read or 'a sum of money'} at the number"
    elif unit not in (None, "people") and not _has_word(place.text, str(unit)):
        yield "unit", f"{unit!r} does not stand in the paragraph"


def _read_unit(figure: Figure, place: _Place, text: str) -> tuple[str | None, bool]:
    """Unit at the number, and whether nothing else can be meant ("two won" is seldom money)."""
    if _PERCENT.match(place.text, place.end):
        return "percent", True
    hit = find_currency(place.text, place.start, place.end)
    if hit is None:
        return None, False
    words = place.text[slice(*hit[1])]
    if hit[0] is None or words.islower():
        hit = find_currency(place.text, place.start, place.end, _countries(text)) or hit
    return hit[0], not words.islower() or words == figure.unit_text


@lru_cache(maxsize=8)
def _countries(text: str) -> tuple[str, ...]:
    """Codes of the countries in the text: they tell whose pesos are meant."""
    return tuple(codes_in(text))


def _has_word(text: str, words: str) -> bool:
    return bool(re.search(rf"(?<![^\W\d_]){re.escape(words)}(?!\w)", text, re.IGNORECASE))


def _unit_text_problems(figure: Figure, places: list[_Place]) -> Iterator[tuple[str, str]]:
    if figure.unit_text != _evidence_text(figure, "unit_text"):
        yield "unit_text", f"{figure.unit_text!r} has no evidence with these words"
    span = figure.evidence.get("unit_text")
    if span is not None and not any(place.contains(span) for place in places):
        yield "unit_text", "stands in another paragraph than the number"


def _evidence_text(record: Record, field: str) -> str | None:
    span = record.evidence.get(field)
    return None if span is None else span.text


def _per_problems(figure: Figure, places: list[_Place]) -> Iterator[tuple[str, str]]:
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


def _negation_problem(figure: Figure, mention: Mention, place: _Place) -> str | None:
    """Words that bound the number ("no more than", "not fewer than") deny nothing."""
    before = place.before
    bound = mention.bound_text
    if bound is not None and bound.start < mention.number.start:
        before = before[: len(before) - (mention.number.start - bound.start)]
    clause = _CLAUSE_START.split(before)[-1]
    if figure.negated:
        return None if _NEGATION.search(clause) else "nothing in its clause denies it"
    single = mention.number.text.lower() == "a single" and _NEGATION.search(before)
    return "the text denies it" if single or _DENIAL.search(clause) else None


def _is_quoted(text: str, span: Span) -> bool:
    """A mark opens before the words, and one closes after them or the paragraph ends."""
    before, after = text[: span.start].rstrip(" \u00a0\n"), text[span.end :].lstrip(" \u00a0")
    opened = before.endswith((*_QUOTE_MARKS,)) and not before[-2:-1].isalnum()
    return opened and (not after or after[0] in (*_QUOTE_MARKS, "\n"))


def _cuts_word(text: str, span: Span) -> bool:
    edges = (text[max(0, span.start - 1) : span.start + 1], text[span.end - 1 : span.end + 1])
    return any(len(edge) == 2 and edge.isalnum() for edge in edges)
