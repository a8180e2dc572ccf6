"""Closed lists of general English nouns, by what they name; see `lexicon.yaml`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

_PEOPLE = {"people", "men", "women", "children", "witnesses", "spokesmen", "policemen"}


@cache
def nouns(kind: str) -> frozenset[str]:
    """The list of that name, in lower case. Raises KeyError for an unknown name."""
    text = files("extractor.reading").joinpath("lexicon.yaml").read_text(encoding="utf-8")
    return frozenset(yaml.safe_load(text)[kind].split())


def is_human(word: str) -> bool:
    """A noun for a human being, in the singular or the plural."""
    people = nouns("people") | nouns("offices")
    lower = word.casefold()
    return lower in people or lower.removesuffix("s") in people or lower in _PEOPLE


def names_a(kind: str, phrase: str) -> bool:
    """One of the phrase's words is in the list."""
    return bool(set(phrase.casefold().split()) & nouns(kind))
