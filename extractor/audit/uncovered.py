"""The audit itself: what was scanned, less what the records cover, each with its reason."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Literal, TypeVar

from pydantic import BaseModel, JsonValue

from extractor.audit.names import uncovered_names
from extractor.audit.reasons import number_reasons
from extractor.audit.scan import numbers, passages
from extractor.documents import Document
from extractor.output import Extraction, Gap, Rejected, Uncovered
from extractor.reading.numerals import sentence_numbers
from extractor.records import AttributionStep, Reference, Span, TimeExpression

T = TypeVar("T")
Verdict = tuple[Gap, str | None]
_JOINERS = {"", "-", "\u2013", "\u2014", "to", "and", "or", "in", "out of", ","}
_DETAIL = 500  # characters of a failed task's failures


def find_uncovered(document: Document, extraction: Extraction) -> list[Uncovered]:
    """Everything of `document` that `extraction` leaves uncovered (see `Uncovered`), in text order.

    Needs no parse and no model, only the text, its blocks and the records.
    """
    found = [
        *_numbers(document, extraction),
        *_passages(document, extraction),
        *_names(document, extraction),
    ]
    return sorted(found, key=lambda one: (one.span.start, one.kind))


@dataclass(frozen=True)
class _Verdicts:
    """What became of one task's candidates that are no records, and of all that were none."""

    rejected: Sequence[tuple[Span, Rejected]]
    otherwise: Verdict

    def at(self, span: Span) -> Verdict | None:
        found = (self._by_offset.get(offset) for offset in range(span.start, span.end))
        return self._verdict(min((index for index in found if index is not None), default=None))

    def on_name(self, name: str) -> Verdict | None:
        """The verdict on the same name, wherever: a rejected name tells its first place only."""
        parts = set(name.split())
        near = sorted({index for part in parts for index in self._by_word.get(part, ())})
        same = (i for i in near if parts <= self._words[i] or self._words[i] <= parts)
        return self._verdict(next(same, None))

    def _verdict(self, index: int | None) -> Verdict | None:
        one = None if index is None else self.rejected[index][1]
        return None if one is None else (one.reason, one.detail)

    @cached_property
    def _by_offset(self) -> dict[int, int]:
        """Offset -> index of the first rejection that stands there."""
        found: dict[int, int] = {}
        for index, (place, _) in enumerate(self.rejected):
            for offset in range(place.start, place.end):
                found.setdefault(offset, index)
        return found

    @cached_property
    def _words(self) -> list[frozenset[str]]:
        return [frozenset(place.text.split()) for place, _ in self.rejected]

    @cached_property
    def _by_word(self) -> dict[str, list[int]]:
        """Word -> indices of the rejections with it."""
        found: dict[str, list[int]] = defaultdict(list)
        for index, words in enumerate(self._words):
            for word in words:
                found[word].append(index)
        return found


def _verdicts(
    extraction: Extraction, task: Literal["figures", "quotations", "entities"], key: str
) -> _Verdicts:
    """Rejections of a task by their places; `key` is where its records keep theirs."""
    rejected = [
        (place, one)
        for one in extraction.rejected
        if one.task == task
        for place in ([one.span] if one.span else _kept_at(key, one.candidate))
    ]
    run = next((run for run in extraction.runs if run.task == task), None)
    if getattr(extraction, task) is not None:
        return _Verdicts(rejected, ("not_found", None))
    if run is None:
        return _Verdicts(rejected, ("not_asked", f"{task} were not asked for"))
    detail = f"{task} {run.status}: {'; '.join(run.failures)}"
    return _Verdicts(rejected, ("no_answer", detail[:_DETAIL]))


def _kept_at(key: str, value: JsonValue, below: bool = False) -> Iterator[Span]:
    """Spans under `key` in a dumped record."""
    if isinstance(value, list):
        yield from chain.from_iterable(_kept_at(key, item, below) for item in value)
    elif isinstance(value, dict):
        if below and value.keys() == Span.model_fields.keys():
            yield Span.model_validate(value)
        for name, item in value.items():
            yield from _kept_at(key, item, below or name == key)


def _numbers(document: Document, extraction: Extraction) -> list[Uncovered]:
    mentions = [m.number for figure in extraction.figures or () for m in figure.mentions]
    dates = [date.span for date in _instances(_records(extraction), TimeExpression)]
    covered = _offsets([*mentions, *dates])
    verdicts = _verdicts(extraction, "figures", "number")
    known = _known_reasons(document, extraction)
    voids = _half_read(document)
    found = []
    for span in numbers(document):
        if not _is_covered(span, covered):
            reason, detail = _apart(document, span) or verdicts.at(span) or verdicts.otherwise
            if (reason, detail) == verdicts.otherwise:
                if span.start in known:
                    reason, detail = known[span.start], None
                elif span.start in voids:
                    reason, detail = "half_read", voids[span.start]
            found.append(Uncovered(kind="number", span=span, reason=reason, detail=detail))
    return _merged(document, found)


def _half_read(document: Document) -> dict[int, str]:
    """Offsets of numbers that something unread touches, with what it is."""
    found: dict[int, str] = {}
    for sentence in document.sentences:
        for void in sentence_numbers(sentence.text).voids:
            places = range(sentence.start + void.start, sentence.start + void.end)
            found.update(dict.fromkeys(places, void.reason))
    return found


def _known_reasons(document: Document, extraction: Extraction) -> dict[int, Gap]:
    """Offsets at which a number counts nothing, or belongs to an accepted name."""
    named = _offsets(m for entity in extraction.entities or () for m in entity.mentions)
    known: dict[int, Gap] = {}
    for start, end, reason in number_reasons(document.text, [b.start for b in document.blocks]):
        for offset in range(start, end):
            known.setdefault(offset, reason)
    for offset in named:
        known.setdefault(offset, "name")
    return known


def _apart(document: Document, span: Span) -> Verdict | None:
    """`furniture` for what stands in a part of the page that no task but the header reads."""
    after = bisect_right(document.blocks, span.start, key=lambda block: block.start)
    return ("furniture", None) if document.blocks[after - 1].furniture else None


def _merged(document: Document, found: list[Uncovered]) -> list[Uncovered]:
    """Numbers beside each other with one reason as one: "two hundred", "14 to 16"."""
    runs: list[list[Uncovered]] = []
    for one in found:
        if runs and _adjoins(document, runs[-1][-1], one):
            runs[-1].append(one)
        else:
            runs.append([one])
    spans = (document.span(run[0].span.start, run[-1].span.end) for run in runs)
    return [run[0].model_copy(update={"span": span}) for run, span in zip(runs, spans, strict=True)]


def _adjoins(document: Document, one: Uncovered, other: Uncovered) -> bool:
    between = document.text[one.span.end : other.span.start]
    alike = (one.reason, one.detail) == (other.reason, other.detail)
    joined = between.strip() in _JOINERS or (between == " of " and one.span.text.endswith("s"))
    return alike and "\n" not in between and joined


def _passages(document: Document, extraction: Extraction) -> list[Uncovered]:
    quotations = extraction.quotations or ()
    covered = _offsets(q.evidence["text"] for q in quotations if "text" in q.evidence)
    verdicts = _verdicts(extraction, "quotations", "text")
    found = []
    for span in passages(document):
        if not _is_covered(span, covered):
            reason, detail = _apart(document, span) or verdicts.at(span) or verdicts.otherwise
            found.append(Uncovered(kind="quotation", span=span, reason=reason, detail=detail))
    return found


def _names(document: Document, extraction: Extraction) -> list[Uncovered]:
    verdicts = _verdicts(extraction, "entities", "mentions")
    found = []
    for span, known in uncovered_names(document, _named(extraction)):
        verdict = verdicts.on_name(span.text) or verdicts.otherwise
        reason, detail = (known, None) if known else verdict
        found.append(Uncovered(kind="name", span=span, reason=reason, detail=detail))
    return found


def _named(extraction: Extraction) -> set[int]:
    """Where entities are mentioned and records refer to somebody, something or some place."""
    records = _records(extraction)
    references = list(_instances(records, Reference))
    header = extraction.article.evidence if extraction.article else {}
    others = [
        *(reference.resolved_span for reference in references),
        *(step.occasion_span for step in _instances(records, AttributionStep)),
        *(header.get(field) for field in ("outlet", "authors")),
    ]
    mentions = [m for entity in extraction.entities or () for m in entity.mentions]
    spans = [*mentions, *(reference.span for reference in references)]
    return _offsets([*spans, *(span for span in others if span)])


def _records(extraction: Extraction) -> list[object]:
    one = extraction
    return [one.article, one.figures, one.quotations, one.entities, one.events, one.methods]


def _instances(value: object, kind: type[T]) -> Iterator[T]:
    """Every object of one class inside records, at any depth."""
    if isinstance(value, kind):
        yield value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _instances(getattr(value, name), kind)
    elif isinstance(value, list):
        yield from chain.from_iterable(_instances(item, kind) for item in value)


def _offsets(spans: Iterable[Span]) -> set[int]:
    return {offset for span in spans for offset in range(span.start, span.end)}


def _is_covered(span: Span, covered: set[int]) -> bool:
    """All letters and digits are; what stands between them does not matter."""
    return all(span.start + i in covered for i, sign in enumerate(span.text) if sign.isalnum())
