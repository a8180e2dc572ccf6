"""What this project's reading and quantulum3 answer to NewsQuant's sentences."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence

from extractor.documents import Block, Document
from extractor.errors import UsageError
from extractor.evaluation.benchmarks.newsquant import Quantity, Value
from extractor.evaluation.benchmarks.newsquant_amounts import Amount, find_amounts
from extractor.reading.parse import ParsedSentence, parse
from extractor.reading.units import name_of_unit

# What its annotators leave out: terms ("a five-year plan"), ages in apposition ("Ann Lee, 31,"),
# a "one" that repeats a noun ("this one"), a few hundred, and the goals of a match.
_TERM = re.compile(r"-(?!.{0,9}old)")
_APPOSED = re.compile(r",(?!\d)")
_REPEATS = re.compile(
    r"\b(?:each|every|same|this|that|no|any|the|another|which|last|next)\s+$", re.I
)
_HEADS = re.compile(r"\s+(?:of|that|who|which)\b")
_VAGUE = re.compile(r"(?:several|a few|many|a couple)\b", re.IGNORECASE)
_TIMES = re.compile(r"\s+times\b")
_PENCE = re.compile(r"\s?p\b")
_DOZENS = re.compile(r"dozens?$", re.IGNORECASE)


def our_quantities(text: str) -> tuple[Quantity, ...]:
    """The amounts of one sentence in NewsQuant's terms."""
    document = Document("newsquant", text, (Block(0, len(text), False),))
    return quantities_in(parse(document))


def quantities_in(sentences: Sequence[ParsedSentence]) -> tuple[Quantity, ...]:
    """As `our_quantities`, of sentences that are parsed already."""
    return tuple(
        Quantity(value, _unit(parsed.text, amount))
        for parsed in sentences
        for amount in find_amounts(parsed)
        if _is_annotated(parsed.text, amount) and (value := _value(parsed.text, amount)) is not None
    )


def quantulum_quantities(text: str) -> tuple[Quantity, ...]:
    """quantulum3's quantities of one sentence.

    Raises:
        UsageError: quantulum3 is not installed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that its optional classifier is absent
        try:
            from quantulum3 import parser
        except ImportError:
            raise UsageError("quantulum3 is not installed - pip install quantulum3") from None
        found = parser.parse(text)
    return tuple(Quantity(float(one.value), one.unit.name) for one in found)


def _unit(text: str, amount: Amount) -> str:
    """A part of a whole is "% of" it there, "p" is a point, and a multiple is a count."""
    if amount.kind == "fraction" and not (amount.unit and name_of_unit(amount.unit)):
        return f"% {amount.unit or '-'}"
    if _TIMES.match(text, amount.end):
        return "count"
    return "point" if _PENCE.match(text, amount.end) else amount.unit or "-"


def _is_annotated(text: str, amount: Amount) -> bool:
    if amount.kind in ("proportion", "score") or (amount.kind == "compound" and amount.value == 1):
        return False
    if amount.kind == "pronoun":
        return bool(_HEADS.match(text, amount.end)) and not _REPEATS.search(text[: amount.start])
    if amount.kind == "age":
        return not (_APPOSED.match(text, amount.end) and text[: amount.start].endswith(", "))
    return amount.kind != "duration" or not _TERM.match(text, amount.end)


def _value(text: str, amount: Amount) -> Value:
    if amount.value is None:
        return _vague(text[amount.start : amount.end], amount.magnitude or 0)
    low = float(amount.value)
    return low if amount.upper is None else (low, float(amount.upper))


def _vague(words: str, magnitude: int) -> Value:
    """ "Hundreds" are 100 to 1000 there, "dozens" 12 to 120."""
    if _VAGUE.match(words):
        return None
    unit = 12.0 if _DOZENS.match(words) else 10.0**magnitude
    return unit, 10 * unit
