"""What is scored: per record type its fields, how each is compared, and which are strict.

Strict means that the record is wrong if the field is. The choice per type:

- article: title, outlet and date of publication.
- figures: everything about the number itself - value, upper, magnitude, bound, unit, per, measure,
  change, negated; who is counted, when, where and according to whom are scored field by field.
- quotations: the words and the speaker.
- entities: the fullest name and the kind. An alias is enough to align two entities, not for `name`.
- events: kind, status, and half of the span's characters in common; the summary is free text and
  is not scored.
- methods: tactic, and the target where gold has one.

Names elsewhere match under any name of the same labelled entity. An empty field, and a `negated`
that is False, holds no value: both empty is neither right nor wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from extractor.evaluation import comparators as by
from extractor.evaluation.comparators import Comparator
from extractor.evaluation.prediction import RecordType

Strictness = Literal["no", "always", "where_labelled"]
ErrorClass = Literal[
    "missed",
    "spurious",
    "split",
    "merged",
    "wrong_number",
    "scale",
    "unit",
    "bound",
    "date",
    "speaker",
    "not_verbatim",
    "label",
    "name",
]


@dataclass(frozen=True)
class FieldRule:
    """One scored field.

    Args:
        name: the score's name; the record's field too, unless `path` says otherwise.
        compare: how.
        error: the class of error when it is wrong.
        strict: whether the record is wrong with it; "where_labelled" only if gold has a value.
        path: the record's field, and the key of gold's alternatives.
    """

    name: str
    compare: Comparator
    error: ErrorClass
    strict: Strictness = "no"
    path: str = ""

    @property
    def source(self) -> str:
        """The record's field."""
        return self.path or self.name


_PERIOD = FieldRule("period", by.DATE, "date")
_PLACE = FieldRule("place", by.REFERENCE, "name")
_NATIONALITIES = FieldRule("nationalities", by.LABELS, "label")
_ATTRIBUTION = (
    FieldRule("origin", by.ORIGIN, "speaker", path="attribution"),
    FieldRule("chain", by.CHAIN, "speaker", path="attribution"),
    FieldRule("stance", by.STANCE, "label", path="attribution"),
)

POLICY: Mapping[RecordType, tuple[FieldRule, ...]] = {
    "article": (
        FieldRule("title", by.TEXT, "not_verbatim", "always"),
        FieldRule("outlet", by.NAME, "name", "always"),
        FieldRule("authors", by.NAMES, "name"),
        FieldRule("published", by.DATE, "date", "always"),
        FieldRule("language", by.LABEL, "label"),
        FieldRule("cited_sources", by.NAMES, "name"),
    ),
    "figures": (
        FieldRule("value", by.NUMBER, "wrong_number", "always"),
        FieldRule("upper", by.NUMBER, "wrong_number", "always"),
        FieldRule("magnitude", by.NUMBER, "wrong_number", "always"),
        FieldRule("bound", by.LABEL, "bound", "always"),
        FieldRule("unit", by.LABEL, "unit", "always"),
        FieldRule("per", by.LABEL, "unit", "always"),
        FieldRule("change", by.LABEL, "label", "always"),
        FieldRule("negated", by.LABEL, "label", "always"),
        FieldRule("measure", by.LABELS, "label", "always"),
        FieldRule("unit_text", by.TEXT, "unit"),
        FieldRule("population", by.REFERENCE, "name"),
        _NATIONALITIES,
        FieldRule("subset_of", by.LINK, "label"),
        _PLACE,
        _PERIOD,
        FieldRule("as_of", by.DATE, "date"),
        *_ATTRIBUTION,
    ),
    "quotations": (
        FieldRule("text", by.TEXT, "not_verbatim", "always"),
        FieldRule("speaker", by.NAME, "speaker", "always"),
        FieldRule("role", by.TEXT, "name"),
        FieldRule("organisation", by.NAME, "name"),
        FieldRule("cue", by.TEXT, "label"),
    ),
    "entities": (
        FieldRule("name", by.OWN_NAME, "name", "always"),
        FieldRule("kind", by.LABEL, "label", "always"),
        FieldRule("role", by.TEXT, "name"),
        FieldRule("code", by.LABEL, "label"),
        FieldRule("aliases", by.OWN_NAMES, "name"),
    ),
    "events": (
        FieldRule("kind", by.LABEL, "label", "always"),
        FieldRule("status", by.LABEL, "label", "always"),
        FieldRule("span", by.SPAN, "not_verbatim", "always"),
        FieldRule("participants", by.NAMES, "name"),
        _PLACE,
        _PERIOD,
        *_ATTRIBUTION,
    ),
    "methods": (
        FieldRule("tactic", by.LABEL, "label", "always"),
        FieldRule("target", by.REFERENCE, "name", "where_labelled"),
        _NATIONALITIES,
        FieldRule("channel", by.REFERENCE, "name"),
        *_ATTRIBUTION,
    ),
}
