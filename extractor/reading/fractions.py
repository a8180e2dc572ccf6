"""Parts of a whole, as they are written: "two-thirds", "half of", "1/16 of", "one in nine"."""

from __future__ import annotations

import re
from decimal import Decimal

from extractor.reading.numerals import Numeral

_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6,
    "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_WHOLES = {**_COUNTS, "twenty": 20, "hundred": 100}
_COUNT, _WHOLE = "|".join(_COUNTS), "|".join(_WHOLES)
_NAMED = "third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
# "The first half" and "in a quarter" are times; a part is of something, or of more parts than one.
_FRACTION = re.compile(
    rf"\b(?:(?P<many>two|three|four|five|six|seven|eight|nine)[ -](?P<parts>(?:{_NAMED})s|halves)"
    rf"|(?P<a>an?|one)[ -](?P<part>{_NAMED}|half)(?=\s+of\b)|(?:one)[ -](?P<lone>{_NAMED})"
    r"|(?<!first )(?<!second )(?<!other )(?<!latter )(?<!and a )(?P<half>half)"
    r"(?:(?=\s+(?:of|the|its|his|her|their|our)\b)|(?<=\b(?:than|most|arly) half)(?!\s+an?\b))"
    rf"|(?P<share>{_COUNT}|\d+)\s+(?:in|out of)\s+(?:every\s+)?(?P<whole>{_WHOLE}|\d+)(?![\w.,]\d)"
    r"|(?P<up>\d{1,2})[/\u2044](?P<down>\d{1,4})(?=\s+of\b))(?![\w/-])",
    re.IGNORECASE,
)
_MAX_WHOLE = 1000


def find_fractions(text: str) -> list[Numeral]:
    """All fractions of one sentence in order; their values are between 0 and 1."""
    found = []
    for match in _FRACTION.finditer(text):
        up, down = _terms(match)
        if 0 < up < down <= _MAX_WHOLE:
            found.append(Numeral(*match.span(), value=Decimal(up) / down))
    return found


def _terms(match: re.Match[str]) -> tuple[int, int]:
    """Numerator and denominator."""
    if match["up"]:
        return int(match["up"]), int(match["down"])
    if match["share"]:
        return _number(match["share"], _COUNTS), _number(match["whole"], _WHOLES)
    part = match["parts"] or match["part"] or match["lone"] or match["half"]
    plural = part.lower() if part.lower() in _PARTS else part.lower().removesuffix("s")
    return (_COUNTS[match["many"].lower()] if match["many"] else 1), _PARTS[plural]


def _number(word: str, known: dict[str, int]) -> int:
    return int(word) if word.isdecimal() else known[word.lower()]
