"""Peers' answers as predictions for the scorer, read as kindly as can be defended.

Number strings are read by this project's own numeral reader, and by preference from the article's
words at the place that the peer gave. The place is the peer's own alignment where there is one,
else the first place that has the words. Repeated mentions of one count become one record. A record
whose words are nowhere in the article cannot be placed: it is counted apart, not as spurious.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args

from pydantic import ValidationError

from extractor.documents import Document
from extractor.evaluation.prediction import Prediction
from extractor.grounding import find_verbatim
from extractor.reading.money import currency_of_name, find_currency, is_currency_mark
from extractor.reading.numerals import Numeral, find_numerals
from extractor.reading.quantities import Change
from extractor.records import (
    AttributionStep,
    Bound,
    Figure,
    Mention,
    Per,
    Quotation,
    Reference,
    Span,
)

MARKS = ' \t\n"“”„«»'
PEOPLE = {"people", "person", "persons", "human beings", "humans"}
PERCENT = {"%", "percent", "per cent", "percentage", "pct"}
JOIN_ABOVE = 12  # counts up to a dozen recur by chance, as in the extractor
_LABEL = re.compile(r"[A-Za-z0-9_ .%/°²³-]{1,60}")


@dataclass(frozen=True)
class Body:
    """The article's own text, and the way back to the page.

    starts: for each block its offset here and in the page, in order.
    """

    document: Document
    text: str
    starts: tuple[tuple[int, int], ...]

    @property
    def span(self) -> Span:
        """All of it."""
        return Span(start=0, end=len(self.text), text=self.text)

    def in_page(self, span: Span) -> Span:
        """A span of this text as a span of the page."""
        return self.document.span(self._offset(span.start), self._offset(span.end - 1) + 1)

    def _offset(self, position: int) -> int:
        here, there = self.starts[bisect_right(self.starts, position, key=lambda one: one[0]) - 1]
        return there + position - here


def body_of(document: Document) -> Body:
    """The paragraphs that are no page furniture, one to a line."""
    blocks = [block for block in document.blocks if not block.furniture]
    texts = [document.text[block.start : block.end] for block in blocks]
    starts, position = [], 0
    for block, text in zip(blocks, texts, strict=True):
        starts.append((position, block.start))
        position += len(text) + 1
    return Body(document, "\n".join(texts), tuple(starts))


def prediction(name: str, body: Body, lines: Iterable[Mapping[str, Any]]) -> tuple[Prediction, int]:
    """One article's prediction, and how many records could not be placed or read.

    Args:
        name: as in gold.
        lines: what an adapter wrote.
    """
    figures: list[Figure] = []
    quotations: list[Quotation] = []
    lost = 0
    for line in lines:
        if line["kind"] == "figure":
            figure = _figure(body, line, len(figures) + 1)
            figures += [figure] if figure else []
            lost += figure is None
        elif line["kind"] == "quotation":
            quotation = _quotation(body, line, len(quotations) + 1)
            quotations += [quotation] if quotation else []
            lost += quotation is None
    records: dict[Any, Any] = {
        "figures": tuple(joined(figures)),
        "quotations": tuple(_distinct(quotations)),
    }
    return Prediction(name, records), lost


def _place(body: Body, line: Mapping[str, Any], words: str) -> Span | None:
    """Where the record stands, in the body's offsets."""
    start, end = line.get("start"), line.get("end")
    if start is not None and end is not None and 0 <= start < end <= len(body.text):
        return Span(start=start, end=end, text=body.text[start:end])
    return _find(words, body)


def _find(words: str, body: Body) -> Span | None:
    """The first place with these words, in any case if need be."""
    words = words.strip()
    exact = find_verbatim(words, body.span)
    if exact or not words:
        return exact
    match = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", body.text, re.IGNORECASE)
    return Span(start=match.start(), end=match.end(), text=match.group()) if match else None


def _text(values: Mapping[str, Any], field: str) -> str:
    value = values.get(field)
    return str(value).strip() if value is not None else ""


def _figure(body: Body, line: Mapping[str, Any], position: int) -> Figure | None:
    values = line["values"]
    written = _text(values, "number") or _text(values, "words")
    place = _place(body, line, _text(values, "words")) or _find(written, body)
    if place is None:
        return None
    numeral, number = _number(place, written)
    if numeral is None:
        return None
    bound = _bound(values, numeral)
    span, number_span = body.in_page(place), body.in_page(number)
    try:
        return Figure(
            id=f"fig-{position:03}",
            value=numeral.value,
            upper=numeral.upper,
            magnitude=numeral.magnitude,
            bound=bound,
            unit=_unit(_text(values, "unit"), place.text, numeral),
            per=_one_of(values, "per", get_args(Per)),
            change=_one_of(values, "change", get_args(Change)),
            negated=values.get("negated") is True,
            measure=[_text(values, "measure")] if values.get("measure") else [],
            population=_reference(body, _text(values, "population")),
            attribution=_attribution(body, _text(values, "source")),
            mentions=[Mention(span=span, number=number_span, bound=bound)],
        )
    except ValidationError:  # a label or length that no record can have
        return None


def _number(place: Span, written: str) -> tuple[Numeral | None, Span]:
    """The number meant, and where it stands: the article's, if the peer wrote that one."""
    there = find_numerals(place.text)
    said = next(iter(find_numerals(written)), None)
    for numeral in there:
        part = _part(place, numeral)
        same = said is not None and _amount(said) == _amount(numeral)
        if same or _holds(part.text, written) or _holds(written, part.text):
            return numeral, part
    spot = _part(place, there[0]) if there else place
    return (said or next(iter(there), None)), spot


def _amount(numeral: Numeral) -> tuple[Decimal | None, Decimal | None, int | None]:
    return numeral.value, numeral.upper, numeral.magnitude


def _holds(whole: str, part: str) -> bool:
    """`part` is in `whole` as whole words and whole numbers: "4" is not in "1,400"."""
    pattern = rf"(?<!\w)(?<!\d[.,]){re.escape(part)}(?!\w)(?![.,]\d)"
    return bool(part) and re.search(pattern, whole, re.IGNORECASE) is not None


def _part(place: Span, numeral: Numeral) -> Span:
    text = place.text[numeral.start : numeral.end]
    return Span(start=place.start + numeral.start, end=place.start + numeral.end, text=text)


def _bound(values: Mapping[str, Any], numeral: Numeral) -> Bound:
    given: Bound | None = _one_of(values, "bound", get_args(Bound))
    if given is not None:
        return given
    if numeral.magnitude is not None:
        return "vague"
    return "between" if numeral.upper is not None else "exact"


def _one_of(values: Mapping[str, Any], field: str, labels: Sequence[str]) -> Any:
    """The label, also where the peer wrote it in other capitals or with blanks."""
    given = _text(values, field).casefold().replace(" ", "_")
    return given if given in labels else None


def _unit(given: str, words: str, numeral: Numeral) -> str | None:
    """The unit in the records' terms: a sign or a currency's name is read as its code."""
    plain = given.casefold()
    if plain in PEOPLE:
        return "people"
    if plain in PERCENT:
        return "percent"
    if is_currency_mark(given) or plain in {"money", "currency"}:
        hit = find_currency(words, numeral.start, numeral.end) or find_currency(f"{given}1", 1, 2)
        return hit[0] if hit else None
    if code := currency_of_name(plain):
        return code
    if re.fullmatch(r"[A-Z]{3}", given):
        return given
    return plain if _LABEL.fullmatch(plain) else None


def _reference(body: Body, words: str) -> Reference | None:
    found = _find(words, body)
    if found is None:
        return None
    span = body.in_page(found)
    return Reference(as_written=span.text[:300], span=span)


def _attribution(body: Body, words: str) -> list[AttributionStep]:
    source = _reference(body, words)
    return [AttributionStep(name=source, kind="unnamed", stance="stated")] if source else []


def _quotation(body: Body, line: Mapping[str, Any], position: int) -> Quotation | None:
    words = _text(line["values"], "words").strip(MARKS)
    place = _place(body, line, words)
    if place is None or not words:
        return None
    span = body.in_page(find_verbatim(words, place) or place)
    return Quotation(
        id=f"quo-{position:03}",
        text=words[:5000],
        speaker=_reference(body, _text(line["values"], "speaker")),
        evidence={"text": span},
    )


def joined(figures: Iterable[Figure]) -> list[Figure]:
    """One record per count: the same value, unit and period are mentions of one figure.

    The record keeps the first mention's labels and takes its bound from the first mention that has
    one, as the extractor does.
    """
    groups: dict[object, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(_count(figure), []).append(figure)
    return [_merged(group) for group in groups.values()]


def _count(figure: Figure) -> object:
    number = figure.mentions[0].number
    if figure.value is None or figure.value <= Decimal(JOIN_ABOVE):
        return (number.start, number.end)
    same = (figure.value, figure.upper, figure.unit, figure.per, figure.change, figure.negated)
    return tuple(map(str, same))


def _merged(group: Sequence[Figure]) -> Figure:
    bound = next((one.bound for one in group if one.bound != "exact"), group[0].bound)
    mentions = {m.number.start: m for one in reversed(group) for m in one.mentions}
    ordered = [mentions[start] for start in sorted(mentions)]
    return group[0].model_copy(update={"bound": bound, "mentions": ordered})


def _distinct(quotations: Iterable[Quotation]) -> list[Quotation]:
    """Without the same words at the same place a second time."""
    return list({one.evidence["text"].start: one for one in quotations}.values())
