"""Singular and plural of English nouns, by the `inflect` library."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import inflect


@cache
def _engine() -> inflect.engine:
    import inflect

    return inflect.engine()


@lru_cache(maxsize=1024)
def plural_of(noun: str) -> str:
    """The plural of a noun; a plural, and a word that is none, stays as it is."""
    if not noun.replace(" ", "").isalpha() or singular_of(noun) != noun:
        return noun
    return str(_engine().plural_noun(noun))


@lru_cache(maxsize=1024)
def singular_of(noun: str) -> str:
    """The singular of a plural noun, else the noun itself."""
    return str(_engine().singular_noun(noun) or noun) if noun.replace(" ", "").isalpha() else noun
