"""Numbers written in words, and vague amounts that tell a power of ten. English.

Words of one number are read by `text2num` (text_to_num); fractions, articles, the scales of South
Asian English and vague amounts here. A scale word that nothing multiplies ("million men" behind
something unread) is void.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from extractor.reading.numeral import Numeral, Void
from extractor.reading.scales import BLANKS, SCALE, SCALES, power, scaled, whole
from extractor.reading.spelled import spelled_value

_SEVERAL = (
    r"(?:a\s+(?:good\s+)?few|(?:the\s+)?(?:first|last|next|past)\s+few|few|several|some|many"
    r"|countless|untold"
    r"|(?:a\s+)?couple(?:\s+of)?|multiple|low|mid|high)"
)
_ENDS = r"killed|dead|injured|wounded|hurt|missing|feared|arrested|detained|trapped|displaced"
_MANY = (
    r"(?:dozens|hundreds|thousands|lakhs|crores|millions|billions|trillions|tens(?=\s+of\b)"
    rf"|scores(?=\s+(?:of|more|(?:(?:were|are|was|have\s+been|had\s+been)\s+)?(?:{_ENDS}))\b)"
    r"|(?<=killed )scores|(?<=wounded )scores|(?<=injured )scores)"
)
VAGUE = re.compile(
    rf"\b(?:(?:{_SEVERAL})\s+)?(?P<head>{_MANY})"
    rf"(?P<chain>(?:\s+of\s+(?:hundreds|thousands|lakhs|crores|millions|billions|trillions))*)"
    r"(?:\s+(?:and|upon|or even|or)\s+(?P=head))?(?![A-Za-z])"
    rf"|\b(?:{_SEVERAL})(?:\s+|-)(?P<scales>{SCALES}(?:(?:\s+of)?[\s-]+{SCALES})*)(?![A-Za-z])"
    rf"|\ban?\s+(?P<or>{SCALE})\s+or\s+two(?![A-Za-z])",
    re.IGNORECASE,
)
_PARTS = {
    "half": Decimal("0.5"), "halves": Decimal("0.5"), "quarter": Decimal("0.25"),
    "fifth": Decimal("0.2"), "tenth": Decimal("0.1"), "eighth": Decimal("0.125"),
}  # fmt: skip
_PART = r"half|halves|quarters?|fifths?|tenths?|eighths?"
_UNREAD_PART = r"thirds?|sixths?|sevenths?|ninths?"
_COUNTS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "seven": 7,
    "nine": 9,
}
_COUNT = "|".join(sorted(_COUNTS, key=len, reverse=True))
# Two and a half (million); three quarters of a million; half a million; a half-million.
_MIXED = re.compile(
    rf"\b(?P<whole>[\w.,]{{1,20}}(?:[ -][a-z]{{1,12}})?)[\s-]+and[\s-]+(?P<count>{_COUNT})[\s-]+"
    rf"(?P<part>{_PART}|{_UNREAD_PART})"
    rf"(?:[\s-]+(?P<scale>{SCALE}))?(?![A-Za-z])(?!\s+of\b)",
    re.IGNORECASE,
)
_PART_OF = re.compile(
    rf"\b(?:(?P<count>{_COUNT})[\s-]+)?(?P<part>{_PART}|{_UNREAD_PART})"
    rf"(?:[\s-]+of)?(?:[\s-]+an?)?[\s-]+(?P<scale>{SCALE})(?![A-Za-z])",
    re.IGNORECASE,
)
_AND_HALF = re.compile(
    rf"\b(?P<count>an?|one|\w{{1,12}})[\s-](?P<scale>{SCALE})[\s-]and[\s-](?:a"
    rf"|one)[\s-](?P<part>half|quarter)(?![A-Za-z])",
    re.IGNORECASE,
)
_SINGLE = re.compile(r"\ba single\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\ban?\s+$", re.IGNORECASE)
# Before a scale word that is a number by itself: "the hundred men", "another million".
_DETERMINER = re.compile(
    r"\b(?:the|this|that|these|those|another|every|each|per|first|last|next|his|her|its|their"
    r"|our|my|your"
    r"|one\s+in|out\s+of)(?:\s+(?:first|last|next|other))?\s+$",
    re.IGNORECASE,
)
_SCALE_WORD = re.compile(rf"{SCALES}(?![A-Za-z])", re.IGNORECASE)
_MORE_SCALES = re.compile(rf"[{BLANKS}-](lakh|lac|crore|dozen)s?(?![A-Za-z])", re.IGNORECASE)
# "One point five million": text2num ends at the decimals.
_ALL_SCALES = re.compile(rf"[{BLANKS}-]({SCALE})s?(?![A-Za-z])", re.IGNORECASE)
_DOZEN = re.compile(
    r"\b(?P<article>an?)\s+(?P<scales>(?:dozen|lakh|lac|crore)(?:[\s-]crore)?)(?![A-Za-z])",
    re.IGNORECASE,
)
_FRACTION_TAIL = re.compile(
    rf"[- ](?:{_PART}|{_UNREAD_PART})\b(?!\s*(?:-|year|of\s+an?\s+{SCALE}))", re.IGNORECASE
)
# Letters or digits, but no superscripts and fractions, which Python counts among them.
_TOKEN = re.compile(
    r"\d+|(?:(?![\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209f\u2150-\u218f])[^\W\d_])+"
)
_DEGREES = re.compile(r"\b(?:below|above) $", re.IGNORECASE)  # "ten below zero"
_PLURALS = {"ones", "twos", "zeros", "o", "oh"}  # text2num reads them; they count nothing


@dataclass(frozen=True)
class _Word:
    """A word with its offsets, in the form that text2num reads."""

    word: str
    start: int
    end: int
    apart: bool

    def text(self) -> str:
        return self.word.lower()

    def nt_separated(self, previous: _Word) -> bool:  # noqa: ARG002 - text2num's protocol
        return self.apart

    def not_a_number_part(self) -> bool:
        return False


def vague_amounts(text: str) -> Iterator[Numeral]:
    """ "Tens of thousands", "several hundred thousand", "a couple hundred", "a thousand or two"."""
    for match in VAGUE.finditer(text):
        words = match["scales"] or match["or"] or f"{match['head']} {match['chain']}"
        powers = [power(word) for word in re.findall(r"\b(?!of\b)[a-z]+", words.lower())]
        yield Numeral(*match.span(), magnitude=sum(powers))


def fractions_read(text: str) -> Iterator[Numeral | Void]:
    """ "Two and a half million", "three quarters of a million", "a million and a half"."""
    for match in _AND_HALF.finditer(text):
        count = word_value(re.sub("(?i)^an$", "a", match["count"]))
        if count:
            value = scaled(count + _PARTS[match["part"].lower()], match["scale"])
            yield Numeral(*match.span(), value=value)
    for match in _MIXED.finditer(text):
        yield from _mixed(match)
    for match in _PART_OF.finditer(text):
        yield from _part_of(match)


def _mixed(match: re.Match[str]) -> Iterator[Numeral | Void]:
    words = match["whole"].split()
    # The words before may be none of the number: "Friday two and a half".
    candidates = (match["whole"], re.split(r"[ -]", match["whole"])[-1]) if words else ()
    for words_of_whole in candidates:
        if value := word_value(words_of_whole):
            start = match.end("whole") - len(words_of_whole)
            yield from _with_part(match, start, value)
            return


def _with_part(match: re.Match[str], start: int, value: Decimal) -> Iterator[Numeral | Void]:
    part = _part_value(match)
    if part is None:
        yield Void(start, match.end(), "a fraction that has no end in decimals")
        return
    total = value + part
    yield Numeral(
        start, match.end(), value=scaled(total, match["scale"]) if match["scale"] else total
    )


def _part_of(match: re.Match[str]) -> Iterator[Numeral | Void]:
    part = _part_value(match)
    joined = re.search(r"\bof\b|\ba\b|-", match[0][match.end("part") - match.start() :])
    if match["part"].lower() not in ("half", "quarter") and not match["count"]:
        return  # "the fifth million"
    if part is None:
        yield Void(*match.span(), "a fraction that has no end in decimals")
    elif match["part"].lower() == "half" or joined or match["count"] or match["part"].endswith("s"):
        yield Numeral(*match.span(), value=scaled(part, match["scale"]))


def _part_value(match: re.Match[str]) -> Decimal | None:
    part = match["part"].lower()
    size = _PARTS.get(part) or _PARTS.get(part.removesuffix("s"))
    return None if size is None else size * _COUNTS[(match["count"] or "a").lower()]


def words_read(text: str) -> Iterator[Numeral | Void]:
    """Numbers in words: "a hundred and fifty", "two dozen", "twenty-five lakh", "a single"."""
    from text_to_num import find_numbers

    for match in _SINGLE.finditer(text):
        yield Numeral(*match.span(), value=Decimal(1))
    for match in _DOZEN.finditer(text):
        yield Numeral(*match.span(), value=_times(Decimal(1), match["scales"]))
    tokens = _tokens(text)
    for hit in find_numbers(tokens, "en", threshold=0):
        start, end = tokens[hit.start].start, tokens[hit.end - 1].end
        skipped = hit.is_ordinal or text[start:end].lower() in _PLURALS
        degrees = text[start:end].lower() == "zero" and _DEGREES.search(
            text, max(0, start - 6), start
        )
        if skipped or degrees or text[start].isdigit() or _FRACTION_TAIL.match(text, end):
            continue
        value = _decimal(hit.value)
        one = "one " if _SCALE_WORD.match(text, start) else ""
        if spelled_value(one + text[start:end]) != value:
            yield Void(start, end, "words that are not one number")
        else:
            yield _word_number(text, start, end, value)


def _word_number(text: str, start: int, end: int, value: Decimal) -> Numeral | Void:
    if _SCALE_WORD.match(text, start):
        if article := _ARTICLE.search(text, max(0, start - 4), start):
            start = article.start()
        elif not _DETERMINER.search(text, max(0, start - 25), start):
            return Void(start, end, "a scale that nothing read multiplies")
    scales = _ALL_SCALES if value != int(value) else _MORE_SCALES
    while more := scales.match(text, end):
        value, end = scaled(value, more[1]), more.end()
    return Numeral(start, end, value=value)


def _times(value: Decimal, scales: str) -> Decimal:
    for scale in re.findall(r"\w+", scales):
        value = scaled(value, scale)
    return value


def _decimal(number: float) -> Decimal:
    """text2num gives floats; those it reads from words are whole, or have few decimals."""
    return whole(Decimal(str(number))) if number != int(number) else Decimal(int(number))


def word_value(words: str) -> Decimal:
    """The value of a number in words or digits; 0 where it is none."""
    from text_to_num import text2num

    if words.lower() == "a":
        return Decimal(1)
    try:
        return Decimal(text2num(words.lower(), "en"))
    except ValueError:
        return Decimal(words) if re.fullmatch(r"\d{1,15}", words) else Decimal(0)


def _tokens(text: str) -> list[_Word]:
    matches = list(_TOKEN.finditer(text))
    gaps = ["", *(text[a.end() : b.start()] for a, b in pairwise(matches))]
    return [
        _Word(match.group(), *match.span(), apart=gap not in ("-", *BLANKS))
        for match, gap in zip(matches, gaps, strict=False)
    ]
