"""The header: title, outlet, authors, date of publication. It alone may read page furniture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from extractor.grounding import find_verbatim
from extractor.output import Rejected
from extractor.prompts import Prompt
from extractor.reading.dates import written_date
from extractor.reading.reading import Reading
from extractor.reading.sources import find_cues, referent
from extractor.records import Article, Reference, Span, TimeExpression
from extractor.tasks.attribution import subject_reference
from extractor.tasks.base import Built, Question
from extractor.tasks.schemas import answer_schema, list_of, one_of, optional, short_text

TOP_LINES = 8
END_LINES = 6
SHOWN_CHARACTERS = 140
MAX_AUTHORS = 4
MAX_TOKENS = 160


@dataclass(frozen=True)
class Line:
    """A line of the page as the model sees it."""

    number: int
    text: str
    span: Span


class HeaderTask:
    """Asks once, showing the lines at the top and at the end of the page."""

    name = "header"

    def questions(self, reading: Reading, prompt: Prompt) -> list[Question]:  # noqa: ARG002
        """One question; the answer names a line for the title and copies the rest."""
        lines = _lines(reading)
        name = optional(short_text(SHOWN_CHARACTERS))
        schema = answer_schema(
            "Header",
            {
                "title": one_of((0, *(line.number for line in lines))),
                "outlet": name,
                "authors": list_of(short_text(SHOWN_CHARACTERS), MAX_AUTHORS),
                "published": name,
            },
        )
        shown = [{"number": line.number, "text": line.text} for line in lines]
        return [Question("header", {"lines": shown}, schema, MAX_TOKENS)]

    def build(self, reading: Reading, answers: Mapping[str, BaseModel]) -> Built:
        """The header. What the model copied must stand in the lines, or it is rejected."""
        built = Built()
        answer = answers.get("header")
        if answer is None:
            built.rejected.append(
                Rejected(task="header", reason="no_answer", detail="its question failed")
            )
            return built
        given = answer.model_dump()
        lines = _lines(reading)
        title = next((line.span for line in lines if line.number == given["title"]), None)
        outlet = _copied(given["outlet"], "outlet", lines, built)
        authors = [_copied(author, "author", lines, built) for author in given["authors"]]
        published = _copied(given["published"], "published", lines, built)
        built.records.append(_article(reading, title, outlet, [a for a in authors if a], published))
        return built


def _lines(reading: Reading) -> list[Line]:
    """First and last lines of the page, furniture included, numbered from 1."""
    document = reading.document
    blocks = document.blocks
    chosen = [*blocks[:TOP_LINES], *blocks[max(TOP_LINES, len(blocks) - END_LINES) :]]
    spans = [document.span(block.start, block.end) for block in chosen]
    return [
        Line(number, " ".join(span.text[:SHOWN_CHARACTERS].split()), span)
        for number, span in enumerate(spans, 1)
    ]


def _copied(words: str | None, field: str, lines: list[Line], built: Built) -> Span | None:
    """Where the lines have `words`; None, and a rejection, where they have not."""
    if not words or not words.strip():
        return None
    for line in lines:
        if span := find_verbatim(words, line.span):
            return span
    detail = f"{field} {words!r} does not stand in the lines"
    built.rejected.append(Rejected(task="header", reason="not_grounded", detail=detail))
    return None


def _article(
    reading: Reading,
    title: Span | None,
    outlet: Span | None,
    authors: list[Span],
    published: Span | None,
) -> Article:
    evidence = {"title": title, "outlet": outlet, "authors": _hull(reading, authors)}
    return Article(
        id="art-01",
        title=title.text if title else None,
        outlet=outlet.text if outlet else None,
        authors=[author.text for author in authors],
        published=_published(published),
        language=reading.document.language,
        cited_sources=_cited(reading),
        evidence={field: span for field, span in evidence.items() if span},
    )


def _hull(reading: Reading, spans: list[Span]) -> Span | None:
    if not spans:
        return None
    return reading.document.span(min(s.start for s in spans), max(s.end for s in spans))


def _published(span: Span | None) -> TimeExpression | None:
    return written_date(span) if span else None


def _cited(reading: Reading) -> list[Reference]:
    """Named origins of statements, each once, as first referred to."""
    cited: dict[str, Reference] = {}
    for position, parsed in enumerate(reading.sentences):
        for cue in find_cues(parsed):
            source = referent(reading.sentences, position, cue, reading.names)
            if source is not None and source.name is not None:
                cited.setdefault(source.name.name, subject_reference(cue.subject, source))
    return list(cited.values())
