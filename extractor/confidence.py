"""How far a record can be trusted, from what code can check; never from the model's own word.

Each accepted record passes or fails a few named checks of its type, which look at the record, the
text around it and how it was decided. `agreed` is one more where a second phrasing was asked. A
calibration, fitted on labelled articles (`extractor eval calibrate`), turns them into the
probability that the record is wholly right by the strict score.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from pydantic import Field

from extractor.output import Calibrated, Checks, Confidence
from extractor.reading.happenings import told_kind
from extractor.reading.measures import Measured, measured
from extractor.reading.reading import Reading
from extractor.records import (
    Article,
    Entity,
    Event,
    Figure,
    Quotation,
    Record,
    RecruitmentMethod,
    Reference,
    Span,
    Strict,
)

AGREED = "agreed"
_FILE = "confidence.yaml"
_NUMBERED = {"id", "subset_of", "group"}  # fields that count the records before this one
_STEM = 4  # letters that two words of one stem have in common, at least
_LONG = 6  # words in quotation marks beyond which they are seldom a term or a title
_FITTING = {
    "PERSON": {"person"},
    "ORG": {"organisation", "outlet"},
    "GPE": {"country", "place"},
    "LOC": {"place"},
    "FAC": {"place"},
    "EVENT": {"occasion"},
    "LAW": {"agreement"},
}  # OntoNotes name types (Weischedel et al. 2013), as the parser's recogniser gives them


class Weight(Strict):
    """What one check tells.

    weight: log odds ratio of a right record between passing and failing, not below 0.
    share: of the labelled records that it was computed for, how many passed.
    """

    weight: float = Field(ge=0)
    share: float = Field(ge=0, le=1)


class Scale(Strict):
    """The numbers of one record type: `intercept` is the log odds of an average record."""

    records: int
    right: int
    intercept: float
    checks: dict[str, Weight]


class Calibration(Strict):
    """Fitted numbers by task, and what they were fitted on.

    documents: name -> id of every labelled document.
    """

    date: str
    model: str
    documents: dict[str, str]
    tasks: dict[str, Scale]


@cache
def load_calibration() -> Calibration:
    """The numbers that the package ships."""
    import yaml

    text = resources.files("extractor").joinpath(_FILE).read_text(encoding="utf-8")
    return Calibration.model_validate(yaml.safe_load(text))


def probability(checks: Checks, scale: Scale) -> float:
    """Probability that a record with these checks is wholly right.

    A check that was not made, or that the scale does not know, moves nothing.
    """
    known = {name: one for name, one in scale.checks.items() if name in checks}
    moved = sum(one.weight * (checks[name] - one.share) for name, one in known.items())
    return 1 / (1 + math.exp(-scale.intercept - moved))


def confidences(checks: Mapping[str, Mapping[str, Checks]]) -> dict[str, Any]:
    """The fields `confidence` and `calibrated` of an extraction, from checks by task and record."""
    fitted = load_calibration()
    found: dict[str, Confidence] = {}
    for task, by_record in checks.items():
        scale = fitted.tasks.get(task)
        for id_, made in by_record.items():
            likely = round(probability(made, scale), 3) if scale else None
            found[id_] = Confidence(probability=likely, checks=dict(made))
    on = Calibrated(date=fitted.date, model=fitted.model, documents=len(fitted.documents))
    stated = any(one.probability is not None for one in found.values())
    return {"confidence": found, "calibrated": on if stated else None}


def run_checks(
    reading: Reading,
    labels: Mapping[str, str],
    records: Sequence[Record],
    again: Sequence[Record] | None = None,
) -> dict[str, dict[str, bool]]:
    """The checks of records of one type, by id. True speaks for the record.

    Args:
        labels: label -> meaning, as the type's prompt says them.
        again: the records that the second phrasing's answers give, None where it was not asked.
    """
    if not records or (check := _CHECKS.get(type(records[0]))) is None:
        return {}
    made = check(reading, labels, records)
    found = {record.id: one for record, one in zip(records, made, strict=True)}
    if again is not None:
        others = {_content(record) for record in again}
        for record in records:
            found[record.id][AGREED] = _content(record) in others
    return found


def _content(record: Record) -> str:
    """All that a record says, without what depends on its place among others."""
    return json.dumps(record.model_dump(mode="json", exclude=_NUMBERED), sort_keys=True)


def _articles(
    reading: Reading, _: Mapping[str, str], articles: Sequence[Article]
) -> list[dict[str, bool]]:
    text = reading.document.text
    return [
        {
            "titled": article.title is not None,
            "dated": article.published is not None and article.published.edtf is not None,
            "outlet_repeated": article.outlet is not None and text.count(article.outlet) > 1,
        }
        for article in articles
    ]


def _figures(
    reading: Reading, _: Mapping[str, str], figures: Sequence[Figure]
) -> list[dict[str, bool]]:
    found = {item.quantity.number.start: item for item in measured(reading.quantities)}
    in_sentence = Counter(item.quantity.parsed.sentence.index for item in found.values())
    return [_figure(figure, found, in_sentence) for figure in figures]


def _figure(
    figure: Figure, found: Mapping[int, Measured], in_sentence: Counter[int]
) -> dict[str, bool]:
    starts = [mention.number.start for mention in figure.mentions]
    items = [found[start] for start in starts if start in found]
    words = {label for item in items for label in item.words}
    sentences = [item.quantity.parsed.sentence.index for item in items]
    return {
        "measure_by_structure": bool(items) and not any(item.options for item in items),
        "measure_has_word": words.issuperset(figure.measure),
        "unit_beside": figure.unit_text is not None,
        "told_again": len(figure.mentions) > 1,
        "alone_in_sentence": any(in_sentence[index] == 1 for index in sentences),
        "source_beside": bool(figure.attribution),
    }


def _quotations(
    reading: Reading, _: Mapping[str, str], quotations: Sequence[Quotation]
) -> list[dict[str, bool]]:
    return [_quotation(reading, quotation) for quotation in quotations]


def _quotation(reading: Reading, quotation: Quotation) -> dict[str, bool]:
    speaker = quotation.speaker
    place = reading.position_of(quotation.evidence["text"])
    return {
        "long": len(quotation.text.split()) > _LONG,
        "speaker_given": speaker is not None,
        "speaker_is_name": speaker is not None and _is_name(reading, speaker),
        "speaker_in_sentence": speaker is not None and reading.position_of(speaker.span) == place,
        "cue_beside": quotation.cue is not None,
        "one_candidate": len(reading.sources(place)) == 1,
    }


def _is_name(reading: Reading, reference: Reference) -> bool:
    span = reference.resolved_span or reference.span
    mentions = (mention for name in reading.names for mention in name.mentions)
    return any(span.overlaps(mention) for mention in mentions)


def _entities(
    reading: Reading, _: Mapping[str, str], entities: Sequence[Entity]
) -> list[dict[str, bool]]:
    recognised = {mention: name.label for name in reading.names for mention in name.mentions}
    return [
        {
            "kind_recognised": entity.kind in _FITTING.get(recognised.get(_first(entity), ""), ()),
            "code_known": entity.code is not None,
            "role_told": entity.role is not None,
            "told_again": len(entity.mentions) > 1,
            "several_words": " " in entity.name,
        }
        for entity in entities
    ]


def _first(entity: Entity) -> Span:
    return entity.mentions[0]


def _events(
    reading: Reading, labels: Mapping[str, str], events: Sequence[Event]
) -> list[dict[str, bool]]:
    settled = {clause.span for clause in reading.clauses if told_kind(clause) is not None}
    return [
        {
            "kind_settled_by_words": event.span in settled,
            "kind_has_word": _share_a_stem(_meaning(event.kind, labels), event.span),
            "plainly_told": not event.attribution,
            "happened": event.status == "happened",
            "who_told": bool(event.participants),
            "where_or_when_told": event.place is not None or event.period is not None,
        }
        for event in events
    ]


def _methods(
    _: Reading, labels: Mapping[str, str], methods: Sequence[RecruitmentMethod]
) -> list[dict[str, bool]]:
    tactics = Counter(method.tactic for method in methods)
    places = Counter(method.span for method in methods)
    return [
        {
            "tactic_has_word": _share_a_stem(
                _meaning(method.tactic, labels), method.evidence["tactic"]
            ),
            "target_told": method.target is not None,
            "told_again": tactics[method.tactic] > 1,
            "alone_in_clause": places[method.span] == 1,
        }
        for method in methods
    ]


def _meaning(label: str, labels: Mapping[str, str]) -> str:
    return f"{label.replace('_', ' ')} {labels.get(label, '')}"


def _share_a_stem(meaning: str, span: Span) -> bool:
    """A word of the text begins as a word of the label or of its meaning does."""
    return not _stems(meaning).isdisjoint(_stems(span.text))


def _stems(words: str) -> set[str]:
    """First letters of the longer words: "people" and "or" tell no label from another."""
    found = re.findall(r"[^\W\d_]{4,}", words.casefold())
    return {word[:_STEM] for word in found if word not in _EVERYWHERE}


_EVERYWHERE = {"people", "that", "this", "with", "from", "there", "their", "other", "another"}
_CHECKS: Mapping[type[Record], Callable[[Reading, Mapping[str, str], Any], list[dict[str, bool]]]]
_CHECKS = {
    Article: _articles,
    Figure: _figures,
    Quotation: _quotations,
    Entity: _entities,
    Event: _events,
    RecruitmentMethod: _methods,
}
