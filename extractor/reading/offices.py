"""What the article calls a person: the function or rank, and the body that it is held in.

Read where the person is named: a title in front ("Defence Secretary Ann Lee"), an apposition on
either side ("Ann Lee, the port's chief engineer,"), and "of ..." behind the name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from extractor.reading.lexicon import names_a
from extractor.reading.names import Name
from extractor.reading.parse import ParsedSentence, sentence_at
from extractor.reading.tokens import Token, TokenSpan
from extractor.records import Span

_HONORIFICS = {"mr", "mrs", "ms", "miss", "dr", "sir", "dame", "lord", "lady", "prof"}
_HONORIFICS |= {f"{word}." for word in _HONORIFICS}
_TITLE_PARTS = ("NOUN", "PROPN", "ADJ")


@dataclass(frozen=True)
class Office:
    """`function` by apposition, `title` in front of the name, `organisation` that it is held in."""

    function: Span | None = None
    title: Span | None = None
    organisation: Span | None = None

    @property
    def name(self) -> Span | None:
        """The function, else the rank."""
        return self.function or self.title

    @property
    def forms(self) -> tuple[str, ...]:
        return tuple(span.text for span in (self.function, self.title) if span)


_told: WeakKeyDictionary[ParsedSentence, dict[tuple[int, int], Office]] = WeakKeyDictionary()


def find_office(sentences: Sequence[ParsedSentence], name: Name) -> Office:
    """What the article says of a person anywhere, each part where it is first told."""
    homes = ((sentences[sentence_at(sentences, m.start)], m) for m in name.mentions)
    told = [
        office_at(parsed, mention) for parsed, mention in homes if parsed.whole.contains(mention)
    ]
    return Office(
        function=next((role.function for role in told if role.function), None),
        title=next((role.title for role in told if role.title), None),
        organisation=next((role.organisation for role in told if role.organisation), None),
    )


def office_at(parsed: ParsedSentence, mention: Span) -> Office:
    """What one mention of a person says of the role. It is asked for often, so it is found once."""
    told, place = _told.setdefault(parsed, {}), (mention.start, mention.end)
    if place not in told:
        told[place] = _office_at(parsed, mention)
    return told[place]


def _office_at(parsed: ParsedSentence, mention: Span) -> Office:
    tokens = parsed.tokens_at(mention)
    if tokens is None:
        return Office()
    title, of_title = _title(parsed, tokens.start)
    head = tokens.root
    nouns = [c for t in tokens for c in t.children if c.dep_ == "appos" and c.i >= tokens.end]
    if head.dep_ == "appos" and head.head.i < tokens.start:
        nouns.append(head.head)
    noun = next((n for n in nouns if n.pos_ == "NOUN" or n.tag_ == "NNP"), None)
    noun = noun or _predicate(head)
    function = _function(parsed, noun) if noun is not None else None
    behind = _of(parsed, parsed.tokens[tokens.end :])
    of_noun = _of(parsed, parsed.tokens[noun.i + 1 :]) if noun is not None else None
    held = noun is not None and not names_a("people", noun.text)
    possessor = _possessor(parsed, noun) if noun is not None and held else None
    return Office(function, title, possessor or behind or of_noun or of_title)


def _predicate(head: Token) -> Token | None:
    """ "Ann Lee, who was the only physician", "a sergeant named Lee"."""
    if head.dep_ == "oprd" and head.head.lower_ in ("named", "called"):
        return head.head.head
    clauses = (c for c in head.children if c.dep_ == "relcl" and c.lower_ in ("is", "was"))
    return next((c for clause in clauses for c in clause.children if c.dep_ == "attr"), None)


def office_in(phrase: Span) -> Span | None:
    """The office by which somebody without a name is called: "official" of "an official at ..."."""
    found = [m for m in re.finditer(r"[\w-]+", phrase.text) if names_a("offices", m.group())]
    if not found:
        return None
    start = phrase.start + found[0].start()
    return Span(start=start, end=start + len(found[0].group()), text=found[0].group())


def _title(parsed: ParsedSentence, start: int) -> tuple[Span | None, Span | None]:
    """The words of a title before the token at `start`, and the body that they begin with."""
    first = start
    while first > 0 and _is_title_part(parsed.tokens[first - 1]):
        first -= 1
    while first < start and parsed.tokens[first].text == "-":
        first += 1
    if first == start:
        return None, None
    body = next((t.i + 1 for t in reversed(parsed.tokens[first : start - 1]) if _is_body(t)), first)
    function = parsed.token_span(parsed.tokens[body:start])
    if function.text.casefold().rstrip(".") in _HONORIFICS:
        return None, None
    organisation = parsed.token_span(parsed.tokens[first:body]) if body > first else None
    return function, organisation


def _is_title_part(token: Token) -> bool:
    if token.text == "-":
        return True
    return token.pos_ in _TITLE_PARTS and token.lower_ not in _HONORIFICS and not token.is_punct


def _is_body(token: Token) -> bool:
    return token.ent_type_ == "ORG" or names_a("bodies", token.text)


def _function(parsed: ParsedSentence, noun: Token) -> Span | None:
    """The noun with what describes it and its "of ...", without article and possessor."""
    tokens = list(parsed.tokens[noun.left_edge.i : noun.i + 1])
    skipped = {t.i for c in noun.lefts if c.dep_ in ("poss", "det") for t in c.subtree}
    kept = [t for t in tokens if t.i not in skipped and not t.is_punct]
    return parsed.token_span(parsed.tokens[kept[0].i : noun.i + 1]) if kept else None


def _possessor(parsed: ParsedSentence, noun: Token) -> Span | None:
    owner = next((c for c in noun.children if c.dep_ == "poss" and c.pos_ != "PRON"), None)
    return _without_article(parsed, owner) if owner is not None else None


def _of(parsed: ParsedSentence, behind: TokenSpan) -> Span | None:
    """The body in "of the coast guard", "from the institute" right behind a name or noun."""
    words = [token for token in behind[:3] if not token.is_punct]
    if not words or words[0].lower_ not in ("of", "from", "at", "with"):
        return None
    body = next((c for c in words[0].children if c.dep_ == "pobj"), None)
    if body is None:
        return None
    named = [e for e in body.doc.ents if e.start == body.i + 1 and e.label_ in ("ORG", "PERSON")]
    if named:
        return parsed.token_span(named[0])
    phrase = _without_article(parsed, body)
    return phrase if body.ent_type_ == "ORG" or names_a("bodies", phrase.text) else None


def _without_article(parsed: ParsedSentence, head: Token) -> Span:
    first = head.left_edge.i
    while first < head.i and parsed.tokens[first].dep_ in ("det", "punct"):
        first += 1
    return parsed.token_span(parsed.tokens[first : head.i + 1])
