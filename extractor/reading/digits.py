"""Numbers written in digits, with their separators, fractions, scales and signs.

Which separators are read: "1,234,567.8" (English), "12,34,567" (South Asian), "1.234.567,8" and
"1 234 567" (European; the blanks of ISO 80000-1 too), "1'234'567" (Swiss), and a decimal comma
where a scale, a percent sign or a currency leaves no doubt ("1,5 million"). What may be read in two
ways ("1.500 men", the digits in "Flight 370 239 people") is void.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from extractor.reading.countries import code_of_people
from extractor.reading.money import is_currency
from extractor.reading.numeral import Numeral, Void
from extractor.reading.scales import BLANKS, LETTERS, MONEY_LETTERS, SCALE, SCALES, scaled, whole
from extractor.reading.units import glued_symbols

_DECIMALS = 4  # of a fraction that has an end in decimals: eighths have three
MAX_DIGITS = 24  # of one number; arithmetic beyond that is not exact
SIGNS = (
    "$\u00a3\u20ac\u00a5\u20bd\u20b9\u20b4\u20a9\u20ba\u20a6\u20b1\u0e3f\u20aa\u20be\u20b8\u20ab"
    "\u20b5\u09f3\u20a1"
)
MARK = rf"(?:[A-Za-z]{{0,3}}[{SIGNS}])"
VULGAR = "\u00bc-\u00be\u2150-\u215e"
_MONEY_BEFORE = re.compile(rf"(?:[{SIGNS}]|\b(?:[A-Z]{{3}}|Rs\.?|Re|Rp|Sh|Shs)\s?)-?$")
_TAIL = (
    rf"(?=[{BLANKS}-]?(?:{SCALES}\b|(?:k|bn?|mn|mln|mio|m|tn)\b|%|per\s?cent|pct|[{SIGNS}]"
    rf"|euros?\b))"
)
_GROUPED = (
    r"(?P<english>\d{1,3}(?:,\d{3})+(?:\.\d+)?)"
    r"|(?P<indian>\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?)"
    r"|(?P<european>\d{1,3}(?:\.\d{3}){2,}(?:,\d{1,2})?)"
    r"|(?P<swiss>\d{1,3}(?:['\u2019]\d{3})+(?:\.\d+)?)"
    r"|(?P<blanks>\d{1,3}(?:(?P<blank>[\u00a0\u2009\u202f ])\d{3})(?:(?P=blank)\d{3})*"
    r"(?:[.,]\d{1,2})?(?!\d))"
    rf"|(?P<comma>\d{{1,3}},\d{{1,2}}{_TAIL})"
)
_FRACTION = (
    rf"(?:[{BLANKS}]?(?P<sign>[{VULGAR}])"
    rf"|[{BLANKS}-](?P<up>\d)[/\u2044](?P<down>[2-9]|10)(?![\w/]))"
)
# A bare fraction is one of a scale ("1/2 million"); another is a part of a whole.
_BARE = (
    rf"(?P<bare>[{VULGAR}]|[1-9][/\u2044](?:[2-9]|10))"
    rf"(?=(?:\s(?:of\s)?an?)?[{BLANKS}-](?:{SCALE})\b)"
)
_LETTERS = "|".join(sorted(LETTERS, key=len, reverse=True))
# "37m" is 37 million, unless it is as long as that.
_METRES = r"m(?=\s?\(\d[\d.,]*\s?(?:ft|feet)\b|[ -](?:long|wide|high|tall|deep|thick)\b)"
_SCIENTIFIC = re.compile(
    r"(?<![\w.,])(?P<digits>\d+(?:\.\d+)?)\s?[\u00d7x]\s?10"
    r"(?:\^(?=[-\u2212\u2013\d])|(?=[-\u2212\u2013]))(?P<power>[-\u2212\u2013]?\d{1,3})(?!\w)"
)
# "1.500" alone is one and a half in London, and fifteen hundred in Berlin.
_TWO_WAYS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_MEASURED = re.compile(r"\s?(?:%|per\s?cent|pct)|[\s-]?(?:percentage|points?\b)", re.IGNORECASE)
_MODEL = re.compile(r"[7]\d7$")
_AIRCRAFT = re.compile(
    r"(?:-\d00)?\s(?:MAX|Max|Dreamliners?|jets?|planes?|airliners?|aircraft|passenger)\b"
)
_SIZE = re.compile(r"-[A-Za-z]|\s?mm\b")
_NEXT_NAME = re.compile(r"\s(?P<word>[A-Z][\w'\u2019-]*)")
# Before two groups of digits: a day of a month, or the number of a name.
_NAME_BEFORE = re.compile(r"(?P<word>[A-Z][\w.'\u2019-]*|\bno\.|\u2116)\s$|(?P<number>\d)[,;]?\s$")
_DOLLAR_LETTERS = re.compile(r"\$[A-Z]{1,2}$")  # "$US4,000"
_MONEY_WORD = re.compile(r"(?:[A-Z]{3}|Rs\.?|Re|Rp|Shs?|[A-Z]{1,2})\s?$")


@cache
def _pattern() -> re.Pattern[str]:
    letters = rf"(?P<letter>(?i:{_LETTERS}))(?![A-Za-z/])"
    return re.compile(
        rf"(?:{_BARE}(?:\s(?:of\s)?an?)?"
        rf"|(?>{_GROUPED}|(?P<plain>\d+(?:\.\d+)?|(?<!\d)\.\d+)){_FRACTION}?)"
        rf"(?:(?P<scales>(?:[{BLANKS}-](?i:{SCALES})(?!\w))+)"
        rf"|(?!{_METRES}){letters}|[{BLANKS}](?P<apart>bn|mn|mln|mio|mrd|bln|[mMB](?=[\s.,;)]"
        rf"|$))(?![A-Za-z]))?"
    )


@cache
def _units() -> re.Pattern[str]:
    return re.compile(rf"(?:{glued_symbols()}|(?i:km|kg|lbs?|ft|mph|MW|GW))(?!\w)|{_METRES}")


def digits_read(text: str) -> Iterator[Numeral | Void]:
    """The numbers of `text` that are written in digits, in order; those in two parts void."""
    for match in _SCIENTIFIC.finditer(text):
        power = re.sub("[\u2212\u2013]", "-", match["power"])
        yield Numeral(*match.span(), value=Decimal(f"{match['digits']}e{power}"))
    for match in _pattern().finditer(text):
        yield from _read(text, match)


def touches_unit(text: str, end: int) -> bool:
    """True where the symbol of a unit of measurement touches the number that ends at `end`."""
    return _units().match(text, end) is not None


def may_open(text: str, start: int) -> bool:
    """False for digits that letters touch which are no currency's ("AK47", "COP26")."""
    near = text[max(0, start - 8) : start]
    if _DOLLAR_LETTERS.search(near):
        return True
    letters = re.search(r"(?<!\w)[A-Z][A-Za-z]{0,4}$", near)
    if letters is None:
        return not near[-1:].isalpha()
    digits = re.compile(r"[\d,]+").match(text, start)
    small = digits is not None and len(digits[0]) < (3 if len(letters[0]) > 1 else 6)
    plain = re.compile(rf"\d+(?!\d|[.,]\d|[{BLANKS}-]?{SCALE}|(?i:k|bn?|mn?|mln)\b)").match(
        text, start
    )
    return not (small and plain) and is_currency(letters[0])


def _read(text: str, match: re.Match[str]) -> Iterator[Numeral | Void]:
    if match["blanks"] and match["blank"] == " " and (split := _split(text, match)):
        yield from split
        return
    if sum(map(str.isdigit, match[0])) > MAX_DIGITS:
        yield Void(*match.span(), "longer than a number can be read")
        return
    if not _is_proper(match):
        yield Void(*match.span(), "a fraction of more than one, or without an end in decimals")
        return
    end = _end(text, match)
    value = _value(match)
    if _TWO_WAYS.fullmatch(match[0]) and not (
        _MEASURED.match(text, match.end()) or touches_unit(text, match.end())
    ):
        yield Void(*match.span(), "a point before three digits may be read in two ways")
        return
    words = match["scales"] or (end > _mantissa_end(match) and (match["letter"] or match["apart"]))
    for scale in re.findall(r"[A-Za-z]+", words or ""):
        value = scaled(value, scale)
    yield Numeral(match.start(), end, value=whole(value))


def _is_proper(match: re.Match[str]) -> bool:
    """The fraction, if there is one, is less than one and has an end in decimals."""
    if match["bare"]:
        part = _part(match["bare"])
    elif match["up"]:
        part = Decimal(match["up"]) / int(match["down"])
    else:
        part = _part(match["sign"]) if match["sign"] else Decimal(0)
    return part < 1 and len(part.as_tuple().digits) <= _DECIMALS


def _mantissa_end(match: re.Match[str]) -> int:
    ends = [match.end(g) for g in ("scales", "letter", "apart") if match[g]]
    if not ends:
        return match.end()
    return min(match.start(g) for g in ("scales", "letter", "apart") if match[g])


def _end(text: str, match: re.Match[str]) -> int:
    """Where the number ends: without a letter that is no scale here ("5 m" of rope, "flat 5B")."""
    letter = match["letter"] or match["apart"]
    if not letter:
        return match.end()
    money = _MONEY_BEFORE.search(text, max(0, match.start() - 8), match.start())
    doubtful = letter.lower() in MONEY_LETTERS or (match["apart"] and letter.lower() == "m")
    if doubtful and not money and not (match["letter"] and "." in match[0] and letter in "Bb"):
        return _mantissa_end(match) if match["letter"] else match.start("apart") - 1
    return match.end()


def _value(match: re.Match[str]) -> Decimal:
    if match["bare"]:
        return _part(match["bare"])
    if match["european"]:
        digits = match["european"].replace(".", "").replace(",", ".")
    elif match["comma"]:
        digits = match["comma"].replace(",", ".")
    elif match["blanks"]:
        digits = re.sub(r"[\u00a0\u2009\u202f ]", "", match["blanks"]).replace(",", ".")
    else:
        written = match["english"] or match["indian"] or match["swiss"] or match["plain"]
        digits = re.sub(r"[,'\u2019]", "", written)
    part = Decimal(0)
    if match["sign"]:
        part = _part(match["sign"])
    elif match["up"]:
        part = Decimal(match["up"]) / int(match["down"])
    return Decimal(digits) + part


def _part(fraction: str) -> Decimal:
    if len(fraction) == 1:
        return Decimal(str(unicodedata.numeric(fraction)))
    up, down = re.split("[/\u2044]", fraction)
    return Decimal(up) / int(down)


def _split(text: str, match: re.Match[str]) -> Iterator[Numeral | Void] | None:
    """Two numbers beside each other that look like thousands: the first alone, or void.

    "400 737 Max jets", "12 152-mm guns"; "Flight 370 239 people", "5 300" of "June 5 300 men".
    """
    groups = match["blanks"].split(" ")
    end = match.end("blanks")
    head = match.start() + len(groups[0])
    model = _MODEL.search(match["blanks"]) and _AIRCRAFT.match(text, end)
    if len(groups) == 2 and (model or (_SIZE.match(text, end) and match.end() == end)):
        return iter(
            (
                Numeral(match.start(), head, value=Decimal(groups[0])),
                Void(head + 1, end, "the number of a model or a size"),
            )
        )
    before = _NAME_BEFORE.search(text, max(0, match.start() - 30), match.start())
    if (
        before
        and before["word"]
        and _MONEY_WORD.search(text, max(0, match.start() - 6), match.start())
    ):
        before = None
    named = before and (before["number"] or not _opens_sentence(text, before.start()))
    following = _NEXT_NAME.match(text, match.end())
    if named or (following and code_of_people(following["word"]) is None) or groups[0][0] == "0":
        return iter((Void(*match.span(), "may be one number or two"),))
    return None


def _opens_sentence(text: str, at: int) -> bool:
    return not text[:at].strip() or text[max(0, at - 2) : at].strip()[-1:] in (".", "!", "?")
