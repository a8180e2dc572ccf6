"""Closed lists of general English nouns, by what they name; see `lexicon.yaml`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml


@cache
def nouns(kind: str) -> frozenset[str]:
    """The list of that name, in lower case. Raises KeyError for an unknown name."""
    text = files("extractor.reading").joinpath("lexicon.yaml").read_text(encoding="utf-8")
    return frozenset(yaml.safe_load(text)[kind].split())


def names_a(kind: str, phrase: str) -> bool:
    """One of the phrase's words is in the list."""
    return bool(set(phrase.casefold().split()) & nouns(kind))
