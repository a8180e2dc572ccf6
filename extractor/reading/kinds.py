"""What each number of a sentence is: a count, a sum of money, a measure, a date, an age, a name's.

spaCy's DATE and TIME entities alone are no proof (it takes many a bare number for a year), so an
entity must hold a word of time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Literal

from extractor.reading.bounds import find_periods
from extractor.reading.countries import code_of_people, code_of_place, countries_told
from extractor.reading.denials import denies_adjective
from extractor.reading.labels import is_label
from extractor.reading.money import find_currency
from extractor.reading.numerals import Numeral
from extractor.reading.parse import ParsedSentence
from extractor.reading.tokens import Token, TokenSpan
from extractor.reading.units import find_percent, find_unit

Kind = Literal[
    "count", "money", "percent", "measure", "size", "duration", "age", "date", "time", "proportion",
    "multiple", "compound", "score", "label", "pronoun",
]  # fmt: skip
NOMINAL = {"NOUN", "PROPN"}
Money = tuple[str | None, tuple[int, int]]

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
    r"|\s+in the (?:morning|afternoon|evening)\b|\s+(?:tonight|this (?:morning|evening))\b",
    re.IGNORECASE,
)
_AGE_AFTER = re.compile(r"[- ](?:year|month|week|day)s?[- ]olds?\b", re.IGNORECASE)
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
_SCORE = re.compile(r"(?<![\w.,-])(?P<one>\d{1,3})[-\u2013](?P<other>\d{1,3})(?![\w-]|[.,]\d|\s?%)")
_SCORED = re.compile(
    r"(?:\b(?:lost|lose|loses|losing|won|wins?|winning|drew|beat|beaten|trail\w*|led)\s(?:by\s)?"
    r"|\d-\d{1,2},?\s)$"
)
_SCORE_AFTER = re.compile(
    r"\s(?:win|loss|defeat|victory|draw|lead|record|deficit|scoreline)\b|,\s\d-\d"
)
# These measure distances, weights and speeds of prose even where they touch the number.
_PROSE_SYMBOL = re.compile(r"(?:km|kg|lbs?|ft|mph|MW|GW)\b", re.IGNORECASE)
_COMPOUND_AFTER = re.compile(r"-(?P<word>[a-z]+)", re.IGNORECASE)
_RELATIONS = {"for", "on", "by", "to", "in", "of"}  # "3-for-4", "two-by-four"
_PEOPLE_COMPOUNDS = {"man", "men", "woman", "person", "people", "member", "strong", "soldier"}
_YEAR = re.compile(r"(?:1[89]|20|21)\d\d(?:\s?[-\u2013]\s?(?:\d\d)?\d\d)?")
_BETWEEN_YEARS = re.compile(
    r"(?<=\bbetween )(?:1[5-9]|20|21)\d\d and (?:1[5-9]|20|21)\d\d(?=[,.;:)]|$| [a-z]+(?<!s)\b)",
    re.IGNORECASE,
)
_WEEKDAY_BRACKET = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tues?|wed|thurs?|fri|sat|sun)\.?),?\s?\($",
    re.IGNORECASE,
)
_BRACKETED_WEEKDAY = re.compile(r"\s?\((?:mon|tues|wednes|thurs|fri|satur|sun)day\)", re.IGNORECASE)
_TIME_RELATIONS = {"by", "in", "before", "until", "since", "during", "after", "on"}
_BE = {
    "is", "was", "'s", "\u2019s", "am", "'m", "\u2019m", "be", "being", "turned", "turns", "turn",
}  # fmt: skip
_PERSONAL = {"he", "she", "i", "who"}


def kind_of(parsed: ParsedSentence, numeral: Numeral) -> Kind:
    """What the number at `numeral` says.

    `size`: a measure that is part of what a thing is called ("a 155mm gun"); `compound`: the same
    with a hyphen ("six-party"); `multiple`: "three times as many"; `score`: "2-0"; `label`: the
    number of a name or a list; `pronoun`: a "one" that counts nothing ("no one").
    """
    tokens = tokens_of(parsed, numeral)
    if tokens is None:
        return "label"
    words = parsed.text[numeral.start : numeral.end].lower()
    if words == "a single":
        return "count" if is_negated(tokens) else "pronoun"
    if words == "one" and not _counts_one(tokens.root):
        return "count" if _is_not_one(tokens) else _lone_one(parsed.text, numeral)
    if find_money(parsed, numeral) is not None:
        return "money"
    return _noncount(parsed, numeral, tokens) or _counted_kind(parsed.text, numeral, tokens)


def tokens_of(parsed: ParsedSentence, numeral: Numeral) -> TokenSpan | None:
    """The tokens that hold the number, or None where the parse has none."""
    return parsed.tokens.char_span(numeral.start, numeral.end, alignment_mode="expand")


def find_money(parsed: ParsedSentence, numeral: Numeral) -> Money | None:
    """Currency as `find_currency`; a name that is no noun here ("two won", "real") is none."""
    hit = find_currency(
        parsed.text, numeral.start, numeral.end, countries_told(parsed.document.text)
    )
    if hit is None or hit[1][0] < numeral.end:
        return hit
    words = parsed.tokens.char_span(*hit[1], alignment_mode="expand")
    if words is None or words[-1].pos_ in ("VERB", "AUX", "ADV"):
        return None
    return None if words[-1].pos_ == "ADJ" and words[-1].head.i > words[-1].i else hit


def is_negated(tokens: TokenSpan) -> bool:
    """ "Not one", or the object of a verb negated before it ("has not asked for a single ...")."""
    before = tokens.doc[max(0, tokens.start - 1) : tokens.start]
    if any(token.lower_ in ("not", "without") for token in before):
        return tokens.doc[max(0, tokens.start - 2)].lower_ != "if"  # "hundreds, if not thousands"
    noun = tokens.root.head if tokens.root.dep_ in ("nummod", "amod", "det") else tokens.root
    verb = noun.head.head if noun.dep_ == "pobj" else noun.head
    if tokens.text.lower() == "a single":  # asks for a negation, however far up it stands
        verb = next((up for up in noun.ancestors if up.pos_ not in ("ADP", *NOMINAL)), verb)
    if verb.pos_ not in ("VERB", "AUX"):
        return False
    denials = [child for child in verb.children if child.dep_ == "neg" and child.i < tokens.start]
    text = tokens.doc.text
    return any(not denies_adjective(text, denial.idx + len(denial.text)) for denial in denials)


def _lone_one(text: str, numeral: Numeral) -> Kind:
    return "proportion" if _is_proportion(text, numeral) else "pronoun"


def _counts_one(token: Token) -> bool:
    """ "one person", not "one of them", "no one", "one another"."""
    return token.dep_ == "nummod" and token.head.i > token.i


def _is_not_one(tokens: TokenSpan) -> bool:
    """ "Not one of them came", not "she is not one of them"."""
    before = [token.lower_ for token in tokens.doc[max(0, tokens.start - 2) : tokens.start]]
    verb = tokens.doc[max(0, tokens.start - 2)].pos_ == "AUX"
    return before[-1:] == ["not"] and not (len(before) > 1 and verb)


def _noncount(parsed: ParsedSentence, numeral: Numeral, tokens: TokenSpan) -> Kind | None:
    """The first that holds, from what is surest to what is guessed."""
    text = parsed.text
    tests: tuple[tuple[Kind, Callable[[], bool]], ...] = (
        ("label", lambda: _is_list_mark(text, numeral)),
        ("age", lambda: bool(_AGE_AFTER.match(text, numeral.end))),
        ("duration", lambda: _is_duration(text, numeral, tokens)),
        ("time", lambda: bool(_CLOCK_AFTER.match(text, numeral.end)) and numeral.value is not None),
        ("date", lambda: _is_date(parsed, numeral, tokens)),
        ("age", lambda: _is_age(text, numeral, tokens)),
        ("multiple", lambda: bool(_MULTIPLE_AFTER.match(text, numeral.end))),
        ("proportion", lambda: _is_proportion(text, numeral)),
        ("compound", lambda: _is_compound(text, numeral)),
        ("score", lambda: _is_score(text, numeral)),
        ("label", lambda: not _is_measured(text, numeral) and is_label(text, numeral, tokens)),
    )
    return next((kind for kind, holds in tests if holds()), None)


def _is_measured(text: str, numeral: Numeral) -> bool:
    return bool(find_unit(text, numeral.end) or find_percent(text, numeral.end))


def _counted_kind(text: str, numeral: Numeral, tokens: TokenSpan) -> Kind:
    if find_percent(text, numeral.end):
        return "percent"
    unit = find_unit(text, numeral.end)
    if unit is None:
        return "count"
    touching = unit.start == numeral.end and not _PROSE_SYMBOL.match(text, numeral.end)
    describes = touching and tokens.root.head.i > tokens.root.i and tokens.root.head.pos_ == "NOUN"
    return "size" if describes else "measure"


def _is_score(text: str, numeral: Numeral) -> bool:
    """ "2-0", "89-89": what no range can be."""
    here = [m for m in _SCORE.finditer(text) if m.start() <= numeral.start < m.end()]
    return any(
        int(m["one"]) >= int(m["other"])
        or _SCORED.search(text, 0, m.start())
        or _SCORE_AFTER.match(text, m.end())
        for m in here
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
    if _BETWEEN_YEARS.match(text, numeral.start) or _before_month(text, numeral):
        return True
    counts = _counts_plural(tokens) or _counts_behind_month(text, numeral)
    if numeral.value is None or numeral.value >= _MIN_NO_YEAR or counts:
        return False
    if _beside_month(text, numeral) or _in_weekdays_brackets(text, numeral):
        return True
    if _YEAR.fullmatch(text, numeral.start, numeral.end):
        return True
    if any(start - numeral.end in (0, 1) for _, start, _ in find_periods(text)):
        return False
    return any(_tells_time(entity) for entity in _entities(tokens) if not _is_apart(entity, tokens))


def _is_apart(entity: TokenSpan, tokens: TokenSpan) -> bool:
    """A preposition stands between the number and the words of time: "another 20 by June"."""
    following = tokens.doc[tokens.end : tokens.end + 1]
    return tokens.end < entity.end and any(t.lower_ in _TIME_RELATIONS for t in following)


def _counts_plural(tokens: TokenSpan) -> bool:
    noun = tokens.root.head
    temporal = _DURATION_WORD.fullmatch(noun.text) or _months().fullmatch(noun.text)
    return tokens.root.dep_ == "nummod" and noun.tag_ == "NNS" and not temporal


def _before_month(text: str, numeral: Numeral) -> bool:
    """ "5 May", also where the parse gives the day to a noun: "On 5 May 300 men came"."""
    day = numeral.value is not None and numeral.value <= _MAX_DAY and numeral.upper is None
    after = re.compile(r"\s+(?:of\s+)?").match(text, numeral.end)
    return bool(day and after and _months().match(text, after.end()))


def _counts_behind_month(text: str, numeral: Numeral) -> bool:
    """ "By May 300 men came": no day, and no year."""
    value = numeral.value
    if value is None or value <= _MAX_DAY or _YEAR.fullmatch(text, numeral.start, numeral.end):
        return False
    near = max(0, numeral.start - 12)
    return any(
        text[m.end() : numeral.start].isspace()
        for m in _months().finditer(text, near, numeral.start)
    )


def _beside_month(text: str, numeral: Numeral) -> bool:
    if numeral.value is None or numeral.value > _MAX_DAY:
        return False
    return any(
        text[m.end() : numeral.start].isspace() for m in _months().finditer(text, 0, numeral.start)
    )


def _in_weekdays_brackets(text: str, numeral: Numeral) -> bool:
    """ "On Thursday (9)": the day of the month, as papers of East Africa and Japan write it."""
    if numeral.value is None or not 1 <= numeral.value <= _MAX_DAY or numeral.upper is not None:
        return False
    bracketed = text[numeral.end : numeral.end + 1] == ")"
    before = text[max(0, numeral.start - 14) : numeral.start]
    inside = bracketed and _WEEKDAY_BRACKET.search(before)
    return bool(inside or _BRACKETED_WEEKDAY.match(text, numeral.end))


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
    """ "One in five", "3-for-4": no number of things."""
    compound = _COMPOUND_AFTER.match(text, numeral.end)
    if compound and compound["word"].lower() in _RELATIONS:
        return True
    return any(m.start() <= numeral.start and numeral.end <= m.end() for m in _RATIO.finditer(text))


def _is_compound(text: str, numeral: Numeral) -> bool:
    """ "One-off", "six-party"; the number of people in "a nine-member panel" counts."""
    match = _COMPOUND_AFTER.match(text, numeral.end)
    if match is None or numeral.value is None or numeral.value > _MAX_COMPOUND:
        return False
    return numeral.value == 1 or match["word"].lower() not in _PEOPLE_COMPOUNDS
