"""What tokens cost: list prices from a dated file, which the user's own file may overrule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Protocol, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor.errors import UsageError

PRICES = "prices.yaml"
PER_TOKENS = 1_000_000
LOCAL = "local"
SNAPSHOT = re.compile(r"-(\d{4}-\d{2}-\d{2}|\d{8})$")


class Tokens(Protocol):
    """Tokens of one call; `cached_tokens` is the part of `prompt_tokens` read from a cache."""

    @property
    def prompt_tokens(self) -> int: ...
    @property
    def completion_tokens(self) -> int: ...
    @property
    def cached_tokens(self) -> int | None: ...


class Price(BaseModel):
    """US dollars per million tokens.

    cached_input: None where cached tokens cost what others do.
    batch_discount: the part that a batch does not pay, 0.5 for half.
    as_of: the day for which the price is known. source: who says so.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: float = Field(ge=0, allow_inf_nan=False)
    cached_input: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    output: float = Field(ge=0, allow_inf_nan=False)
    batch_discount: float = Field(default=0.0, ge=0, le=1)
    as_of: date
    source: str

    def cost(self, tokens: Tokens, *, batch: bool = False) -> float:
        """US dollars for `tokens`; thought is among those that were written."""
        cached = min(tokens.cached_tokens or 0, tokens.prompt_tokens)
        cached_price = self.input if self.cached_input is None else self.cached_input
        dollars = (
            (tokens.prompt_tokens - cached) * self.input
            + cached * cached_price
            + tokens.completion_tokens * self.output
        ) / PER_TOKENS
        return dollars * (1 - self.batch_discount) if batch else dollars


class _PriceList(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    models: dict[str, Price]


class Prices:
    """Prices by model. Build it with `Prices.load`."""

    def __init__(self, models: Mapping[str, Price]) -> None:
        self._models = dict(models)

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """The packaged prices; those in the file at `path`, of the same form, go before them.

        Raises:
            UsageError: the file cannot be read, or is not of that form.
        """
        packaged = resources.files("extractor").joinpath(PRICES).read_text(encoding="utf-8")
        models = _parsed(packaged, PRICES)
        if path is not None:
            models |= _parsed(_text(path), str(path))
        return cls(models)

    def of(self, identity: str) -> Price | None:
        """The price of a model by its identity, `openai/NAME@HOST` or `local:WEIGHTS`.

        A file may price `openai/NAME@HOST`; else `openai/NAME` counts at every host, and a dated
        snapshot (`NAME-2026-01-31`, `NAME-20260131`) costs what its model does. None: not known,
        which is not free.
        """
        name = LOCAL if identity.startswith(f"{LOCAL}:") else identity.partition("@")[0]
        for known in (identity, name, SNAPSHOT.sub("", name)):
            if known in self._models:
                return self._models[known]
        return None


def _text(path: Path) -> str:
    try:
        return path.expanduser().read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{path}: the prices cannot be read ({error}) - correct the path"
        ) from None


def _parsed(text: str, origin: str) -> dict[str, Price]:
    try:
        return _PriceList.model_validate(yaml.safe_load(text)).models
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise UsageError(f"{origin}: not YAML ({problem}) - correct the file") from None
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in fault["loc"]) or "the file"
        raise UsageError(f"{origin}: {place}: {fault['msg']} - correct the file") from None
