"""The gold linter: labels are checked against the text and against each other before they score.

`lint` finds what is wrong in the labels, `uncovered` what they may have passed over. Both look at
one gold file and the canonical text of its article and change nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from extractor.evaluation.gold import Gold, GoldFigure, Marks
from extractor.evaluation.policy import POLICY
from extractor.evaluation.prediction import RecordType, labelled_records
from extractor.evaluation.spans import instances, spans_in
from extractor.reading.numerals import find_numerals
from extractor.records import Record, Span, TimeExpression

Check = Literal["offsets", "ids", "duplicate", "label", "number", "link", "alternative"]
Passed = Literal["number", "quotation mark", "name"]

_DIGITS = re.compile(r"\d+(?:[.,  '’]\d+)*")
_QUOTES = re.compile("[\"“”„«»]|(?<!\\w)['‘](?=\\w)")
_CAPITALISED = re.compile(
    r"[^\W\d_a-z][\w’'-]*"
    r"(?:(?:[ -](?:of|the|and|for|de|del|al|bin|van|von))*[ -][^\W\d_a-z][\w’'-]*)*"
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:…]['\"”’)]*|\n|[\"“‘(•-])\s*$")
_LOOK_BACK = 8  # characters before a word that tell whether it opens a sentence


@dataclass(frozen=True)
class Labels:
    """The label sets in force; None leaves a set unchecked."""

    measures: Collection[str] | None = None
    event_kinds: Collection[str] | None = None
    tactics: Collection[str] | None = None


@dataclass(frozen=True)
class Finding:
    """Something wrong with a label: which check, which record (or part of the file), what."""

    check: Check
    where: str
    problem: str


@dataclass(frozen=True)
class Uncovered:
    """A number, quotation mark or name in the article that no label accounts for."""

    kind: Passed
    span: Span


def lint(gold: Gold, text: str, labels: Labels) -> list[Finding]:
    """Everything wrong in one gold file.

    Args:
        text: the article's canonical text.
        labels: the allowed labels.
    """
    records = labelled_records(gold)
    every = list(chain.from_iterable(records.values()))
    parts: list[tuple[str, object]] = [(record.id, record) for record in every]
    parts += [("furniture", gold.furniture), ("dismissed", gold.dismissed)]
    checks: Iterable[Iterator[Finding]] = (
        *(_offsets(where, part, text) for where, part in parts),
        _ids(every),
        *(_duplicates(found) for found in records.values()),
        _labels(gold, labels),
        *(_numbers(figure) for figure in gold.figures or ()),
        _links(gold),
        *(_alternatives(kind, record) for kind in records for record in records[kind]),
    )
    return list(chain.from_iterable(checks))


def _offsets(where: str, part: object, text: str) -> Iterator[Finding]:
    for span in spans_in(part):
        there = text[span.start : span.end]
        if there != span.text:
            place = f"{span.start}:{span.end}"
            yield Finding("offsets", where, f"{place} reads {there!r}, not {span.text!r}")


def _ids(records: Iterable[Record]) -> Iterator[Finding]:
    for name, times in Counter(record.id for record in records).items():
        if times > 1:
            yield Finding("ids", name, f"{times} records have this id")


def _duplicates(records: Iterable[Record]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for record in records:
        content = record.model_dump_json(exclude={"id", *Marks.model_fields})
        if content in first:
            yield Finding("duplicate", record.id, f"says the same as {first[content]}")
        first.setdefault(content, record.id)


def _labels(gold: Gold, labels: Labels) -> Iterator[Finding]:
    used = [
        *((f.id, label, labels.measures) for f in gold.figures or () for label in f.measure),
        *((event.id, event.kind, labels.event_kinds) for event in gold.events or ()),
        *((method.id, method.tactic, labels.tactics) for method in gold.methods or ()),
    ]
    for where, label, allowed in used:
        if allowed is not None and label not in allowed:
            yield Finding("label", where, f"{label!r} is not in the label set")


def _numbers(figure: GoldFigure) -> Iterator[Finding]:
    """Number inside its mention; the digits of the value in some mention that is in digits.

    A headline may round, so one mention with the digits is enough; words have none to compare.
    """
    for mention in figure.mentions:
        if not mention.span.contains(mention.number):
            yield Finding("number", figure.id, f"{mention.number.text!r} is outside its mention")
    written = [_significant(mention.number.text) for mention in figure.mentions]
    if not all(written):
        return
    for value in (figure.value, figure.upper):
        digits = value is not None and f"{value.normalize():f}".replace(".", "").strip("0")
        if digits and not any(digits in groups for groups in written):
            yield Finding("number", figure.id, f"no mention has the digits of {value}")


def _significant(words: str) -> set[str]:
    """Digits of each number in digits, without zeros at the ends: "1.20 million" gives 12."""
    return {re.sub(r"\D", "", match.group()).strip("0") for match in _DIGITS.finditer(words)}


def _links(gold: Gold) -> Iterator[Finding]:
    ids = {figure.id for figure in gold.figures or ()}
    for figure in gold.figures or ():
        if figure.subset_of is not None and figure.subset_of not in ids - {figure.id}:
            yield Finding("link", figure.id, f"subset_of {figure.subset_of!r} is no other figure")


def _alternatives(kind: RecordType, record: Record) -> Iterator[Finding]:
    scored = {rule.source for rule in POLICY[kind]}
    for path in getattr(record, "alternatives", {}):
        if path.partition(".")[0] not in scored:
            yield Finding("alternative", record.id, f"{path!r} is not a scored field")


def uncovered(gold: Gold, text: str) -> list[Uncovered]:
    """Numbers, quotation marks and capitalised names that no label, furniture or dismissal covers.

    A label covers its own kind only: a quotation does not account for the numbers inside it. Types
    that were not labelled are not looked for. In order of text.
    """
    apart = _offsets_of([*gold.furniture, *(one.span for one in gold.dismissed)])
    named = apart | _offsets_of([*_dates(gold), *spans_in(_names(gold))])
    mentions = [mention.span for figure in gold.figures or () for mention in figure.mentions]
    looked_for: list[tuple[Passed, object, list[Span], set[int]]] = [
        ("number", gold.figures, _number_spans(text), named | _offsets_of(mentions)),
        ("quotation mark", gold.quotations, _marks(text), apart | _quoted(gold)),
        ("name", gold.entities, _name_spans(text), named),
    ]
    found = [
        Uncovered(kind, span)
        for kind, labelled, spans, covered in looked_for
        if labelled is not None
        for span in spans
        if covered.isdisjoint(range(span.start, span.end))
    ]
    return sorted(found, key=lambda one: (one.span.start, one.kind))


def _offsets_of(spans: Iterable[Span]) -> set[int]:
    return {offset for span in spans for offset in range(span.start, span.end)}


def _names(gold: Gold) -> list[object]:
    byline = gold.article.evidence.get("authors") if gold.article else None
    return [gold.entities or [], byline]


def _dates(gold: Gold) -> Iterator[Span]:
    records = list(chain.from_iterable(labelled_records(gold).values()))
    return (date.span for date in instances(records, TimeExpression))


def _quoted(gold: Gold) -> set[int]:
    """Quotations with the marks around them; a comma may stand between the text and its mark."""
    spans = (quotation.evidence.get("text") for quotation in gold.quotations or ())
    return {offset for s in spans if s for offset in range(s.start - 1, s.end + 2)}


def _number_spans(text: str) -> list[Span]:
    ranges = [match.span() for match in _DIGITS.finditer(text)]
    start = 0
    for line in text.splitlines(keepends=True):
        ranges += [(start + one.start, start + one.end) for one in find_numerals(line)]
        start += len(line)
    longest = sorted(set(ranges), key=lambda range_: (range_[0], -range_[1]))
    kept: list[tuple[int, int]] = []
    for low, high in longest:
        if not kept or low >= kept[-1][1]:
            kept.append((low, high))
    return [Span(start=low, end=high, text=text[low:high]) for low, high in kept]


def _marks(text: str) -> list[Span]:
    return [_matched(match) for match in _QUOTES.finditer(text)]


def _name_spans(text: str) -> list[Span]:
    """Runs of capitalised words, without a first word that only opens its sentence.

    A word that opens a sentence is no name if the text has it in lower case, too.
    """
    words = set(re.findall(r"\b[^\W\d_]+\b", text))
    spans = (_name_span(text, match, words) for match in _CAPITALISED.finditer(text))
    return [span for span in spans if span]


def _name_span(text: str, match: re.Match[str], words: set[str]) -> Span | None:
    start, end = match.span()
    before = text[max(0, start - _LOOK_BACK) : start]
    if before[-1:].isalnum() or not text[start].isupper():
        return None
    first = text[start:end].split(maxsplit=1)[0]
    if _SENTENCE_START.search(before) and first.lower() in words:
        start += len(first) + 1
    return Span(start=start, end=end, text=text[start:end]) if start < end else None


def _matched(match: re.Match[str]) -> Span:
    return Span(start=match.start(), end=match.end(), text=match.group())
