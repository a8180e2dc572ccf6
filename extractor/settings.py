"""Settings, built once at the edge (command line, service) and frozen from then on.

Order of precedence: what the caller passes (options), the environment (`EXTRACTOR_` + name in
capitals), `./extractor.toml`, `extractor.toml` in the user's configuration folder, the defaults.

The working folder may be somebody else's. The address of a server that only its file names gets a
key from that file alone: one of the environment or of the user's own file is refused to it.
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
from extractor.redaction import keep_password, keep_secret, without_password

APP = "extractor"
PREFIX = "EXTRACTOR_"
FILE_NAME = "extractor.toml"
OPENAI_URL = "https://api.openai.com/v1"
SDK_URL_VARIABLE = "OPENAI_BASE_URL"
KEY_VARIABLES = (f"{PREFIX}API_KEY", "OPENAI_API_KEY")


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("not an http or https URL")
    return value.rstrip("/")


def _key(value: SecretStr) -> SecretStr:
    """A key as a header can carry it: white space around it comes from copying."""
    key = value.get_secret_value().strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("holds characters that no key has")
    return SecretStr(key)


def _user_cache() -> Path:
    return platformdirs.user_cache_path(APP)


class Settings(BaseSettings):
    """All settings. Build them with `load_settings`.

    model: `local`, `openai/NAME`, or with `base_url` any NAME that the server knows.
    base_url: an OpenAI-compatible server, up to and including `/v1`.
    api_key: its key; OPENAI_API_KEY is read as well.
    weights: a GGUF file for `local` in place of the packaged weights.
    cache_dir: where the packaged weights are put together (1.2 GB).
    timeout_seconds: for one attempt.
    document_seconds: for reading one document and building its records, in a run over many.
    transport_retries, validation_retries: further attempts after the first, counted apart.
    max_retry_after_seconds: a server that asks for a longer wait is given up.
    concurrency: most requests in flight, None for the model's own number.
    requests_per_minute, tokens_per_minute: what the server allows for the key, None for no limit.
    prices: a file of prices that go before the packaged ones, see `extractor/prices.yaml`.
    questions_per_call: questions of one record type in one call, None for the model's own number.
    phrasings: 2 puts every question a second time in another phrasing, for the confidence.
    temperature: `default` leaves it to the server, for models that accept no other.
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
    api_key: Annotated[SecretStr, AfterValidator(_key)] | None = Field(
        default=None, validation_alias=AliasChoices(*KEY_VARIABLES)
    )
    weights: Path | None = None
    cache_dir: Path = Field(default_factory=_user_cache)
    timeout_seconds: float = Field(default=300.0, gt=0, le=86_400)
    document_seconds: float = Field(default=300.0, gt=0, le=86_400)
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
        settings = Settings(**given)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        name = _field(str(fault["loc"][0]))
        raise UsageError(
            f"{_origin(name, given)}: {name}: {fault['msg']} - correct the value"
        ) from None
    _refuse_foreign_address(settings, given)
    keep_password(settings.base_url)
    if settings.api_key is not None:
        keep_secret(settings.api_key.get_secret_value())
    return settings


def _refuse_foreign_address(settings: Settings, given: Mapping[str, object]) -> None:
    """A key of the user's goes to no address that only the working folder's file has named.

    Raises:
        UsageError: it would.
    """
    here, own = _files()
    if settings.base_url is None or settings.api_key is None:
        return
    origin = _origin("api_key", given)
    if _origin("base_url", given) != str(here) or origin == str(here):
        return
    if _same_address(_read(own).get("base_url"), settings.base_url):
        return
    raise UsageError(
        f"{here}: base_url {without_password(settings.base_url)} would get the key of {origin}, "
        "and a file of the working folder may be anybody's - if you trust that address, give it "
        f"with --base-url or {PREFIX}BASE_URL, or as base_url in {own}"
    )


def _same_address(value: object, address: str) -> bool:
    return isinstance(value, str) and value.rstrip("/") == address


def default_address() -> str:
    """The server that is asked where no `base_url` is set: OpenAI's.

    Raises:
        UsageError: the environment names another one in the way of OpenAI's SDK, which is not read.
    """
    other = os.environ.get(SDK_URL_VARIABLE)
    if other and not _same_address(other, OPENAI_URL):
        raise UsageError(
            f"{SDK_URL_VARIABLE}: not read - set {PREFIX}BASE_URL to the server that is meant: "
            f"{without_password(other)} or {OPENAI_URL}"
        )
    return OPENAI_URL


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
    return "api_key"


def _origin(name: str, given: Mapping[str, object]) -> str:
    if name in given:
        return "options"
    variables = KEY_VARIABLES if name == "api_key" else (PREFIX + name.upper(),)
    if (variable := next(filter(os.environ.get, variables), None)) is not None:
        return variable
    return next((str(path) for path in _files() if name in _read(path)), "settings")
