"""Quotations: code finds the quoted words, the model says whether they were said, and by whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel

from extractor.output import Reason, Rejected
from extractor.prompts import Prompt
from extractor.reading.quotes import QuotedText
from extractor.reading.reading import Reading
from extractor.reading.sources import Cue, Source, find_cues, named_in, referent
from extractor.records import Quotation, Reference, Span
from extractor.tasks.attribution import subject_reference
from extractor.tasks.base import Built, Question
from extractor.tasks.schemas import answer_schema, one_of

SPEECH = "speech"
TERM_WORDS = 6  # more words than that are said, they are no term and no title
QUOTES_PER_QUESTION = 4
TOKENS_PER_QUOTE = 24
CONTEXT_CHARACTERS = 250
SHOWN_CHARACTERS = 240


class QuotationTask:
    """Asks paragraph by paragraph, with the quoted words marked in place."""

    name = "quotations"

    def questions(self, reading: Reading, prompt: Prompt) -> list[Question]:
        """One question per run of neighbouring quotations."""
        return [_question(reading, prompt, quotes) for quotes in _batches(reading)]

    def build(self, reading: Reading, answers: Mapping[str, BaseModel]) -> Built:
        """Quotations in order; terms, titles and scare quotes are kept as rejected."""
        built = Built()
        for quotes in _batches(reading):
            answer = answers.get(_id(quotes))
            sources = _sources(reading, quotes)
            for number, quote in enumerate(quotes, 1):
                label = None if answer is None else getattr(answer, f"q{number}")
                if label is None:
                    built.rejected.append(_rejected(quote, "no_answer", "its question failed"))
                elif getattr(label, "is") != SPEECH:
                    detail = f"labelled as {getattr(label, 'is')}"
                    built.rejected.append(_rejected(quote, "not_chosen", detail))
                else:
                    chosen = sources[label.by - 1] if label.by else None
                    built.records.append(_record(reading, quote, chosen, len(built.records) + 1))
        return built


def _batches(reading: Reading) -> Iterator[Sequence[QuotedText]]:
    """Neighbouring quotations of one sentence together: they share words around them."""
    batch: list[QuotedText] = []
    for quote in reading.quotes:
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
            "context": before[-CONTEXT_CHARACTERS:],
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
    last_position = max(quotes[-1].outer.end - 1, quotes[-1].outer.start)
    last = [p.sentence for p in reading.sentences if p.sentence.start <= last_position][-1]
    pieces, position = [], first.start
    for number, quote in enumerate(quotes, 1):
        words = text[quote.outer.start : quote.outer.end]
        if len(words) > SHOWN_CHARACTERS:
            half = SHOWN_CHARACTERS // 2
            words = f"{words[:half]} ... {words[-half:]}"
        pieces.append(f"{text[position : quote.outer.start]}[q{number}: {words}]")
        position = quote.outer.end
    return " ".join("".join((*pieces, text[position : last.end])).split())


def _record(reading: Reading, quote: QuotedText, source: Source | None, number: int) -> Quotation:
    cue = _cue(reading, quote, source)
    evidence = {"text": quote.span} | ({"cue": cue.words} if cue else {})
    return Quotation(
        id=f"quo-{number:02}",
        text=quote.span.text,
        speaker=_speaker(reading, source, cue),
        cue=cue.words.text if cue else None,
        group=f"utterance-{quote.group:02}" if quote.interrupted else None,
        evidence=evidence,
    )


def _cue(reading: Reading, quote: QuotedText, source: Source | None) -> Cue | None:
    """The cue of the quotation's sentence whose subject is the chosen speaker."""
    if source is None:
        return None
    position = reading.position_of(quote.outer)
    cues = find_cues(reading.sentences[position])
    fitting = [
        cue
        for cue in cues
        if (found := referent(reading.sentences, position, cue, reading.names))
        and found.text == source.text
    ]
    return min(fitting, key=lambda cue: _distance(cue.words, quote.outer), default=None)


def _distance(a: Span, b: Span) -> int:
    return max(a.start - b.end, b.start - a.end, 0)


def _speaker(reading: Reading, source: Source | None, cue: Cue | None) -> Reference | None:
    if source is None:
        return None
    if cue is None:
        return subject_reference(source.span, source)
    name = named_in(cue.subject, reading.names)
    mention = next((m for m in name.mentions if cue.subject.contains(m)), None) if name else None
    return subject_reference(mention or cue.subject, source)


def _rejected(quote: QuotedText, reason: Reason, detail: str) -> Rejected:
    return Rejected(task="quotations", reason=reason, detail=detail, span=quote.span)
