"""Numbers as they are written: digits, words, scales, ranges and vague magnitudes.

English. Words are read by `text2num` (text_to_num), digits and scale words here. A numeral keeps
its span, so that the number shown is always the number read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise

from extractor.reading.money import is_currency
from extractor.reading.units import glued_symbols

SPACES = "\u00a0\u2009\u202f "
_SCALES = {
    "hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12,
    "k": 3, "m": 6, "mn": 6, "mln": 6, "bn": 9, "tn": 12,
}  # fmt: skip
_MAGNITUDES = {
    "tens": 1, "dozens": 1, "scores": 1, "hundreds": 2, "thousands": 3, "millions": 6,
    "billions": 9, "trillions": 12, "dozen": 1, "hundred": 2, "thousand": 3, "million": 6,
    "billion": 9, "trillion": 12,
}  # fmt: skip
_HUNDRED, _THOUSAND = 100, 1000
_FRACTIONS = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}

_DIGITS = (
    rf"\d{{1,3}}(?:,\d{{2,3}})*,\d{{3}}(?:\.\d+)?|\d{{1,3}}(?:[{SPACES}]\d{{3}})+|\d+(?:\.\d+)?"
    r"|\.\d+"
)
_WORD_SCALE = "hundred|thousand|million|billion|trillion|dozen"
# A word of money or a sign may touch the number, other letters may not ("AK-47", "T72").
_OPENING = (
    r"(?:(?<![\w.,/:#+])(?<![A-Za-z]-)|(?<=(?i:minus)-)|(?<=\d[kmKM]-)|(?<=\d[bmt]n-)|(?<=\b(?:sub|now)-)|(?<=\bto-)|(?<![\w+])\+(?=[\d.]+\s?%)"
    r"|(?<=\$[A-Z])|(?<=\$[A-Z]{2})|(?<=(?<!\w)(?:RM|Rp|DM|PS))|(?<=(?<!\w)[A-Z]{3}))"
)
_VAGUE = re.compile(
    r"\b(?:(?:a few|several|a couple of|many|tens of|hundreds of|dozens of|scores of)\s+)?"
    r"(?P<head>tens|dozens|scores|hundreds|thousands|millions|billions|trillions)\b"
    r"(?:\s+of\s+(?P<tail>thousands|millions|billions|trillions)\b)?"
    r"|\b(?:a few|several|a couple of|many)\s+"
    r"(?P<scale>dozen|hundred|thousand|million|billion|trillion)\b",
    re.IGNORECASE,
)
_SMALL = re.compile(
    r"\b(?:(?:(?P<whole>\w+)\s+and\s+)?(?:a|one)\s+(?P<fraction>half|quarter)"
    r"\s+(?P<of>thousand|million|billion|trillion|dozen)"
    r"|(?P<single>a single)"
    r"|(?P<bare>half)\s+an?\s+(?P<bare_of>dozen|hundred|thousand|million|billion|trillion)"
    r"|(?P<count>a|one|two|three|four|five|six|seven|eight|nine|ten)\s+dozen"
    r"|(?P<million>an?|\w+)\s+(?P<million_of>million|billion|trillion)\s+and\s+a\s+half"
    r"|an?\s+(?P<unit>hundred|thousand|million|billion|trillion))\b",
    re.IGNORECASE,
)
_MIXED = re.compile(
    r"\b(?P<words>\w+)\s+and\s+(?:a|one)\s+(?P<part>half|quarter)\b(?!\s+of\b)"
    r"|(?<![\w.,/])(?P<digits>\d{1,3})"
    r"(?:[ -](?P<up>\d)[/\u2044](?P<down>\d{1,2})(?![\w/])|(?P<sign>[\u00bc-\u00be]))",
    re.IGNORECASE,
)
_SCIENTIFIC = re.compile(
    r"(?<![\w.,])(?P<digits>\d+(?:\.\d+)?)\s?[\u00d7x]\s?10(?:\^(?=[-\u2212\u2013\d])|(?=[-\u2212\u2013]))(?P<power>[-\u2212\u2013]?\d{1,3})(?!\w)"
)
_CURRENCY_MARK = r"(?:[A-Za-z]{0,3}[$\u00a3\u20ac\u00a5\u20bd\u20b9\u20b4])"
# Both ends of a range may carry their own unit: "$5m to $7m", "10% to 20%".
_JOINER = re.compile(
    rf"^(?:\s?%|\sper\s?cent)?\s?(?:[-\u2013\u2014]|to-?|and|or)\s?{_CURRENCY_MARK}?$"
)
_PERCENT_AFTER = re.compile(r"\s?%|\sper\s?cent", re.IGNORECASE)
_MINUS = re.compile(r"(?P<minus>(?<!\w)(?:(?i:minus)[\s-]|\u2212)|(?<=[$\u00a3\u20ac])-)$")
# "37m" is 37 million, unless it is as long as that.
_METRES = r"m(?=\s?\(\d[\d.,]*\s?(?:ft|feet)\b|[ -](?:long|wide|high|tall|deep|thick)\b)"
_MARK_BEFORE = re.compile(rf"{_CURRENCY_MARK}$")
# "From 5 to 7" and "by 5 to 7" are two numbers, unless the verb says that it is a range.
_TWO_NUMBERS = re.compile(
    rf"(?<!anywhere )(?<!ranging )(?<!ranged )(?<!ranges )(?<!range )(?<!ran )(?<!run )(?<!vary )"
    rf"(?<!varied )(?<!varying )(?<!estimates )\b(?:from|by)\s+{_CURRENCY_MARK}?$",
    re.IGNORECASE,
)
# "Up 3 to 250" is a change and a level, "up 5 to 7" is a range; so is none "in 2017 to 900,000".
_CHANGED = re.compile(
    r"\b(?:up|down|higher|lower|r[io]se[ns]?|f[ae]ll(?:en|s)?|gain\w*|los[te]\w*|add(?:s|ed)|dropp?\w*"
    rf"|climb\w*|jump\w*|sl[iu]d\w*|slipp?\w*|shed|surg\w+|advanc\w+)\s+{_CURRENCY_MARK}?$",
    re.IGNORECASE,
)
_CHANGE_SHARE = 3
_IN_YEAR = re.compile(r"\b(?:in|since|during)\s+$", re.IGNORECASE)
_YEARS = range(1500, 2200)
_BETWEEN = re.compile(r"\bbetween\W+(?:\w+\W+)?$", re.IGNORECASE)
_FRACTION_TAIL = re.compile(
    r"[- ](?:half|halves|thirds?|quarters?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?)\b",
    re.IGNORECASE,
)
_MULTIPLE = {"dozen": Decimal(12)}
_PLURALS = {"ones", "twos", "zeros", "o"}  # text2num reads them; they count nothing


@dataclass(frozen=True)
class Numeral:
    """A number in a sentence. Offsets are in the sentence's own text, half-open.

    Exactly one of `value` and `magnitude` (a power of ten) is set; `upper` ends a range.
    """

    start: int
    end: int
    value: Decimal | None = None
    upper: Decimal | None = None
    magnitude: int | None = None


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


def find_numerals(text: str) -> list[Numeral]:
    """All numerals of one sentence in order, ranges joined; the longest reading wins overlaps."""
    text = re.sub(r"\s", " ", text)  # a hard-wrapped line may break inside a number
    candidates = (
        *_vague(text),
        *_small(text),
        *_mixed(text),
        *_scientific(text),
        *_scaled(text),
        *_words(text),
    )
    found: list[Numeral] = []
    for candidate in sorted(candidates, key=lambda numeral: numeral.start - numeral.end):
        if not any(candidate.start < kept.end and kept.start < candidate.end for kept in found):
            found.append(candidate)
    found.sort(key=lambda numeral: numeral.start)
    return _joined(text, _joined(text, found, _continued), _range)


def _vague(text: str) -> list[Numeral]:
    numerals = []
    for match in _VAGUE.finditer(text):
        head = match["head"] or match["scale"]
        magnitude = _MAGNITUDES[head.lower()]
        words = match.group().lower()
        if match["tail"]:
            magnitude += _MAGNITUDES[match["tail"].lower()]
        elif match["head"] and (prefix := re.match(r"(tens|hundreds|dozens|scores) of\s", words)):
            magnitude += _MAGNITUDES[prefix[1]]
        numerals.append(Numeral(*match.span(), magnitude=magnitude))
    return numerals


def _small(text: str) -> list[Numeral]:
    return [Numeral(*match.span(), value=_small_value(match)) for match in _SMALL.finditer(text)]


def _small_value(match: re.Match[str]) -> Decimal:
    if match["single"]:
        return Decimal(1)
    if match["bare"]:
        return _scale(_FRACTIONS["half"], match["bare_of"])
    if match["unit"]:
        return _scale(Decimal(1), match["unit"])
    if match["million"]:
        count = re.sub("(?i)^an$", "a", match["million"])
        return _scale(_word_value(count) + _FRACTIONS["half"], match["million_of"])
    if match["count"]:
        return _word_value(match["count"]) * 12
    whole = Decimal(0) if match["whole"] is None else _word_value(match["whole"])
    return _scale(whole + _FRACTIONS[match["fraction"].lower()], match["of"])


@cache
def _scaled_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"{_OPENING}(?P<digits>(?>{_DIGITS}))"
        rf"(?:(?P<words>(?:[{SPACES}-](?i:{_WORD_SCALE})(?!\w))+)"
        rf"|(?!{_METRES})(?P<letter>(?i:k|mn|mln|m|bn|tn))(?![\w/])"
        rf"|(?=(?:{glued_symbols()}|(?i:km|kg|lbs?|ft|mph|MW|GW))(?!\w)|{_METRES})"
        r"|(?![\w/:]|[,.]\d))"
    )


def _mixed(text: str) -> list[Numeral]:
    """ "Two and a half", "3 1/2", "3\u00bd"."""
    numerals = []
    for match in _MIXED.finditer(text):
        whole = Decimal(match["digits"]) if match["digits"] else _word_value(match["words"])
        if whole:
            numerals.append(Numeral(*match.span(), value=whole + _part(match)))
    return numerals


def _part(match: re.Match[str]) -> Decimal:
    if match["part"]:
        return _FRACTIONS[match["part"].lower()]
    if match["sign"]:
        return Decimal(str(unicodedata.numeric(match["sign"])))
    return Decimal(match["up"]) / max(int(match["down"]), 1)


def _scientific(text: str) -> list[Numeral]:
    """ "1.99\u00d710^30", "2 x 10-6"."""
    return [
        Numeral(*match.span(), value=Decimal(f"{match['digits']}e{_ascii_minus(match['power'])}"))
        for match in _SCIENTIFIC.finditer(text)
    ]


def _ascii_minus(power: str) -> str:
    return re.sub("[\u2212\u2013]", "-", power)


def _scaled(text: str) -> list[Numeral]:
    numerals = []
    for match in _scaled_pattern().finditer(text):
        value = Decimal(re.sub(rf"[,{SPACES}]", "", match["digits"]))
        for scale in re.findall(r"\w+", match["words"] or match["letter"] or ""):
            value = _scale(value, scale)
        start = match.start("digits")
        if _may_touch(text, start, plain=match[0] == match["digits"] and "." not in match[0]):
            numerals.append(_signed(text, Numeral(start, match.end(), value=value)))
    return numerals


def _may_touch(text: str, start: int, *, plain: bool) -> bool:
    """Letters that touch a sum are those of a currency; "COP26" and "PS5" are names."""
    letters = re.compile(r"(?<![\w$])[A-Z][A-Za-z]+$").search(text, 0, start)
    if letters is None:
        return True
    digits = re.compile(r"[\d,]+").match(text, start)
    small = plain and digits is not None and len(digits[0]) < 3
    return not small and is_currency(letters[0])


def _signed(text: str, numeral: Numeral) -> Numeral:
    """With the minus before it: "minus 40", "minus-40", "\u221240", "$-40"."""
    sign = _MINUS.search(text, 0, numeral.start)
    if sign is None or numeral.value is None:
        return numeral
    return Numeral(sign.start("minus"), numeral.end, value=-numeral.value)


def _scale(value: Decimal, word: str) -> Decimal:
    word = word.lower()
    scaled = value * _MULTIPLE.get(word, Decimal(10) ** _SCALES.get(word, 0))
    return scaled.to_integral_value() if scaled == scaled.to_integral_value() else scaled


def _word_value(word: str) -> Decimal:
    from text_to_num import text2num

    if word.lower() == "a":
        return Decimal(1)
    try:
        return Decimal(text2num(word.lower(), "en"))
    except ValueError:
        return Decimal(word) if word.isdecimal() else Decimal(0)


def _words(text: str) -> list[Numeral]:
    from text_to_num import find_numbers

    tokens = _tokens(text)
    numerals = []
    for hit in find_numbers(tokens, "en", threshold=0):
        start, end = tokens[hit.start].start, tokens[hit.end - 1].end
        ordinal = hit.is_ordinal or text[start:end].lower() in _PLURALS
        if not ordinal and not text[start].isdigit() and not _FRACTION_TAIL.match(text, end):
            numerals.append(Numeral(_with_article(text, start), end, value=_whole(hit.value)))
    return numerals


def _with_article(text: str, start: int) -> int:
    """The article belongs to the number in "a hundred and fifty"."""
    article = re.search(r"\ban?\s+$", text[:start], re.IGNORECASE)
    scale = re.match(_WORD_SCALE, text[start:], re.IGNORECASE)
    return article.start() if article and scale else start


def _whole(number: float) -> Decimal:
    """text2num gives floats; those it reads from words are whole."""
    return Decimal(int(number)) if number == int(number) else Decimal(str(number))


def _tokens(text: str) -> list[_Word]:
    matches = list(re.finditer(r"[^\W_]+", text))
    gaps = ["", *(text[a.end() : b.start()] for a, b in pairwise(matches))]
    return [
        _Word(match.group(), *match.span(), apart=gap not in ("", "-", *SPACES))
        for match, gap in zip(matches, gaps, strict=False)
    ]


def _joined(
    text: str, numerals: list[Numeral], join: Callable[[str, Numeral, Numeral], Numeral | None]
) -> list[Numeral]:
    joined: list[Numeral] = []
    for numeral in numerals:
        if joined and (merged := join(text, joined[-1], numeral)):
            joined[-1] = merged
        else:
            joined.append(numeral)
    return joined


def _continued(text: str, high: Numeral, low: Numeral) -> Numeral | None:
    """ "One thousand, three hundred and eleven" is one number; the "and" shows it."""
    words = text[low.start : low.end]
    if text[high.end : low.start] != ", " or high.value is None or low.value is None:
        return None
    spelled = text[high.start].isalpha() and " and " in words
    if not spelled or high.value % _THOUSAND or not _HUNDRED < low.value < _THOUSAND:
        return None
    return Numeral(high.start, low.end, value=high.value + low.value)


def _range(text: str, low: Numeral, high: Numeral) -> Numeral | None:
    """`low` and `high` as one range, or None where the words between them do not join."""
    between = text[low.end : high.start]
    if not _JOINER.match(between) or low.value is None or high.value is None or low.upper:
        return None
    if not _opens_range(text[: low.start], between) or not _like_marked(text, low, high):
        return None
    value = _share_scale(low.value, high.value, text[high.start : high.end])
    if value >= high.value or _is_level(text[: low.start], value, high.value, between):
        return None
    return Numeral(low.start, high.end, value=value, upper=high.value)


def _is_level(before: str, low: Decimal, high: Decimal, joiner: str) -> bool:
    """The second number is what the first changed something to, or the first is a year."""
    if "to" not in joiner.split():
        return False
    year = low in _YEARS and high not in _YEARS and _IN_YEAR.search(before)
    return bool(year) or (high > low * _CHANGE_SHARE and bool(_CHANGED.search(before)))


def _like_marked(text: str, low: Numeral, high: Numeral) -> bool:
    """Both ends in one unit: "up 4% to $9" is no range, "4% to 9%" and "4 to 9%" are."""
    if _PERCENT_AFTER.match(text, low.end) and not _PERCENT_AFTER.match(text, high.end):
        return False
    marked = _MARK_BEFORE.search(text, 0, high.start)
    return marked is None or _MARK_BEFORE.search(text, 0, low.start) is not None


def _opens_range(before: str, joiner: str) -> bool:
    words = joiner.split()
    if "and" in words:
        return bool(_BETWEEN.search(before))
    return "to" not in words or not _TWO_NUMBERS.search(before)


def _share_scale(low: Decimal, high: Decimal, high_text: str) -> Decimal:
    """In "300 to 400 thousand" the scale belongs to both ends, in "900 to 2 thousand" not."""
    scale = re.search(r"([A-Za-z]+)$", high_text)
    if scale is None or low >= _THOUSAND:
        return low
    scaled = _scale(low, scale[1])
    return scaled if scaled < high else low
