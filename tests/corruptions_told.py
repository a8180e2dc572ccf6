"""What is told (events, methods) and its time and place, made wrong; as `tests.corruptions`."""

from __future__ import annotations

import re
from random import Random

from tests.corruptions import (
    CHANGES,
    Changes,
    Json,
    Pair,
    edited,
    other_digit,
    other_letter,
    other_words,
)


def summary_words(random: Random, record: Json, text: str) -> Pair | None:
    return record | {"summary": random.choice(list(other_words(random, record["summary"])))}, text


def summary_cut(_: Random, record: Json, text: str) -> Pair | None:
    """The last words, which may be the condition, are left out."""
    words = record["summary"].removesuffix(".").split(" ")
    return (record | {"summary": " ".join(words[:-2]) + "."}, text) if len(words) > 4 else None


def clause_text(random: Random, record: Json, text: str) -> Pair | None:
    """The summary still says what the clause said."""
    span = record["span"]
    words = random.choice(list(other_words(random, span["text"])))
    return edited(record, text, span["start"], span["end"], words)


def date_digit(random: Random, record: Json, text: str) -> Pair | None:
    """A date written in figures, with a year, is normalised to another one."""
    period = record["period"]
    if not period or not period["edtf"] or not re.search(r"\d{4}", period["as_written"]):
        return None
    return record | {"period": period | {"edtf": other_digit(random, period["edtf"])}}, text


def date_text(random: Random, record: Json, text: str) -> Pair | None:
    period = record["period"]
    year = re.search(r"\d{4}", period["as_written"]) if period and period["edtf"] else None
    if year is None:
        return None
    at = period["span"]["start"] + year.start()
    return edited(record, text, at, at + 4, str(int(year.group()) + random.choice((-1, 1, 10))))


def place_code(random: Random, record: Json, text: str) -> Pair | None:
    place = record["place"]
    if not place or not place["code"]:
        return None
    others = [code for code in ("BR", "NZ", "IS", "LA", "MW") if code != place["code"]]
    return record | {"place": place | {"code": random.choice(others)}}, text


def participant_letter(random: Random, record: Json, text: str) -> Pair | None:
    return _letter(random, record["participants"], record, text)


def target_letter(random: Random, record: Json, text: str) -> Pair | None:
    """Of those who are recruited, or of the channel."""
    named = [record[name] for name in ("target", "channel") if record[name]]
    return _letter(random, named, record, text)


def _letter(random: Random, references: list[Json], record: Json, text: str) -> Pair | None:
    named = [one for one in references if re.search(r"[^\W\d_]", one["as_written"])]
    if not named:
        return None
    reference = random.choice(named)
    reference["as_written"] = other_letter(random, reference["as_written"])
    return record, text


def span_text(random: Random, record: Json, text: str) -> Pair | None:
    record["span"]["text"] = random.choice(list(other_words(random, record["span"]["text"])))
    return record, text


WHEN_AND_WHERE = (date_digit, date_text, place_code)
ALL_CHANGES: Changes = {
    **CHANGES,
    "figures": (*CHANGES["figures"], *WHEN_AND_WHERE),
    "events": (
        summary_words,
        summary_cut,
        clause_text,
        participant_letter,
        span_text,
        *WHEN_AND_WHERE,
    ),
    "methods": (target_letter, span_text),
}
