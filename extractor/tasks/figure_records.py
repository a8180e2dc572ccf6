"""From labelled quantities to figure records: units, population, attribution, joined mentions."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import partial

from extractor.reading.context import place_of as paragraph_of
from extractor.reading.measures import CONTRACTS
from extractor.reading.plurals import plural_of
from extractor.reading.quantities import Quantity
from extractor.reading.reading import Reading
from extractor.reading.units import SHARES
from extractor.records import AttributionStep, Figure, Mention, Span
from extractor.tasks.attribution import attribution
from extractor.tasks.base import Built
from extractor.tasks.circumstances import as_of, period_of, place_of
from extractor.tasks.populations import (
    Counts,
    Labelled,
    nationalities,
    population,
    quantity_root,
)

__all__ = ["Labelled", "merge_mentions"]

_SMALL = 12  # counts up to a dozen recur by chance: they join only where the same noun is counted


def merge_mentions(reading: Reading, labelled: Sequence[Labelled]) -> Built:
    """One figure per count, in order of first mention, with ids `fig-01`, ..."""
    built = Built()
    groups = _groups(labelled)
    counts = Counts(reading, labelled)
    homes = {index: number for number, group in enumerate(groups) for index in group}
    kept: set[str | None] = {None}
    for number, group in enumerate(groups):
        before = len(built.records)
        subset = _subset(counts, homes, group, number)
        make = partial(_figure, counts, _id(number), group, subset)
        built.add("figures", labelled[group[0]].quantity.span, make)
        kept |= {_id(number)} if len(built.records) > before else set()
    built.records[:] = [
        record.model_copy(update={"subset_of": None})
        if isinstance(record, Figure) and record.subset_of not in kept
        else record
        for record in built.records
    ]
    return built


def _groups(labelled: Sequence[Labelled]) -> list[list[int]]:
    """Indices of the mentions of each count. Only those that share a key are compared."""
    groups: list[list[int]] = []
    alike: dict[object, list[list[int]]] = defaultdict(list)
    for index, item in enumerate(labelled):
        near = alike[_joins(item)] if _joins(item) else []
        home = next((g for g in near if _same_rate(labelled[g[0]], item)), None)
        if home is None:
            home = []
            groups.append(home)
            for key in _may_be_joined(item):
                alike[key].append(home)
        home.append(index)
    return groups


def _id(number: int) -> str:
    return f"fig-{number + 1:02}"


def _subset(
    counts: Counts, homes: Mapping[int, int], group: Sequence[int], number: int
) -> str | None:
    """Id of the figure that this one, by any of its mentions, is a part of.

    homes: index of a mention -> number of its figure.
    """
    wholes = (homes[counts.wholes[index]] for index in group if index in counts.wholes)
    return next((_id(home) for home in wholes if home != number), None)


def _same_rate(first: Labelled, other: Labelled) -> bool:
    a, b = first.quantity.per, other.quantity.per
    return not (a and b and a != b)


def _joins(item: Labelled) -> object:
    """What an earlier count must be for this mention to be one of it; None where none may be."""
    key, noun = _said(item.quantity), _noun(item.quantity)
    if key is None:
        return None
    if not _is_small(item.quantity):
        return (*key, item.quantity.unit or _kind(item))
    if noun is None:
        return (*key, item.people) if _points_back(item.quantity) else None
    return (*key, noun)


def _may_be_joined(item: Labelled) -> list[object]:
    """By what later mentions find it, see `_joins`."""
    key, noun = _said(item.quantity), _noun(item.quantity)
    if key is None:
        return []
    if not _is_small(item.quantity):
        return [(*key, item.quantity.unit or _kind(item))]
    return [(*key, item.people), *([(*key, noun)] if noun is not None else [])]


def _said(quantity: Quantity) -> tuple[object, ...] | None:
    """What all mentions of one count agree in; None where there is no value."""
    if quantity.value is None:
        return None
    return (quantity.value, quantity.upper, quantity.negated, quantity.change, quantity.unit)


def _is_small(quantity: Quantity) -> bool:
    return quantity.value is not None and quantity.value <= _SMALL


def _points_back(quantity: Quantity) -> bool:
    """ "The three": those that were counted before."""
    at = quantity.span.start - quantity.parsed.sentence.start
    before = quantity.parsed.text[max(0, at - len(" those ")) : at]
    return before.casefold().endswith(("the ", "these ", "those "))


def _kind(item: Labelled) -> str:
    return "people" if item.people else _noun(item.quantity) or ""


def _noun(quantity: Quantity) -> str | None:
    return quantity.unit_text.text.split()[-1].casefold() if quantity.unit_text else None


def _figure(counts: Counts, id_: str, group: Sequence[int], subset_of: str | None) -> Figure:
    items = [counts.items[index] for index in group]
    main = _most_informative(items)
    index = group[items.index(main)]
    quantity = main.quantity
    rated = next((item.quantity for item in (main, *items) if item.quantity.per), quantity)
    return Figure(
        id=id_,
        value=quantity.value,
        upper=quantity.upper,
        magnitude=quantity.magnitude,
        bound=quantity.bound,
        unit=_unit(counts, index),
        unit_text=quantity.unit_text.text if quantity.unit_text else None,
        per=rated.per,
        change=quantity.change,
        negated=quantity.negated,
        measure=_measures(main, items),
        population=population(counts, index),
        nationalities=_nationalities([main, *items]),
        subset_of=subset_of,
        place=place_of(quantity.parsed, quantity_root(quantity).i),
        period=period_of(quantity.parsed, quantity_root(quantity).i, not_at=quantity.per_text),
        as_of=as_of(quantity.parsed, quantity_root(quantity).i),
        attribution=_attribution(counts.reading, [main, *items]),
        mentions=[_mention(item.quantity) for item in items],
        evidence=_evidence(quantity, rated),
    )


def _attribution(reading: Reading, items: Sequence[Labelled]) -> list[AttributionStep]:
    """Who says it, at the main mention, else at the first one that tells: headlines name nobody."""
    chains = (attribution(reading, item.quantity.span) for item in items)
    return next((chain for chain in chains if chain), [])


def _most_informative(group: Sequence[Labelled]) -> Labelled:
    """A bounded mention tells more than a bare one, a sentence more than a headline."""
    bounded = [item for item in group if item.quantity.bound != "exact"] or group
    return next((item for item in bounded if item.quantity.parsed.is_prose), bounded[0])


def _measures(main: Labelled, group: Sequence[Labelled]) -> list[str]:
    """What most mentions are labelled as; people who signed contracts were recruited, too."""
    votes = Counter(item.measure for item in group)
    ((first, most),) = votes.most_common(1)
    label = main.measure if votes[main.measure] == most else first
    return ["recruited", label] if label == CONTRACTS and main.people else [label]


def _unit(counts: Counts, index: int) -> str | None:
    item = counts.items[index]
    if item.quantity.unit:
        return item.quantity.unit
    if item.people:
        return "people"
    return _measure_unit(item.quantity) or _noun_of_whole(counts, index) or _copied_noun(item)


def _measure_unit(quantity: Quantity) -> str | None:
    """The noun counted; square and cubic measures keep that word."""
    words = quantity.unit_text.text.casefold().split() if quantity.unit_text else []
    noun = " ".join(words[-2:] if words[-2:-1] in (["square"], ["cubic"]) else words[-1:])
    return (plural_of(noun) if quantity.value == 1 else noun) or None


def _noun_of_whole(counts: Counts, index: int) -> str | None:
    """ "96 of them" are maps, as the 412 before are, and so are "50 more"; in one paragraph."""
    noun = counts.noun_of_whole(index) or counts.noun_before(index)
    word = noun.text.split()[-1].casefold() if noun else None
    return word if word and word in _words_around(counts.items[index].quantity) else None


def _copied_noun(item: Labelled) -> str | None:
    """The model's word for what is counted, if the paragraph has it; the last word is the noun."""
    word = item.counted.casefold().split()[-1:]
    standing = word and word[0] in _words_around(item.quantity)
    return word[0] if standing and word[0] not in SHARES else None


def _words_around(quantity: Quantity) -> list[str]:
    paragraph = paragraph_of(quantity.parsed.document.text, quantity.number).text
    return re.findall(r"[\w-]+", paragraph.casefold())


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


def _nationalities(items: Sequence[Labelled]) -> list[str]:
    """Countries whose people are counted, as codes, from the first mention that names any."""
    named = (nationalities(item.quantity) for item in items if item.quantity.unit is None)
    return next((codes for codes in named if codes), [])
