"""What comes out for one document: records by type, what was not accepted, and what made them."""

from __future__ import annotations

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
    RecruitmentMethod,
    Span,
    Strict,
)

FORMAT_VERSION: Final = 1
Reason = Literal["not_chosen", "not_grounded", "no_answer", "invalid"]


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


class DocumentInfo(Strict):
    """Which document it was. `id` is a hash of the canonical text, `furniture` its marked parts."""

    id: str
    name: str
    language: str | None
    characters: int
    metadata: Metadata
    furniture: list[Span]


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
    """Everything about one document. A record type that was not asked for is None, not empty."""

    format: Literal[1] = FORMAT_VERSION
    document: DocumentInfo
    article: Article | None = None
    figures: list[Figure] | None = None
    quotations: list[Quotation] | None = None
    entities: list[Entity] | None = None
    events: list[Event] | None = None
    methods: list[RecruitmentMethod] | None = None
    rejected: list[Rejected] = Field(default=[])
    runs: list[Run] = Field(default=[])
