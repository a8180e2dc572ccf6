"""A second, independent reading of one number: does the text at its place say this value?

The verifier's own. It shares no code with the reader of numbers (`numerals` and what stands behind
it) but the grammar of `spelled` and the list of invisible characters, so that a fault there is
found here: digits are counted again from the characters alone, words by that grammar, and whatever
touches the number is looked at once more. It knows fewer forms than the reader; what it cannot
recount, it refuses.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import product

from extractor.reading.invisible import is_invisible
from extractor.reading.spelled import NUMBER_WORDS, spelled_value

_POWERS = {
    "hundred": 2, "thousand": 3, "lakh": 5, "lac": 5, "million": 6, "crore": 7, "billion": 9,
    "trillion": 12, "k": 3, "m": 6, "mn": 6, "mln": 6, "mio": 6, "mil": 6, "cr": 7, "b": 9, "bn": 9,
    "bln": 9, "mrd": 9, "t": 12, "tn": 12, "trn": 12,
}  # fmt: skip
_WORD_POWERS = {
    "tens": 1,
    "dozen": 1,
    "score": 1,
    **{w: p for w, p in _POWERS.items() if len(w) > 3},
}
_SCALE_BEHIND = re.compile(
    rf"[\s-](?:{'|'.join(w for w in _POWERS if len(w) > 2)}|dozen)\b(?!-)", re.IGNORECASE
)
_GLUED_SCALE = re.compile(r"(?:k|mn|mln|mio|bn|bln|tn|crore|lakh)(?![A-Za-z])", re.IGNORECASE)
_NO_NUMBER_BEHIND = re.compile(r"(?:st|nd|rd|th|s|x)(?![A-Za-z])")
_JOINED_BEHIND = re.compile(r"[.,:/'\u2019\u2010-\u2015-]\d|[/\u2044]\d|-?(?:ish|fold|something)\b")
_JOINED_BEFORE = re.compile(r"\d[.,:/'\u2019\u2010-\u2015-]$|[^\W\d_]-$|[/\u2044=&\\@#_^]$")
_LETTERS_BEFORE = re.compile(
    r"(?<![^\W_])(?:[A-Z]{1,3}|R[esp]|Shs?|Tk|B[rt]|Fr|[KTU]Sh|Kshs|\$[A-Z]{1,2})$"
)
_MAY_OPEN = re.compile(
    r"[\s(\[{\"'\u201c\u2018\u201e\u00ab$\u00a3\u20ac~\u2248<>\u2264\u2265*|+.,;:=\u2026-]|\w"
)
_MAY_CLOSE = re.compile(
    r"[\s)\]}\"'\u201d\u2019\u00bb.,;:!?%\u2030\u00b0\u2032\u2033*\u2020\u2021\u00a7"
    r"|+\[/\u2026$\u00a3\u20ac-]|\w"
)
_BELOW_ZERO = re.compile(r"\s(?:degrees\s)?(?:\w+\s)?below\s(?:zero|freezing)\b", re.IGNORECASE)
_PREFIX_BEFORE = re.compile(r"\b(?:minus|sub|now|mid|late|early|to|a|the|some)-$", re.IGNORECASE)
_SIGN = re.compile(r"^(?:minus[\s-]|[-\u2212\u2013])", re.IGNORECASE)
_SIGN_BEFORE = re.compile(
    r"(?:\bminus[\s-]|(?<![\w\s])[\u2212-]|(?<=\s)[\u2212-]|\u2212)"
    r"(?:[A-Z]{0,3}[$\u00a3\u20ac\u00a5\u20b9])?$|^-$|[$\u00a3\u20ac]-$",
    re.IGNORECASE,
)
# A scale word, or a fraction, behind a number is only a part of it.
_PART_HERE = re.compile(
    rf"(?:{'|'.join(_POWERS)}|dozen)\b|[\u00bc-\u00be\u2150-\u215e]", re.IGNORECASE
)
_NUMBER_AHEAD = re.compile(
    rf"(?:[\d\u00bc-\u00be\u2150-\u215e]|\b(?:{'|'.join(NUMBER_WORDS)}|half|quarter|halves|quarters))[\s-]$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"\s?[-\u2010-\u2015]\s?|\s(?:to|and|or)[\s-]|-(?:to|or)-")
_TERM = re.compile(
    r"(?P<digits>\d(?:[.,'\u2019\u00a0\u2009\u202f ]?\d)*(?!\d*[/\u2044])|\.\d+"
    r"|(?=[\u00bc-\u00be\u2150-\u215e])|(?=[1-9][/\u2044]))"
    r"(?:[ -]?(?P<vulgar>[\u00bc-\u00be\u2150-\u215e])"
    r"|[ -]?(?P<up>(?<![\d.,])\d)[/\u2044](?P<down>\d{1,2}))?"
    r"(?:\s(?:of\s)?an?)?(?P<scales>(?:[\s-]?[A-Za-z]+)*)"
)
_HALF = {"half": "0.5", "quarter": "0.25", "fifth": "0.2", "tenth": "0.1", "eighth": "0.125"}
_PART_WORDS = re.compile(
    rf"(?:(?P<whole>.+?)[\s-](?:and[\s-])?)??(?:(?P<count>a|an|one|two|three|four|five|seven"
    rf"|nine)[\s-])?"
    rf"(?P<part>{'|'.join(_HALF)})s?(?P<rest>(?:[\s-](?:of|an?|[a-z]+))*)"
)


def recount_problem(
    text: str,
    start: int,
    end: int,
    value: Decimal | None,
    upper: Decimal | None,
    magnitude: int | None,
) -> str | None:
    """What is wrong with the number at `start:end` of `text`; None where it says what is claimed.

    Args:
        value, upper, magnitude: what the record claims, as in `numeral.Numeral`.
    """
    if problem := _touched(text, start, end):
        return problem
    words = " ".join(text[start:end].split())
    if value is None:
        return None if magnitude in _powers_of(words) else f"{words!r} tells another power of ten"
    signed = bool(_SIGN.match(words)) or bool(_SIGN_BEFORE.search(text[max(0, start - 12) : start]))
    if signed != (value < 0):
        return f"{words!r} has another sign"
    plain = _SIGN.sub("", words)
    if upper is None:
        return None if abs(value) in _values(plain) else f"{words!r} does not come to {value}"
    found = (value, upper) in set(_ranges(plain))
    return None if found else f"{words!r} does not reach from {value} to {upper}"


def _touched(text: str, start: int, end: int) -> str | None:
    before, behind = text[max(0, start - 12) : start], text[end : end + 24]
    for character in (before[-1:], behind[:1], *text[start:end]):
        if character and is_invisible(character):
            return f"a character that is not seen (U+{ord(character):04X}) touches it"
    digits = text[start].isdigit()
    if _PART_HERE.match(text, start) and _NUMBER_AHEAD.search(before):
        return f"{before.split()[-1]!r} belongs to it"
    if before and not _opens(before, digits=digits):
        return f"{before.split()[-1]!r} touches it"
    if behind and not _closes(behind, digits=digits):
        return f"{behind.split()[0]!r} goes on with it"
    return None


def _opens(before: str, *, digits: bool) -> bool:
    """What stands before the number is no part of it."""
    if before[-1].isnumeric() or (before[-1].isalpha() and not digits):
        return False
    if not digits or before.endswith("Y="):  # wire services write yen so
        return digits or _stands_alone(before[-1], _MAY_OPEN)
    if before[-1].isalpha():
        return _LETTERS_BEFORE.search(before) is not None
    joined = _JOINED_BEFORE.search(before) and not _PREFIX_BEFORE.search(before)
    return not joined and _stands_alone(before[-1], _MAY_OPEN)


def _closes(behind: str, *, digits: bool) -> bool:
    """What stands behind the number is no part of it."""
    unread = (_JOINED_BEHIND, _SCALE_BEHIND, _BELOW_ZERO)
    if behind[0].isnumeric() or any(pattern.match(behind) for pattern in unread):
        return False
    glued = _NO_NUMBER_BEHIND.match(behind) or _GLUED_SCALE.match(behind)
    return not (digits and glued) and _stands_alone(behind[0], _MAY_CLOSE)


def _stands_alone(character: str, allowed: re.Pattern[str]) -> bool:
    dash = unicodedata.category(character) in ("Pd", "Sc") or character == "\u2212"
    return dash or allowed.match(character) is not None


def _powers_of(words: str) -> set[int]:
    """The powers of ten that vague words may stand for: "tens of thousands" 4, "few hundred" 2."""
    stems = [
        word.removesuffix("s") if word != "tens" else word
        for word in re.findall(r"[a-z]+", words.lower())
    ]
    known = [_WORD_POWERS[stem] for stem in stems if stem in _WORD_POWERS]
    repeated = known[:1] if len(known) == 2 and len(set(stems)) < len(stems) else known
    return {sum(known), sum(repeated)} if known else set()


def _values(words: str) -> set[Decimal]:
    """Every value that the words may have."""
    if words.lower() == "a single":
        return {Decimal(1)}
    if re.search(r"\d|[\u00bc-\u00be\u2150-\u215e]", words):
        return set(_digit_values(words))
    return set(_word_values(words.lower()))


def _digit_values(words: str) -> Iterator[Decimal]:
    """The sum of its terms, each with points or with commas for decimals."""
    if power := re.fullmatch(
        r"(\d+(?:\.\d+)?)\s?[\u00d7x]\s?10\^?([-\u2212\u2013]?\d{1,3})", words
    ):
        exponent = re.sub("[\u2212\u2013]", "-", power[2])
        yield Decimal(f"{power[1]}e{exponent}")
        return
    if mixed := re.fullmatch(r"(\d+)[ -]and[ -]an?[ -](half|quarter)(?:[ -]([a-z]+))?", words):
        whole = Decimal(mixed[1]) + Decimal(_HALF[mixed[2]])
        yield _raised(whole, mixed[3] or "")
        return
    terms = [term for term in _TERM.finditer(words) if term[0].strip()]
    if "".join(term[0] for term in terms).replace(" ", "") != words.replace(" ", ""):
        return
    for choice in product(*(list(_term_values(term)) for term in terms)):
        yield sum(choice, Decimal(0))


def _term_values(term: re.Match[str]) -> Iterator[Decimal]:
    digits = re.sub(r"['\u2019\u00a0\u2009\u202f ]", "", term["digits"])
    part = Decimal(0)
    if term["vulgar"]:
        part = Decimal(str(unicodedata.numeric(term["vulgar"])))
    elif term["up"]:
        part = Decimal(term["up"]) / int(term["down"])
    for written in {digits.replace(",", ""), digits.replace(".", "").replace(",", ".")}:
        try:
            yield _raised(Decimal(written or 0) + part, term["scales"] or "")
        except InvalidOperation:
            continue


def _raised(value: Decimal, scales: str) -> Decimal:
    """Times its scales; a word that is none makes a value that nothing equals."""
    for word in re.findall(r"[a-z]+", scales.lower()):
        stem = word if word in _POWERS else word.removesuffix("s")
        if stem == "dozen":
            value *= 12
        elif stem in _POWERS:
            value *= Decimal(10) ** _POWERS[stem]
        elif stem not in ("of", "a", "an"):
            return Decimal("NaN")
    return value


def _word_values(words: str) -> Iterator[Decimal]:
    spelled = spelled_value(
        re.sub(r"^(hundred|thousand|million|billion|lakh|crore)\b", r"one \1", words)
    )
    if spelled is not None:
        yield spelled
    head, scales = _scales_at_end(words)
    if scales and (whole := spelled_value(head or "one")) is not None:
        yield _raised(whole, scales)
    if match := _PART_WORDS.fullmatch(words):
        yield from _part_values(match)
    match = re.fullmatch(r"(.+?)[\s-]([a-z]+)[\s-]and[\s-](?:a|one)[\s-](half|quarter)", words)
    if match and (whole := spelled_value(match[1])) is not None:
        yield _raised(whole + Decimal(_HALF[match[3]]), match[2])


def _scales_at_end(words: str) -> tuple[str, str]:
    """The words before the scales that end a number, and these."""
    match = re.fullmatch(
        r"(.*?)[\s-]?((?:(?:dozen|lakh|lac|crore|hundred|thousand|million|billion"
        r"|trillion)s?[\s-]?)+)",
        words,
    )
    return (match[1], match[2]) if match else (words, "")


def _part_values(match: re.Match[str]) -> Iterator[Decimal]:
    whole = spelled_value(match["whole"]) if match["whole"] else Decimal(0)
    count = spelled_value(match["count"]) if match["count"] else Decimal(1)
    if whole is None and match["whole"]:
        whole = Decimal(match["whole"]) if match["whole"].isdigit() else None
    if whole is not None and count is not None:
        yield _raised(whole + count * Decimal(_HALF[match["part"]]), match["rest"])


def _ranges(words: str) -> Iterator[tuple[Decimal, Decimal]]:
    """Both ends; the first with the scale, or the zeros, of the second, or without."""
    plain = re.sub(
        r"[$\u00a3\u20ac\u00a5\u20b9%]|\bper\s?cent\b|(?<=\s)(?:Rs\.?|US|[A-Z]{3})(?=\s?\d)",
        "",
        words,
    )
    for joiner in _ENDS.finditer(plain):
        low, high = plain[: joiner.start()].strip(" -"), plain[joiner.end() :].strip(" -")
        scale = re.search(r"[A-Za-z]+$", high)
        for end in _values(high):
            for start in _values(low):
                yield start, end
                yield start * 1000, end
                yield start * 1_000_000, end
                if scale:
                    yield _raised(start, scale[0]), end
