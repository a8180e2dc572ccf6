"""What the article calls a person or body beside its name: office, rank, profession, kind of body.

Read around each mention: "the justice minister, Ann Lee", "Ann Lee, a surgeon", "Captain Ann Lee".
An office is preferred to a rank or title before the name.
"""

from __future__ import annotations

from collections.abc import Iterator

from extractor.reading.names import Name
from extractor.reading.parse import ParsedSentence
from extractor.reading.reading import Reading
from extractor.reading.tokens import Token, TokenSpan
from extractor.records import Span

KINDS = ("person", "organisation", "outlet")
_LONGEST = 8  # tokens: longer descriptions are clauses
_NOUNS = ("NOUN", "PROPN")
_BEFORE_NOUN = {"det", "compound", "amod", "poss", "case", "nmod", "punct"}
_COMMAS = (",", "\u2013", "\u2014")
_FORMS_OF_ADDRESS = {"mr", "mrs", "ms", "miss", "mx", "mr.", "mrs.", "ms."}


def role_of(reading: Reading, name: Name) -> Span | None:
    """Where the article says what the thing named is; None where it does not."""
    found: dict[bool, list[Span]] = {True: [], False: []}
    for mention in name.mentions:
        parsed = reading.sentences[reading.position_of(mention)]
        for span, apart in _roles(parsed, mention):
            found[apart].append(span)
    return next(iter([*found[True], *found[False]]), None)


def _roles(parsed: ParsedSentence, mention: Span) -> Iterator[tuple[Span, bool]]:
    """Descriptions of one mention, and whether a comma sets them apart from it."""
    tokens = parsed.tokens_at(mention)
    if tokens is None or not parsed.is_prose:
        return
    doc = parsed.tokens
    if tokens.start > 1 and doc[tokens.start - 1].lower_ in ("named", "called"):
        if noun := _phrase_ending(doc[tokens.start - 2]):
            yield parsed.token_span(noun), True
        return
    title = _run_before(tokens)
    first = title[0].i if title else tokens.start
    if first > 1 and doc[first - 1].text in _COMMAS and (noun := _phrase_ending(doc[first - 2])):
        yield parsed.token_span(noun), True
    after = doc[tokens.end : tokens.end + 2]
    if len(after) == 2 and after[0].text in _COMMAS and (noun := _phrase_from(after[1])):
        yield parsed.token_span(noun), True
    if title:
        yield parsed.token_span(doc[title[0].i : title[-1].i + 1]), False


def _run_before(name: TokenSpan) -> list[Token]:
    """Nouns right before the name, with what describes them, without determiner."""
    run: list[Token] = []
    for token in reversed(name.doc[: name.start]):
        hyphen = token.text == "-" and not token.whitespace_
        describes = token.pos_ in _NOUNS or (token.pos_ == "ADJ" and bool(run)) or hyphen
        if not describes or token.ent_type_ in ("GPE", "NORP", "DATE") or token.text in _COMMAS:
            break
        run.insert(0, token)
    while run and run[0].lower_ in _FORMS_OF_ADDRESS:
        run = run[1:]
    return run if run and run[-1].pos_ in _NOUNS and len(run) <= _LONGEST else []


def _phrase_ending(last: Token) -> TokenSpan | None:
    """The noun phrase that ends at `last` and begins with a determiner or a possessor."""
    head = last
    while head.dep_ == "pobj" and head.head.lower_ == "of":
        head = head.head.head
    start = head.left_edge.i
    phrase = head.doc[start : last.i + 1]
    own = any(c.dep_ in ("det", "poss") for c in head.children)
    return _described(phrase) if head.pos_ == "NOUN" and own else None


def _phrase_from(first: Token) -> TokenSpan | None:
    """The noun phrase that begins at `first`, with "of ..." behind it."""
    head = next((t for t in (first, *first.ancestors) if t.dep_ not in _BEFORE_NOUN), first)
    if head.left_edge.i != first.i or not _is_apposed(head):
        return None
    end = head.i + 1
    for child in head.rights:
        if child.i != end or child.lower_ != "of":
            break
        end = child.right_edge.i + 1
    return _described(head.doc[first.i : end])


def _is_apposed(head: Token) -> bool:
    """In apposition; a name after a comma ("Ann Lee, Ben Oduya and ...") is the next of a list."""
    common = head.pos_ == "NOUN" or any(c.lower_ == "of" for c in head.rights)
    return head.dep_ == "appos" and head.pos_ in _NOUNS and common


def _described(phrase: TokenSpan) -> TokenSpan | None:
    """Without the determiner; a phrase with a number or a verb in it is no role."""
    while len(phrase) and (phrase[0].pos_ in ("DET", "PRON") or phrase[0].tag_ == "POS"):
        phrase = phrase[1:]
    plain = not any(t.like_num or t.pos_ in ("VERB", "AUX") for t in phrase)
    return phrase if plain and 0 < len(phrase) <= _LONGEST else None
