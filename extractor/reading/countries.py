"""Countries, regions and their people as codes: ISO 3166-1 alpha-2 and UN M49.

Names come from the Unicode CLDR (Babel), pycountry and countryinfo, demonyms from countryinfo and
from the CLDR's languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

_ARTICLE = re.compile(r"\bthe\s+")
_DROPPED = re.compile(r"^(?:republic of|state of|kingdom of)\s+")
_SHORTEST_NAME = (
    4  # shorter "alternative spellings" are codes, and codes are also words ("AND", "BEN")
)
_ABBREVIATIONS = {"UK": "GB", "US": "US", "USA": "US", "UAE": "AE", "DRC": "CD", "DPRK": "KP"}
# Everyday short names that no library at hand has.
_SHORT_NAMES = {"britain": "GB", "america": "US", "bosnia": "BA"}
_SIDES = "North|South|East|West"
_SIDE = re.compile(r"^(north|south|east|west)ern(?= )")
_HYPHENATED_SIDE = re.compile(r"\b(north|south)-(east|west)")
_TWO_SIDES = re.compile(
    rf"\b(?P<one>(?:{_SIDES})(?:ern)?|Central) (?P<and>and|or)"
    rf" (?P<other>(?:{_SIDES})(?:ern)?|Central) (?P<whole>[A-Z]\w+)"
)
_KOSOVO = "XK"  # a user-assigned code of ISO 3166, the one that CLDR and the European Union use
# Nouns for people that are not the adjective with an s; no library at hand has them.
_NOUNS = {
    "briton": "GB", "brit": "GB", "dane": "DK", "finn": "FI", "pole": "PL", "swede": "SE",
    "spaniard": "ES", "turk": "TR", "serb": "RS", "croat": "HR", "saudi": "SA", "argentine": "AR",
}  # fmt: skip


@lru_cache(maxsize=1024)
def _key(name: str) -> str:
    """Spellings made one: no accents, no case, straight apostrophes, no "Republic of the"."""
    plain = unicodedata.normalize("NFKD", name.replace("\u2019", "'"))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    words = _ARTICLE.sub("", " ".join(plain.casefold().split()))
    return _HYPHENATED_SIDE.sub(r"\1\2", _DROPPED.sub("", words)).strip(" .")


@cache
def _countries() -> frozenset[str]:
    from pycountry import countries

    return frozenset(country.alpha_2 for country in countries) | {_KOSOVO}


def _written_names() -> Iterator[tuple[str, str]]:
    """Pairs of name and code, the form to be preferred first."""
    from babel import Locale
    from countryinfo import all_countries
    from pycountry import countries

    for code, name in Locale("en").territories.items():
        if code.isdigit() or code in _countries():
            yield name, code
    for country in countries:
        for field in ("name", "common_name", "official_name"):
            if name := getattr(country, field, None):
                yield name, country.alpha_2
    for info in all_countries():
        for name in (info.name(), *info.alt_spellings()):
            if info.iso(2) in _countries() and len(name) >= _SHORTEST_NAME:
                yield name, info.iso(2)


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for name, code in _written_names():
        names.setdefault(_key(name), code)
    # "West Africa" is Western Africa; "South Africa" is a country, and stays one.
    for name, code in [(name, code) for name, code in names.items() if code.isdigit()]:
        names.setdefault(_SIDE.sub(r"\1", name), code)
    return _SHORT_NAMES | names


def _written_demonyms() -> Iterator[tuple[str, str]]:
    """Pairs of demonym and code; of countries that share one ("French") the most populous first."""
    from countryinfo import all_countries

    known = [country for country in all_countries() if country.iso(2) in _countries()]
    for country in sorted(known, key=lambda country: -(country.population() or 0)):
        for demonym in re.split("[,/]", country.demonym() or ""):
            if demonym:
                yield demonym, country.iso(2)


def _languages() -> Iterator[tuple[str, str]]:
    """Official languages that share the name of their country: "Filipino" beside "Philippine"."""
    from babel import Locale
    from babel.core import get_global
    from babel.languages import get_official_languages

    territories = Locale("en").territories
    for language, name in Locale("en").languages.items():
        code = get_global("likely_subtags").get(language, "").rpartition("_")[2]
        official = code in _countries() and language in get_official_languages(code, True, True)
        if official and _key(territories[code])[:4] == _key(name)[:4]:
            yield name, code


@cache
def _demonyms() -> dict[str, str]:
    demonyms = dict(_NOUNS)
    for name, code in (*_written_demonyms(), *_languages()):
        demonyms.setdefault(_key(name), code)
    for name, code in _names().items():
        if code.isdigit() and name[-1] in "ae":
            demonyms.setdefault(name + ("n" if name.endswith("a") else "an"), code)
    return demonyms


def code_of_place(name: str) -> str | None:
    """Code of a country or region by its English name; None where it is neither."""
    return _ABBREVIATIONS.get(name.replace(".", "").strip()) or _names().get(_key(name))


def code_of_people(word: str) -> str | None:
    """Code of the country or region of a demonym, as adjective or plural ("Kenyan", "Kenyans")."""
    key = _key(word)
    demonyms = _demonyms()
    return demonyms.get(key) or demonyms.get(key.removesuffix("s"))


def codes_in(words: str) -> list[str]:
    """Codes of all countries, regions and peoples named in a phrase, in order, without repetition.

    The longest name wins: "South Sudanese" is not Sudan. "South and East Asia" are two regions.
    """
    words = _TWO_SIDES.sub(r"\g<one> \g<whole> \g<and> \g<other> \g<whole>", words)
    tokens = [re.sub("['\u2019]s?$", "", t) for t in re.findall(r"[^\W\d_][\w.'\u2019-]*", words)]
    codes: list[str] = []
    position = 0
    while position < len(tokens):
        code, width = _longest(tokens[position : position + 6])
        codes += [code] if code else []
        position += width
    return list(dict.fromkeys(codes))


@lru_cache(maxsize=8)
def countries_told(text: str) -> tuple[str, ...]:
    """Codes of the countries that a text names, or whose capital it names: whose money is meant."""
    capitals = (_capitals()[match[0]] for match in _capital_pattern().finditer(text))
    return tuple(dict.fromkeys((*codes_in(text), *capitals)))


@cache
def _capitals() -> dict[str, str]:
    from countryinfo import all_countries

    capitals: dict[str, str] = {}
    for info in all_countries():
        written = info.capital()
        for name in written if isinstance(written, list) else [written]:
            if name and info.iso(2) in _countries():
                capitals[name] = info.iso(2)
    return capitals


@cache
def _capital_pattern() -> re.Pattern[str]:
    names = sorted(map(re.escape, _capitals()), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(names)})\b")


def _longest(tokens: list[str]) -> tuple[str | None, int]:
    """Code of the longest name that `tokens` begin with, and its length; (None, 1) without any."""
    for width in range(len(tokens) if tokens[0][:1].isupper() else 0, 0, -1):
        phrase = " ".join(tokens[:width])
        if code := code_of_people(phrase) or code_of_place(phrase):
            return code, width
    return None, 1
