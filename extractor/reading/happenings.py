"""What happens in a clause, as far as its words and its grammar settle it.

The words are data (`happenings.yaml`); the one nearest to the clause's verb in the dependency parse
decides. A clause without such a word is left open, unless its grammar says that nothing happens in
it: verbs in the simple present tell of states and habits (Vendler 1957), questions and what "you"
do are nobody's deed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from extractor.reading.clauses import Clause
from extractor.reading.tokens import Token

_STEPS = 3  # from the verb: "is likely to be deployed" takes two
_SUBJECTS = {"nsubj", "nsubjpass"}
_GOVERNED = {"dobj", "attr", "oprd", "prt", "xcomp", "agent", "prep", "pobj", "acomp", "pcomp",
             "compound", "conj", "dative"}  # fmt: skip
# What comes with these is when, why or to whom it happened, not what happened.
_CIRCUMSTANCES = {"after", "amid", "before", "despite", "during", "since", "until", "because",
                  "without", "over", "against", "about", "for", "from", "by", "of",
                  "like"}  # fmt: skip
_ADDRESSED = {"you"}
_TELLERS = {"i", "we"}
_ASIDE = {"relcl", "advcl", "acl"}


def told_kind(clause: Clause) -> str | None:
    """The kind of event; None where no word near the verb settles it."""
    if _is_asked(clause):
        return None
    offset = clause.parsed.sentence.start
    start, end = clause.span.start - offset, clause.span.end - offset
    for token in _near(_verb(clause)):
        inside = start <= token.idx < end or token.dep_ in _SUBJECTS
        if inside and (kind := _kind(token)) is not None:
            return kind
    return None


def may_happen(clause: Clause) -> bool:
    """The grammar of a clause does not rule out that it tells of a happening."""
    verb, subject = _verb(clause), clause.subject
    if subject is None or verb.tag_ in ("VBZ", "VBP") or verb.dep_ in _ASIDE:
        return False
    if clause.status == "possible":
        return False
    return not _is_asked(clause) and subject.text.lower() not in _TELLERS


def is_told_by(verb: Token) -> bool:
    """The verb itself is listed: its object is whom or what it was done to."""
    return verb.pos_ == "VERB" and _kind(verb) is not None


def names_a_happening(noun: Token) -> bool:
    """A noun for what happens ("the recruitment of divers") and no one who does it."""
    text = noun.doc.text[noun.idx :]
    return any(words["nouns"].match(text) for words in _words().values())


def _is_asked(clause: Clause) -> bool:
    addressed = clause.subject is not None and clause.subject.text.lower() in _ADDRESSED
    return addressed or clause.parsed.text.rstrip(" \"'\u2019\u201d").endswith("?")


def _verb(clause: Clause) -> Token:
    return clause.parsed.tokens[clause.verb]


def _near(verb: Token) -> Iterator[Token]:
    """The verb, what it governs, the nearest first, then its subject."""
    level = [verb]
    for _ in range(_STEPS):
        yield from level
        level = [child for token in level for child in token.children if _belongs(child)]
    yield from (child for child in verb.children if child.dep_ in _SUBJECTS)


def _belongs(token: Token) -> bool:
    if token.dep_ == "prep":
        return token.lower_ not in _CIRCUMSTANCES
    return token.dep_ in _GOVERNED and (token.dep_, token.pos_) != ("conj", "VERB")


def _kind(token: Token) -> str | None:
    forms = ("verbs",) if token.pos_ == "VERB" else ("nouns", "objects")
    if token.dep_ == "nsubj":
        forms = forms[:1]  # "prisoners crossed the bridge" tells of no capture
    text = token.doc.text[token.idx :]
    found = [
        (match.end(), kind)
        for kind, words in _words().items()
        for form in forms
        if form in words and (match := words[form].match(text))
    ]
    return max(found)[1] if found else None


@cache
def _words() -> dict[str, dict[str, re.Pattern[str]]]:
    """Kind -> "verbs", "nouns" or "objects" -> pattern that matches where such a word begins."""
    import yaml

    file = resources.files("extractor.reading").joinpath("happenings.yaml")
    listed = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {
        kind: {form: _pattern(words) for form, words in forms.items()}
        for kind, forms in listed.items()
    }


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(words.split(' / '))})(?![\w-])", re.IGNORECASE)
