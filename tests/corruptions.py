"""Good records and their texts, made wrong: each change turns a true record into a false one.

Records are plain JSON. Nothing of the library is imported, so that what it believes about numbers
cannot leak into what it is tested with. A change of the text is re-anchored: the spans point at
the changed words, and only what the record says of them is stale. The stricter check is the one
tested then: it is not enough to find that some span is no longer verbatim.
"""

from __future__ import annotations

import copy
import re
import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

Json = dict[str, Any]
Pair = tuple[Json, str]
Corrupt = Callable[[Random, Json, str], Pair | None]
Changes = Mapping[str, tuple[Corrupt, ...]]

BOUNDS = ("exact", "about", "at_least", "more_than", "at_most", "less_than", "almost")
CURRENCIES = ("USD", "GBP", "EUR", "RUB", "CHF", "JPY")
PERIODS = ("hour", "day", "week", "month", "quarter", "year")
SPELLED = {
    "two": "three", "three": "two", "four": "five", "five": "four", "six": "nine", "seven": "eight",
    "eight": "seven", "nine": "six", "ten": "eleven", "eleven": "twelve", "twelve": "eleven",
    "twenty": "thirty", "thirty": "forty", "forty": "fifty", "fifty": "sixty", "dozen": "hundred",
    "hundred": "thousand", "thousand": "million", "million": "thousand", "billion": "million",
    "hundreds": "thousands", "thousands": "hundreds", "dozens": "hundreds", "tens": "hundreds",
}  # fmt: skip
MARKS = {"$": "£", "£": "$", "€": "$", "₹": "€"}
DENIALS = re.compile(r"\b(?:not|never|without) |n['’]t\b", re.IGNORECASE)


@dataclass(frozen=True)
class Corruption:
    """One false record, or one changed text, and what was done."""

    kind: str
    record: Json
    text: str


def corruptions(
    good: Iterable[tuple[str, Json, str]], seed: int, changes: Changes | None = None
) -> Iterator[Corruption]:
    """Every change that applies to each good (type, record, text); the same for the same seed."""
    random = Random(seed)
    for type_, record, text in good:
        for change in (changes or CHANGES)[type_]:
            result = change(random, copy.deepcopy(record), text)
            if result is not None and result != (record, text):
                yield Corruption(change.__name__, *result)


def other_digit(random: Random, words: str) -> str | None:
    """`words` with one digit changed, the value with it."""
    places = [m.start() for m in re.finditer(r"\d", words)]
    if not places:
        return None
    at = random.choice(places)
    return words[:at] + random.choice([d for d in "123456789" if d != words[at]]) + words[at + 1 :]


def other_letter(random: Random, words: str) -> str:
    """`words` with one letter changed."""
    at = random.choice([m.start() for m in re.finditer(r"[^\W\d_]", words)])
    letters = string.ascii_lowercase if words[at].islower() else string.ascii_uppercase
    return words[:at] + random.choice([c for c in letters if c != words[at]]) + words[at + 1 :]


def edited(record: Json, text: str, start: int, end: int, new: str) -> Pair:
    """`new` in place of `text[start:end]`, and the record's spans on the same words as before."""
    changed = text[:start] + new + text[end:]
    anchored = _anchored(record, changed, (start, end), len(new) - (end - start))
    unit_text = anchored["evidence"].get("unit_text")
    if "unit_text" in anchored:
        anchored["unit_text"] = unit_text["text"] if unit_text else None
    return anchored, changed


def _anchored(value: Any, text: str, place: tuple[int, int], growth: int) -> Any:
    if isinstance(value, list):
        return [_anchored(item, text, place, growth) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"start", "end", "text"}:
        return _moved(value, text, place, growth)
    moved = {name: _anchored(item, text, place, growth) for name, item in value.items()}
    for words, span in (("as_written", "span"), ("resolved", "resolved_span"), ("cue", "cue_span")):
        if words in moved and moved.get(span):
            moved[words] = moved[span]["text"]
    return moved


def _moved(span: Json, text: str, place: tuple[int, int], growth: int) -> Json | None:
    start, end = span["start"], span["end"]
    if start >= place[1] and (start, end) != place:
        start, end = start + growth, end + growth
    elif end > place[0]:
        end = max(start, end + growth)
    return {"start": start, "end": end, "text": text[start:end]} if end > start else None


def _mention(random: Random, record: Json) -> Json:
    mention: Json = random.choice(record["mentions"])
    return mention


def value_digit(random: Random, record: Json, text: str) -> Pair | None:
    field = random.choice(("value", "upper")) if record["upper"] else "value"
    digits = other_digit(random, record[field] or "")
    return (record | {field: digits}, text) if digits else None


def value_scale(random: Random, record: Json, text: str) -> Pair | None:
    """Ten or a thousand times too much, or a thousand times too little."""
    if not record["value"]:
        return None
    factor = Decimal(random.choice(("10", "1000", "0.001")))
    ends = ("value", "upper")
    return record | {n: record[n] and f"{Decimal(record[n]) * factor:f}" for n in ends}, text


def magnitude_moved(random: Random, record: Json, text: str) -> Pair | None:
    magnitude = record["magnitude"]
    return (record | {"magnitude": magnitude + random.choice((1, 3))}, text) if magnitude else None


def span_and_value_digit(random: Random, record: Json, text: str) -> Pair | None:
    """The record agrees with itself, not with the text."""
    number = _mention(random, record)["number"]
    digits = other_digit(random, number["text"])
    if digits is None or not re.fullmatch(r"[\d,]+", digits):
        return None
    number["text"] = digits
    return record | {"value": digits.replace(",", "")}, text


def number_cut(_: Random, record: Json, text: str) -> Pair | None:
    """ "8,000" of "18,000", consistently: span, value and a mention of its own."""
    number = record["mentions"][0]["number"]
    cut = number["text"][1:].lstrip(",")
    if not re.fullmatch(r"[\d,]*\d", cut) or not number["text"][0].isdigit():
        return None
    start = number["end"] - len(cut)
    span = {"start": start, "end": number["end"], "text": cut}
    mention = record["mentions"][0] | {"number": span}
    return record | {"value": cut.replace(",", ""), "mentions": [mention]}, text


def number_moved(random: Random, record: Json, text: str) -> Pair | None:
    """The span of another number nearby."""
    mention = _mention(random, record)
    at, words = mention["number"]["start"], mention["number"]["text"]
    others = [m for m in re.finditer(r"\d[\d,]*(?<!,)", text) if m.group() not in words]
    others = [m for m in others if m.group().replace(",", "") not in (record["value"] or "")]
    if not others:
        return None
    nearest = min(others, key=lambda m: abs(m.start() - at))
    span = {"start": nearest.start(), "end": nearest.end(), "text": nearest.group()}
    mention["number"] = mention["span"] = span
    return record, text


def bound_label(random: Random, record: Json, text: str) -> Pair | None:
    there = {record["bound"], *(mention["bound"] for mention in record["mentions"])}
    return record | {"bound": random.choice([b for b in BOUNDS if b not in there])}, text


def all_bound_labels(random: Random, record: Json, text: str) -> Pair | None:
    new = random.choice([b for b in BOUNDS if b != record["mentions"][0]["bound"]])
    for mention in record["mentions"]:
        mention["bound"] = new
    return record | {"bound": new}, text


def bound_dropped(_: Random, record: Json, text: str) -> Pair | None:
    """ "At least" is forgotten everywhere."""
    if not any(mention["bound_text"] for mention in record["mentions"]):
        return None
    for mention in record["mentions"]:
        mention |= {"bound": "exact", "bound_text": None}
    return record | {"bound": "exact"}, text


def bound_words_dropped(random: Random, record: Json, text: str) -> Pair | None:
    bounded = [mention for mention in record["mentions"] if mention["bound_text"]]
    if not bounded:
        return None
    random.choice(bounded)["bound_text"] = None
    return record, text


def currency_label(random: Random, record: Json, text: str) -> Pair | None:
    if not re.fullmatch("[A-Z]{3}", record["unit"] or ""):
        return None
    return record | {"unit": random.choice([c for c in CURRENCIES if c != record["unit"]])}, text


def unit_label(random: Random, record: Json, text: str) -> Pair | None:
    """Money and percent become people, people and things become percent or money."""
    measured = record["unit"] == "percent" or (record["unit"] or "").isupper()
    new = "people" if measured else random.choice(("percent", *CURRENCIES))
    return record | {"unit": new}, text


def per_label(random: Random, record: Json, text: str) -> Pair | None:
    if record["per"] is None:
        return None
    dropped = [None] if "per" in record["evidence"] else []
    others = [period for period in PERIODS if period != record["per"]]
    return record | {"per": random.choice([*others, *dropped])}, text


def negation_dropped(_: Random, record: Json, text: str) -> Pair | None:
    return (record | {"negated": False}, text) if record["negated"] else None


def text_digit(random: Random, record: Json, text: str) -> Pair | None:
    number = _mention(random, record)["number"]
    digits = other_digit(random, number["text"])
    return edited(record, text, number["start"], number["end"], digits) if digits else None


def text_digit_unanchored(random: Random, record: Json, text: str) -> Pair | None:
    number = _mention(random, record)["number"]
    digits = other_digit(random, number["text"])
    return (record, text[: number["start"]] + digits + text[number["end"] :]) if digits else None


def text_digit_before(random: Random, record: Json, text: str) -> Pair | None:
    """ "18,000" becomes a part of "118,000"."""
    number = _mention(random, record)["number"]
    before = number["text"][0].isdigit()
    return edited(record, text, number["start"], number["start"], "1") if before else None


def text_decimal_after(random: Random, record: Json, text: str) -> Pair | None:
    """ "18" becomes a part of "18.5"."""
    number = _mention(random, record)["number"]
    last = number["text"][-1].isdigit() and "." not in number["text"]
    return edited(record, text, number["end"], number["end"], ".5") if last else None


def text_scale_after(random: Random, record: Json, text: str) -> Pair | None:
    """ "18,000" becomes a part of "18,000 million"."""
    number = _mention(random, record)["number"]
    last = number["text"][-1].isdigit() and text[number["end"] : number["end"] + 1] in " .,"
    return edited(record, text, number["end"], number["end"], " million") if last else None


def text_spelled(random: Random, record: Json, text: str) -> Pair | None:
    """ "Twelve" becomes "eleven", "thousand" becomes "million"."""
    number = _mention(random, record)["number"]
    words = [m for m in re.finditer(r"[a-z]+", number["text"].lower()) if m.group() in SPELLED]
    if not words:
        return None
    word = random.choice(words)
    start, end = number["start"] + word.start(), number["start"] + word.end()
    return edited(record, text, start, end, SPELLED[word.group()])


def text_currency(random: Random, record: Json, text: str) -> Pair | None:
    at = _mention(random, record)["number"]["start"] - 1
    mark = MARKS.get(text[at])
    return edited(record, text, at, at + 1, mark) if mark else None


def text_percent(random: Random, record: Json, text: str) -> Pair | None:
    end = _mention(random, record)["number"]["end"]
    match = re.compile(r"\s?(?:%|per ?cent)").match(text, end)
    return edited(record, text, *match.span(), " people") if match else None


def text_bound(random: Random, record: Json, text: str) -> Pair | None:
    """ "At least" becomes "at most", or is taken away."""
    bounded = [mention["bound_text"] for mention in record["mentions"] if mention["bound_text"]]
    if not bounded:
        return None
    words = random.choice(bounded)
    new = "at most" if record["bound"] in ("at_least", "more_than", "about") else "at least"
    return edited(record, text, words["start"], words["end"], random.choice((new, "")))


def text_bound_added(random: Random, record: Json, text: str) -> Pair | None:
    """ "300" becomes "nearly 300"."""
    mention = _mention(random, record)
    if mention["bound_text"] or not text[: mention["number"]["start"]].endswith((" ", "\n")):
        return None
    at = mention["number"]["start"]
    return edited(record, text, at, at, random.choice(("nearly ", "at least ", "up to ")))


def text_denied(random: Random, record: Json, text: str) -> Pair | None:
    """ "300" becomes "not 300"."""
    at = _mention(random, record)["span"]["start"]
    return None if record["negated"] else edited(record, text, at, at, "not ")


def text_undenied(random: Random, record: Json, text: str) -> Pair | None:
    """Every denial of the line is taken away."""
    if not record["negated"]:
        return None
    at = _mention(random, record)["number"]["start"]
    line = text.rfind("\n", 0, at) + 1
    for match in reversed(list(DENIALS.finditer(text, line, at))):
        record, text = edited(record, text, *match.span(), "")
    return record, text


def text_period(random: Random, record: Json, text: str) -> Pair | None:
    span = record["evidence"].get("per")
    match = re.search("|".join(PERIODS), span["text"]) if span else None
    if span is None or match is None:
        return None
    new = random.choice([p for p in PERIODS if p != match.group()])
    return edited(record, text, span["start"] + match.start(), span["start"] + match.end(), new)


def other_words(random: Random, words: str) -> Iterator[str]:
    """A quotation with a digit, a negation or a word changed: whichever of them it has."""
    if digits := other_digit(random, words):
        yield digits
    yield DENIALS.sub("", words, count=1) if DENIALS.search(words) else _with_not(random, words)
    parts = words.split(" ")
    at = random.randrange(len(parts))
    yield " ".join([*parts[:at], "altogether", *parts[at + 1 :]])


def _with_not(random: Random, words: str) -> str:
    parts = words.split(" ")
    at = random.randrange(len(parts))
    return " ".join([*parts[:at], "not", *parts[at:]])


def quoted_words(random: Random, record: Json, text: str) -> Pair | None:
    return record | {"text": random.choice(list(other_words(random, record["text"])))}, text


def quoted_words_and_span(random: Random, record: Json, text: str) -> Pair | None:
    words = random.choice(list(other_words(random, record["text"])))
    span = {"start": record["evidence"]["text"]["start"], "text": words}
    record["evidence"]["text"] = span | {"end": span["start"] + len(words)}
    return record | {"text": words}, text


def quotation_cut(_: Random, record: Json, text: str) -> Pair | None:
    """The first word, which may deny all that follows, is left out consistently."""
    span = record["evidence"]["text"]
    _head, blank, rest = span["text"].partition(" ")
    if not blank or not rest.strip() or not (rest[0].isalnum() and rest.strip() == rest):
        return None
    record["evidence"]["text"] = span | {"start": span["end"] - len(rest), "text": rest}
    return record | {"text": rest}, text


def quoted_text(random: Random, record: Json, text: str) -> Pair | None:
    span = record["evidence"]["text"]
    words = random.choice(list(other_words(random, span["text"])))
    return edited(record, text, span["start"], span["end"], words)


def form_letter(random: Random, record: Json, text: str) -> Pair | None:
    """The name, or one of its other forms."""
    forms = [record["name"], *record["aliases"]]
    at = random.randrange(len(forms))
    forms[at] = other_letter(random, forms[at])
    return record | {"name": forms[0], "aliases": forms[1:]}, text


def mention_letter(random: Random, record: Json, text: str) -> Pair | None:
    mention = _mention(random, record)
    mention["text"] = other_letter(random, mention["text"])
    return record, text


def name_text_letter(random: Random, record: Json, text: str) -> Pair | None:
    mention = _mention(random, record)
    words = other_letter(random, mention["text"])
    return edited(record, text, mention["start"], mention["end"], words)


CHANGES: Changes = {
    "figures": (
        value_digit, value_scale, magnitude_moved, span_and_value_digit, number_cut, number_moved,
        bound_label, all_bound_labels, bound_dropped, bound_words_dropped, currency_label,
        unit_label, per_label, negation_dropped, text_digit, text_digit_unanchored,
        text_digit_before, text_decimal_after, text_scale_after, text_spelled, text_currency,
        text_percent, text_bound, text_bound_added, text_denied, text_undenied, text_period,
    ),
    "quotations": (quoted_words, quoted_words_and_span, quotation_cut, quoted_text),
    "entities": (form_letter, mention_letter, name_text_letter),
}  # fmt: skip
