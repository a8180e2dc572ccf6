"""Units of measurement and percent signs after a number, under their English names.

Names and abbreviations are those of Unicode CLDR (through Babel); SI prefixes are combined with the
units that CLDR lists without them (BIPM, SI Brochure, 9th edition). A unit is called by its British
name in the singular: "kilometre per hour".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

PERCENT, PERCENTAGE_POINTS = "percent", "percentage points"
SHARES = frozenset({PERCENT, PERCENTAGE_POINTS})
_PERCENT = re.compile(
    r"[\s-]?((?:%|per[\s-]?cent|pct|(?<=\d)pc)(?:age)?[\s-]?points?\b|%|per[\s-]?cent\b|pct\b|(?<=\d)pc\b)",
    re.IGNORECASE,
)
_POINTS = re.compile(r"points?$", re.IGNORECASE)
_PREFIXES = {
    "p": "pico", "n": "nano", "\u00b5": "micro", "\u03bc": "micro", "m": "milli", "k": "kilo",
    "K": "kilo", "M": "mega", "G": "giga", "T": "tera",
}  # fmt: skip
# Each with the prefixes that prose combines it with; "TV" and "MA" are other words.
_BASES = {
    "W": ("watt", "mkKMGT"), "Wh": ("watt hour", "kKMGT"), "Hz": ("hertz", "kKMG"),
    "Pa": ("pascal", "kKMG"), "V": ("volt", "mkK"), "A": ("ampere", "m"),
    "Ah": ("ampere-hour", "mk"), "J": ("joule", "kM"), "N": ("newton", "k"),
    "bps": ("bit per second", "kKMG"), "L": ("litre", "m"), "l": ("litre", "m"),
    "g": ("gram", "n\u00b5\u03bcmk"), "m": ("metre", "n\u00b5\u03bcmk"),
    "F": ("farad", "pn\u00b5\u03bc"), "eV": ("electronvolt", "kMG"),
}  # fmt: skip
_LENGTHS = {
    "km": "kilometre", "m": "metre", "cm": "centimetre", "mm": "millimetre", "ft": "foot",
    "in": "inch", "yd": "yard", "mi": "mile",
}  # fmt: skip
# Other spellings in use, and units that CLDR does not have.
_SYMBOLS = {
    "kmh": "kilometre per hour", "kmph": "kilometre per hour", "kph": "kilometre per hour",
    "km/hr": "kilometre per hour", "kms": "kilometre", "metres": "metre", "lbs": "pound-mass",
    "mpg": "mile per gallon", "rpm": "revolution per minute", "bhp": "brake horsepower",
    "PS": "metric horsepower", "dB": "decibel", "ppb": "part per billion",
    "ppm": "part per million", "Nm": "newton metre", "lb-ft": "pound-foot", "psi": "pound-force per"
    " square inch", "ksi": "kilopound per square inch", "mmBTU": "million british thermal unit",
    "\u2033": "inch", "C": "celsius", "\u00baC": "celsius", "p": "penny", "W": "watt", "g": "gram",
    "V": "volt", "F": "fahrenheit", "Wh": "watt hour", "Hz": "hertz", "Pa": "pascal",
}  # fmt: skip
_NAMES = {
    "celsius": "celsius", "fahrenheit": "fahrenheit", "degrees": "degree",
    "degree": "degree", "decibels": "decibel", "decibel": "decibel",
    "cents": "cent", "pence": "penny", "sen": "sen", "kopecks": "kopeck", "paise": "paisa",
    "centavos": "centavo", "basis points": "basis point", "basis point": "basis point",
    "gramme": "gram", "grammes": "gram", "kilogramme": "kilogram", "kilogrammes": "kilogram",
    "milligrammes": "milligram", "microgrammes": "microgram", "gigatonnes": "gigatonne",
    "megatonnes": "megatonne", "kilotonnes": "kilotonne", "newton metres": "newton metre",
    "watt hours": "watt hour", "cent": "cent", "pound-feet": "pound-foot",
    "metric tons": "metric ton", "metric ton": "metric ton",
    "tonnes": "metric ton", "tonne": "metric ton", "liters": "litre", "barrels": "barrel",
}  # fmt: skip
_RENAMED = {
    "degree celsius": "celsius", "degree fahrenheit": "fahrenheit", "tonne": "metric ton",
    "us gallon": "gallon", "pound": "pound-mass", "degree temperature": "degree",
}  # fmt: skip
# Abbreviations that are more often words, clock times, ordinals, scales or currencies.
_NOT_ALONE = {
    "in", "c", "au", "pc", "pm", "dec", "fur", "item", "light", "tn", "b", "B", "st", "pt", "t",
    "G", "K", "kn", "dot", "drop", "dram", "drams", "pinch", "cup", "bar", "day", "days", "night",
    "nights", "point", "em", "ms", "fth", "gr", "A", "CD", "ct", "rev", "karat", "oz t", "cd",
    "J", "N", "L", "l", "MP", "mc", "lm", "ac", "bu", "lx", "mth", "dsp", "PB", "qt", "rad", "byte",
    "%", "\u2030", "\u2031",
}  # fmt: skip
# Counted as things, although they are units, too.
_THINGS = {
    "point", "dot", "drop", "item", "light", "stone", "grain", "cup", "bar", "pinch", "karat",
    "portion", "dash", "jigger", "revolution", "em", "carat", "part", "atmosphere",
}  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """A unit of measurement: its English name, and where it is written (offsets, half-open)."""

    name: str
    start: int
    end: int


def find_percent(text: str, end: int) -> tuple[int, int] | None:
    """Offsets of the percent sign or word after the number that ends at `end`, or None."""
    match = _PERCENT.match(text, end)
    return match.span(1) if match else None


def share_unit(words: str) -> str:
    """`percent`, or `percentage points` where the words name a difference of two shares."""
    return PERCENTAGE_POINTS if _POINTS.search(words) else PERCENT


def find_unit(text: str, end: int) -> Unit | None:
    """The unit of measurement after the number that ends at `end`, or None.

    One letter is a unit only where it touches the number ("5V") or ends the phrase ("5 V.").
    """
    match = _after().match(text, end)
    if match is None:
        return None
    if match["symbol"]:
        name = _table()[1][match["symbol"]]
        return Unit(name, *match.span("symbol"))
    return Unit(_table()[0][_plain(match["name"])], *match.span("name"))


def name_of_unit(words: str) -> str | None:
    """The British singular name of a unit written out or abbreviated ("miles", "sq m"), or None."""
    names, symbols = _table()
    plain = _plain(words)
    return names.get(plain) or symbols.get(words.strip()) or _power(plain)


@cache
def glued_symbols() -> str:
    """A pattern of the symbols that may touch a number ("50mg"), for a case-sensitive match."""
    shapes = [symbol for symbol in _table()[1] if symbol[0].isalpha()]
    return "|".join(sorted(map(re.escape, {*shapes, "p", "pc"}), key=len, reverse=True))


def _plain(words: str) -> str:
    return re.sub(r"[\s-]+", " ", words.lower()).strip()


def _power(words: str) -> str | None:
    match = re.fullmatch(r"(sq|square|cu|cubic)\.? ?(\w+)", words)
    length = match and (_LENGTHS.get(match[2]) or _table()[0].get(match[2]))
    return f"{'square' if match[1][0] == 's' else 'cubic'} {length}" if match and length else None


@cache
def _after() -> re.Pattern[str]:
    names, symbols = _table()
    written = sorted(names, key=len, reverse=True)
    spelled = "|".join(re.escape(name).replace(r"\ ", r"[\s-]+") for name in written)
    signs = "|".join(sorted(map(re.escape, symbols), key=len, reverse=True))
    return re.compile(
        rf"(?:[\s-]|(?<=\d))(?:(?P<symbol>{signs})(?!\w)|(?i:(?P<name>{spelled}))(?!\w))"
    )


@cache
def _table() -> tuple[dict[str, str], dict[str, str]]:
    """Names in lower case, and symbols as they are written, each with the unit's own name."""
    from babel import Locale

    names: dict[str, str] = {}
    symbols: dict[str, str] = {}
    british = Locale("en", "GB")
    for unit in map(str, british.unit_display_names):
        own = _form(unit, 1, "long", british).lower()
        own = _RENAMED.get(own, own)
        if own in _THINGS or "scandinavian" in own:
            continue
        for locale in (Locale("en"), british):
            names.update({_plain(_form(unit, n, "long", locale)): own for n in (1, 2)})
            symbols.update({_form(unit, n, "short", locale): own for n in (1, 2)})
    symbols.update(_composed())
    kept = {s: name for s, name in symbols.items() if s not in _NOT_ALONE and len(s) < 8}
    named = {_plain(words): own for words, own in _NAMES.items()}
    return {**names, **_si_names(), **named}, {**kept, **_powers(), **_SYMBOLS}


def _form(unit: str, count: int, length: str, locale: object) -> str:
    from babel.units import format_unit

    words = format_unit(count, unit, length, locale=locale)  # type: ignore[arg-type]
    return words.replace(str(count), "").strip()


def _composed() -> dict[str, str]:
    """ "GWh", "kPa"."""
    return {
        prefix + base: _PREFIXES[prefix] + name
        for base, (name, prefixes) in _BASES.items()
        for prefix in prefixes
    }


def _si_names() -> dict[str, str]:
    """ "Gigapascals", "milliampere-hour"."""
    bases = [name for name, _ in _BASES.values()]
    units = {prefix + name for prefix in ("", *_PREFIXES.values()) for name in bases}
    return {_plain(unit + end): unit for unit in units for end in ("", "s")}


def _powers() -> dict[str, str]:
    """ "Sq m", "m2", "cu ft"."""
    powers = {}
    for symbol, name in _LENGTHS.items():
        powers.update({f"{symbol}2": f"square {name}", f"{symbol}\u00b2": f"square {name}"})
        powers.update({f"{symbol}3": f"cubic {name}", f"{symbol}\u00b3": f"cubic {name}"})
        powers.update({f"{w}{symbol}": f"square {name}" for w in ("sq ", "sq. ", "sq")})
        powers.update({f"{w}{symbol}": f"cubic {name}" for w in ("cu ", "cu. ")})
    return powers
