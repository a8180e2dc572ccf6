"""Settings, built once at the edge (command line, service) and frozen from then on.

Order of precedence: what the caller passes (options), the environment (`EXTRACTOR_` + name in
capitals), `./extractor.toml`, `extractor.toml` in the user's configuration folder, the defaults.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from extractor.errors import UsageError

APP = "extractor"
PREFIX = "EXTRACTOR_"
FILE_NAME = "extractor.toml"
StructuredMode = Literal["strict", "json_schema", "tools", "json_object", "text"]


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("not an http or https URL")
    return value.rstrip("/")


def _user_cache() -> Path:
    return platformdirs.user_cache_path(APP)


class Settings(BaseSettings):
    """All settings. Build them with `load_settings`.

    model: `local`, `openai/NAME`, `anthropic/NAME`, `gemini/NAME`, or with `base_url` any NAME that
        the server knows.
    base_url: an OpenAI-compatible server, up to and including `/v1`.
    api_key: its key; OPENAI_API_KEY is read as well.
    weights: a GGUF file for `local` in place of the packaged weights.
    cache_dir: where the packaged weights are put together (1.2 GB).
    timeout_seconds: for one attempt.
    transport_retries, validation_retries: further attempts after the first, counted apart.
    max_retry_after_seconds: a server that asks for a longer wait is given up.
    concurrency: most requests in flight, None for the model's own number.
    requests_per_minute, tokens_per_minute: what the server allows for the key, None for no limit.
    prices: a file of prices that go before the packaged ones, see `extractor/prices.yaml`.
    questions_per_call: questions of one record type in one call, None for the model's own number.
    phrasings: 2 puts every question a second time in another phrasing, for the confidence.
    temperature: `default` leaves it to the server, for models that accept no other.
    reasoning_effort: how much a model thinks before it answers, in the server's words (`low`).
    max_answer_tokens: most tokens of one answer with its thought, for a second try of an answer
        that was cut off.
    structured_mode: how a server gets the wanted shape of answers, None for what it takes best.
    extra_body: further members of every request to a server; as JSON in the environment. Of several
        sources all members count.
    anthropic_api_key, gemini_api_key: keys for `anthropic/NAME` and `gemini/NAME`.
    The last six are for servers; the embedded model heeds none of them.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    model: str = Field(default="local", min_length=1, max_length=200)
    base_url: Annotated[str, AfterValidator(_http_url)] | None = None
    api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices(f"{PREFIX}API_KEY", "OPENAI_API_KEY")
    )
    weights: Path | None = None
    cache_dir: Path = Field(default_factory=_user_cache)
    timeout_seconds: float = Field(default=300.0, gt=0, le=86_400)
    transport_retries: int = Field(default=5, ge=0, le=100)
    validation_retries: int = Field(default=2, ge=0, le=100)
    max_retry_after_seconds: float = Field(default=120.0, ge=0, le=86_400)
    concurrency: int | None = Field(default=None, ge=1, le=1000)
    requests_per_minute: int | None = Field(default=None, ge=1)
    tokens_per_minute: int | None = Field(default=None, ge=1)
    prices: Path | None = None
    questions_per_call: int | None = Field(default=None, ge=1, le=200)
    phrasings: int = Field(default=1, ge=1, le=2)
    temperature: Annotated[float, Field(ge=0, le=2)] | Literal["default"] = 0.0
    seed: int | None = Field(default=None, ge=0, le=2**31 - 1)
    reasoning_effort: str | None = Field(default=None, pattern=r"^\w{1,20}$")
    max_answer_tokens: int = Field(default=8192, ge=16, le=1_000_000)
    structured_mode: StructuredMode | None = None
    extra_body: dict[str, Any] = Field(default_factory=dict)
    anthropic_api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices(f"{PREFIX}ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY"),
    )
    gemini_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices(f"{PREFIX}GEMINI_API_KEY", "GEMINI_API_KEY")
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic calls by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options, environment, then the two files; no .env file and no secrets folder."""
        files = [InitSettingsSource(settings_cls, _read(path)) for path in _files()]
        return (init_settings, env_settings, *files)


def load_settings(overrides: Mapping[str, object]) -> Settings:
    """The settings, with `overrides` (options by setting's name) above everything else.

    An override of None counts as not given.

    Raises:
        UsageError: a file is not TOML, a name is unknown, a value does not fit.
    """
    given: dict[str, Any] = {key: value for key, value in overrides.items() if value is not None}
    _refuse_unknown(given, "options")
    try:
        return Settings(**given)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        name = _field(str(fault["loc"][0]))
        raise UsageError(
            f"{_origin(name, given)}: {name}: {fault['msg']} - correct the value"
        ) from None


def _files() -> tuple[Path, Path]:
    return Path(FILE_NAME), platformdirs.user_config_path(APP) / FILE_NAME


def _read(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read as TOML ({error}) - correct the file") from None
    _refuse_unknown(values, str(path))
    return values


def _refuse_unknown(values: Mapping[str, object], origin: str) -> None:
    for key in values:
        if key not in Settings.model_fields:
            known = ", ".join(sorted(Settings.model_fields))
            raise UsageError(f"{origin}: unknown setting {key!r} - use one of: {known}")


def _field(location: str) -> str:
    """The setting's name for a validation error's location, which may be an alias."""
    if location in Settings.model_fields:
        return location
    own = location.removeprefix(PREFIX).lower()
    return own if own in Settings.model_fields else "api_key"


def _origin(name: str, given: Mapping[str, object]) -> str:
    if name in given:
        return "options"
    if os.environ.get(PREFIX + name.upper()):
        return PREFIX + name.upper()
    return next((str(path) for path in _files() if name in _read(path)), "settings")
