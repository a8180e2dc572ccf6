"""The production reading's quantities of a sentence as NewsQuant's annotators write them.

Numbers, kinds, currencies, shares, counted words and rates are those of `reading.quantities`, so
that a fault there shows here. What is added are the benchmark's own conventions: durations, ages
and parts of a whole count, units have full names, and "from 9 to 7" is one amount.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from extractor.reading.fractions import find_fractions
from extractor.reading.kinds import Kind, tokens_of
from extractor.reading.numerals import Numeral
from extractor.reading.parse import ParsedSentence
from extractor.reading.quantities import Quantity, counted_words, read_quantities, unit_words
from extractor.reading.units import SHARES, find_unit, name_of_unit
from extractor.records import Span

AmountKind = Kind | Literal["fraction"]

_COURSE_REACH = 60  # characters between "from 20 in 2008" and "to 29"
_FROM = re.compile(r"\bfrom\s+(?:(?:about|around|up to|some|nearly)\s+)?[^\w\s]?\S{0,2}$", re.I)
_TO = re.compile(r"(?P<words>[^;:()]*?)\bto\s+(?:(?:about|around|some|nearly)\s+)?[^\w\s]?\S{0,2}$")
_PLACES_IN_ORDER = {
    "last", "past", "next", "first", "previous", "other", "only", "same", "final", "further",
    "additional", "extra", "another", "estimated", "total", "mere", "more", "coming", "recent",
    "remaining", "latest", "approximate", "full", "combined",
}  # fmt: skip
_HANGING = re.compile(r"-(?:,|\s(?:and|or|to)\b)")
_NATION = re.compile(r"\sU\.?S\.?(?=[\s,;)]|$)")
# Few pounds written out are weights, unless Britain is spoken of.
_POUNDS = re.compile(r"pounds?", re.IGNORECASE)
_MANY_POUNDS = 100_000
_BRITISH = re.compile(
    r"\b(?:UK|Britain|British|Briton\w*|England|English|London|Scot\w+|Wales|sterling)\b"
)
_PAID = re.compile(r"[A-Z]{3}|cent|penny|sen")
_SOLD = re.compile(
    r"\san?\s(?:share|barrel|head|piece|unit|ticket|person|bushel|copy|ride|ounce)$|-"
)
_PER = re.compile(
    r"(?:\s(?:per|each|every)\s|\s?/|-per-|(?P<article>\san?\s|-an?-))"
    r"(?P<whole>(?:(?:square|cubic|sq\.?|cu\.?)\s)?[^\W\d_]+[23\u00b2\u00b3]?)"
    r"(?!\s+(?:ago|earlier|later|before|after)\b)"
)
_BY = re.compile(r"\b(?:by|up|down|rose|fell)\s+\S{0,3}$")
_LONG_RANGE = 2  # "by 1 to 1.5 degrees" is a range, "by 190 to 1,104" a change and a level


@dataclass(frozen=True)
class Amount:
    """A number and its unit. Offsets are in the sentence's own text, half-open.

    `value`, `upper` and `magnitude` are as in `Numeral`, but that `upper` may be the lower number
    where the amount fell ("from 9 to 7"). `unit` is the British singular name of a unit of
    measurement, an ISO 4217 code, "percent", or the words counted as written; "... per ..." of a
    rate; None where the text has none.
    """

    start: int
    end: int
    kind: AmountKind
    value: Decimal | None
    upper: Decimal | None
    magnitude: int | None
    unit: str | None


def find_amounts(parsed: ParsedSentence) -> list[Amount]:
    """All amounts of one sentence, in order of their place; dates, times and names are none."""
    fractions = find_fractions(parsed.text)
    amounts = [_fraction(parsed, numeral) for numeral in fractions]
    for quantity in read_quantities(parsed):
        amount = _amount(parsed, quantity)
        apart = not any(amount.start < f.end and f.start < amount.end for f in fractions)
        if apart and quantity.kind not in ("date", "time", "label"):
            amounts.append(amount)
    ordered = _suspended(parsed.text, sorted(amounts, key=lambda amount: amount.start))
    return _with_courses(parsed.text, ordered)


def _suspended(text: str, amounts: list[Amount]) -> list[Amount]:
    """ "Four-, five- and six-cylinder": the hyphen shows that the unit is the next number's."""
    shared: list[Amount] = []
    for amount in reversed(amounts):
        if shared and _HANGING.match(text, amount.end):
            amount = replace(amount, unit=shared[-1].unit)  # noqa: PLW2901
        shared.append(amount)
    return shared[::-1]


def _amount(parsed: ParsedSentence, quantity: Quantity) -> Amount:
    start = quantity.number.start - parsed.sentence.start
    end = quantity.number.end - parsed.sentence.start
    numeral = Numeral(start, end, quantity.value, quantity.upper, quantity.magnitude)
    return Amount(
        start,
        end,
        quantity.kind,
        quantity.value,
        quantity.upper,
        quantity.magnitude,
        _unit(parsed, numeral, quantity),
    )


def _fraction(parsed: ParsedSentence, numeral: Numeral) -> Amount:
    unit = _measured(parsed, numeral) or _counted_unit(parsed, numeral)
    return Amount(numeral.start, numeral.end, "fraction", numeral.value, None, None, unit)


def _unit(parsed: ParsedSentence, numeral: Numeral, quantity: Quantity) -> str | None:
    words = quantity.unit_text
    if quantity.unit in SHARES and words:
        return _with_rate(parsed.text, "percent", words.end - parsed.sentence.start)
    if quantity.kind == "money" and words:
        return _paid(parsed, numeral, quantity.unit, words)
    if quantity.kind == "age":
        return f"{_measured(parsed, numeral) or 'year'} of age"
    return _measured(parsed, numeral) or _counted_unit(parsed, numeral)


def _measured(parsed: ParsedSentence, numeral: Numeral) -> str | None:
    unit = find_unit(parsed.text, numeral.end)
    return _with_rate(parsed.text, unit.name, unit.end) if unit else None


def _counted_unit(parsed: ParsedSentence, numeral: Numeral) -> str | None:
    text = parsed.text
    counted = unit_words(parsed, counted_words(parsed, numeral))
    if counted is None:
        return None
    start = parsed.sentence.start
    if (measured := name_of_unit(counted.text.split()[-1])) is not None:
        return _with_rate(text, measured, counted.end - start)
    return _with_rate(text, _described(parsed, numeral) + counted.text, counted.end - start)


def _described(parsed: ParsedSentence, numeral: Numeral) -> str:
    """The adjective before the number: "top " in "the top three seeds"."""
    tokens = tokens_of(parsed, numeral)
    if tokens is None or tokens.start == 0:
        return ""
    word = parsed.tokens[tokens.start - 1]
    describes = word.dep_ in ("amod", "compound") and word.head == tokens.root.head
    return f"{word.text} " if describes and word.lower_ not in _PLACES_IN_ORDER else ""


def _paid(parsed: ParsedSentence, numeral: Numeral, code: str | None, words: Span) -> str:
    text = parsed.text
    end = max(numeral.end, words.end - parsed.sentence.start)
    if nation := _NATION.match(text, end):
        end = nation.end()
    weight = _POUNDS.fullmatch(words.text) and numeral.value and abs(numeral.value) < _MANY_POUNDS
    if weight and not _BRITISH.search(text):
        return _with_rate(text, "pound-mass", end)
    return _with_rate(text, code or words.text, end)


def _with_rate(text: str, unit: str, end: int) -> str:
    """ "Dollar per barrel" in "$58 per barrel" and "$1,271 an ounce"."""
    match = _PER.match(text, end)
    if match is None:
        return unit
    whole = name_of_unit(match["whole"])
    if whole is None and match["article"] and not (_PAID.fullmatch(unit) and _SOLD.match(match[0])):
        return unit
    return f"{unit} per {whole or match['whole'].lower()}"


def _with_courses(text: str, amounts: list[Amount]) -> list[Amount]:
    """With "from 9 to 7" as one amount, and "by 1 to 1.5 degrees"."""
    joined: list[Amount] = []
    for amount in amounts:
        if joined and (course := _course(text, joined[-1], amount)):
            joined[-1] = course
        else:
            joined.append(amount)
    return joined


def _course(text: str, one: Amount, other: Amount) -> Amount | None:
    single = one.upper is None and other.upper is None
    if not single or one.value is None or other.value is None or not _same_unit(one, other):
        return None
    between = _TO.fullmatch(text, one.end, other.start)
    if between is None or len(between["words"]) > _COURSE_REACH:
        return None
    by = bool(_BY.search(text, 0, one.start))
    near = by and one.unit is None and one.value < other.value <= one.value * _LONG_RANGE
    if not (
        near
        or _FROM.search(text, 0, one.start)
        or (not by and _levels(one, other, between["words"]))
    ):
        return None
    unit = max(one.unit or "", other.unit or "", key=len) or None
    return replace(one, end=other.end, value=_scaled(one, other), upper=other.value, unit=unit)


def _levels(one: Amount, other: Amount, words: str) -> bool:
    """ "1.3 A to 0.03 A": two amounts with nothing but their unit between them."""
    alike = one.unit is not None and one.unit == other.unit and len(words.split()) <= 1
    return alike and (one.value or 0) > (other.value or 0)


def _same_unit(one: Amount, other: Amount) -> bool:
    """Where only one of them has a unit, or a rate, it is that of both."""
    if one.unit is None or other.unit is None or one.unit == other.unit:
        return True
    return one.unit.split(" per ")[0] == other.unit.split(" per ")[0] and (
        " per " not in one.unit or " per " not in other.unit
    )


def _scaled(one: Amount, other: Amount) -> Decimal | None:
    """ "From 24.2 to 33 billion euros" gives both ends the scale."""
    if one.value is None or other.value is None or one.unit is not None or other.value < 10**6:
        return one.value
    scale = Decimal(1000) ** ((other.value.adjusted()) // 3)
    return one.value * scale if one.value < 1000 else one.value
