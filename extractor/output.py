"""What comes out for one document: records by type, what was not accepted, and what made them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import Field, JsonValue

from extractor.records import (
    Article,
    Entity,
    Event,
    Figure,
    LongText,
    Metadata,
    Quotation,
    Record,
    RecruitmentMethod,
    Span,
    Strict,
)

FORMAT_VERSION: Final = 1
RECORD_TYPES: Mapping[str, type[Record]] = {
    "header": Article,
    "figures": Figure,
    "quotations": Quotation,
    "entities": Entity,
    "events": Event,
    "methods": RecruitmentMethod,
}
Checks = Mapping[str, bool]  # name -> whether it speaks for the record
Reason = Literal["not_chosen", "not_grounded", "no_answer", "invalid"]
# In order of what they ask of a reader: a record may be missing, none was due, not the article.
Gap = Literal[
    "not_found",
    "not_grounded",
    "no_answer",
    "invalid",
    "half_read",
    "not_chosen",
    "not_asked",
    "ratio",
    "phrase",
    "name",
    "date",
    "time",
    "age",
    "ordinal",
    "list_number",
    "demonym",
    "title",
    "heading",
    "furniture",
]
_DUE: Final = (
    "not_found",
    "not_grounded",
    "no_answer",
    "invalid",
    "half_read",
    "not_chosen",
    "not_asked",
)


class Rejected(Strict):
    """A candidate that became no record. It is kept, apart from the accepted ones.

    reason: `not_chosen` the model said it is none; `no_answer` its question failed; `not_grounded`
    its words are not where it says; `invalid` it breaks a rule of its record type.
    """

    task: str
    reason: Reason
    detail: LongText
    span: Span | None = None
    candidate: dict[str, JsonValue] = Field(default={})

    @property
    def is_routine(self) -> bool:
        """Most clauses tell of no event, most means of no recruiting: a count is enough."""
        return self.reason == "not_chosen" and self.task in ("events", "methods")


class Uncovered(Strict):
    """A number, a quoted passage or a name of the article that no accepted record covers, and why.

    A number is covered where a figure's mention states it, or where it is part of a date that a
    record holds; a passage where quotations hold all its words; a name where an entity mentions it,
    or where a speaker, a source, a place or another reference of a record is it or holds it. No
    quotation covers the numbers and names inside it.

    reason: `not_found` nothing asked about it: what the search for candidates passed over;
        `half_read` something that could not be read touches the number, so that it has no value
        (`detail` says what); `not_asked` its record type was not asked for; `not_chosen`,
        `not_grounded`, `no_answer`,
        `invalid` as in `Rejected`, whose words are in `detail`.
        The others say why none was due: `furniture` (names there are not listed), `date`, `time`
        (durations, too), `age`, `ordinal`, `ratio` (fractions and multiples), `list_number`,
        `name` (a number inside one), `phrase` ("one of the best", "six-party"), `demonym`, `title`
        (of a person), `heading` (only a title-case line has it, where capitals prove nothing).
    """

    kind: Literal["number", "quotation", "name"]
    span: Span
    reason: Gap
    detail: LongText | None = None

    @property
    def is_due(self) -> bool:
        """True where a record may be missing, False where the reason says that none was due."""
        return self.reason in _DUE


class DocumentInfo(Strict):
    """Which document it was. `id` is a hash of the canonical text, `furniture` its marked parts.

    warnings: what reading it may have lost or changed, one line each: hidden text that was left
        out, bytes that are no characters, prose taken for furniture.
    """

    id: str
    name: str
    language: str | None
    characters: int
    metadata: Metadata
    furniture: list[Span]
    warnings: list[str] = Field(default=[])


class Confidence(Strict):
    """How far one accepted record can be trusted.

    probability: of being wholly right, from the checks and a calibration on labelled articles;
        None where there is none for the record's type.
    checks: name -> whether it speaks for the record. `agreed` is among them only where each
        question was put in two phrasings.
    """

    probability: float | None
    checks: dict[str, bool]

    @property
    def is_doubtful(self) -> bool:
        """More likely wrong than right."""
        return self.probability is not None and self.probability < 0.5


class Calibrated(Strict):
    """What the probabilities were fitted on: when, whose answers, how many labelled articles."""

    date: str
    model: str
    documents: int


class Run(Strict):
    """How one task went, and what made its records. Tokens and seconds are sums over attempts.

    status: `failed` when no question was answered, `partial` when some were not.
    """

    task: str
    status: Literal["ok", "partial", "failed"]
    prompt: str
    prompt_sha256: str
    schema_sha256: str
    model: str
    parameters: dict[str, str | int | float]
    version: str
    questions: int
    reused: int = Field(description="questions answered from the store, at no cost")
    attempts: int
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    failures: list[str] = Field(default=[])


class Extraction(Strict):
    """Everything about one document. A record type that was not asked for is None, not empty.

    confidence: by the record's id.
    """

    format: Literal[1] = FORMAT_VERSION
    document: DocumentInfo
    article: Article | None = None
    figures: list[Figure] | None = None
    quotations: list[Quotation] | None = None
    entities: list[Entity] | None = None
    events: list[Event] | None = None
    methods: list[RecruitmentMethod] | None = None
    confidence: dict[str, Confidence] = Field(default={})
    calibrated: Calibrated | None = None
    rejected: list[Rejected] = Field(default=[])
    uncovered: list[Uncovered] = Field(default=[])
    runs: list[Run] = Field(default=[])
