"""Cues: the words that report what somebody says, and the noun phrase they belong to.

A cue is a reporting verb with a clause or a quotation for its object ("the ministry said that
..."), or "according to". Which verbs report is data (`reporting.yaml`), for a clause may hang from
a verb that reports nothing ("it appears that ..."). All of it is read off the dependency parse
(Universal-Dependencies-like labels of spaCy's English pipeline).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

import yaml

from extractor.reading.parse import ParsedSentence
from extractor.records import Span, Stance

if TYPE_CHECKING:
    from spacy.tokens import Token

_LONGEST_NAME = 10  # words of a noun phrase that is put in before its verb
_NOBODY = {"DATE", "TIME", "GPE", "LOC", "MONEY", "PERCENT", "CARDINAL"}
_CLAUSES = {"ccomp", "parataxis"}
_PHRASE_ENDS = {"relcl", "appos", "punct", "acl", "prep", "cc"}
_PREPOSITIONS = {"of", "by", "for"}  # these belong to the name of a body or a document
_OPENING = {"\u201c", "\u00ab", "\u201e", "``"}
_CLOSING = {"\u201d", "\u00bb", "''"}
QUOTE_MARKS = {'"', *_OPENING, *_CLOSING}
_BEFORE_CUE = {",", "\u2014", "\u2013", "\u2019", "'", *QUOTE_MARKS}
PRONOUNS = {
    *("he", "she", "they", "it", "i", "we", "who", "which", "that", "this", "you", "one"),
    *("these", "those", "what", "there"),
}
_OBJECT_FORMS = {"him": "he", "her": "she", "them": "they", "us": "we", "me": "i"}


@dataclass(frozen=True)
class Cue:
    """Reporting words, the noun phrase they belong to, and where in the sentence they stand.

    pronoun: the subject in lower case where it is a pronoun, else None.
    token: index of the verb, or of "according", in the sentence's parse.
    head: index of the subject's head.
    """

    words: Span
    subject: Span
    pronoun: str | None
    token: int
    head: int
    stance: Stance = "stated"


@dataclass(frozen=True)
class _Verbs:
    stances: Mapping[str, Stance]
    irregular: Mapping[str, str]
    with_object: frozenset[str]
    with_topic: frozenset[str]
    naming: frozenset[str]
    nouns: Mapping[str, Stance]


@cache
def _verbs() -> _Verbs:
    text = files("extractor.reading").joinpath("reporting.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    forms = data["irregular"].items()
    return _Verbs(
        stances=_by_word(data["verbs"]),
        irregular={form: lemma for lemma, words in forms for form in words.split()},
        with_object=frozenset(data["with_object"].split()),
        with_topic=frozenset(data["with_topic"].split()),
        naming=frozenset(data["naming"].split()),
        nouns=_by_word(data["nouns"]),
    )


def _by_word(words: Mapping[Stance, str]) -> dict[str, Stance]:
    return {word: stance for stance, listed in words.items() for word in listed.split()}


def _lemma(word: str, known: Mapping[str, Stance] | frozenset[str]) -> str | None:
    """The listed word that `word` is a form of."""
    if word in (irregular := _verbs().irregular):
        word = irregular[word]
    stems = [word, word[:-1], word[:-2], word[:-3], word[:-2] + "e", word[:-3] + "e"]
    stems += [word[:-3] + "y", word[:-4] if word[-4:-3] == word[-5:-4] else word]
    stems += [word[:-3] if word[-3:-2] == word[-4:-3] else word]
    return next((stem for stem in stems if stem in known), None)


def stance_of(word: str) -> Stance:
    """The stance that a reporting verb or noun gives; `stated` for words not listed."""
    verbs = _verbs()
    lemma = _lemma(word.lower(), verbs.stances)
    return verbs.stances[lemma] if lemma else verbs.nouns.get(word.lower(), "stated")


def find_cues(parsed: ParsedSentence) -> list[Cue]:
    """Reporting words of one sentence with their subjects, in order, none of them quoted."""
    cues = []
    for token in parsed.tokens:
        subject = _according(token) or _speaker(token)
        if subject is not None and not is_quoted(parsed, token):
            cues.append(_cue(parsed, token, subject))
    return cues


def _cue(parsed: ParsedSentence, token: Token, subject: Token) -> Cue:
    width = 2 if token.lower_ == "according" else 1
    return Cue(
        words=parsed.token_span(parsed.tokens[token.i : token.i + width]),
        subject=_noun_phrase(parsed, subject),
        pronoun=_pronoun(subject.lower_),
        token=token.i,
        head=subject.i,
        stance=stance_of(token.text),
    )


def _pronoun(word: str) -> str | None:
    word = _OBJECT_FORMS.get(word, word)
    return word if word in PRONOUNS else None


def _according(token: Token) -> Token | None:
    if token.lower_ != "according":
        return None
    to = next((t for t in token.subtree if t.lower_ == "to"), None)
    return next((t for t in to.children if t.dep_ == "pobj"), None) if to is not None else None


def _speaker(verb: Token) -> Token | None:
    """Subject of a reporting verb with a clause for its object, or beside a quotation."""
    if verb.pos_ not in ("VERB", "AUX") or any(child.dep_ == "neg" for child in verb.children):
        return None
    listed = _lemma(verb.lower_, _verbs().stances) is not None
    subject = (_agent(verb) or _put_in(verb) if listed else None) or subject_of(verb)
    subject = subject or _behind(verb)
    if subject is None:
        return None
    if subject.i == 0 and len(verb.doc) > 1 and subject.nbor().text == ":":
        subject = _named_before(verb)  # a label such as "Details:" is not who speaks
    clause = any(child.dep_ in _CLAUSES for child in verb.children) or verb.dep_ == "parataxis"
    speaks = listed and (clause or _trails(verb) or _is_as_clause(verb) or _is_quoted_as(verb))
    return subject if speaks or _meets_quotation(verb, listed=listed) else None


def _agent(verb: Token) -> Token | None:
    """ "It was announced by the ministry that", "as reported by the agency"; of "was quoted by the
    agency as saying" the one who was quoted."""
    agents = (
        pobj
        for by in verb.children
        for pobj in by.children
        if by.dep_ == "agent" and pobj.dep_ == "pobj" and pobj.ent_type_ not in ("DATE", "TIME")
    )
    if _is_quoted_as(verb):
        return next((child for child in verb.children if child.dep_ == "nsubjpass"), None)
    if any(child.dep_ == "nsubj" and child.lower_ != "it" for child in verb.children):
        return None
    clause = any(child.dep_ in _CLAUSES for child in verb.children)
    return next(agents, None) if clause or _is_as_clause(verb) else None


def _is_quoted_as(verb: Token) -> bool:
    parts = {child.dep_ for child in verb.children}
    as_ = any(child.dep_ == "prep" and child.lower_ == "as" for child in verb.children)
    return verb.lower_ in ("quoted", "cited") and "nsubjpass" in parts and as_


def _is_as_clause(verb: Token) -> bool:
    return verb.dep_ == "advcl" and any(
        c.dep_ == "mark" and c.lower_ == "as" for c in verb.children
    )


def _put_in(verb: Token) -> Token | None:
    """Who stands between the statement's comma and the verb: "..., a senior officer said".

    The parser often takes these words for an apposition to what stands before the comma.
    """
    after = any(child.dep_ in _CLAUSES and child.i > verb.i for child in verb.children)
    hearsay = verb.i + 1 < len(verb.doc) and verb.nbor().lower_ == "to"  # "said to be rich"
    if after or hearsay or verb.dep_ in ("acl", "relcl", "amod"):
        return None
    own = subject_of(verb)
    end = verb.i - 1 if verb.i and verb.nbor(-1).text == "," else verb.i
    comma = next((t.i for t in reversed(verb.doc[:end]) if t.text == ","), verb.i)
    run = verb.doc[comma + 1 : end]
    if not 0 < len(run) <= _LONGEST_NAME or (own is not None and own.i > comma) or comma < 2:
        return None
    acts = any(t.dep_ == "cc" or t.pos_ in ("VERB", "AUX", "SCONJ", "PRON") for t in run)
    nouns = [t for t in run if t.pos_ in ("NOUN", "PROPN") and t.ent_type_ not in _NOBODY]
    if acts or not nouns:
        return None
    head = run.root if run.root in nouns else nouns[0]
    return head.head if head.dep_ == "appos" and head.head.pos_ == "PROPN" else head


def _behind(verb: Token) -> Token | None:
    """ "...", smiles the colonel: a verb that rarely reports takes its subject for an object."""
    if verb.i < 2 or verb.nbor(-1).text not in _BEFORE_CUE:
        return None
    nouns = (c for c in verb.children if c.dep_ == "dobj" and c.pos_ in ("NOUN", "PROPN"))
    return next((noun for noun in nouns if noun.i > verb.i), None)


def subject_of(verb: Token) -> Token | None:
    """Its own subject, that of the verb it is joined to, or the noun its relative clause is of."""
    own = next((child for child in verb.children if child.dep_ == "nsubj"), None)
    if own is not None and own.lower_ in ("who", "which", "that") and verb.dep_ == "relcl":
        return verb.head
    joined = verb.dep_ == "conj" or (verb.dep_ == "advcl" and verb.tag_ == "VBG")
    if own is None and joined and verb.head.pos_ == "VERB":
        return subject_of(verb.head)
    return own


def _named_before(verb: Token) -> Token | None:
    """The first person, else the first body, named before the verb."""
    named = [e for e in verb.doc.ents if e.label_ in ("PERSON", "ORG") and e.end <= verb.i]
    named.sort(key=lambda entity: entity.label_ != "PERSON")
    return named[0].root if named else None


def _trails(verb: Token) -> bool:
    """Put in behind the statement, or in its midst: "..., the ministry said on Friday"."""
    subject = _put_in(verb) or subject_of(verb)
    if subject is None:
        return False
    first = min(subject.left_edge.i, verb.i)
    return first > 1 and verb.doc[first - 1].text in _BEFORE_CUE


def _meets_quotation(verb: Token, *, listed: bool) -> bool:
    """A quotation ends right before it and its subject, or begins right behind them.

    Behind a comma inside the marks any verb reports ("...," she smiled); before an opening mark
    only one that is known to, or that names ("called it '...'").
    """
    doc = verb.doc
    subject = subject_of(verb) or _behind(verb)
    if subject is None:
        return False
    first = min(subject.left_edge.i, verb.i)
    if first > 1 and doc[first - 1].text in _BEFORE_CUE:
        marks = [t.text for t in doc[max(0, first - 3) : first]]
        if any(m in _BEFORE_CUE - {",", "\u2014", "\u2013"} for m in marks) and any(
            m in ",?!." for m in marks
        ):
            return True
    names = listed or _lemma(verb.lower_, _verbs().naming) is not None
    return names and any(t.text in QUOTE_MARKS for t in doc[verb.i + 1 : verb.right_edge.i + 1])


def is_quoted(parsed: ParsedSentence, token: Token) -> bool:
    """It stands between quotation marks of its paragraph: these are the speaker's own words."""
    document, place = parsed.document, parsed.sentence.start
    block = bisect_right(document.blocks, place, key=lambda block: block.start) - 1
    start = document.blocks[block].start if block >= 0 else place
    before = document.text[start : place + token.idx]
    opened = sum(before.count(mark) for mark in _OPENING)
    closed = sum(before.count(mark) for mark in _CLOSING)
    return opened > closed or before.count('"') % 2 == 1


def _noun_phrase(parsed: ParsedSentence, head: Token) -> Span:
    """The head with what stands before it, and its "of ..."; no clauses or appositions."""
    end = next(
        (
            t.left_edge.i
            for t in head.rights
            if t.dep_ in _PHRASE_ENDS and t.lower_ not in _PREPOSITIONS
        ),
        None,
    )
    right = head.right_edge.i + 1 if end is None else end
    right = min([right, *(t.i for t in parsed.tokens[head.i : right] if t.text == ",")])
    left = head.left_edge.i
    while left < head.i and (parsed.tokens[left].is_punct or parsed.tokens[left].is_space):
        left += 1
    right = max(right, head.i + 1)
    while right > head.i + 1 and parsed.tokens[right - 1].is_space:
        right -= 1
    return parsed.token_span(parsed.tokens[left:right])


def cues_over(parsed: ParsedSentence, span: Span) -> list[Cue]:
    """The cues in whose scope `span` lies, the reporter first and the origin last.

    A verb's scope is its own subtree, or all before it where it trails behind; "according to"
    speaks for the clause it is put into. The outer cue is the reporter's.
    """
    root = _root(parsed, span)
    if root is None:
        return []
    above = {token.i for token in (root, *root.ancestors)}
    found = [cue for cue in find_cues(parsed) if _reaches(parsed, cue, above, root)]
    known = {cue.token for cue in found}
    found += [c for c in _object_cues(parsed, root) if c.token not in known]
    found = [cue for cue in found if not cue.subject.overlaps(span)]
    return sorted(found, key=lambda cue: (_depth(parsed, cue), cue.token))


def _root(parsed: ParsedSentence, span: Span) -> Token | None:
    offset = parsed.sentence.start
    tokens = parsed.tokens.char_span(
        span.start - offset, span.end - offset, alignment_mode="expand"
    )
    return tokens.root if tokens is not None else None


def _depth(parsed: ParsedSentence, cue: Cue) -> int:
    """How deep in the parse the statement hangs that the cue reports."""
    token = parsed.tokens[cue.token]
    outer = token.dep_ == "parataxis" or token.lower_ == "according"
    return sum(1 for _ in token.ancestors) - (1 if outer else 0)


def _reaches(parsed: ParsedSentence, cue: Cue, above: set[int], root: Token) -> bool:
    verb = parsed.tokens[cue.token]
    if _is_apart(root, verb):
        return False
    if verb.i in above or verb.lower_ == "according":
        return True
    if (verb.dep_ == "parataxis" or _is_as_clause(verb)) and verb.head.i in above:
        return True
    behind = any(c.dep_ in _CLAUSES and c.i > verb.i for c in verb.children)
    return root.i < verb.i and not behind and _trails(verb)


def _is_apart(one: Token, other: Token) -> bool:
    """A semicolon stands between them, or brackets around the later one alone."""
    first, last = sorted((one.i, other.i))
    between = [token.text for token in one.doc[first:last]]
    return ";" in between or ("(" in between and ")" not in between)


def _object_cues(parsed: ParsedSentence, root: Token) -> Iterator[Cue]:
    """Verbs that report with a noun for their object, and nouns that do: "a claim by ... that"."""
    verbs = _verbs()
    path = [root, *root.ancestors]
    for below, token in pairwise(path):
        if is_quoted(parsed, token) or _is_apart(root, token):
            continue
        if token.pos_ == "VERB" and below.i > token.i:
            words, subject = token, _object_speaker(token, below, root)
        elif token.lower_ in verbs.nouns and below.dep_ in ("acl", "ccomp", "relcl", "prep"):
            words, subject = token, _possessor(token)
        elif token.pos_ == "AUX" and below.dep_ == "attr":
            words, subject = _figure(token)
        else:
            continue
        if subject is not None:
            yield _cue(parsed, words, subject)


def _object_speaker(verb: Token, below: Token, number: Token) -> Token | None:
    """Subject of a verb that reports the number in its object: "confirmed 30 deaths"."""
    verbs = _verbs()
    topic = _lemma(verb.lower_, verbs.with_topic) and below.lower_ in ("of", "about")
    whole = _lemma(verb.lower_, verbs.with_object)
    return subject_of(verb) if topic or whole or _puts(verb, number) else None


def _figure(be: Token) -> tuple[Token, Token | None]:
    """ "The rebels' figure is 9,000": the noun that reports, and whose it is."""
    noun = subject_of(be)
    if noun is None or noun.lower_ not in _verbs().nouns:
        return be, None
    return noun, _possessor(noun)


def _puts(verb: Token, number: Token) -> bool:
    """ "Puts the toll at ..."."""
    at = (child for child in verb.children if child.lower_ == "at")
    return verb.lower_ in ("put", "puts", "putting") and any(child.i < number.i for child in at)


def _possessor(noun: Token) -> Token | None:
    """Whose report or claim it is: "by ...", the possessive; "reports" without one are nobody's."""
    by = (c for t in noun.children if t.lower_ == "by" for c in t.children if c.dep_ == "pobj")
    owner = next(by, next((child for child in noun.children if child.dep_ == "poss"), None))
    return noun if owner is None and noun.lower_ in ("reports", "rumours", "rumors") else owner
