"""Made-up labelled articles: every record has its words in the text, every id is its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import strategies as st

from extractor.evaluation.gold import (
    Gold,
    GoldEntity,
    GoldEvent,
    GoldFigure,
    GoldMethod,
    GoldQuotation,
    GoldSource,
)
from extractor.evaluation.prediction import Prediction, RecordType, labelled_records
from extractor.records import Bound, Mention, Record, Reference, Span, Strict, TimeExpression

RecordT = TypeVar("RecordT", bound=Strict)

NOUNS = ("porters", "bridges", "nurses", "boats")
BOUNDS: dict[str, Bound] = {"exactly": "exact", "about": "about", "at least": "at_least"}
PEOPLE = ("Ada Quill", "Bo Marsh", "Cy Vane", "Dee Holt")
DAYS = ("2021-03-04", "2021-03-28", "2022-11-30")
TACTICS = ("pay", "bonus", "agency")


@dataclass
class Writer:
    """Builds the text and hands out spans of what it writes."""

    parts: list[str] = field(default_factory=list)

    def write(self, words: str) -> Span:
        start = sum(map(len, self.parts))
        self.parts.append(words)
        return Span(start=start, end=start + len(words), text=words)

    @property
    def text(self) -> str:
        return "".join(self.parts)


def whole(first: Span, last: Span, between: str = " ") -> Span:
    """The span from one to a neighbour."""
    return Span(start=first.start, end=last.end, text=first.text + between + last.text)


def figure(writer: Writer, i: int, count: int, bound: str, day: str) -> GoldFigure:
    """One sentence with a count, its unit and its day."""
    word = writer.write(bound)
    writer.write(" ")
    number = writer.write(str(count))
    writer.write(" ")
    noun = writer.write(NOUNS[i % len(NOUNS)])
    writer.write(" were counted on ")
    when = writer.write(day)
    writer.write(". ")
    span = whole(whole(word, number), noun)
    mention = Mention(span=span, number=number, bound=BOUNDS[bound], bound_text=word)
    return GoldFigure(
        id=f"fig-{i}",
        value=Decimal(count),
        bound=BOUNDS[bound],
        unit=noun.text,
        unit_text=noun.text,
        measure=["other"],
        period=TimeExpression(as_written=day, span=when, edtf=day, precision="day"),
        mentions=[mention],
        evidence={"unit_text": noun},
    )


def quotation(writer: Writer, i: int) -> tuple[GoldQuotation, GoldEntity, GoldEvent, GoldMethod]:
    """One quoted sentence with its speaker, who is an entity, and what it tells of."""
    name = PEOPLE[i % len(PEOPLE)]
    writer.write('"')
    said = writer.write(f"we hire number {i} again")
    writer.write('," said ')
    who = writer.write(name)
    writer.write(". ")
    speaker = Reference(as_written=name, span=who)
    return (
        GoldQuotation(id=f"quo-{i}", text=said.text, speaker=speaker, evidence={"text": said}),
        GoldEntity(id=f"ent-{i}", name=name, kind="person", mentions=[who]),
        GoldEvent(
            id=f"eve-{i}", kind="statement", summary="Somebody hires.", status="ongoing", span=said
        ),
        GoldMethod(id=f"met-{i}", tactic=TACTICS[i % len(TACTICS)], span=said),
    )


def article(counts: Iterable[tuple[int, str, str]], voices: int) -> tuple[Gold, str]:
    """Gold and text of an article with these counts (number, bound word, day) and speakers."""
    writer = Writer()
    figures = [figure(writer, i, *count) for i, count in enumerate(counts)]
    spoken = [quotation(writer, i) for i in range(voices)]
    ad = writer.write("\nBuy our calendar")
    furniture = Span(start=ad.start + 1, end=ad.end, text=ad.text[1:])
    digest = hashlib.sha256(writer.text.encode()).hexdigest()
    gold = Gold(
        document=GoldSource(name=f"{digest[:8]}.txt", sha256=digest),
        furniture=[furniture],
        figures=figures,
        quotations=[one[0] for one in spoken],
        entities=[one[1] for one in spoken],
        events=[one[2] for one in spoken],
        methods=[one[3] for one in spoken],
    )
    return gold, writer.text


def revised(record: RecordT, update: dict[str, Any]) -> RecordT:
    """The record with some fields changed, checked like a new one."""
    return type(record).model_validate(record.model_dump() | update)


def echo(gold: Gold) -> Prediction:
    """Gold as if a system had given it."""
    return Prediction(
        gold.document.name, labelled_records(gold), tuple(gold.furniture), gold.document.sha256
    )


def answer(gold: Gold, kind: RecordType, records: Iterable[Record]) -> Prediction:
    """Gold as a system's answer, but with these records of one type."""
    return Prediction(gold.document.name, {**labelled_records(gold), kind: tuple(records)})


COUNTS = st.tuples(
    st.integers(min_value=2, max_value=99_999),
    st.sampled_from(sorted(BOUNDS)),
    st.sampled_from(DAYS),
)
ARTICLES = st.builds(
    article, st.lists(COUNTS, min_size=1, max_size=4), st.integers(min_value=1, max_value=4)
).map(lambda built: built[0])
