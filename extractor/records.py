"""The records: what one article becomes.

Two rules hold for every class here. A field that the article does not state is `None` (or empty),
never guessed. Text taken from the article stands beside a `Span`, and
`document.text[span.start:span.end] == span.text` holds always: for simple fields the span is in the
record's `evidence` under the field's name, nested objects carry their own.

Standards: dates ISO 8601-2 (EDTF), countries ISO 3166-1 alpha-2, regions UN M49, money ISO 4217,
languages ISO 639-1.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Bound = Literal[
    "exact",
    "about",
    "at_least",
    "more_than",
    "at_most",
    "less_than",
    "almost",
    "between",
    "vague",
]
Per = Literal["hour", "day", "week", "month", "quarter", "year"]
Precision = Literal["day", "week", "month", "season", "quarter", "year", "decade", "interval"]
EntityKind = Literal[
    "person", "organisation", "country", "place", "outlet", "occasion", "agreement"
]
SourceKind = Literal["person", "organisation", "outlet", "medium", "unnamed"]
Stance = Literal["stated", "reported", "confirmed", "denied", "estimated", "promised", "alleged"]
Status = Literal["happened", "ongoing", "planned", "possible", "denied"]

SHORT_CHARACTERS = 300
ShortText = Annotated[str, Field(max_length=SHORT_CHARACTERS)]
LongText = Annotated[str, Field(max_length=5000)]
Label = Annotated[str, Field(max_length=60, pattern=r"^[A-Za-z0-9_ .%/°²³-]+$")]


class Strict(BaseModel):
    """Base of every model here: immutable, and unknown fields are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Strict):
    """A piece of a document's canonical text, half-open, in Unicode code points."""

    start: int = Field(ge=0)
    end: int = Field(ge=1)
    text: str

    @model_validator(mode="after")
    def _lengths_agree(self) -> Span:
        if self.end - self.start != len(self.text) or not self.text:
            raise ValueError(f"span {self.start}:{self.end} does not fit text {self.text!r}")
        return self

    def overlaps(self, other: Span) -> bool:
        """True when the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """True when `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


class Reference(Strict):
    """Somebody or something, in the article's words, and what those words refer to.

    `resolved` is None when `as_written` already names its referent.
    """

    as_written: ShortText
    span: Span
    resolved: ShortText | None = None
    resolved_span: Span | None = None


class Place(Reference):
    """A place; `code` is ISO 3166-1 alpha-2 or UN M49 where the name is a country or a region."""

    code: str | None = Field(default=None, pattern=r"^([A-Z]{2}|[0-9]{3})$")


class TimeExpression(Strict):
    """A date or period. `edtf` is None only with a reason in `unresolved`."""

    as_written: ShortText
    span: Span
    edtf: str | None = Field(default=None, max_length=60)
    precision: Precision | None = None
    unresolved: ShortText | None = None


class AttributionStep(Strict):
    """One link of the chain from the reporter (first) back to the origin (last)."""

    name: Reference
    kind: SourceKind
    cue: ShortText | None = None
    cue_span: Span | None = None
    stance: Stance
    date: TimeExpression | None = None
    occasion: ShortText | None = None
    occasion_span: Span | None = None


class Mention(Strict):
    """One place where a figure is stated. `span` holds bound word, number and unit together."""

    span: Span
    number: Span
    bound: Bound
    bound_text: Span | None = None


class Record(Strict):
    """What all records share. `id` is stable within its document."""

    id: str = Field(max_length=40)
    evidence: dict[str, Span] = Field(default_factory=dict)


class Article(Record):
    """The header. The only record that may take its evidence from page furniture."""

    title: LongText | None = None
    outlet: ShortText | None = None
    authors: list[ShortText] = []
    published: TimeExpression | None = None
    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}$")
    cited_sources: list[Reference] = []


class Figure(Record):
    """One count as this article tells it; every place that states it is in `mentions`.

    value: the number, in `unit`s; None for a vague amount, which has `magnitude` instead.
    upper: the upper end of a range, else None.
    magnitude: power of ten of a vague amount ("hundreds" 2, "tens of thousands" 4).
    unit: label: `people`, an ISO 4217 code, `percent`, `percentage points`, or the plural noun
        counted.
    """

    value: Decimal | None = None
    upper: Decimal | None = None
    magnitude: int | None = Field(default=None, ge=1, le=15)
    bound: Bound
    unit: Label | None = None
    unit_text: ShortText | None = None
    per: Per | None = None
    change: Literal["increase", "decrease"] | None = None
    negated: bool = False
    measure: list[Label] = []
    population: Reference | None = None
    nationalities: list[str] = []
    subset_of: str | None = None
    place: Place | None = None
    period: TimeExpression | None = None
    as_of: TimeExpression | None = None
    attribution: list[AttributionStep] = []
    mentions: list[Mention] = Field(min_length=1)

    @model_validator(mode="after")
    def _number_or_magnitude(self) -> Figure:
        if (self.value is None) == (self.magnitude is None):
            raise ValueError("a figure has either a value or a magnitude")
        if self.upper is not None and (self.value is None or self.upper < self.value):
            raise ValueError("upper needs a value that is not above it")
        return self


class Quotation(Record):
    """Words in quotation marks that somebody said, without the marks.

    Segments of one interrupted utterance share a `group`.
    """

    text: LongText
    speaker: Reference | None = None
    role: ShortText | None = None
    organisation: ShortText | None = None
    cue: ShortText | None = None
    group: str | None = Field(default=None, max_length=40)


class Entity(Record):
    """A named thing. `name` is the fullest form in the article; `mentions` holds every place."""

    name: ShortText
    kind: EntityKind
    role: ShortText | None = None
    code: str | None = Field(default=None, pattern=r"^([A-Z]{2}|[0-9]{3})$")
    aliases: list[ShortText] = []
    mentions: list[Span] = Field(min_length=1)


class Event(Record):
    """Something that happened or may happen. `summary` is one plain sentence."""

    kind: Label
    summary: ShortText
    participants: list[Reference] = []
    place: Place | None = None
    period: TimeExpression | None = None
    status: Status
    attribution: list[AttributionStep] = []
    span: Span


class RecruitmentMethod(Record):
    """How people are brought in. `tactic` is a label of the methods prompt's label set."""

    tactic: Label
    target: Reference | None = None
    nationalities: list[str] = []
    channel: Reference | None = None
    attribution: list[AttributionStep] = []
    span: Span


class Metadata(Strict):
    """What the caller knows about a document; None where unknown. Dates are ISO 8601."""

    url: str | None = None
    outlet: str | None = None
    published: str | None = None
    retrieved: str | None = None
