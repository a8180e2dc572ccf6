"""Attribution: from the reporting words around a statement to a chain of steps with spans."""

from __future__ import annotations

from extractor.reading.reading import Reading
from extractor.reading.sources import PRONOUNS, Cue, Source, cues_over, referent
from extractor.records import AttributionStep, Reference, SourceKind, Span, Stance

_KINDS: dict[str, SourceKind] = {"PERSON": "person"}
_STANCES: dict[str, Stance] = {
    "confirm": "confirmed",
    "den": "denied",
    "estimate": "estimated",
    "promise": "promised",
    "allege": "alleged",
    "claim": "alleged",
    "report": "reported",
    "according": "reported",
}


def attribution(reading: Reading, span: Span) -> list[AttributionStep]:
    """Those who say what stands at `span`, reporter first; empty where nobody is named."""
    position = reading.position_of(span)
    parsed = reading.sentences[position]
    return [_step(reading, position, cue) for cue in cues_over(parsed, span)]


def _step(reading: Reading, position: int, cue: Cue) -> AttributionStep:
    source = referent(reading.sentences, position, cue, reading.names)
    return AttributionStep(
        name=subject_reference(cue.subject, source),
        kind=_kind(source),
        cue=cue.words.text,
        cue_span=cue.words,
        stance=_stance(cue),
    )


def named_reference(reading: Reading, position: int, span: Span) -> Reference | None:
    """A phrase of the sentence at `position`; a pronoun with its referent, None where it has none.

    "They" and "it" have none: code cannot tell whom they mean.
    """
    pronoun = span.text.lower() if span.text.lower() in PRONOUNS else None
    if pronoun is None:
        return Reference(as_written=span.text, span=span)
    cue = Cue(words=span, subject=span, pronoun=pronoun, token=0)
    source = referent(reading.sentences, position, cue, reading.names)
    return subject_reference(span, source) if source else None


def subject_reference(written: Span, source: Source | None) -> Reference:
    """The words that stand for `source` here, and its fullest name where that differs."""
    full = _full_span(source) if source else None
    if full is None or full.text in written.text:
        return Reference(as_written=written.text, span=written)
    return Reference(as_written=written.text, span=written, resolved=full.text, resolved_span=full)


def _full_span(source: Source) -> Span:
    if source.name is None:
        return source.span
    return next((m for m in source.name.mentions if m.text == source.name.name), source.span)


def _kind(source: Source | None) -> SourceKind:
    if source is None or source.name is None:
        return "unnamed"
    return _KINDS.get(source.name.label, "organisation")


def _stance(cue: Cue) -> Stance:
    word = cue.words.text.lower()
    return next((stance for stem, stance in _STANCES.items() if word.startswith(stem)), "stated")
