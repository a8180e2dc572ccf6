"""Why a number counts nothing, and why capitals are no name: from the words around it alone.

A rule here must be sure. Where none holds, the audit says that nothing is known, not that nothing
is there. English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from extractor.audit.scan import FRACTIONS, ORDINALS, SCALES, UNITS
from extractor.output import Gap
from extractor.reading.countries import code_of_people, code_of_place

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
_SMALL_MONTHS = (  # without "march" and "may", which are verbs
    r"january|february|april|june|july|august|september|october|november|december"
    r"|(?:jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)
_CALENDAR = re.compile(
    rf"(?:{_MONTHS}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|Spring|Summer|Autumn|Winter)"
)
# "2000 villages", "March 30 soldiers": a plural behind it is counted, unless it is a short word.
_NO_PLURAL = (
    r"(?!\s+(?!(?:was|has|is|this|as|its|his|us|does|says|less|unless|plus|across)\b)[a-z]+s\b)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DAYS = rf"{_DAY}(?:\s?(?:-|\u2013|to|and|or|,)\s?{_DAY}){{0,6}}"
_YEAR = r"(?<![$\u00a3\u20ac\d,.])(?:1[89]|20|21)\d\d(?![\d%$\u00a3\u20ac]|[.,]\d)"
_YEARS = rf"{_YEAR}(?:\s?[-\u2013/]\s?(?:\d\d)?\d\d\b)?"
_YEAR_CUE = (
    r"(?:in|since|until|till|of|by|from|to|and|or|before|after|during|through|between|early|late"
    r"|mid|pre|post|year|spring|summer|autumn|fall|winter|end|start)"
)
_STOP = r"\s*(?:[,.;:!?)\]\u2013\u2014\"\u201d\u2019]|$)"
_YEAR_END = (
    rf"(?={_STOP}|\s?['-]|\s+(?:and|or|to|when|as|the|that|but|who|which|while|with|for|by|on|at|in"
    r"|is|was|has|had|will|after)\b)"
)
_PERIOD = (
    r"(?:second|minute|hour|day|night|week|weekend|month|year|decade|centur(?:y|ie)|fortnight)s?\b"
)
_MORE = r"(?:more|full|long|whole|working|straight|consecutive|further|additional)"
_NUMBER = rf"(?:(?<!\d)(?>\d+(?:[.,]\d+){{0,5}})|\b(?:{UNITS})(?:[\s-](?:{UNITS}))?|\b(?:{SCALES}))"
_RANGE = rf"{_NUMBER}(?:\s?(?:-|\u2013|to|and|or)\s?{_NUMBER})?"
_DAYTIME = r"\s?(?:[ap]\.?m\b|o.clock|GMT\b|UTC\b)|\sin\sthe\s(?:morning|afternoon|evening)\b"
_PRONOUN = r"them|us|you|those|these|the|its|his|her|their|our|my"
_LABEL = (
    "Article|Section|Chapter|Part|Paragraph|Clause|Annex|Resolution|Decree|Protocol|Route|Highway"
    "|Room|Gate|Platform|Flight|Channel|Unit|Brigade|Battalion|Regiment|Division|Squadron|Corps"
    "|Page|Table|Phase|Level|Category|Type|Mark|section|chapter|article|paragraph|point|page|annex"
)
_BODY = "Street|Avenue|Lane|Squadron|Brigade|Battalion|Regiment|Division|Corps"
_ALONE = (  # no noun follows "one"
    rf"(?={_STOP}|\s(?:of|is|was|who|that|which|will|has|had|in|from|with|on|to|and|or|can)\b)"
)

_RULES: tuple[tuple[Gap, str], ...] = (
    ("name", r"https?://\S+|www\.\S+|[\w.+-]{1,64}@\S+|\+\d[\d\s().-]{6,}\d"),
    ("age", rf"{_RANGE}[-\s]years?[-\s]olds?\b"),
    ("age", rf"\b[Aa]ge[ds]?\s+(?:of\s+|between\s+|from\s+)?{_RANGE}"),
    ("age", r"\b(?:his|her|their|my) (?:early |late |mid-)?\d0s\b"),
    ("age", r"(?i:\b(?:I|he|she|who)(?:['\u2019](?:s|m)|\s(?:was|is|am|turned|turns))\s"
            r"(?:(?:only|just|about|barely|now)\s)?)"
            rf"(?!one\b){_NUMBER}(?={_STOP}|\s(?:when|and)\b)"),
    ("age", r"\b(?:is|was|are|were|those|anyone|children|people|men|boys|girls)"
            r"\s(?:under|over|below|above)\s(?:1[2-9]|2[01])\b(?!\s[a-z]+s\b)"),
    ("time", rf"\b\d{{1,2}}:\d\d(?::\d\d)?\b|(?i:\b\d{{1,2}}(?:[.:]\d\d)?(?:{_DAYTIME}))|\b24/7\b"),
    ("date", r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./](?:\d\d)?\d\d\b"),
    ("date", rf"\b{_DAYS}\s+(?:of\s+)?(?:{_MONTHS}|{_SMALL_MONTHS})\b(?:,?\s+{_YEARS})?"),
    ("date", rf"\b(?:{_MONTHS})\s+(?:the\s+)?{_DAYS}\b(?![,.:/]?\d){_NO_PLURAL}(?:,?\s+{_YEARS})?"),
    ("date", rf"\b(?:{_MONTHS}|(?i:{_YEAR_CUE}))[\s-](?:(?:of|the|about)\s+)?{_YEARS}{_NO_PLURAL}"),
    ("date", rf"{_YEARS}{_YEAR_END}|\b(?:1[89]|20)\d0s\b|['\u2019]\d0s\b"),
    ("date", r"\b(?i:first|second|third|fourth)\s+(?:quarter|half)\s+of\b"),
    ("time", rf"(?i:{_RANGE}(?:\s+of)?[-\s]+(?:{_MORE}\s+)?{_PERIOD})"),
    ("ratio", rf"(?i:{_NUMBER}\s(?:in|out\sof)\s(?:every\s)?(?:{UNITS}|100|10)\b)"),
    ("ratio", rf"(?i:{_RANGE}\s+times\s+(?:as|more|less|fewer|higher|lower|larger|greater|that"
              rf"|{_PRONOUN}|an?(?!\s{_PERIOD}))\b)"),
    ("ratio", rf"(?i:\b(?:(?:{UNITS}|a)[-\s](?:and\sa\s)?)?"
              rf"(?:{FRACTIONS}|(?<=one.)(?:third|quarter|fifth|tenth)|(?<=a\s)(?:third|quarter))\b"
              rf"(?!\s(?:an?\s|of\sa\s)?(?:{SCALES})))"),
    ("ordinal", rf"(?i:\b\d+(?:st|nd|rd|th)\b|\b(?:(?:{UNITS})-)?(?:{ORDINALS})\b)"),
    ("name", rf"\b(?:{_LABEL})\s{_NUMBER}|(?:\b[Nn]os?\.|\u2116|#)\s?{_NUMBER}"),
    ("name", rf"\b\d{{1,4}}\s(?:[A-Z]\w+\s)?(?:{_BODY})\b|\b[A-Z][A-Za-z]{{0,20}}-\d+s?\b"),
    ("name", r"\b(?!(?i:mid|pre|post))[A-Za-z]{1,20}-?\d{1,3}(?![\d,.]\d)s?\b"),
    ("name", r"\b\d{1,3}[A-Z]+\d*\b|\b\dx\d\b|\b\d{1,3}(?:\.\d{1,2})?[\s-]?mm\b"),
    ("phrase", rf"(?i:\b(?:no|every)\sone\b|\bnumber\sone\b"
               rf"|\b(?:any|each|this|that|which|(?:the|a|only)(?:\s\w+)?)\sone\b{_ALONE})"),
    ("phrase", r"(?i:(?<!not\s)\bone(?:['\u2019]s\b|\sanother\b|\sby\sone\b"
               rf"|\s(?:hand|point|thing)\b|\sof\s(?:{_PRONOUN})\b))"),
    ("phrase", r"(?i:\b(?:one|two|three|four|five|six|seven|eight|nine|ten)-"
               r"(?!man|men|woman|person|people|member|strong|soldier)[a-z]+)"),
)  # fmt: skip
# "Ann Lee, 31," and "said Ann Lee, 31.", but not "Chad, 12, and Mali, 14".
_AGE_BESIDE = re.compile(
    r"\b(?P<name>[^\W\d_]+),\s(?:1[0-9]|[2-9]\d)(?=,(?!\s(?:\d|and\b)))"
    r"|\b(?:says?|said|told|asked|adds|added)\s(?:[^\W\d_a-z][\w-]*\s){0,2}"
    r"(?P<speaker>[^\W\d_a-z][\w-]*),\s(?:1[0-9]|[2-9]\d)(?=[.,;])"
)
_COMPILED = tuple((reason, re.compile(pattern)) for reason, pattern in _RULES)
_LIST_NUMBER = re.compile(r"\(?\d{1,3}[.)](?=\s)")
_SINGLE = re.compile(r"a\s+single", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:not|never|without|nor|neither|no|none|nobody|nothing)\b|n['\u2019]t\b", re.IGNORECASE
)


_OFFICES = frozenset(
    """
    adm admiral adviser advisor ambassador analyst archbishop attorney bishop brigadier capt captain
    chair chairman chairwoman chancellor chief col colonel commander commissioner corporal
    correspondent cpl dame deputy director dr editor envoy father gen general gov governor head imam
    inspector judge king lady leader lieutenant lord lt maj major marshal mayor minister miss mr mrs
    ms officer pope premier president prince princess prof professor prosecutor queen rep reporter
    representative secretary sen senator sergeant sgt sheikh sir sister speaker spokesman
    spokesperson spokeswoman
    """.split()  # noqa: SIM905 - words are easier to read and to change than a list
)
_GRAMMAR = frozenset(
    """
    a about above according across after afterwards again against ago all almost along already also
    although always am amid among an and another any anybody anyone anything are around as at
    because before behind below beside besides between beyond both but by can cannot could despite
    did do does down due during each earlier either else elsewhere even ever every everybody
    everyone everything except few fewer finally first for former formerly from further furthermore
    given had has have having he hence her here herself him himself his how however i if in indeed
    instead into is it its itself just last later latter least less let like likewise many may maybe
    me meanwhile might mine more moreover most mostly much must my namely near nearly neither never
    nevertheless next no nobody none nonetheless nor not nothing now of off often on once one only
    onto or other others otherwise our out over own per perhaps please rather same several shall she
    should similarly since so some somebody someone something sometimes soon still such than that
    the their them then thence there therefore these they this those though through throughout thus
    to today together tomorrow too toward towards under unless unlike until up upon very via was we
    were what whatever when whenever where whereas wherever whether which while who whoever whom
    whose why will with within without would yes yesterday yet you your
    """.split()  # noqa: SIM905 - words are easier to read and to change than a list
)


def number_reasons(text: str, starts: list[int]) -> Iterator[tuple[int, int, Gap]]:
    """Ranges of `text` in which numbers count nothing, with the reason; the first one holds.

    Args:
        starts: where the paragraphs start.
    """
    for start in starts:
        if match := _LIST_NUMBER.match(text, start):
            yield *match.span(), "list_number"
    for reason, pattern in _COMPILED:
        for match in pattern.finditer(text):
            yield *match.span(), reason
    for match in _AGE_BESIDE.finditer(text):
        if not code_of_place(match["name"] or match["speaker"]):
            yield *match.span(), "age"
    for match in _SINGLE.finditer(text):
        if not _NEGATION.search(re.split(r"[.;!?]\s|\n", text[: match.start()][-120:])[-1]):
            yield *match.span(), "phrase"


def is_calendar_word(word: str) -> bool:
    """A month, a day of the week or a season."""
    return _CALENDAR.fullmatch(word) is not None


def name_reason(words: list[str]) -> Gap | None:
    """Why capitalised words are no name of their own: peoples, or titles with or without them."""
    if code_of_place(" ".join(words)):
        return None
    rest = [word.lower() for word in words if not code_of_people(word)]
    if not rest or code_of_people(" ".join(words)):
        return "demonym"
    office = re.sub(r"s$", "", rest[-1]) in _OFFICES
    return "title" if office and _titles().issuperset(rest[:-1]) else None


def is_people(word: str) -> bool:
    """A demonym, as adjective or plural."""
    return code_of_people(word) is not None


def is_ordinary(word: str) -> bool:
    """A word of grammar, whatever its first letter, also with a verb drawn to it ("I'd")."""
    return re.split("['\u2019]", word.lower())[0] in _GRAMMAR


@cache
def _titles() -> frozenset[str]:
    """Words that may stand before an office: nameparser's titles, and what ministers are of."""
    from nameparser.config import CONSTANTS

    return frozenset(CONSTANTS.titles) | _OFFICES | {"defence", "defense", "interior", "finance"}
