"""Figures: code finds the numbers, the model says what each one counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel

from extractor.output import Reason, Rejected
from extractor.prompts import Prompt
from extractor.reading.quantities import Quantity
from extractor.reading.reading import Reading
from extractor.tasks.base import Built, Question
from extractor.tasks.figure_records import Labelled, merge_mentions
from extractor.tasks.schemas import answer_schema, one_of, short_text

NOT_A_COUNT = "not_a_count"
NUMBERS_PER_QUESTION = 6
TOKENS_PER_NUMBER = 50
CONTEXT_CHARACTERS = 200
COUNTED_CHARACTERS = 40


class FigureTask:
    """Asks sentence by sentence, with the numbers marked in place."""

    name = "figures"

    def questions(self, reading: Reading, prompt: Prompt) -> list[Question]:
        """One question per sentence with a number; long lists of numbers are split."""
        return [
            _question(reading, prompt, position, part, quantities)
            for position, part, quantities in _batches(reading)
        ]

    def build(self, reading: Reading, answers: Mapping[str, BaseModel]) -> Built:
        """Figures with their mentions joined; numbers that are no count are kept as rejected."""
        built = Built()
        labelled: list[Labelled] = []
        for position, part, quantities in _batches(reading):
            answer = answers.get(_id(position, part))
            for number, quantity in enumerate(quantities, 1):
                label = None if answer is None else getattr(answer, f"n{number}")
                if label is None:
                    built.rejected.append(_rejected(quantity, "no_answer", "its question failed"))
                elif getattr(label, "is") == NOT_A_COUNT and quantity.unit is None:
                    built.rejected.append(_rejected(quantity, "not_chosen", "labelled as no count"))
                else:
                    labelled.append(_labelled(quantity, label))
        built.records.extend(merge_mentions(reading, labelled))
        return built


def _batches(reading: Reading) -> Iterator[tuple[int, int, Sequence[Quantity]]]:
    for position, quantities in enumerate(reading.quantities):
        for part in range(0, len(quantities), NUMBERS_PER_QUESTION):
            yield position, part, quantities[part : part + NUMBERS_PER_QUESTION]


def _id(position: int, part: int) -> str:
    return f"s{position + 1}n{part + 1}"


def _question(
    reading: Reading, prompt: Prompt, position: int, part: int, quantities: Sequence[Quantity]
) -> Question:
    label = answer_schema(
        "NumberLabel",
        {
            "of": short_text(COUNTED_CHARACTERS),
            "people": bool,
            "is": one_of((*prompt.labels, NOT_A_COUNT)),
        },
    )
    before = reading.sentences[position - 1].text if position else ""
    return Question(
        id=_id(position, part),
        variables={"context": before[-CONTEXT_CHARACTERS:], "marked": mark_numbers(quantities)},
        schema=answer_schema(
            "NumberLabels", {f"n{number}": label for number in range(1, len(quantities) + 1)}
        ),
        max_tokens=TOKENS_PER_NUMBER * (len(quantities) + 1),
    )


def mark_numbers(quantities: Sequence[Quantity]) -> str:
    """The quantities' sentence with each number in brackets: `[n1: 640] people`."""
    parsed = quantities[0].parsed
    pieces, position = [], parsed.sentence.start
    for number, quantity in enumerate(quantities, 1):
        pieces.append(parsed.document.text[position : quantity.number.start])
        pieces.append(f"[n{number}: {quantity.number.text}]")
        position = quantity.number.end
    pieces.append(parsed.document.text[position : parsed.sentence.end])
    return " ".join("".join(pieces).split())


def _labelled(quantity: Quantity, label: BaseModel) -> Labelled:
    given = label.model_dump()
    return Labelled(
        quantity=quantity,
        counted=given["of"],
        people=given["people"],
        measure="other" if given["is"] == NOT_A_COUNT else given["is"],
    )


def _rejected(quantity: Quantity, reason: Reason, detail: str) -> Rejected:
    return Rejected(task="figures", reason=reason, detail=detail, span=quantity.span)
