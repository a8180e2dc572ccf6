"""Cues: the words that report what somebody says, and the noun phrase they belong to.

A cue is a reporting verb with a clause or a quotation for its object ("the ministry said that
..."), or "according to". Which verbs report is data (`reporting.yaml`), for a clause may hang from
a verb that reports nothing ("it appears that ..."). All of it is read off the dependency parse
(Universal-Dependencies-like labels of spaCy's English pipeline).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from extractor.reading.lexicon import is_human, names_a
from extractor.reading.parse import ParsedSentence
from extractor.reading.plurals import singular_of
from extractor.reading.reporting import lemma, reporting, stance_of
from extractor.reading.tokens import Token
from extractor.records import Span, Stance

_PARTICIPLES = ("acl", "relcl", "amod")
_LONGEST_NAME = 10  # words of a noun phrase that is put in before its verb
_NOBODY = {"DATE", "TIME", "GPE", "LOC", "MONEY", "PERCENT", "CARDINAL"}
CLAUSES = {"ccomp", "parataxis"}
_SUBJECTS = {"nsubj", "nsubjpass", "csubj", "csubjpass", "expl", "nummod", "cop"}
_PHRASE_ENDS = {"relcl", "appos", "punct", "acl", "prep", "cc"}
_CLAUSE_ENDS = {"relcl", "appos", "punct"}
_VAGUE = {"people", "person", "persons", "source", "sources"}  # only what follows tells who
_PREPOSITIONS = {"of", "by", "for"}  # these belong to the name of a body or a document
_OPENING = {"\u201c", "\u00ab", "\u201e", "``"}
_CLOSING = {"\u201d", "\u00bb", "''"}
QUOTE_MARKS = {'"', *_OPENING, *_CLOSING}
_BEFORE_CUE = {",", "\u2014", "\u2013", "\u2019", "'", *QUOTE_MARKS}
PRONOUNS = {
    *("he", "she", "they", "it", "i", "we", "who", "which", "that", "this", "you", "one"),
    *("these", "those", "what", "there"),
}
_OBJECT_FORMS = {"him": "he", "her": "she", "them": "they", "us": "we", "me": "i", "his": "he"}
_OBJECT_FORMS |= {"its": "it", "their": "they", "our": "we", "my": "i"}


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


_found: WeakKeyDictionary[ParsedSentence, tuple[Cue, ...]] = WeakKeyDictionary()


def find_cues(parsed: ParsedSentence) -> tuple[Cue, ...]:
    """Reporting words of one sentence with their subjects, in order, none of them quoted.

    Many rules ask for those of a sentence, so they are found once.
    """
    if parsed not in _found:
        _found[parsed] = tuple(_find_cues(parsed))
    return _found[parsed]


def _find_cues(parsed: ParsedSentence) -> Iterator[Cue]:
    for token in parsed.tokens:
        subject = _according(token) or _speaker(token)
        if subject is not None and not is_quoted(parsed, token):
            yield make_cue(parsed, token, subject)


def make_cue(parsed: ParsedSentence, token: Token, subject: Token) -> Cue:
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
    listed = lemma(verb.lower_, reporting().stances) is not None
    subject = (_agent(verb) or _put_in(verb) if listed else None) or subject_of(verb)
    subject = subject or _behind(verb)
    if subject is None:
        return None
    if subject.i == 0 and len(verb.doc) > 1 and subject.nbor().text == ":":
        subject = _named_before(verb)  # a label such as "Details:" is not who speaks
    clause = any(map(_is_statement, verb.children)) or verb.dep_ == "parataxis"
    speaks = listed and (clause or trails(verb) or is_as_clause(verb) or _is_quoted_as(verb))
    return subject if speaks or _meets_quotation(verb, listed=listed) else None


def _is_statement(clause: Token) -> bool:
    """A clause that is reported has a subject of its own where it has an auxiliary.

    In "soldiers posted there will get more" the parser may hang "will get" from "posted".
    """
    if clause.dep_ not in CLAUSES:
        return False
    parts = {child.dep_ for child in clause.children}
    behind = clause.i > clause.head.i
    if clause.dep_ == "parataxis" and behind and trails(clause):
        return False  # "..., the mayor said" reports what stands before it
    return not (behind and "aux" in parts and not parts & _SUBJECTS)


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
    clause = any(child.dep_ in CLAUSES for child in verb.children)
    return next(agents, None) if clause or is_as_clause(verb) else None


def _is_quoted_as(verb: Token) -> bool:
    parts = {child.dep_ for child in verb.children}
    as_ = any(child.dep_ == "prep" and child.lower_ == "as" for child in verb.children)
    return verb.lower_ in ("quoted", "cited") and "nsubjpass" in parts and as_


def is_as_clause(verb: Token) -> bool:
    return verb.dep_ == "advcl" and any(
        c.dep_ == "mark" and c.lower_ == "as" for c in verb.children
    )


def _put_in(verb: Token) -> Token | None:
    """Who stands between the statement's comma and the verb: "..., a senior officer said".

    The parser often takes these words for an apposition to what stands before the comma.
    """
    after = any(child.dep_ in CLAUSES and child.i > verb.i for child in verb.children)
    hearsay = verb.i + 1 < len(verb.doc) and verb.nbor().lower_ == "to"  # "said to be rich"
    inner = verb.dep_ in _PARTICIPLES and not _ends_sentence(verb)
    if after or hearsay or inner or _takes_object(verb):
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


def _takes_object(verb: Token) -> bool:
    """Its object is what it did ("since May, the town has established a school"), and nobody told.

    "Told reporters", "told Reuters" and "told us" do report.
    """
    return any(
        c.dep_ == "dobj"
        and not (c.ent_type_ in ("PERSON", "ORG") or c.pos_ == "PRON" or is_human(c.lower_))
        for c in verb.children
    )


def _ends_sentence(verb: Token) -> bool:
    """ "..., the presidency announced on Monday.": a finite verb that was taken for a participle.

    Its noun can speak, and nothing but when and where follows.
    """
    noun = verb.head
    speaks = names_a("bodies", noun.text) or is_human(noun.text) or noun.pos_ == "PROPN"
    rest = verb.doc[verb.i + 1 :]
    plain = not any(t.text == "," or t.dep_ == "agent" or t.pos_ in ("VERB", "AUX") for t in rest)
    return verb.dep_ == "acl" and noun.i == verb.i - 1 and speaks and plain


def _behind(verb: Token) -> Token | None:
    """ "...", smiles the colonel: a verb that rarely reports takes its subject for an object."""
    if verb.i < 2 or verb.nbor(-1).text not in _BEFORE_CUE:
        return None
    objects = [child for child in verb.children if child.dep_ == "dobj" and child.i > verb.i]
    objects += [c for pronoun in objects for c in pronoun.children if c.dep_ == "appos"]
    return next((noun for noun in objects if noun.pos_ in ("NOUN", "PROPN")), None)


def subject_of(verb: Token) -> Token | None:
    """Its own subject, that of the verb it is joined to, or the noun its relative clause is of."""
    subjects = (c for c in verb.children if c.dep_ == "nsubj" and c.pos_ not in ("VERB", "PUNCT"))
    own = next(subjects, None)
    if verb.dep_ == "pcomp" and verb.head.lower_ == "as" and verb.head.head.pos_ == "VERB":
        return _quoted(verb.head.head)
    if own is None:
        return _borrowed(verb)
    if own.lower_ in ("who", "which", "that") and verb.dep_ == "relcl":
        return _antecedent(verb.head) if own.lower_ == "who" else verb.head
    if own.i == 0 and own.is_upper and own.ent_type_ in ("GPE", "ORG"):
        return _behind_dateline(own) or own
    return own


def _borrowed(verb: Token) -> Token | None:
    """The subject of a verb that has none: "reports showing that", "argued that ..., saying"."""
    if verb.tag_ == "VBG" and verb.dep_ == "acl":
        return verb.head if names_a("documents", singular_of(verb.head.lower_)) else None
    host, adds = verb.head, verb.tag_ == "VBG" and verb.dep_ == "advcl"
    verbs = reporting().stances
    if adds and lemma(verb.lower_, verbs) is not None:
        host = next((up for up in verb.ancestors if lemma(up.lower_, verbs)), host)
    if not (adds or verb.dep_ == "conj") or host.pos_ not in ("VERB", "AUX"):
        return None
    behind = _behind(verb) if verb.dep_ == "conj" else None
    passive = (child for child in host.children if child.dep_ == "nsubjpass")
    return behind or subject_of(host) or next(passive, None)


def _quoted(quotes: Token) -> Token | None:
    """ "It quoted the mayor as saying that": who is quoted, not who quotes."""
    quoted = (c for c in quotes.children if c.dep_ in ("dobj", "nsubjpass"))
    return next(quoted, None) if lemma(quotes.lower_, frozenset({"quote", "cite"})) else None


def main_subject(root: Token) -> Token | None:
    """The subject of a sentence's root, one person or thing; of "for Ann Lee it is" her."""
    own = next((c for c in root.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    if own is None or own.lower_ in ("it", "this", "that"):
        fors = (c for c in root.children if c.lower_ == "for" and c.i == 0)
        return next((c for word in fors for c in word.children if c.dep_ == "pobj"), None)
    many = own.tag_ in ("NNS", "NNPS") or any(c.dep_ == "conj" for c in own.children)
    return None if many or (own.pos_ == "PRON" and own.lower_ not in ("he", "she")) else own


def subject_cue(parsed: ParsedSentence, head: Token) -> Cue:
    """A cue without reporting words: only its subject, the phrase of `head`, means anything."""
    return make_cue(parsed, head, head)


def _antecedent(noun: Token) -> Token:
    """Whom "who" means: of "a man in a field who shouts" the noun that people are called by."""
    if noun.dep_ != "pobj" or is_human(noun.text) or noun.ent_type_ == "PERSON":
        return noun
    outer = noun.head.head
    return outer if outer.pos_ in ("NOUN", "PROPN") and is_human(outer.text) else noun


def _behind_dateline(place: Token) -> Token | None:
    """ "WARSAW, 3 March - Miners said": the parser takes the miners for an apposition."""
    return next((child for child in place.children if child.dep_ == "appos"), None)


def _named_before(verb: Token) -> Token | None:
    """The first person, else the first body, named before the verb."""
    named = [e for e in verb.doc.ents if e.label_ in ("PERSON", "ORG") and e.end <= verb.i]
    named.sort(key=lambda entity: entity.label_ != "PERSON")
    return named[0].root if named else None


def trails(verb: Token) -> bool:
    """Put in behind the statement, or in its midst: "..., the ministry said on Friday"."""
    subject = _put_in(verb) or subject_of(verb)
    if subject is None or _takes_object(verb):
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
    names = listed or lemma(verb.lower_, reporting().naming) is not None
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
    ends = _CLAUSE_ENDS if head.lower_ in _VAGUE else _PHRASE_ENDS
    stop = (t for t in head.rights if t.dep_ in ends and t.lower_ not in _PREPOSITIONS)
    clauses = (t for t in head.subtree if t.dep_ == "relcl" and t.i > head.i)
    cuts = [t.left_edge.i for found in (stop, clauses) for t in found]
    right = min([head.right_edge.i + 1, *(cut for cut in cuts if cut > head.i)])
    right = min([right, *(t.i for t in parsed.tokens[head.i : right] if t.text == ",")])
    dashes = (t.i for t in parsed.tokens[head.left_edge.i : head.i] if _is_dash(t))
    left = max(dashes, default=head.left_edge.i - 1) + 1
    while left < head.i and (parsed.tokens[left].is_punct or parsed.tokens[left].is_space):
        left += 1
    right = max(right, head.i + 1)
    while right > head.i + 1 and _is_trailing(parsed.tokens[right - 1]):
        right -= 1
    return parsed.token_span(parsed.tokens[left:right])


def _is_dash(token: Token) -> bool:
    """A dash between words, no hyphen within one."""
    return token.text in ("-", "--", "\u2013", "\u2014") and bool(token.nbor(-1).whitespace_)


def _is_trailing(token: Token) -> bool:
    return token.is_space or token.dep_ == "case"
