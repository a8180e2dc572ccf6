"""Numbers that count nothing: dates, times, durations, ages, multiples, ratios, numbers of names.

spaCy's DATE and TIME entities alone are no proof (it takes many a bare number for a year), so an
entity must hold a word of time.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from extractor.reading.bounds import find_periods
from extractor.reading.countries import code_of_people, code_of_place
from extractor.reading.numerals import Numeral
from extractor.reading.parse import ParsedSentence

if TYPE_CHECKING:
    from spacy.tokens import Span as TokenSpan
    from spacy.tokens import Token

MAX_AGE = 120
_MAX_DAY = 31
_MAX_COMPOUND = 12  # "six-party talks" counts nothing new, "a 500-man battalion" does
_MIN_NO_YEAR = 2200
_DURATION = r"(?:second|minute|hour|day|night|week|month|year|decade|fortnight)s?|centur(?:y|ies)"
_DURATION_AFTER = re.compile(
    rf"(?:\s+of)?(?:\s|-)+(?:(?:more|full|long|whole|working|straight|consecutive|further|additional)\s+)?"
    rf"(?:{_DURATION})\b",
    re.IGNORECASE,
)
_DURATION_WORD = re.compile(rf"(?:{_DURATION})", re.IGNORECASE)
_CLOCK_AFTER = re.compile(
    r"\s?(?:[ap]\.?m\b|o['\u2019]clock|GMT\b|UTC\b|hrs\b)"
    r"|\s+in the (?:morning|afternoon|evening)\b",
    re.IGNORECASE,
)
_AGE_AFTER = re.compile(r"[- ]years?[- ]olds?\b", re.IGNORECASE)
_AGE_BEFORE = re.compile(r"\b(?:aged?|ages|age of)\s+(?:between\s+)?(?:about\s+)?$", re.IGNORECASE)
_ADULT = re.compile(
    r"\b(?:is|was|are|were|those|anyone|children|people|men|boys|girls)\s+(?:under|over|below|above)\s+$",
    re.IGNORECASE,
)
_ADULT_AGES = range(12, 22)
_MULTIPLE_AFTER = re.compile(
    r"\s+times\s+(?:as|more|less|fewer|higher|lower|larger|bigger|greater|smaller|the|that|its|their|his|a)\b",
    re.IGNORECASE,
)
_RATIO = re.compile(
    r"\b(?:one|1)\s+(?:in|out of)\s+(?:every\s+)?[\w-]+"
    r"|\b[\w-]+\s+(?:in|out of)\s+(?:every\s+)?(?:10|ten|100)\b",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"\+\d[\d\s().-]{4,}\d|(?<![\w,.])\(?0\d{2,4}\)?[\s-]\d{3,}(?:[\s-]\d{3,})?|\(\d{3}\)\s?\d{3}-\d{4}"
    r"|\b\d{3}-\d{3}-\d{4}\b"
)
_NUMBER_SIGN = re.compile(r"(?:\b[Nn]os?\.|\u2116|#)\s?$")
_COMPOUND_AFTER = re.compile(r"-(?P<word>[a-z]+)", re.IGNORECASE)
_PEOPLE_COMPOUNDS = {"man", "men", "woman", "person", "people", "member", "strong", "soldier"}
_YEAR = re.compile(r"(?:1[89]|20|21)\d\d(?:\s?[-\u2013]\s?(?:\d\d)?\d\d)?")
_BE = {
    "is",
    "was",
    "'s",
    "\u2019s",
    "am",
    "'m",
    "\u2019m",
    "be",
    "being",
    "turned",
    "turns",
    "turn",
}
_PERSONAL = {"he", "she", "i", "who"}


def is_noncount(parsed: ParsedSentence, numeral: Numeral, tokens: TokenSpan) -> bool:
    """True where the number at `numeral` (its tokens are `tokens`) counts nothing."""
    return (
        _is_list_mark(parsed.text, numeral)
        or _is_duration(parsed.text, numeral, tokens)
        or _is_date(parsed, numeral, tokens)
        or _is_age(parsed.text, numeral, tokens)
        or _is_proportion(parsed.text, numeral)
        or _is_compound(parsed.text, numeral)
        or _is_label(parsed.text, numeral, tokens)
    )


def _is_list_mark(text: str, numeral: Numeral) -> bool:
    return numeral.start == 0 and bool(re.match(r"[.)](?:\s|$)", text[numeral.end :]))


def _is_duration(text: str, numeral: Numeral, tokens: TokenSpan) -> bool:
    if _DURATION_AFTER.match(text, numeral.end):
        return True
    noun = tokens.root.head
    counted = tokens.root.dep_ in ("nummod", "compound") and noun.i >= tokens.end
    return counted and bool(_DURATION_WORD.fullmatch(noun.text))


@cache
def _months() -> re.Pattern[str]:
    from babel.dates import get_month_names

    names = {
        n for width in ("wide", "abbreviated") for n in get_month_names(width, locale="en").values()
    }
    lower = {name.lower() for name in names} - {"may", "mar", "march"}  # these are verbs, too
    forms = sorted({*names, *map(str.upper, names), *lower, "Sept", "sept"}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(forms)})\b\.?")


def _is_date(parsed: ParsedSentence, numeral: Numeral, tokens: TokenSpan) -> bool:
    text = parsed.text
    if numeral.value is None or numeral.value >= _MIN_NO_YEAR or _counts_plural(tokens):
        return False
    if _CLOCK_AFTER.match(text, numeral.end) or _beside_month(text, numeral):
        return True
    if _YEAR.fullmatch(text, numeral.start, numeral.end):
        return True
    if any(start - numeral.end in (0, 1) for _, start, _ in find_periods(text)):
        return False
    return any(_tells_time(entity) for entity in _entities(tokens))


def _counts_plural(tokens: TokenSpan) -> bool:
    noun = tokens.root.head
    temporal = _DURATION_WORD.fullmatch(noun.text) or _months().fullmatch(noun.text)
    return tokens.root.dep_ == "nummod" and noun.tag_ == "NNS" and not temporal


def _beside_month(text: str, numeral: Numeral) -> bool:
    if numeral.value is None or numeral.value > _MAX_DAY:
        return False
    after = re.compile(r"\s+(?:of\s+)?").match(text, numeral.end)
    if after and _months().match(text, after.end()):
        return True
    return any(
        text[m.end() : numeral.start].isspace() for m in _months().finditer(text, 0, numeral.start)
    )


def _entities(tokens: TokenSpan) -> list[TokenSpan]:
    """DATE and TIME entities that hold all of `tokens`."""
    return [
        entity
        for entity in tokens.doc.ents
        if entity.label_ in ("DATE", "TIME")
        and entity.start <= tokens.start
        and tokens.end <= entity.end
    ]


def _tells_time(entity: TokenSpan) -> bool:
    times = (_DURATION_WORD, _months(), re.compile(r"\w+day", re.IGNORECASE), _YEAR)
    return any(pattern.fullmatch(token.text) for token in entity for pattern in times)


def _is_age(text: str, numeral: Numeral, tokens: TokenSpan) -> bool:
    before = text[: numeral.start]
    if _AGE_AFTER.match(text, numeral.end) or _AGE_BEFORE.search(before):
        return True
    if numeral.value is None or numeral.value > MAX_AGE:
        return False
    if numeral.value in _ADULT_AGES and _ADULT.search(before) and not _counts_plural(tokens):
        return True
    return _is_age_beside_name(text, numeral, tokens) or _is_stated_age(tokens.root)


def _is_age_beside_name(text: str, numeral: Numeral, tokens: TokenSpan) -> bool:
    """ "Ann Lee, 31," and "a driver, 40, said", but not "Chad, 12, and Mali, 14"."""
    apart = text[: numeral.start].endswith(", ") and re.match(
        r"[,.;:)\u2014\u2013]", text[numeral.end :]
    )
    if not apart or tokens.start < 2:
        return False
    name = tokens.doc[tokens.start - 2]
    listed = name.ent_type_ == "GPE" or code_of_people(name.text) or code_of_place(name.text)
    return name.tag_ in ("NN", "NNP") and not listed


def _is_stated_age(token: Token) -> bool:
    """ "He was 84", "who is 31"."""
    verb = token.head
    if token.dep_ not in ("attr", "acomp", "dobj") or verb.lower_ not in _BE:
        return False
    subjects = [child for child in verb.children if child.dep_ == "nsubj"]
    return any(map(_is_one_person, subjects))


def _is_one_person(subject: Token) -> bool:
    """ "She", a name, or "my daughter"."""
    kin = any(child.lower_ in ("my", "his", "her") for child in subject.children)
    return subject.lower_ in _PERSONAL or subject.ent_type_ == "PERSON" or kin


def _is_proportion(text: str, numeral: Numeral) -> bool:
    """ "One in five", "three times as many": no number of things."""
    ratio = any(
        m.start() <= numeral.start and numeral.end <= m.end() for m in _RATIO.finditer(text)
    )
    return ratio or bool(_MULTIPLE_AFTER.match(text, numeral.end))


def _is_compound(text: str, numeral: Numeral) -> bool:
    """ "One-off", "six-party"; the number of people in "a nine-member panel" counts."""
    match = _COMPOUND_AFTER.match(text, numeral.end)
    if match is None or numeral.value is None or numeral.value > _MAX_COMPOUND:
        return False
    return numeral.value == 1 or match["word"].lower() not in _PEOPLE_COMPOUNDS


def _is_label(text: str, numeral: Numeral, tokens: TokenSpan) -> bool:
    """The number of a name: "Article 5", "No. 2", "81 Squadron", "Platform Nine", a telephone's."""
    if any(m.start() <= numeral.start < m.end() for m in _PHONE.finditer(text)):
        return True
    if _NUMBER_SIGN.search(text, 0, numeral.start) or _names_what_follows(tokens):
        return True
    if tokens.start == 0:
        return False
    before = tokens.doc[tokens.start - 1]
    named = before.pos_ in ("NOUN", "PROPN") and (before.text[0].isupper() or before.tag_ == "NN")
    belongs = tokens.root.head == before and tokens.root.dep_ in ("nummod", "appos", "npadvmod")
    capital = before.pos_ == "PROPN" and tokens[0].is_title and len(tokens) == 1
    return (named and belongs) or (capital and not _stands_before_noun(tokens))


def _stands_before_noun(tokens: TokenSpan) -> bool:
    following = tokens.doc[tokens.end : tokens.end + 1]
    return any(token.pos_ in ("NOUN", "PROPN", "ADJ") for token in following)


def _names_what_follows(tokens: TokenSpan) -> bool:
    """ "81 Squadron", "40 Mill Lane": a singular proper noun that is no people's name."""
    noun = tokens.root.head
    singular = tokens.root.dep_ == "nummod" and noun.i >= tokens.end and noun.tag_ == "NNP"
    plain = tokens.text.isdigit() and not noun.text.endswith("s")
    return singular and plain and code_of_people(noun.text) is None
