"""Normal forms that the scorer compares: names, verbatim text, numbers, dates.

What is folded is what two careful annotators write differently without meaning anything by it.
Digits, words and their order are never folded.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_ARTICLES = frozenset({"a", "an", "the"})
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‘’‚‛′`", "'"))
_DASHES = re.compile(r"\s*[‒–—―]\s*|\s+-+\s+")
_HYPHENS = str.maketrans(dict.fromkeys("‐‑−", "-"))
_TRAILING = " .,;:!?…"
_QUALIFIERS = re.compile(r"[~?%]")

DateKey = tuple[str, str, str]


def fold_name(name: str) -> str:
    """NFKC, case folded, articles and punctuation dropped, white space single.

    A name of nothing but articles and punctuation keeps its case-folded self.
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    spaced = re.sub(r"[-‐‑–—/]", " ", plain)
    letters = "".join(c for c in spaced if not unicodedata.category(c).startswith("P"))
    return " ".join(word for word in letters.split() if word not in _ARTICLES) or plain.strip()


def fold_text(text: str) -> str:
    """NFC; quotation marks, dashes and white space unified, punctuation at the end dropped.

    NFC and not NFKC, which would turn a raised 2 into a digit. Case stays.
    """
    plain = unicodedata.normalize("NFC", text).translate(_QUOTES).translate(_HYPHENS)
    return " ".join(_DASHES.sub(" - ", plain).split()).rstrip(_TRAILING) or text.strip()


def number(value: object) -> Decimal | str | None:
    """A number without regard to trailing zeros; what cannot be read stays as its text."""
    if value is None:
        return None
    try:
        return Decimal(str(value)).normalize()
    except InvalidOperation:
        return str(value)


@lru_cache(maxsize=4096)
def date_key(edtf: str) -> DateKey:
    """First day, last day and granularity of an EDTF date (ISO 8601-2), by the `edtf` library.

    `2024` and `2024-01-01/2024-12-31` are the same days at another granularity, so they differ.
    Qualifiers (`~`, `?`, `%`) are not compared. What is no EDTF is compared as its text.
    """
    with warnings.catch_warnings():
        # edtf's grammar warns under current pyparsing when it is first imported.
        warnings.simplefilter("ignore")
        from edtf import EDTFObject, parse_edtf
        from edtf.parser.edtf_exceptions import EDTFParseException
    try:
        parsed = parse_edtf(_QUALIFIERS.sub("", edtf).strip())
    except EDTFParseException:
        return (edtf.strip(), edtf.strip(), "")
    if not isinstance(parsed, EDTFObject):
        return (edtf.strip(), edtf.strip(), "")
    granularity = getattr(parsed, "precision", None) or type(parsed).__name__
    return (_day(parsed.lower_strict()), _day(parsed.upper_strict()), str(granularity))


def _day(moment: object) -> str:
    """A day of the edtf library's `struct_time`; an open end is an infinite float."""
    if isinstance(moment, tuple):
        return "-".join(f"{part:02d}" for part in moment[:3])
    return str(moment)


class Aliases:
    """Which names stand for one thing, from a document's labelled entities.

    A name that two entities share decides nothing and stands for itself alone.

    Args:
        groups: the names of each entity.
    """

    def __init__(self, groups: Iterable[Iterable[str]] = ()) -> None:
        folded = [{fold_name(name) for name in group} for group in groups]
        owners = Counter(name for group in folded for name in group)
        own = [sorted(name for name in group if owners[name] == 1) for group in folded]
        self._leader = {name: group[0] for group in own for name in group}

    def key(self, name: str) -> str:
        """The same string for every name of one thing."""
        folded = fold_name(name)
        return self._leader.get(folded, folded)
