"""Users' own record types: how their fields are tied to a text, and the proof that they are."""

from extractor.typed.extraction import TypedExtraction
from extractor.typed.grounding import Grounded, ground, verify_grounded
from extractor.typed.markers import (
    BoundOf,
    CurrencyOf,
    Label,
    Marker,
    Normalised,
    Number,
    Verbatim,
    markers_of,
)

__all__ = [
    "BoundOf",
    "CurrencyOf",
    "Grounded",
    "Label",
    "Marker",
    "Normalised",
    "Number",
    "TypedExtraction",
    "Verbatim",
    "ground",
    "markers_of",
    "verify_grounded",
]
