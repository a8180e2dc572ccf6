"""Good records of a user's type, made wrong, in the manner of `tests.corruptions`.

A good record is plain JSON: the user's `record` (`phrase` words with a number, `value` the number,
`bound`, `currency`), the `evidence` of `phrase` and `value`, and the `bound_text`, which is no part
of the record but tells the changes where to cut. Nothing of the library is imported.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import wraps
from random import Random

from tests.corruptions import (
    BOUNDS,
    CURRENCIES,
    MARKS,
    SPELLED,
    Changes,
    Corrupt,
    Json,
    Pair,
    other_digit,
    text_bound,
    text_bound_added,
    text_currency,
    text_decimal_after,
    text_denied,
    text_digit,
    text_digit_before,
    text_percent,
    text_scale_after,
    text_spelled,
)


def _on_figure(change: Corrupt) -> Corrupt:
    """A change of the text around a figure's mention, for a record of the user's type."""

    @wraps(change)
    def changed(random: Random, record: Json, text: str) -> Pair | None:
        evidence, bound = record["evidence"], record["bound_text"]
        mention = {"number": evidence["value"], "span": evidence["phrase"], "bound_text": bound}
        view = {"mentions": [mention], "bound": record["record"]["bound"], "negated": False}
        pair = change(random, {**record, **view}, text)
        if pair is None:
            return None
        moved = {name: value for name, value in pair[0].items() if name not in view}
        return {**moved, "bound_text": pair[0]["mentions"][0]["bound_text"]}, pair[1]

    return changed


def _with(record: Json, **values: object) -> Json:
    return record | {"record": record["record"] | values}


def _phrased(record: Json, text: str, place: tuple[int, int], new: str) -> Pair | None:
    """The record with other words at these offsets of its phrase, unless the text says them too."""
    phrase = record["record"]["phrase"]
    changed = f"{phrase[: place[0]]}{new}{phrase[place[1] :]}"
    return None if changed in text else (_with(record, phrase=changed), text)


def _number(record: Json) -> tuple[int, int]:
    """Offsets of the number in the phrase."""
    number, phrase = record["evidence"]["value"], record["evidence"]["phrase"]
    return number["start"] - phrase["start"], number["end"] - phrase["start"]


def value_digit(random: Random, record: Json, text: str) -> Pair | None:
    digits = other_digit(random, record["record"]["value"])
    return (_with(record, value=digits), text) if digits and digits not in text else None


def value_scale(random: Random, record: Json, text: str) -> Pair | None:
    factor = Decimal(random.choice(("10", "1000", "0.001")))
    return _with(record, value=f"{Decimal(record['record']['value']) * factor:f}"), text


def value_neighbour(_: Random, record: Json, text: str) -> Pair | None:
    """The span of another number nearby."""
    at, value = record["evidence"]["value"]["start"], record["record"]["value"]
    found = re.finditer(r"(?<![\w.,])\d[\d,]*(?<!,)(?![\w.,])", text)
    others = [m for m in found if Decimal(m.group().replace(",", "")) != Decimal(value)]
    if not others:
        return None
    nearest = min(others, key=lambda m: abs(m.start() - at))
    span = {"start": nearest.start(), "end": nearest.end(), "text": nearest.group()}
    return record | {"evidence": record["evidence"] | {"value": span}}, text


def value_cut(_: Random, record: Json, text: str) -> Pair | None:
    """ "8,000" of "18,000", consistently."""
    number = record["evidence"]["value"]
    cut = number["text"][1:].lstrip(",")
    if not re.fullmatch(r"[\d,]*\d", cut) or not number["text"][0].isdigit():
        return None
    span = number | {"start": number["end"] - len(cut), "text": cut}
    changed = record | {"evidence": record["evidence"] | {"value": span}}
    return _with(changed, value=cut.replace(",", "")), text


def bound_label(random: Random, record: Json, text: str) -> Pair | None:
    others = [bound for bound in BOUNDS if bound != record["record"]["bound"]]
    return _with(record, bound=random.choice(others)), text


def currency_label(random: Random, record: Json, text: str) -> Pair | None:
    others = [code for code in (*CURRENCIES, None) if code != record["record"]["currency"]]
    return _with(record, currency=random.choice(others)), text


def phrase_digit(random: Random, record: Json, text: str) -> Pair | None:
    start, end = _number(record)
    digits = other_digit(random, record["record"]["phrase"][start:end])
    return _phrased(record, text, (start, end), digits) if digits else None


def phrase_spelled(random: Random, record: Json, text: str) -> Pair | None:
    start, end = _number(record)
    words = record["record"]["phrase"][start:end].lower()
    known = [m for m in re.finditer(r"[a-z]+", words) if m.group() in SPELLED]
    if not known:
        return None
    word = random.choice(known)
    place = (start + word.start(), start + word.end())
    return _phrased(record, text, place, SPELLED[word.group()])


def phrase_scale(random: Random, record: Json, text: str) -> Pair | None:
    """ "300" becomes "300 thousand"."""
    _start, end = _number(record)
    plain = record["record"]["phrase"][end - 1].isdigit()
    scale = random.choice((" thousand", " million"))
    return _phrased(record, text, (end, end), scale) if plain else None


def phrase_currency(_: Random, record: Json, text: str) -> Pair | None:
    start, _end = _number(record)
    mark = MARKS.get(record["record"]["phrase"][start - 1 : start])
    return _phrased(record, text, (start - 1, start), mark) if mark else None


def phrase_bound(_: Random, record: Json, text: str) -> Pair | None:
    """ "At least" becomes "at most", or is left out; a bare number gets it."""
    phrase, bound = record["evidence"]["phrase"], record["bound_text"]
    if bound is None:
        start, _end = _number(record)
        marked = record["record"]["phrase"][start - 1 : start] in MARKS
        return _phrased(record, text, (start - marked, start - marked), "at least ")
    new = "at most" if record["record"]["bound"] != "at_most" else "at least"
    place = (bound["start"] - phrase["start"], bound["end"] - phrase["start"])
    return _phrased(record, text, place, new)


def phrase_denied(_: Random, record: Json, text: str) -> Pair | None:
    start, _end = _number(record)
    return _phrased(record, text, (start, start), "not ")


def phrase_cut(_: Random, record: Json, text: str) -> Pair | None:
    """The bound word is left out of phrase and span, consistently."""
    phrase, bound = record["evidence"]["phrase"], record["bound_text"]
    if bound is None or bound["start"] != phrase["start"]:
        return None
    cut = phrase["text"][len(bound["text"]) :].lstrip()
    if phrase["end"] - len(cut) > record["evidence"]["value"]["start"]:
        return None
    span = phrase | {"start": phrase["end"] - len(cut), "text": cut}
    changed = record | {"evidence": record["evidence"] | {"phrase": span}}
    return _with(changed, phrase=cut), text


# The record alone is changed, to what the text says nowhere: no other evidence can be found.
RECORD_CHANGES: tuple[Corrupt, ...] = (
    value_digit, bound_label, currency_label, phrase_digit, phrase_spelled, phrase_scale,
    phrase_currency, phrase_bound, phrase_denied,
)  # fmt: skip
EVIDENCE_CHANGES: tuple[Corrupt, ...] = (value_scale, value_neighbour, value_cut, phrase_cut)
TEXT_CHANGES: tuple[Corrupt, ...] = tuple(
    map(
        _on_figure,
        (
            text_digit, text_digit_before, text_decimal_after, text_scale_after, text_spelled,
            text_currency, text_percent, text_bound, text_bound_added, text_denied,
        ),
    )
)  # fmt: skip
TYPED_CHANGES: Changes = {"counts": (*RECORD_CHANGES, *EVIDENCE_CHANGES, *TEXT_CHANGES)}
