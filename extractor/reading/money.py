"""Currencies: marks, ISO 4217 codes and names (Unicode CLDR, through Babel)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from functools import cache

_MARKS = {
    "$": "USD", "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "J$": "JMD",
    "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "R$": "BRL", "NT$": "TWD", "\u00a3": "GBP",
    "\u20ac": "EUR", "\u00a5": "JPY", "\u20b9": "INR", "\u20bd": "RUB", "\u20b4": "UAH",
    "\u20a9": "KRW", "\u20ba": "TRY", "\u20a6": "NGN", "\u20b1": "PHP", "\u0e3f": "THB",
    "\u20aa": "ILS", "Rp": "IDR", "RM": "MYR", "KSh": "KES", "USh": "UGX", "TSh": "TZS",
    "DM": "DEM", "US $": "USD", "HK $": "HKD", "NZ $": "NZD", "AU $": "AUD", "CA $": "CAD",
    "$US": "USD", "$A": "AUD", "$NZ": "NZD", "$HK": "HKD", "$C": "CAD", "$S": "SGD", "Y=": "JPY",
    "z\u0142": "PLN", "K\u010d": "CZK", "\u20be": "GEL", "\u20b8": "KZT", "\u20ab": "VND",
    "\u20b5": "GHS", "GH\u20b5": "GHS", "GH\u00a2": "GHS", "Ksh": "KES", "Tsh": "TZS", "Ush": "UGX",
    "S/": "PEN", "S/.": "PEN", "B/.": "PAB", "\u09f3": "BDT", "\u5143": "CNY", "\u5186": "JPY",
}  # fmt: skip
# Wire services without the sign write it so; elsewhere these letters are horsepower or a console.
_TOUCHING_MARKS = {"PS": "GBP"}
_SHARED_MARKS = {
    "Rs": "rupees", "Rs.": "rupees", "Re": "rupees", "Re.": "rupees", "Sh": "shillings",
    "Sh.": "shillings", "Shs": "shillings", "Shs.": "shillings", "Tk": "takas", "Tk.": "takas",
    "Bt": "baht", "Br": "birrs",
    "Fr": "francs", "Fr.": "francs", "FCFA": "CFA francs", "Kshs": "Kenyan shillings",
}  # fmt: skip
# One capital that touches a large sum; which currency it is, the text's countries say.
_LETTERS = {
    "P": ("PHP", "BWP"), "K": ("ZMW", "PGK", "MMK", "MWK", "LAK"), "N": ("NGN",), "R": ("ZAR",),
    "kr": ("NOK", "SEK", "DKK", "ISK"), "kr.": ("DKK", "NOK", "SEK", "ISK"), "Le": ("SLE",),
    "Bs": ("BOB", "VES"), "Q": ("GTQ",), "L": ("HNL",), "D": ("GMD",), "E": ("SZL",), "M": ("LSL",),
}  # fmt: skip
_SPELLED = [mark for mark in _LETTERS if len(mark) > 1]
_LETTER_BEFORE = re.compile(r"(?<![^\W_])(?P<mark>[PKNRQLDEM])\.?$")
_MARK = "|".join(
    sorted(map(re.escape, (*_MARKS, *_SHARED_MARKS, *_SPELLED)), key=len, reverse=True)
)
_MARK_BEFORE = re.compile(
    rf"(?<![^\W\d_])(?P<mark>(?:{_MARK})(?=\s?-?$)|PS$)\s?-?$|\b(?P<code>[A-Z]{{3}})\s?$"
)
_MARK_AFTER = re.compile(rf"\s?(?P<mark>{_MARK})(?!\w)|\s?(?P<code>[A-Z]{{3}})\b")
_NAME_AFTER = re.compile(r"\s((?:[A-Za-z]+\s){0,2}[A-Za-z]+)")
_WEIGHT = re.compile(r"pounds?(?:\s+of\b|-)", re.IGNORECASE)
# Where a bare name is shared by many currencies, the one that English prose means by it.
_USUAL = {
    "dollar": "USD", "dollars": "USD", "bucks": "USD", "pound": "GBP", "pounds": "GBP",
    "deutschmark": "DEM", "deutschmarks": "DEM", "deutsche marks": "DEM",
    "renminbi": "CNY", "sterling": "GBP",
}  # fmt: skip
_USUAL_ELSEWHERE = {"ruble": "RUB", "rubles": "RUB", "rouble": "RUB", "roubles": "RUB"}
# English prose translates these names: "Danish crowns".
_CROWN = re.compile(r"\b(?:kron[aer]\w*|korun\w*)$")
_CROWN_ONE = {"krona", "krone", "koruna", "kr\u00f3na"}
_OLDEST = date(1970, 1, 1)


@cache
def _in_use() -> frozenset[str]:
    from pycountry import currencies

    return frozenset(currency.alpha_3 for currency in currencies)


def _crown(match: re.Match[str]) -> str:
    return "crown" if match[0] in _CROWN_ONE else "crowns"


def _written_names() -> Iterator[tuple[str, str]]:
    """Pairs of a full English currency name, in lower case, and its code; withdrawn ones too."""
    from babel import Locale
    from babel.numbers import get_currency_name, list_currencies

    for code in sorted(list_currencies(Locale("en"))):
        for count in (1, 2):
            name = get_currency_name(code, count=count, locale="en").lower()
            for spelling in {name, name.replace("rubl", "roubl"), _CROWN.sub(_crown, name)}:
                yield spelling, code


@cache
def _names() -> dict[str, frozenset[str]]:
    """English currency names, and their endings, each with the codes that bear it.

    A whole name belongs to its own currency alone: "euros" is not the "WIR euros" of a bank.
    """
    whole: dict[str, set[str]] = defaultdict(set)
    endings: dict[str, set[str]] = defaultdict(set)
    for name, code in _written_names():
        whole[name].add(code)
        words = name.split()
        whole_only = words[-1].startswith("crown")  # a bare "crown" is many things
        for start in range(1 if whole_only else len(words)):
            endings[" ".join(words[start:])].add(code)
    return {name: frozenset(codes) for name, codes in {**endings, **whole}.items()}


@cache
def _tender(country: str) -> frozenset[str]:
    """Currencies that have been legal tender in a country since 1970."""
    from babel.numbers import get_territory_currencies

    return frozenset(get_territory_currencies(country, _OLDEST, date.max))


def currency_of_name(words: str, countries: Collection[str] = ()) -> str | None:
    """ISO 4217 code of "euros" or "Swiss francs"; None where it is no currency or unclear.

    Args:
        words: the name, in full or as prose shortens it ("francs").
        countries: ISO 3166-1 alpha-2 codes of the countries of the text; of many currencies that
            share a name, the one of these countries is meant, if it is one.
    """
    words = " ".join(words.lower().split())
    if words in _USUAL:
        return _USUAL[words]
    codes = _names().get(words, frozenset())
    local = codes & {code for country in countries for code in _tender(country)}
    for choice in (local & _in_use(), local, codes & _in_use(), codes):
        if len(choice) == 1 and (words not in _USUAL_ELSEWHERE or choice <= local):
            return next(iter(choice))
    return _USUAL_ELSEWHERE.get(words)


def is_currency(letters: str) -> bool:
    """True for letters that may touch a sum: a mark ("RM", "PS") or an ISO 4217 code in use."""
    known = _MARKS.keys() | _TOUCHING_MARKS.keys() | _SHARED_MARKS.keys() | _LETTERS.keys()
    return letters in known or letters in _in_use()


def is_currency_mark(word: str) -> bool:
    """True for a sign or abbreviation that stands before a sum ("$", "Rp")."""
    return word in _MARKS or word in _SHARED_MARKS


def find_currency(
    text: str, start: int, end: int, countries: Collection[str] = ()
) -> tuple[str | None, tuple[int, int]] | None:
    """Currency of the number at `start:end`: ISO 4217 code and the offsets of its words.

    The code is None where the words name several currencies; `countries` as in `currency_of_name`.
    """
    if (match := _MARK_BEFORE.search(text, max(0, start - 12), start)) and (
        hit := _marked(match, countries)
    ):
        return hit
    if match := _LETTER_BEFORE.search(text, max(0, start - 3), start):
        return _lettered(match, countries)
    if (match := _MARK_AFTER.match(text, end)) and (hit := _marked(match, countries)):
        return hit
    return _named(text, end, countries)


def _lettered(
    match: re.Match[str], countries: Collection[str]
) -> tuple[str | None, tuple[int, int]]:
    """The currency of one of the text's countries that has this letter; no code where none has."""
    tender = {code for country in countries for code in _tender(country)}
    codes = [code for code in _LETTERS[match["mark"]] if code in tender]
    return (codes[0] if len(codes) == 1 else None), match.span("mark")


def _marked(
    match: re.Match[str], countries: Collection[str]
) -> tuple[str | None, tuple[int, int]] | None:
    if (mark := match["mark"]) in _LETTERS:
        return _lettered(match, countries)
    if mark:
        name = _SHARED_MARKS.get(mark)
        code = currency_of_name(name, countries) if name else {**_MARKS, **_TOUCHING_MARKS}[mark]
        return code, match.span("mark")
    # In capitals throughout, "ALL 300" and "TOP 10" are words.
    capitals = match.string.replace(match["code"], "").isupper()
    known = match["code"] in _in_use() and not capitals
    return (match["code"], match.span("code")) if known else None


def _named(
    text: str, end: int, countries: Collection[str]
) -> tuple[str | None, tuple[int, int]] | None:
    match = _NAME_AFTER.match(text, end)
    if match is None or _WEIGHT.match(text, match.start(1)):
        return None
    words = list(re.finditer(r"\S+", match[1]))
    for last in reversed(words):
        name = " ".join(match[1][: last.end()].lower().split())
        if name in _names() or name in _USUAL:
            span = (match.start(1), match.start(1) + last.end())
            return currency_of_name(name, countries), span
    return None
