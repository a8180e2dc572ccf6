"""From labelled quantities to figure records: units, population, attribution, joined mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.reading.countries import code_of_place, codes_in
from extractor.reading.dates import find_dates, time_expression
from extractor.reading.quantities import Quantity
from extractor.reading.reading import Reading
from extractor.records import Figure, Mention, Place, Reference, Span, TimeExpression
from extractor.tasks.attribution import attribution

if TYPE_CHECKING:
    from spacy.tokens import Span as TokenSpan
    from spacy.tokens import Token

_SMALL = 12  # counts up to a dozen recur by chance: they join only where the same noun is counted


@dataclass(frozen=True)
class Labelled:
    """A quantity with the model's labels.

    counted: the model's words for what is counted, not yet checked against the text.
    people: human beings are counted.
    """

    quantity: Quantity
    counted: str
    people: bool
    measure: str


def merge_mentions(reading: Reading, labelled: Sequence[Labelled]) -> list[Figure]:
    """One figure per count, in order of first mention, with ids `fig-01`, ..."""
    groups: list[list[Labelled]] = []
    for item in labelled:
        home = next((group for group in groups if _same_count(group[0], item)), None)
        if home is None:
            groups.append([item])
        else:
            home.append(item)
    figures: list[Figure] = []
    for number, group in enumerate(groups, 1):
        figures.append(_figure(reading, f"fig-{number:02}", group, figures))
    return figures


def _same_count(first: Labelled, other: Labelled) -> bool:
    a, b = first.quantity, other.quantity
    if a.value is None or (a.value, a.upper, a.negated) != (b.value, b.upper, b.negated):
        return False
    if a.change != b.change or (a.per and b.per and a.per != b.per) or a.unit != b.unit:
        return False
    if a.value > _SMALL:
        return a.unit is not None or _kind(first) == _kind(other)
    return _noun(a) == _noun(b) and _noun(a) is not None


def _kind(item: Labelled) -> str:
    return "people" if item.people else _noun(item.quantity) or item.counted.casefold()


def _noun(quantity: Quantity) -> str | None:
    return quantity.unit_text.text.split()[-1].casefold() if quantity.unit_text else None


def _figure(reading: Reading, id_: str, group: list[Labelled], earlier: list[Figure]) -> Figure:
    main = _most_informative(group)
    quantity = main.quantity
    rated = next((item.quantity for item in (main, *group) if item.quantity.per), quantity)
    population = _population(main, earlier)
    return Figure(
        id=id_,
        value=quantity.value,
        upper=quantity.upper,
        magnitude=quantity.magnitude,
        bound=quantity.bound,
        unit=_unit(main),
        unit_text=quantity.unit_text.text if quantity.unit_text else None,
        per=rated.per,
        change=quantity.change,
        negated=quantity.negated,
        measure=[_measure(main, group)],
        population=population,
        nationalities=_nationalities(quantity),
        subset_of=_subset(main, earlier),
        place=_place(quantity),
        period=_period(quantity),
        attribution=attribution(reading, quantity.span),
        mentions=[_mention(item.quantity) for item in group],
        evidence=_evidence(quantity, rated),
    )


def _most_informative(group: list[Labelled]) -> Labelled:
    """A bounded mention tells more than a bare one."""
    bounded = [item for item in group if item.quantity.bound != "exact"]
    return (bounded or group)[0]


def _measure(main: Labelled, group: list[Labelled]) -> str:
    """What most mentions are labelled as; the main one decides a tie."""
    votes = Counter(item.measure for item in group)
    ((first, most),) = votes.most_common(1)
    return main.measure if votes[main.measure] == most else first


def _unit(item: Labelled) -> str | None:
    if item.quantity.unit:
        return item.quantity.unit
    if item.people:
        return "people"
    return _noun(item.quantity) or _copied_noun(item)


def _copied_noun(item: Labelled) -> str | None:
    """The model's word for what is counted, if the sentence has it; the last word is the noun."""
    words = item.counted.casefold().split()
    standing = item.quantity.parsed.text.casefold().split()
    return words[-1] if words and words[-1] in standing else None


def _mention(quantity: Quantity) -> Mention:
    return Mention(
        span=quantity.span,
        number=quantity.number,
        bound=quantity.bound,
        bound_text=quantity.bound_text,
    )


def _evidence(quantity: Quantity, rated: Quantity) -> dict[str, Span]:
    spans = {"unit_text": quantity.unit_text, "per": rated.per_text}
    return {name: span for name, span in spans.items() if span is not None}


def _population(item: Labelled, earlier: Sequence[Figure]) -> Reference | None:
    counted = item.quantity.counted
    if not item.people or counted is None:
        return None
    if item.quantity.unit_text is not None:
        return Reference(as_written=counted.text, span=counted)
    whole = _referent(item, earlier)
    if whole is None or whole.population is None:
        return Reference(as_written=counted.text, span=counted)
    return Reference(
        as_written=counted.text,
        span=counted,
        resolved=whole.population.as_written,
        resolved_span=whole.population.span,
    )


def _subset(item: Labelled, earlier: Sequence[Figure]) -> str | None:
    """ "3,388 of them": part of the count that "them" stands for."""
    quantity = item.quantity
    after = quantity.parsed.document.text[quantity.number.end :][:12].casefold()
    partitive = after.startswith((" of them", " of these", " of those", " of whom", " of which"))
    whole = _referent(item, earlier) if partitive else None
    return whole.id if whole else None


def _referent(item: Labelled, earlier: Sequence[Figure]) -> Figure | None:
    """The last larger count of the same kind stated before."""
    quantity = item.quantity
    for figure in reversed(earlier):
        larger = figure.value is None or quantity.value is None or figure.value > quantity.value
        if larger and figure.unit == _unit(item) and figure.population is not None:
            return figure
    return None


def _nationalities(quantity: Quantity) -> list[str]:
    """Countries whose people are counted, as codes: in the noun phrase, or "from ..." after it."""
    if quantity.counted is None:
        return []
    codes = codes_in(quantity.counted.text)
    head = _tokens(quantity, quantity.counted).root
    for preposition in (child for child in head.children if child.lower_ == "from"):
        codes += codes_in(" ".join(token.text for token in preposition.subtree))
    return list(dict.fromkeys(codes))


def _tokens(quantity: Quantity, span: Span) -> TokenSpan:
    offset = quantity.parsed.sentence.start
    tokens = quantity.parsed.tokens.char_span(
        span.start - offset, span.end - offset, alignment_mode="expand"
    )
    assert tokens is not None  # the span comes from this sentence
    return tokens


def _verb(token: Token) -> Token | None:
    return next((up for up in token.ancestors if up.pos_ in ("VERB", "AUX")), None)


def _period(quantity: Quantity) -> TimeExpression | None:
    """The date of the number's own clause; one of another clause dates something else."""
    verb = _verb(_tokens(quantity, quantity.number).root)
    for tokens in find_dates(quantity.parsed):
        span = quantity.parsed.token_span(tokens)
        rate = quantity.per_text is not None and quantity.per_text.overlaps(span)
        if verb is not None and _verb(tokens.root) == verb and not rate:
            return time_expression(quantity.parsed, tokens)
    return None


def _place(quantity: Quantity) -> Place | None:
    """A place that the number's own clause gives with "in", "at", "to" or the like."""
    verb = _verb(_tokens(quantity, quantity.number).root)
    for entity in quantity.parsed.tokens.ents:
        head = entity.root.head
        located = head.dep_ == "prep" and head.lower_ in ("in", "at", "near", "across", "to")
        if entity.label_ in ("GPE", "LOC") and located and _verb(head) == verb:
            span = quantity.parsed.token_span(entity)
            return Place(as_written=span.text, span=span, code=code_of_place(span.text))
    return None
