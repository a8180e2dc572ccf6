"""Who says it: the words that report, their subjects, and whom those subjects name.

A cue is a verb with a clause or a quotation for its object ("the ministry said that ..."), or
"according to". Its subject may be a pronoun; it then stands for the last person who was a subject
before it, if any. All of it is read off the dependency parse (Universal-Dependencies-like labels of
spaCy's English pipeline).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.reading.names import Name
from extractor.reading.parse import ParsedSentence
from extractor.records import Span

if TYPE_CHECKING:
    from spacy.tokens import Token

_CLAUSES = {"ccomp", "parataxis"}
_LOOK_BACK = 6  # sentences: a source is rarely named further away without being named again
_SINGULAR = {"he", "she"}
PRONOUNS = {*_SINGULAR, "they", "it", "i", "we", "who", "which", "that", "this", "you", "one"}
_QUOTE_MARKS = {'"', "\u201c", "\u201d", "\u00ab", "\u00bb", "``", "''"}
_PHRASE_ENDS = {"relcl", "appos", "punct", "acl", "prep"}


@dataclass(frozen=True)
class Cue:
    """Reporting words, the noun phrase they belong to, and where in the sentence they stand.

    token: index of the verb, or of "according", in the sentence's parse.
    pronoun: the subject in lower case where it is a pronoun, else None.
    """

    words: Span
    subject: Span
    pronoun: str | None
    token: int


@dataclass(frozen=True)
class Source:
    """A possible origin of a statement: words to show, their span, the name they belong to."""

    text: str
    span: Span
    name: Name | None = None


def find_cues(parsed: ParsedSentence) -> list[Cue]:
    """Reporting words of one sentence with their subjects, in order, none of them quoted."""
    cues = []
    for token in parsed.tokens:
        subject = _according(token) or _subject(token)
        if subject is not None and not _is_quoted(token):
            width = 2 if token.lower_ == "according" else 1
            words = parsed.token_span(parsed.tokens[token.i : token.i + width])
            pronoun = subject.lower_ if subject.lower_ in PRONOUNS else None
            cues.append(Cue(words, _noun_phrase(parsed, subject), pronoun, token.i))
    return cues


def cues_over(parsed: ParsedSentence, span: Span) -> list[Cue]:
    """The cues in whose scope `span` lies, the reporter first and the origin last.

    A verb's scope is its own subtree; "according to" speaks for the whole sentence, and is nearer
    to the origin than a verb.
    """
    offset = parsed.sentence.start
    tokens = parsed.tokens.char_span(
        span.start - offset, span.end - offset, alignment_mode="expand"
    )
    if tokens is None:
        return []
    root = tokens.root
    above = {token.i for token in (root, *root.ancestors)}
    cues = [cue for cue in find_cues(parsed) if not cue.subject.overlaps(span)]
    verbs = [
        c
        for c in cues
        if parsed.tokens[c.token].lower_ != "according" and _reaches(parsed, c, above)
    ]
    return verbs + [c for c in cues if parsed.tokens[c.token].lower_ == "according"]


def _reaches(parsed: ParsedSentence, cue: Cue, above: set[int]) -> bool:
    """The number hangs below the verb, or the verb is put in beside ("..., the ministry said")."""
    verb = parsed.tokens[cue.token]
    return verb.i in above or (verb.dep_ == "parataxis" and verb.head.i in above)


def _according(token: Token) -> Token | None:
    if token.lower_ != "according":
        return None
    to = next((t for t in token.subtree if t.lower_ == "to"), None)
    return next((t for t in to.children if t.dep_ == "pobj"), None) if to is not None else None


def _subject(verb: Token) -> Token | None:
    """Subject of a verb with a clause for its object, or that stands beside a quotation."""
    if verb.pos_ != "VERB":
        return None
    clause = any(child.dep_ in _CLAUSES for child in verb.children) or verb.dep_ == "parataxis"
    if not clause and not any(child.text in _QUOTE_MARKS for child in verb.children):
        return None
    subject = next((child for child in verb.children if child.dep_ == "nsubj"), None)
    if subject is not None and subject.i == 0 and subject.nbor().text == ":":
        subject = _named_before(verb)  # a label such as "Details:" is not who speaks
    return None if subject is None or any(t.like_num for t in subject.subtree) else subject


def _named_before(verb: Token) -> Token | None:
    """The first person, else the first body, named before the verb."""
    named = [e for e in verb.doc.ents if e.label_ in ("PERSON", "ORG") and e.end <= verb.i]
    named.sort(key=lambda entity: entity.label_ != "PERSON")
    return named[0].root if named else None


def _is_quoted(token: Token) -> bool:
    """An odd number of marks before it: these are the speaker's own words."""
    return sum(t.text in _QUOTE_MARKS for t in token.doc[: token.i]) % 2 == 1


def _noun_phrase(parsed: ParsedSentence, head: Token) -> Span:
    """The head with what stands before it, and its "of ..."; no clauses or appositions."""
    end = next(
        (t.left_edge.i for t in head.rights if t.dep_ in _PHRASE_ENDS and t.lower_ != "of"), None
    )
    right = head.right_edge.i + 1 if end is None else end
    return parsed.token_span(parsed.tokens[head.left_edge.i : max(right, head.i + 1)])


def referent(
    sentences: Sequence[ParsedSentence], position: int, cue: Cue, names: Sequence[Name]
) -> Source | None:
    """Whom the subject of a cue in the sentence at `position` names; None for "they" and "it".

    "He" and "she" are the last person before who was the subject of a cue, else the last one named.
    """
    if cue.pronoun is None:
        name = named_in(cue.subject, names)
        return Source(name.name if name else cue.subject.text, cue.subject, name)
    if cue.pronoun not in _SINGULAR:
        return None
    persons = [name for name in names if _is_person(name)]
    earlier = sentences[max(0, position - _LOOK_BACK) : position]
    subjects = [
        c.subject for s in reversed(earlier) for c in reversed(find_cues(s)) if not c.pronoun
    ]
    for subject in subjects:
        if name := named_in(subject, persons):
            return _as_source(name, cue.words.start)
    before = [name for name in persons if name.mentions[0].end <= cue.subject.start]
    latest = max(before, key=lambda name: _last_before(name, cue.words.start).start, default=None)
    return _as_source(latest, cue.words.start) if latest else None


def _is_person(name: Name) -> bool:
    return name.label == "PERSON" or (
        name.label == "ORG" and any(" " not in a for a in name.aliases)
    )


def _as_source(name: Name, before: int) -> Source:
    return Source(name.name, _last_before(name, before), name)


def _last_before(name: Name, place: int) -> Span:
    return max(
        (m for m in name.mentions if m.end <= place), key=lambda m: m.end, default=name.mentions[0]
    )


def find_sources(
    sentences: Sequence[ParsedSentence], position: int, names: Sequence[Name], limit: int = 6
) -> list[Source]:
    """Candidate sources for the sentence at `position`: its cues' referents, then names nearby."""
    sources: dict[str, Source] = {}
    for source in _nearby(sentences, position, names):
        sources.setdefault(source.text.casefold(), source)
    return list(sources.values())[:limit]


def _nearby(
    sentences: Sequence[ParsedSentence], position: int, names: Sequence[Name]
) -> Iterator[Source]:
    for index in range(position, max(-1, position - _LOOK_BACK), -1):
        parsed = sentences[index]
        for cue in find_cues(parsed):
            if source := referent(sentences, index, cue, names):
                yield source
        whole = parsed.span(0, len(parsed.text))
        for name in (name for name in names if name.label in ("PERSON", "ORG", "UNKNOWN")):
            if mention := next((m for m in name.mentions if whole.contains(m)), None):
                yield Source(name.name, mention, name)


def named_in(span: Span, names: Sequence[Name]) -> Name | None:
    """The last name inside `span` ("Defence Secretary Ann Lee" is Ann Lee)."""
    inside = [(m.end, n) for n in names for m in n.mentions if span.contains(m)]
    return max(inside, key=lambda pair: pair[0])[1] if inside else None
