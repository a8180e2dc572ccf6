"""Quotations: code finds the quoted words, the model says whether they were said, and by whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import BaseModel

from extractor.output import Reason, Rejected
from extractor.prompts import Prompt
from extractor.reading.cues import find_cues
from extractor.reading.offices import find_office, office_in
from extractor.reading.quotes import QuotedText
from extractor.reading.reading import Reading
from extractor.reading.sources import Source, referent
from extractor.records import Quotation, Span
from extractor.tasks.attribution import source_reference
from extractor.tasks.base import Built, Question
from extractor.tasks.marking import mark, one_line
from extractor.tasks.schemas import answer_schema, one_of
from extractor.tasks.speakers import Speaker, speaker_of

SPEECH = "speech"
TERM_WORDS = 6  # more words than that are said, they are no term and no title
QUOTES_PER_QUESTION = 4
TOKENS_PER_QUOTE = 24
CONTEXT_CHARACTERS = 250
SHOWN_CHARACTERS = 240


class QuotationTask:
    """Asks only about quotations whose speaker code cannot tell: who has one, was said."""

    name = "quotations"

    def questions(self, reading: Reading, prompt: Prompt) -> list[Question]:
        """One question per run of neighbouring quotations without a speaker."""
        return [
            _question(reading, prompt, quotes) for quotes in _batches(_untold(reading), reading)
        ]

    def build(self, reading: Reading, answers: Mapping[str, BaseModel]) -> Built:
        """Quotations in order; terms, titles and scare quotes are kept as rejected."""
        built, verdicts = Built(), _verdicts(reading, answers)
        for quote in reading.quotes:
            verdict = verdicts.get(quote.outer.start, speaker_of(reading, quote))
            if isinstance(verdict, Rejected):
                built.rejected.append(verdict)
            else:
                make = partial(_record, reading, quote, verdict, len(built.records) + 1)
                built.add(self.name, quote.span, make)
        return built


def _untold(reading: Reading) -> list[QuotedText]:
    return [quote for quote in reading.quotes if speaker_of(reading, quote) is None]


def _verdicts(
    reading: Reading, answers: Mapping[str, BaseModel]
) -> dict[int, Speaker | Rejected | None]:
    """What the model made of the quotations that it was asked about, by where they start."""
    found: dict[int, Speaker | Rejected | None] = {}
    for quotes in _batches(_untold(reading), reading):
        answer, sources = answers.get(_id(quotes)), _sources(reading, quotes)
        for number, quote in enumerate(quotes, 1):
            label = None if answer is None else getattr(answer, f"q{number}")
            found[quote.outer.start] = _verdict(reading, quote, label, sources)
    return found


def _verdict(
    reading: Reading, quote: QuotedText, label: Any, sources: Sequence[Source]
) -> Speaker | Rejected | None:
    if label is None:
        return _rejected(quote, "no_answer", "its question failed")
    if (said := getattr(label, "is")) != SPEECH:
        return _rejected(quote, "not_chosen", f"labelled as {said}")
    position = reading.position_of(quote.outer)
    return Speaker(sources[label.by - 1], position) if label.by else None


def _batches(quotes: Sequence[QuotedText], reading: Reading) -> Iterator[Sequence[QuotedText]]:
    """Neighbouring quotations of one sentence together: they share words around them."""
    batch: list[QuotedText] = []
    for quote in quotes:
        same = batch and reading.position_of(batch[0].outer) == reading.position_of(quote.outer)
        if batch and (not same or len(batch) == QUOTES_PER_QUESTION):
            yield batch
            batch = []
        batch.append(quote)
    if batch:
        yield batch


def _id(quotes: Sequence[QuotedText]) -> str:
    return f"q{quotes[0].outer.start}"


def _sources(reading: Reading, quotes: Sequence[QuotedText]) -> list[Source]:
    """Candidates of the sentence, without those whose words stand inside the quotation itself."""
    position = reading.position_of(quotes[-1].outer)
    sources = reading.sources(position)
    if position + 1 < len(reading.sentences):
        sources += _after(reading, position + 1)
    return [s for s in sources if not any(quote.outer.contains(s.span) for quote in quotes)]


def _after(reading: Reading, position: int) -> list[Source]:
    """A speaker named only behind the quotation: the cue of the sentence that follows."""
    cues = find_cues(reading.sentences[position])
    found = (referent(reading.sentences, position, cue, reading.names) for cue in cues[:1])
    known = {source.text for source in reading.sources(position - 1)}
    return [source for source in found if source and source.text not in known]


def _question(reading: Reading, prompt: Prompt, quotes: Sequence[QuotedText]) -> Question:
    names = [source.text for source in _sources(reading, quotes)]
    fields = {
        f"q{number}": answer_schema(
            "QuoteLabel",
            {"is": one_of(_labels(prompt, quote)), "by": one_of(range(len(names) + 1))},
        )
        for number, quote in enumerate(quotes, 1)
    }
    first = reading.position_of(quotes[0].outer)
    before = reading.sentences[first - 1].text if first > 0 else ""
    return Question(
        id=_id(quotes),
        variables={
            "context": one_line(before[-CONTEXT_CHARACTERS:]),
            "marked": mark_quotes(reading, quotes),
            "names": names,
        },
        schema=answer_schema("QuoteLabels", fields),
        max_tokens=TOKENS_PER_QUOTE * (len(quotes) + 1),
    )


def _labels(prompt: Prompt, quote: QuotedText) -> list[str]:
    long = len(quote.span.text.split()) > TERM_WORDS
    return [SPEECH] if long else list(prompt.labels)


def mark_quotes(reading: Reading, quotes: Sequence[QuotedText]) -> str:
    """The sentences around the quotations, each one in brackets: `[q1: "..."]`, long ones cut."""
    text = reading.document.text
    first = reading.sentences[reading.position_of(quotes[0].outer)].sentence
    end = quotes[-1].outer.end
    last = reading.sentences[reading.position_of(reading.document.span(end - 1, end))].sentence
    shown = [(q.outer, _shortened(text[q.outer.start : q.outer.end])) for q in quotes]
    return mark(reading.document.span(first.start, last.end), shown, "q")


def _shortened(words: str) -> str:
    half = SHOWN_CHARACTERS // 2
    return words if len(words) <= SHOWN_CHARACTERS else f"{words[:half]} ... {words[-half:]}"


def _record(reading: Reading, quote: QuotedText, speaker: Speaker | None, number: int) -> Quotation:
    source = speaker.source if speaker else None
    cue = speaker.cue if speaker else None
    role, organisation = _position_of(reading, speaker) if speaker else (None, None)
    spans = {
        "text": quote.span,
        "cue": cue.words if cue else None,
        "role": role,
        "organisation": organisation,
    }
    return Quotation(
        id=f"quo-{number:02}",
        text=quote.span.text,
        speaker=source_reference(source) if source else None,
        role=role.text if role else None,
        organisation=organisation.text if organisation else None,
        cue=cue.words.text if cue else None,
        group=f"utterance-{quote.group:02}" if quote.interrupted else None,
        evidence={field: span for field, span in spans.items() if span},
    )


def _position_of(reading: Reading, speaker: Speaker) -> tuple[Span | None, Span | None]:
    """Role and organisation that the article gives a named person anywhere, or a phrase itself."""
    source = speaker.source
    if source.name is None:
        return office_in(source.full or source.span), None
    role = find_office(reading.sentences, source.name)
    return role.name, role.organisation


def _rejected(quote: QuotedText, reason: Reason, detail: str) -> Rejected:
    return Rejected(task="quotations", reason=reason, detail=detail, span=quote.span)
