"""The header: title, outlet, authors, date of publication. It alone may read page furniture."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from pydantic import BaseModel, ValidationError

from extractor.documents import Block, Document
from extractor.grounding import find_verbatim
from extractor.output import Rejected
from extractor.prompts import Prompt
from extractor.reading.date_words import NOT_UNDERSTOOD
from extractor.reading.dates import full_date, names_day, publication_date, to_edtf, written_date
from extractor.reading.reading import Reading
from extractor.records import Article, AttributionStep, Reference, Span, TimeExpression
from extractor.tasks.attribution import attribution
from extractor.tasks.base import Built, Question
from extractor.tasks.schemas import answer_schema, list_of, one_of, optional, short_text

TOP_LINES = 8
END_LINES = 4  # at the page's end, and again right behind the story
PROSE_WORDS = 12  # a longer line that ends as a sentence tells the story, it heads no page
TITLE_WORDS = 3
HEADLINE_WORDS = 4  # a shorter line may as well be a section's name
DATED_WORDS = 18  # the longest by-line with its date; a longer line tells something
NAME_WORDS = 8  # the longest name of an outlet or an author, the longest date
SHOWN_CHARACTERS = 140
MAX_AUTHORS = 4
_CLOCK = re.compile(r"[\s,|at-]*\d{1,2}[:.]\d{2}.*$", re.IGNORECASE)
# "OSLO, 4 May (Northern Press) -": the city in capitals, the agency in brackets, a dash.
_AGENCY = re.compile(
    r"[A-Z][A-Z'\u2019 -]+(?:, [^()\n]{3,40}?)? \((?P<name>[A-Z][^()\n]+)\) ?[\u2013\u2014-]"
)
# Without a year it is a photograph's credit.
_COPYRIGHT = re.compile(
    r"(?:\u00a9|\(c\)|Copyright)(?: ?\u00a9)? ?\d{4}(?:[-\u2013]\d{4})?,? ?(?:by )?"
    r"(?P<name>[A-Z][^.|\u00b7,\n]+?)(?=[.|\u00b7,\s]*(?:All rights .*)?$|\. |,| \|)",
    re.IGNORECASE,
)
# A line that names who made the page or when, and heads nothing.
_CREDIT = re.compile(
    r"(?-i:[Bb]y [A-Z]\S*(?: (?:[A-Z\d]\S*|and|of|for|the))*$)"
    r"|(?:(?:last )?(?:posted|published|updated|modified)\b"
    r"|(?:authors?|words|text|story|interview|report(?:ing)?|photo(?:graph)?s?|pictures?|date)"
    r"(?: by\b|:)).*",
    re.IGNORECASE,
)
_TITLE_LABEL = re.compile(r"(?:subject|title|headline):\s*", re.IGNORECASE)
MAX_TOKENS = 160


@dataclass(frozen=True)
class Line:
    """A line of the page as the model sees it. `may_head`: it can be the article's headline."""

    number: int
    text: str
    span: Span
    may_head: bool


class HeaderTask:
    """Asks once, showing the short lines at the top and the end of the page, not the story."""

    name = "header"

    def questions(self, reading: Reading, prompt: Prompt) -> list[Question]:  # noqa: ARG002
        """One question; the answer names a line for the title and copies the rest."""
        lines = _lines(reading)
        if not lines:
            return []
        name = optional(short_text(SHOWN_CHARACTERS))
        schema = answer_schema(
            "Header",
            {
                "title": one_of((0, *(line.number for line in lines if line.may_head))),
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
        lines = _lines(reading)
        answer = answers.get("header")
        if not lines:
            built.add(self.name, None, partial(_article, reading, None, None, [], None))
            return built
        if answer is None:
            built.rejected.append(
                Rejected(task="header", reason="no_answer", detail="its question failed")
            )
            return built
        given = answer.model_dump()
        chosen = (line.span for line in lines if line.number == given["title"])
        title = _unlabelled(next(chosen, None) or _headline(lines))
        others = [line.span for line in lines if title is None or not line.span.contains(title)]
        outlet = _copied(given["outlet"], "outlet", others, built) or _signed(reading)
        authors = [_copied(author, "author", others, built) for author in given["authors"]]
        copied = _dated(_copied(given["published"], "published", others, built), built)
        published = publication_date(reading.document) or copied
        named = [author for author in authors if author]
        make = partial(_article, reading, title, outlet, named, published)
        built.add(self.name, title, make)
        return built


def _lines(reading: Reading) -> list[Line]:
    """Lines at the page's top, above the story, behind it and at the end, numbered from 1.

    The story's prose is left out, furniture is not.
    """
    document = reading.document
    blocks = document.blocks
    story_end = max((i + 1 for i, block in enumerate(blocks) if not block.furniture), default=0)
    story = next((i for i, block in enumerate(blocks) if _tells(document, block)), 0)
    shown = {*range(TOP_LINES), *range(story - TOP_LINES, story)}
    shown |= set(range(story_end, story_end + END_LINES))
    shown |= set(range(len(blocks) - END_LINES, len(blocks)))
    lines: list[Line] = []
    story_begun = False
    for index, block in enumerate(blocks):
        span = document.span(block.start, block.end)
        prose = _tells(document, block)
        story_begun |= prose
        if index in shown and not prose:
            heads = not block.furniture and not story_begun
            may_head = heads and _heads(span.text)
            text = " ".join(span.text[:SHOWN_CHARACTERS].split())
            lines.append(Line(len(lines) + 1, text, span, may_head))
    return lines


def _tells(document: Document, block: Block) -> bool:
    return not block.furniture and _is_prose(document.text[block.start : block.end])


def _headline(lines: list[Line]) -> Span | None:
    """The first line that can be a headline and is as long as one."""
    long = (line for line in lines if line.may_head and len(line.text.split()) >= HEADLINE_WORDS)
    return next((line.span for line in long), None)


def _unlabelled(title: Span | None) -> Span | None:
    """ "Subject: Two crews return" is labelled as the headline."""
    label = _TITLE_LABEL.match(title.text) if title else None
    if title is None or label is None:
        return title
    return Span(start=title.start + label.end(), end=title.end, text=title.text[label.end() :])


def _heads(text: str) -> bool:
    """Long enough for a headline, and neither a credit nor a date."""
    credit = _CREDIT.match(text) is not None or (
        len(text.split()) <= DATED_WORDS and names_day(text)
    )
    return len(text.split()) >= TITLE_WORDS and not credit


def _is_prose(text: str) -> bool:
    """It ends as a sentence does; one question or call alone may be a headline."""
    plain = text.rstrip("\"'\u2019\u201d\u00bb)")
    several = re.search(r"[.!?]\s", plain) is not None
    closed = plain.endswith((".", ":", "\u2026")) or (several and plain.endswith(("!", "?")))
    return closed and len(text.split()) > PROSE_WORDS


def _copied(words: str | None, field: str, places: list[Span], built: Built) -> Span | None:
    """Where the lines have `words`; None, and a rejection, where they have not."""
    if not words or not words.strip():
        return None
    if len(words.split()) > NAME_WORDS:
        detail = f"{field} {words!r} is a sentence, not a name or a date"
        built.rejected.append(Rejected(task="header", reason="invalid", detail=detail))
        return None
    for place in places:
        if span := find_verbatim(words, place):
            return span
    detail = f"{field} {words!r} does not stand in the lines"
    built.rejected.append(Rejected(task="header", reason="not_grounded", detail=detail))
    return None


def _dated(span: Span | None, built: Built) -> Span | None:
    """The span, if its words write a calendar date: "a week ago" tells none."""
    if span is None or "XX-XX" not in (to_edtf(_day(span).text) or "XX-XX"):
        return span
    detail = f"published {span.text!r} is no calendar date"
    built.rejected.append(Rejected(task="header", reason="invalid", detail=detail, span=span))
    return None


def _signed(reading: Reading) -> Span | None:
    """The agency in a dateline's brackets, else whose copyright a line of the page claims."""
    document = reading.document
    for pattern, blocks in (
        (_AGENCY, [block for block in document.blocks if not block.furniture]),
        (_COPYRIGHT, list(reversed(document.blocks))),
    ):
        for block in blocks:
            match = pattern.match(document.text[block.start : block.end])
            if match and len(match["name"].split()) <= NAME_WORDS:
                start, end = match.span("name")
                return document.span(block.start + start, block.start + end)
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
    if span is None:
        return None
    return written_date(_day(span)).model_copy(update={"as_written": span.text, "span": span})


def _day(span: Span) -> Span:
    """The date without the time of day behind it, or a label before it ("Posted 4 May 2031")."""
    words = _CLOCK.sub("", span.text) or span.text
    day = Span(start=span.start, end=span.start + len(words), text=words)
    place = full_date(words) if written_date(day).unresolved == NOT_UNDERSTOOD else None
    if place is None:
        return day
    start, end = place
    return Span(start=span.start + start, end=span.start + end, text=words[start:end])


def _cited(reading: Reading) -> list[Reference]:
    """Bodies and outlets that the article's figures come from, each once, as first referred to."""
    cited: dict[str, Reference] = {}
    for quantity in (quantity for found in reading.quantities for quantity in found):
        for step in _steps(reading, quantity.span):
            if step.kind in ("organisation", "outlet"):
                name = step.name.resolved or step.name.as_written
                cited.setdefault(name.casefold(), step.name)
    return list(cited.values())


def _steps(reading: Reading, span: Span) -> list[AttributionStep]:
    """Who says it. The figure itself tells of a source whose words are too long for a record."""
    try:
        return attribution(reading, span)
    except ValidationError:
        return []
