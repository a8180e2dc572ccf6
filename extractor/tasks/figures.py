"""Figures: code finds the numbers and what most of them measure, the model decides the rest.

The model is asked two things: which of the counted nouns are human beings, and what a number
measures where the structure of its sentence does not settle it. It can only choose labels that
some word of the sentence speaks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from pydantic import BaseModel

from extractor.control_tokens import harmless
from extractor.output import Rejected
from extractor.prompts import Prompt
from extractor.reading.countries import code_of_people
from extractor.reading.measures import CONTRACTS, OF_PEOPLE, OTHER, Measured, measured
from extractor.reading.quantities import Quantity
from extractor.reading.reading import Reading
from extractor.tasks.base import Built, Question
from extractor.tasks.figure_records import Labelled, merge_mentions
from extractor.tasks.marking import mark, one_line
from extractor.tasks.schemas import answer_schema, one_of

PEOPLE, THINGS = "people", "things"
HUMAN_BEINGS = {"people", "person", "persons", "man", "men", "woman", "women", "child", "children",
                "boys", "girls"}  # fmt: skip
NOUNS_PER_QUESTION = 8
NUMBERS_PER_QUESTION = 6
TOKENS_PER_ANSWER = 20
SHOWN_CHARACTERS = 60
CONTEXT_CHARACTERS = 200
GOES_ON_SENTENCES = 1
LARGER_BESIDE = 10  # how many times larger a number may be than one before it that counts the same


class FigureTask:
    """Asks for the counted nouns in lists, and for undecided measures sentence by sentence."""

    name = "figures"

    def questions(self, reading: Reading, prompt: Prompt) -> list[Question]:  # noqa: ARG002
        """Questions on nouns first, then one per sentence with an undecided number."""
        nouns = [_noun_question(n, phrases) for n, phrases in enumerate(_nouns(reading), 1)]
        return nouns + [_measure_question(reading, p, found) for p, found in _undecided(reading)]

    def build(self, reading: Reading, answers: Mapping[str, BaseModel]) -> Built:
        """Figures with their mentions joined; numbers whose question failed are kept apart."""
        people = _people(reading, answers)
        measures = _measures(reading, answers)
        built = Built()
        labelled: list[Labelled] = []
        known: dict[int, Labelled] = {}  # by where the number starts
        for item in measured(reading.quantities):
            noun = _noun(item.quantity)
            measure = measures.get(item.quantity.number.start, item.label)
            if measure is None or (noun is not None and noun not in people):
                built.rejected.append(_rejected(item.quantity))
                continue
            if noun is not None:
                if not people[noun] and not _is_said(item):
                    measure = _of_things(measure)
                labelled.append(Labelled(item.quantity, noun, people[noun], measure))
            else:
                whole = known.get(item.goes_on.number.start) if item.goes_on else None
                labelled.append(_unnamed(item, measure, whole, labelled))
            known[item.quantity.number.start] = labelled[-1]
        merged = merge_mentions(reading, labelled)
        return Built(merged.records, [*built.rejected, *merged.rejected])


def _nouns(reading: Reading) -> list[list[str]]:
    """Distinct counted nouns of the document, in lists for one question each."""
    found: dict[str, str] = {}
    for quantity in (quantity for sentence in reading.quantities for quantity in sentence):
        noun = _noun(quantity)
        if noun is not None and not _is_human(noun):
            found.setdefault(noun, _phrase(quantity))
    phrases = list(found.values())
    starts = range(0, len(phrases), NOUNS_PER_QUESTION)
    return [phrases[start : start + NOUNS_PER_QUESTION] for start in starts]


def _noun(quantity: Quantity) -> str | None:
    """The counted noun in lower case; None where there is none, or where code knows the unit."""
    if quantity.unit is not None or quantity.unit_text is None:
        return None
    return quantity.unit_text.text.split()[-1].casefold()


def _is_human(noun: str) -> bool:
    """Nobody needs to be asked whether men, or Norwegians, are human beings."""
    return noun in HUMAN_BEINGS or code_of_people(noun.capitalize()) is not None


def _phrase(quantity: Quantity) -> str:
    assert quantity.unit_text is not None
    return " ".join(quantity.unit_text.text.split())[-SHOWN_CHARACTERS:]


def _noun_question(number: int, phrases: Sequence[str]) -> Question:
    """The noun stands in each answer again, which keeps a small model from losing its place."""
    fields = {
        f"n{i}": one_of(f"{harmless(phrase)}: {kind}" for kind in (PEOPLE, THINGS))
        for i, phrase in enumerate(phrases, 1)
    }
    return Question(
        id=f"nouns{number}",
        variables={"nouns": phrases},
        schema=answer_schema("CountedNouns", fields),
        max_tokens=TOKENS_PER_ANSWER * (len(phrases) + 1),
    )


def _people(reading: Reading, answers: Mapping[str, BaseModel]) -> dict[str, bool]:
    """Counted noun -> whether human beings are counted; without nouns whose question failed."""
    nouns = {_noun(quantity) for sentence in reading.quantities for quantity in sentence}
    found = {noun: True for noun in nouns if noun is not None and _is_human(noun)}
    for number, phrases in enumerate(_nouns(reading), 1):
        given = answers[id_].model_dump() if (id_ := f"nouns{number}") in answers else {}
        for index, phrase in enumerate(phrases, 1):
            if f"n{index}" in given:
                noun = phrase.split()[-1].casefold()
                found[noun] = given[f"n{index}"].endswith(f": {PEOPLE}")
    return found


def _undecided(reading: Reading) -> Iterator[tuple[str, list[Measured]]]:
    """Numbers whose measure the text leaves open, by sentence, with the question's id."""
    by_sentence: dict[int, list[Measured]] = {}
    for item in measured(reading.quantities):
        if item.options:
            by_sentence.setdefault(item.quantity.parsed.sentence.index, []).append(item)
    for index, items in by_sentence.items():
        for start in range(0, len(items), NUMBERS_PER_QUESTION):
            yield f"s{index}n{start + 1}", items[start : start + NUMBERS_PER_QUESTION]


def _measure_question(reading: Reading, id_: str, items: Sequence[Measured]) -> Question:
    fields = {f"n{i}": one_of(item.options) for i, item in enumerate(items, 1)}
    first = items[0].quantity.parsed.sentence
    before = reading.sentences[first.index - 2].text if first.index > 1 else ""
    numbers = [(item.quantity.number, item.quantity.number.text) for item in items]
    marked = mark(items[0].quantity.parsed.whole, numbers, "n")
    return Question(
        id=id_,
        variables={"context": one_line(before[-CONTEXT_CHARACTERS:]), "marked": marked},
        schema=answer_schema("Measures", fields),
        max_tokens=TOKENS_PER_ANSWER * (len(items) + 1),
    )


def _measures(reading: Reading, answers: Mapping[str, BaseModel]) -> dict[int, str | None]:
    """Start of the number -> the model's label, None where its question failed."""
    found: dict[int, str | None] = {}
    for id_, items in _undecided(reading):
        given = answers[id_].model_dump() if id_ in answers else {}
        for index, item in enumerate(items, 1):
            found[item.quantity.number.start] = given.get(f"n{index}")
    return found


def _unnamed(
    item: Measured, measure: str, whole: Labelled | None, before: Sequence[Labelled]
) -> Labelled:
    """What a number without a noun counts.

    What the number that it goes on from does; else its measure may tell; else it counts what the
    number before it did, if that one is near, else people: of what reports count without a word,
    they are the most.
    """
    quantity = item.quantity
    if whole is not None and quantity.unit is None:
        measure = measure if whole.people else _of_things(measure)
        return Labelled(quantity, whole.counted, whole.people, measure)
    if quantity.unit is not None or measure in OF_PEOPLE:
        return Labelled(quantity, "", quantity.unit is None, measure)
    if measure == CONTRACTS and measure in item.words:
        return Labelled(quantity, item.words[measure].text, False, measure)
    close = takewhile(lambda other: _is_close(other, quantity), reversed(before))
    near = (other for other in close if _may_be_same(other, quantity))
    if (same := next(near, None)) is None:
        return Labelled(quantity, "", True, measure)
    return Labelled(quantity, same.counted, same.people, measure)


def _is_close(other: Labelled, quantity: Quantity) -> bool:
    distance = quantity.parsed.sentence.index - other.quantity.parsed.sentence.index
    return distance <= GOES_ON_SENTENCES


def _may_be_same(other: Labelled, quantity: Quantity) -> bool:
    """Not far smaller: of two buses nobody counts forty."""
    if other.quantity.unit is not None:
        return False
    if other.measure.startswith("countries"):
        return False
    if other.people or other.quantity.value is None or quantity.value is None:
        return True
    beside = other.quantity.parsed is quantity.parsed
    return quantity.value <= other.quantity.value * (LARGER_BESIDE if beside else 1)


def _of_things(measure: str) -> str:
    """Things are lost, sent and handed over, but the labels for that speak of people."""
    return OTHER if measure in OF_PEOPLE else measure


def _is_said(item: Measured) -> bool:
    """The counted noun itself speaks for the label: "45 arrests", "45 deaths"."""
    noun, word = item.quantity.unit_text, item.words.get(item.label)
    return noun is not None and word is not None and noun.end == word.end


def _rejected(quantity: Quantity) -> Rejected:
    return Rejected(
        task="figures", reason="no_answer", detail="its question failed", span=quantity.span
    )
