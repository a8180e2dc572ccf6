"""Where and when: the place and the date that a word's own clause gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.reading.countries import code_of_place
from extractor.reading.dates import is_as_of, time_expression
from extractor.reading.parse import ParsedSentence
from extractor.reading.tokens import Token, TokenSpan
from extractor.records import Place, Span, TimeExpression
from extractor.tasks.dated import dates_of

_LOCATES = {
    "in", "at", "near", "across", "to", "on", "off", "around", "inside", "outside", "into",
    "within", "throughout", "along",
}  # fmt: skip
_PLACES = {"GPE", "LOC", "FAC"}
_GOING = {"reach", "enter", "cross"}  # verbs whose object is where somebody then is
_LABELLED_YEAR = re.compile(r"\b(?:19|20)\d\d(?=:\s*$)")  # "(2017: 26)"


def period_of(
    parsed: ParsedSentence, index: int, *, not_at: Span | None = None
) -> TimeExpression | None:
    """The date in the clause of the token at `index`; one of another clause dates something else.

    not_at: words that name a rate ("a month") and are no date.
    """
    dates = [tokens for tokens in _dates(parsed, not_at) if not is_as_of(tokens)]
    found = _labelling(parsed, index, dates) or _in_clause(parsed.tokens[index], dates)
    return time_expression(parsed, found) if found is not None else None


def as_of(parsed: ParsedSentence, index: int) -> TimeExpression | None:
    """The day up to which it was counted ("as of 1 October"), where the same clause says so."""
    found = _in_clause(parsed.tokens[index], [t for t in _dates(parsed, None) if is_as_of(t)])
    return time_expression(parsed, found) if found is not None else None


def _dates(parsed: ParsedSentence, not_at: Span | None) -> Iterator[TokenSpan]:
    for tokens in dates_of(parsed):
        if not_at is None or not not_at.overlaps(parsed.token_span(tokens)):
            yield tokens


def _labelling(parsed: ParsedSentence, index: int, dates: list[TokenSpan]) -> TokenSpan | None:
    """The year that heads the number as a label does."""
    match = _LABELLED_YEAR.search(parsed.text[: parsed.tokens[index].idx])
    return next((t for t in dates if match and t.start_char <= match.start() < t.end_char), None)


def _in_clause(token: Token, dates: list[TokenSpan]) -> TokenSpan | None:
    """The first date of the nearest clause: one that describes the noun, its own, a joined one."""
    mine = {token.i, token.head.i if token.dep_ == "nummod" else token.i}
    if beside := next((t for t in dates if mine & {up.i for up in t.root.ancestors}), None):
        return beside
    for verb in _clauses(token):
        for tokens in dates:
            if _clause_of(tokens.root) == verb and not _counts_other(tokens.root, verb, token):
                return tokens
    return None


def _clauses(token: Token) -> Iterator[Token]:
    """Heads of the clauses that speak of the token, the nearest first.

    "The 90 who left in May" before "were seen"; then the verbs that it is joined to.
    """
    noun = token.head if token.dep_ in ("nummod", "quantmod", "compound") else token
    for word in {token.i: token, noun.i: noun}.values():
        yield from (c for c in word.children if c.dep_ in ("relcl", "acl") and c.pos_ == "VERB")
    own = _clause_of(token)
    yield own
    joined = own
    while joined.dep_ == "conj" and joined.head.i != joined.i:
        joined = joined.head
        if not _reports(joined):
            yield joined
    yield from (c for c in own.children if c.dep_ == "conj" and not _has_subject(c))


def _reports(verb: Token) -> bool:
    """ "Said on Friday that ...": the date is that of the saying."""
    return any(child.dep_ in ("ccomp", "parataxis") for child in verb.children)


def _has_subject(verb: Token) -> bool:
    return any(child.dep_.startswith("nsubj") for child in verb.children)


def _counts_other(word: Token, verb: Token, token: Token) -> bool:
    """Another number stands right before, or hangs in between: "down from 90 in 2015"."""
    mine = {token.i, token.head.i, *(up.i for up in token.ancestors)}
    before = next((t for t in reversed(word.doc[: word.left_edge.i]) if t.dep_ != "prep"), token)
    if before.like_num and before.i not in mine:
        return True
    for up in word.ancestors:
        if up.i == verb.i:
            return False
        other = up.like_num or any(c.dep_ == "nummod" for c in up.children)
        if other and up.dep_ != "conj" and up.i not in mine:
            return True
    return False


def place_of(parsed: ParsedSentence, index: int) -> Place | None:
    """A place that the clause of the token at `index` gives with "in", "at", "to" or the like."""
    token = parsed.tokens[index]
    places = [e for e in parsed.tokens.ents if e.label_ in _PLACES and _is_located(e.root)]
    own = _clause_of(token)
    for verb in _clauses(token):
        if verb.i < own.i and own.dep_ == "conj" and _has_subject(own):
            break  # another actor may act elsewhere, though seldom at another time
        for entity in places:
            if _clause_of(entity.root) == verb:
                span = parsed.token_span(_with_side(entity))
                return Place(as_written=span.text, span=span, code=code_of_place(span.text))
    return None


def _is_located(root: Token) -> bool:
    head = root.head
    goes = root.dep_ == "dobj" and any(head.lower_.startswith(verb) for verb in _GOING)
    return goes or (head.dep_ == "prep" and head.lower_ in _LOCATES)


def _with_side(entity: TokenSpan) -> TokenSpan:
    """ "Southern Yemen" is not Yemen."""
    start = entity.start
    while start and entity.doc[start - 1].dep_ == "amod" and _describes(start - 1, entity):
        start -= 1
    return entity.doc[start : entity.end]


def _describes(index: int, entity: TokenSpan) -> bool:
    return entity.doc[index].head.i == entity.root.i


def _clause_of(token: Token) -> Token:
    """The verb that the token belongs to, or is; the root of a fragment without one."""
    chain = [token, *token.ancestors]
    return next((up for up in chain if up.pos_ in ("VERB", "AUX")), chain[-1])
