"""The same for all contestants: invented documents, what to extract, and the stub's answers.

A document is one paragraph short enough to be one request for each of them. It holds two shipments,
and the number of crates tells which document it is. Standard library only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

INSTRUCTIONS = "A record is a shipment of crates that an article reports."
RECORDS_EACH = 2
FIRST_COUNT = 1_000
CARRIERS = ("Hollin Freight", "Brandt Lines", "Corran Haulage", "Voss Shipping")
PLACES = ("Aldermere", "Port Ennis", "Kesmar", "Lower Fenwick", "Norhal")
STATES = ("arrived", "lost")
SAID = {"arrived": "reached", "lost": "never reached"}
TEXT = (
    "Clerks at the harbour office opened their books on Monday after a week of rumours. "
    "{carrier} said that its {count} crates {said} {place} before the storm closed the road. "
    "The drivers slept in their cabins and waited for somebody to sign the papers. "
    "Of the other convoy, {other_carrier} wrote that {other_count} crates {other_said} "
    "{other_place} at all, and it blamed the weather. "
    "“Nobody told us what came next,” a foreman said, and went back to work. "
    "The office wants to print a full list as soon as the bridge is open again."
)
SENTENCES = (2, 4)  # of the two shipments, counted from 1
# Of an example, which the model of one contestant must be shown.
EXAMPLE = "Grey Heron Ltd said that its 640 crates reached Pebble Bay on time."
EXAMPLE_RECORD: Mapping[str, Any] = {
    "carrier": "Grey Heron Ltd",
    "crates": 640,
    "place": "Pebble Bay",
    "state": "arrived",
}
_COUNT = re.compile(rb"\b\d{1,3}(?:,\d{3})+\b")  # the example's has no comma


def text(number: int) -> str:
    """Document `number`, from 0; no two are alike."""
    one, other = records(number)
    values = {**_words(one), **{f"other_{name}": word for name, word in _words(other).items()}}
    return TEXT.format(**values)


def texts(numbers: Iterable[int]) -> list[str]:
    """Several documents."""
    return [text(number) for number in numbers]


def records(number: int) -> list[dict[str, Any]]:
    """The shipments of document `number`."""
    return [
        {
            "carrier": CARRIERS[(number + place) % len(CARRIERS)],
            "crates": FIRST_COUNT + RECORDS_EACH * number + place,
            "place": PLACES[(number + place) % len(PLACES)],
            "state": STATES[place],
        }
        for place in range(RECORDS_EACH)
    ]


def number_in(request: bytes) -> int | None:
    """The number of the document in a request; None where there is none."""
    found = _COUNT.findall(request)
    return (int(found[-1].replace(b",", b"")) - FIRST_COUNT) // RECORDS_EACH if found else None


def _words(record: Mapping[str, Any]) -> dict[str, str]:
    return {
        "carrier": record["carrier"],
        "count": f"{record['crates']:,}",
        "said": SAID[record["state"]],
        "place": record["place"],
    }


def _plain(found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return {"records": found}


def _chosen(found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """As this library asks for it: numbers are chosen by their marks, sentences by their number."""
    placed = enumerate(zip(SENTENCES, found, strict=True), 1)
    return {"records": [{"sentence": s, **one, "crates": f"n{mark}"} for mark, (s, one) in placed]}


def _extractions(found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """As LangExtract asks for it: words of the text with attributes."""
    return {
        "extractions": [
            {"shipment": f"{one['crates']:,} crates", "shipment_attributes": dict(one)}
            for one in found
        ]
    }


_FORMS: Mapping[str, Callable[[Sequence[Mapping[str, Any]]], Mapping[str, Any]]] = {
    "plain": _plain,
    "chosen": _chosen,
    "extractions": _extractions,
}


def content(form: str, number: int) -> str:
    """What the model says about document `number`: both shipments, in a contestant's form."""
    return json.dumps(_FORMS[form](records(number)))
