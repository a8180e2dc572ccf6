"""Gold: what a careful reader found in one article, in the same classes as the records.

One YAML file per article. A gold record is a record plus three marks: `optional` (giving it or not
costs nothing), `alternatives` (field path -> other right values; None means "empty is right"), and
a `note` for people. A record type whose key is absent was not labelled; an empty list means none.
"""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from extractor.errors import DocumentError
from extractor.records import (
    Article,
    Entity,
    Event,
    Figure,
    Quotation,
    RecruitmentMethod,
    ShortText,
    Span,
    Strict,
)


class Marks(BaseModel):
    """What gold adds to a record."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    optional: bool = False
    alternatives: dict[str, list[JsonValue]] = {}
    note: str | None = None


class GoldArticle(Article, Marks):
    """The header."""


class GoldFigure(Figure, Marks):
    """One count."""


class GoldQuotation(Quotation, Marks):
    """Words that somebody said."""


class GoldEntity(Entity, Marks):
    """A named thing."""


class GoldEvent(Event, Marks):
    """Something that happened or may happen."""


class GoldMethod(RecruitmentMethod, Marks):
    """How people are brought in."""


class GoldSource(Strict):
    """The file that was labelled: its name and the SHA-256 of its bytes."""

    name: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Dismissal(Strict):
    """A number, quotation mark or name that no label covers, and why it needs none."""

    span: Span
    reason: ShortText


class Gold(Strict):
    """The labels of one article."""

    document: GoldSource
    furniture: list[Span] = []
    article: GoldArticle | None = None
    figures: list[GoldFigure] | None = None
    quotations: list[GoldQuotation] | None = None
    entities: list[GoldEntity] | None = None
    events: list[GoldEvent] | None = None
    methods: list[GoldMethod] | None = None
    dismissed: list[Dismissal] = []


def load_gold(path: Path) -> Gold:
    """Read and check one gold file.

    Raises:
        DocumentError: not readable, not YAML, or not of this form; names the place in the file.
    """
    try:
        return Gold.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DocumentError(str(path), str(error), "give a readable YAML file") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise DocumentError(str(path), f"{place}: {first['msg']}", "mend the label") from error
