"""Who is counted: the noun phrase at a number, or what "of them" and a bare number stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from extractor.reading.clauses import noun_phrase
from extractor.reading.countries import codes_in
from extractor.reading.parse import ParsedSentence
from extractor.reading.quantities import Quantity
from extractor.reading.reading import Reading
from extractor.reading.tokens import Token
from extractor.records import Reference, Span
from extractor.tasks.wholes import find_wholes

_LOOK_BACK = 3  # sentences: nouns further away are named again before they are counted
_SUBJECTS = ("nsubj", "nsubjpass")
_TOTALS = {"number", "strength", "total", "figure", "toll", "tally", "size", "count", "ranks"}
_NARROWING = {"of", "from", "with"}
_BELONGING = {"citizen", "national", "native", "resident", "subject"}
_ALL_OF_THEM = re.compile(
    r",\s*(?:(?:almost|nearly)\s+)?(?:all|both|each)(?:\s+of\s+(?:them|whom))?\s+(?P<who>[^,.;:]+)"
)
_HEADED = re.compile(r"(?P<where>[A-Z][\w'\u2019 -]*?)\s?\($")


class Labelled(NamedTuple):
    """A quantity with the model's labels.

    counted: the model's words for what is counted, not yet checked against the text.
    people: human beings are counted.
    """

    quantity: Quantity
    counted: str
    people: bool
    measure: str


class Counts:
    """All counts of one document in order of the text, and which are parts of which."""

    def __init__(self, reading: Reading, items: Sequence[Labelled]) -> None:
        self.reading = reading
        self.items = items

    @cached_property
    def wholes(self) -> dict[int, int]:
        """Index of a count -> index of the one that it is a part of."""
        return find_wholes(
            [item.quantity for item in self.items], [item.people for item in self.items]
        )

    def noun_of_whole(self, index: int) -> Span | None:
        """The noun phrase of the nearest whole that has one."""
        seen = {index}
        while (whole := self.wholes.get(index)) is not None and whole not in seen:
            seen.add(whole)
            if self.items[whole].quantity.unit_text is not None:
                return phrase_of(self.items[whole].quantity)
            index = whole
        return None

    def noun_before(self, index: int) -> Span | None:
        """The noun of the last thing counted in the sentence or in the one before it."""
        position = self.reading.position_of(self.items[index].quantity.number)
        for item in map(self.items.__getitem__, range(index - 1, -1, -1)):
            if position - self.reading.position_of(item.quantity.number) > 1:
                break
            thing = not item.people and item.quantity.unit is None
            if thing and item.quantity.unit_text is not None:
                return item.quantity.unit_text
        return None


def population(counts: Counts, index: int) -> Reference | None:
    """Who is counted at the number; None where no human beings are, or nothing says who."""
    item = counts.items[index]
    if not item.people:
        return None
    quantity = item.quantity
    if quantity.unit_text is not None:
        named = _heading(quantity) or phrase_of(quantity)
        return Reference(as_written=named.text, span=named) if named else None
    found = counts.noun_of_whole(index) or _total_of(quantity) or _named_before(counts, index)
    if quantity.counted is None:
        return Reference(as_written=found.text, span=found) if found else None
    return Reference(
        as_written=quantity.counted.text,
        span=quantity.counted,
        resolved=found.text if found else None,
        resolved_span=found,
    )


def phrase_of(quantity: Quantity) -> Span | None:
    """The counted noun with one that is joined to it, or with "of ...", "from ..." behind it."""
    counted = quantity.counted
    if counted is None:
        return None
    last = quantity.parsed.tokens_of(counted)[-1]
    joined = next((child for child in last.children if child.dep_ == "conj"), None)
    end = last
    if joined is not None and joined.i == last.i + 2 and not _counted(joined):
        end = joined if joined.tag_ == last.tag_ else last
    while (link := _narrowing(end)) is not None and link.head.i == last.i:
        end = link.right_edge
    return quantity.parsed.span(
        counted.start - quantity.parsed.sentence.start, end.idx + len(end.text)
    )


def _narrowing(end: Token) -> Token | None:
    """The "of", "from" or "with" right behind `end`."""
    link = end.doc[end.i + 1] if end.i + 1 < len(end.doc) else None
    narrows = link is not None and link.dep_ == "prep" and link.lower_ in _NARROWING
    return link if narrows else None


def _counted(noun: Token) -> bool:
    return any(child.dep_ == "nummod" for child in noun.children)


def _heading(quantity: Quantity) -> Span | None:
    """ "Asia (40 people)": the name that heads the number in brackets narrows it down."""
    before = quantity.parsed.text[: quantity.span.start - quantity.parsed.sentence.start]
    match = _HEADED.search(before)
    return quantity.parsed.span(*match.span("where")) if match and codes_in(match[0]) else None


def _total_of(quantity: Quantity) -> Span | None:
    """ "The number of recruits rose to 90": what a total is of."""
    above = quantity_root(quantity).ancestors
    verb = next((up for up in above if up.pos_ in ("VERB", "AUX")), None)
    subjects = [child for child in verb.children if child.dep_ in _SUBJECTS] if verb else []
    for subject in (s for s in subjects if s.lower_ in _TOTALS):
        for preposition in (c for c in subject.children if c.lower_ in ("of", "for")):
            for noun in (c for c in preposition.children if c.dep_ == "pobj"):
                return noun_phrase(quantity.parsed, noun)
    return None


def _named_before(counts: Counts, index: int) -> Span | None:
    """The people counted last in the same sentence; for "them" the subject before it, or the last.

    A bare number stands for people of its own sentence, or for nobody that code could tell.
    """
    quantity = counts.items[index].quantity
    position = counts.reading.position_of(quantity.number)
    last = _people_before(counts, index, position)
    here = last is not None and counts.reading.position_of(last.number) == position
    if here or quantity.counted is None:
        return phrase_of(last) if last is not None and here else None
    if subject := _plural_subject(counts.reading, position - 1):
        return subject
    return phrase_of(last) if last is not None else None


def _people_before(counts: Counts, index: int, position: int) -> Quantity | None:
    """The last count of people with a noun before the one at `index`, a few sentences at most."""
    for item in map(counts.items.__getitem__, range(index - 1, -1, -1)):
        if position - counts.reading.position_of(item.quantity.number) > _LOOK_BACK:
            return None
        if item.people and item.quantity.unit_text is not None:
            return item.quantity
    return None


def _plural_subject(reading: Reading, position: int) -> Span | None:
    """The plural noun that the sentence at `position` is about."""
    if position < 0:
        return None
    parsed = reading.sentences[position]
    subject = next((t for t in parsed.tokens if t.dep_ in _SUBJECTS), None)
    plural = subject is not None and subject.tag_ == "NNS" and not _counted(subject)
    return _narrowed(parsed, subject) if subject is not None and plural else None


def _narrowed(parsed: ParsedSentence, noun: Token) -> Span:
    """The noun phrase with "of ..." and "from ...", without when and where."""
    span = noun_phrase(parsed, noun)
    cut = next((c for c in noun.rights if c.dep_ == "prep" and c.lower_ not in _NARROWING), None)
    if cut is None:
        return span
    start = span.start - parsed.sentence.start
    return parsed.span(start, cut.nbor(-1).idx + len(cut.nbor(-1)))


def nationalities(quantity: Quantity) -> list[str]:
    """Codes of countries and regions: in the noun phrase, or behind "from", "all of them"."""
    codes: list[str] = []
    if quantity.counted is not None:
        codes = codes_in(quantity.counted.text)
        noun = quantity.parsed.tokens_of(quantity.counted)
        codes += _from(noun.root)
        # Parsers often give this "from" to the verb: "took on 90 divers from Kenya".
        if (link := _narrowing(noun[-1])) is not None and link.lower_ == "from":
            codes += codes_in(link.doc[link.i : link.right_edge.i + 1].text)
        if heading := _heading(quantity):
            codes += codes_in(heading.text)
    codes += _from(quantity_root(quantity))
    after = quantity.parsed.text[quantity.span.end - quantity.parsed.sentence.start :]
    if match := _ALL_OF_THEM.match(after):
        codes += codes_in(match["who"])
    return list(dict.fromkeys(codes))


def _from(head: Token) -> list[str]:
    belonging = head.lower_.removesuffix("s") in _BELONGING
    links = {"from", "of"} if belonging else {"from"}
    phrases = (child for child in head.children if child.lower_ in links)
    return [code for p in phrases for code in codes_in(" ".join(t.text for t in p.subtree))]


def quantity_root(quantity: Quantity) -> Token:
    """The token that the number hangs on in its sentence's parse."""
    return quantity.parsed.tokens_of(quantity.number).root
