"""Numbers that are a part of a name: of articles of law, units, streets, versions, telephones."""

from __future__ import annotations

import re

from extractor.reading.countries import code_of_people
from extractor.reading.numeral import Numeral
from extractor.reading.tokens import TokenSpan

_PHONE = re.compile(
    r"\+\d[\d\s().-]{4,}\d|(?<![\w,.])\(?0\d{2,4}\)?[\s-]\d{3,}(?:[\s-]\d{3,})?|\(\d{3}\)\s?\d{3}-\d{4}"
    r"|\b\d{3}-\d{3}-\d{4}\b"
)
_NUMBER_SIGN = re.compile(
    r"(?:\b(?i:phase|type|tier|category|grade|chapter|version|page|gate|flight|channel|section)"
    r"|\b[Nn]os?\.|\u2116|#)\s?$"
)
_LABEL_REACH = 80  # characters
# "Under articles 5 and 7", "sections 12(3), 14 and 15", "paragraph 2".
_OF_LAW = re.compile(
    r"(?:\b(?:articles?|arts?\.|sections?|secs?\.|paragraphs?|paras?\.?|clauses?|subsections?|chapters?|annex(?:es)?"
    r"|resolutions?|schedules?|parts?)|\u00a7{1,2})\s?"
    r"(?:(?:nos?\.\s)?\d[\d.]*(?:\(\w{1,4}\))*(?:,\s(?:and\s|or\s)?|\s(?:and|or|to)\s|\s?[-\u2013]\s?))*$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\d+(?:[-\u2013]\d+)?\s(?:[NSEW]\.?\s)?(?:[A-Z0-9][\w'\u2019]*\s){0,2}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Square|Terrace)\b"
)
_MODEL_BEFORE = re.compile(
    r"\b(?:[a-z]{1,2}[A-Z][A-Za-z]+\s|[A-Z]{3,}\s?-)$"
)  # "iPhone 8", "COVID -19"


def is_label(text: str, numeral: Numeral, tokens: TokenSpan) -> bool:
    """The number of a name: "Article 5", "No. 2", "81 Squadron", "Platform Nine", a telephone's."""
    if any(m.start() <= numeral.start < m.end() for m in _PHONE.finditer(text)):
        return True
    near = max(0, numeral.start - _LABEL_REACH)
    signs = (_OF_LAW, _NUMBER_SIGN)
    if any(sign.search(text, near, numeral.start) for sign in signs) or _names_what_follows(tokens):
        return True
    if _ADDRESS.match(text, numeral.start) or _MODEL_BEFORE.search(text, 0, numeral.start):
        return True
    if tokens.start == 0:
        return False
    before = tokens.doc[tokens.start - 1]
    named = before.pos_ in ("NOUN", "PROPN") and (before.text[0].isupper() or before.tag_ == "NN")
    belongs = tokens.root.head == before and tokens.root.dep_ in ("nummod", "appos", "npadvmod")
    capital = before.pos_ == "PROPN" and tokens[0].is_title and len(tokens) == 1
    if capital and not _stands_before_noun(tokens):
        return True
    return (named and belongs) or (before.pos_ == "PROPN" and _is_version(tokens))


def _is_version(tokens: TokenSpan) -> bool:
    """ "The Windows 10 update": a bare number before a singular noun counts none."""
    noun = tokens.root.head
    plain = tokens.text.isdigit() and len(tokens.text) <= 3
    place = tokens.doc[tokens.start - 1].ent_type_ in ("GPE", "LOC", "FAC", "DATE", "NORP")
    describes = tokens.root.dep_ == "nummod" and noun.i >= tokens.end and noun.tag_ == "NN"
    return plain and describes and not place


def _stands_before_noun(tokens: TokenSpan) -> bool:
    following = tokens.doc[tokens.end : tokens.end + 1]
    return any(token.pos_ in ("NOUN", "PROPN", "ADJ") for token in following)


def _names_what_follows(tokens: TokenSpan) -> bool:
    """ "81 Squadron", "40 Mill Lane": a singular proper noun that is no people's name."""
    noun = tokens.root.head
    singular = tokens.root.dep_ == "nummod" and noun.i >= tokens.end and noun.tag_ == "NNP"
    plain = tokens.text.isdigit() and not noun.text.endswith("s")
    return singular and plain and code_of_people(noun.text) is None
