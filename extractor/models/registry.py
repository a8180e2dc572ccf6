"""Which models there are: opening one by its name, and listing what is usable here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.costs import LOCAL, Prices
from extractor.errors import ModelUnavailable, UsageError
from extractor.models.base import Model, ModelProfile
from extractor.models.engine import require_engine
from extractor.models.limits import LimitsPool, Rates
from extractor.models.local import LocalModel
from extractor.models.weights import (
    PACKAGED,
    Weights,
    check_room,
    is_ready,
    own_weights,
    packaged_weights,
)
from extractor.redaction import redacted, without_password
from extractor.settings import OPENAI_URL, Settings, default_address

if TYPE_CHECKING:
    from extractor.models.batches import BatchServer
    from extractor.models.client import ChatModel, Endpoint
    from extractor.models.retry import RetryPolicy

OPENAI_PREFIX = "openai/"
FORMS = "local, openai/NAME, or any NAME together with base_url"
LOCAL_SLOTS = 4
LOCAL_CONTEXT = 4096
REMOTE_CONCURRENCY = 8
OPENAI_TOGETHER = 100  # a record type of an article in one call; a server of one's own may be small
OPENAI_CONTEXT = 128_000
# Servers of unknown make: small enough for what people run at home.
COMPATIBLE_CONTEXT = 16_384
PROBE_SECONDS = 2.0


@dataclass(frozen=True)
class ModelStatus:
    """One line of `extractor models`.

    name: what to give to --model. problem: why it cannot be used, with the remedy; None if usable.
    detail: where it runs or what it consists of.
    """

    name: str
    usable: bool
    detail: str
    problem: str | None = None


@asynccontextmanager
async def open_model(
    name: str, settings: Settings, pool: LimitsPool | None = None
) -> AsyncIterator[Model]:
    """Open the model called `name`, and close it at the end; its engine starts when it is needed.

    `local` is the embedded model even where a `base_url` is set. `openai/NAME` goes to `base_url`
    if there is one, as NAME; any other name needs one and is sent as it is. Models opened with one
    `pool` share the limits of a server and key; without it each has its own.

    Raises:
        ModelUnavailable: unknown form of name, no key, no weights, no engine.
        UsageError: the file of prices cannot be used.
    """
    if name == LOCAL:
        model: Model = await _local_model(settings)
    else:
        model = _chat_model(*_remote(name, settings), settings, pool or LimitsPool())
    async with model:
        yield model


@asynccontextmanager
async def open_batches(name: str, settings: Settings) -> AsyncIterator[BatchServer]:
    """Open the Batch API at the server of the model called `name`, and close both at the end.

    Raises:
        UsageError: the embedded model, which has none; or the file of prices cannot be used.
        ModelUnavailable: as `open_model`.
    """
    if name == LOCAL:
        raise UsageError(
            f"--batch: model {name!r} has no Batch API - give --model {OPENAI_PREFIX}NAME"
        )
    from extractor.models.batches import BatchServer

    model = _chat_model(*_remote(name, settings), settings, LimitsPool())
    async with model, BatchServer(model) as server:
        yield server


def available_models(settings: Settings) -> list[ModelStatus]:
    """What can be used here, and what is missing for the rest.

    The only network access is to `base_url`, where one is set; it takes some seconds at most.
    """
    statuses = [_local_status(settings), _openai_status(settings)]
    if settings.base_url is not None:
        statuses.append(_server_status(settings))
    return statuses


async def _local_model(settings: Settings) -> LocalModel:
    require_engine()
    weights = await asyncio.to_thread(_weights, settings)
    slots = settings.concurrency or LOCAL_SLOTS
    return LocalModel(
        weights,
        ModelProfile(
            slots,
            LOCAL_CONTEXT,
            per_task=1,
            phrasings=settings.phrasings,
            questions_per_call=settings.questions_per_call or 1,
        ),
        _parameters(settings),
        _policy(settings),
        settings.timeout_seconds,
        Prices.load(settings.prices),
    )


def _weights(settings: Settings) -> Weights:
    cache = settings.cache_dir.expanduser()
    if settings.weights is not None:
        return own_weights(settings.weights.expanduser(), cache)
    return packaged_weights(cache)


def _remote(name: str, settings: Settings) -> tuple[Endpoint, ModelProfile]:
    from extractor.models.client import Endpoint

    served = name.removeprefix(OPENAI_PREFIX)
    if not served or (settings.base_url is None and served == name):
        raise ModelUnavailable(f"model {name!r}: no such model - use {FORMS}")
    key = settings.api_key.get_secret_value() if settings.api_key else None
    if settings.base_url is None and key is None:
        raise ModelUnavailable(f"model {name!r}: no key - {_key_remedy()}")
    hosted = settings.base_url is None
    if hosted:
        default_address()  # refuses where the environment means another one
    context, together = (OPENAI_CONTEXT, OPENAI_TOGETHER) if hosted else (COMPATIBLE_CONTEXT, 1)
    endpoint = Endpoint(
        base_url=settings.base_url,
        api_key=key,
        model=served,
        label=f"{OPENAI_PREFIX}{served}",
        timeout_seconds=settings.timeout_seconds,
    )
    concurrency = settings.concurrency or REMOTE_CONCURRENCY
    profile = ModelProfile(
        concurrency,
        context,
        per_task=concurrency,
        phrasings=settings.phrasings,
        questions_per_call=settings.questions_per_call or together,
        documents=concurrency,
    )
    return endpoint, profile


def _chat_model(
    endpoint: Endpoint, profile: ModelProfile, settings: Settings, pool: LimitsPool
) -> ChatModel:
    from extractor.models.client import ChatModel

    rates = Rates(
        concurrency=profile.concurrency,
        requests_per_minute=settings.requests_per_minute,
        tokens_per_minute=settings.tokens_per_minute,
        max_retry_after=settings.max_retry_after_seconds,
    )
    return ChatModel(
        endpoint,
        profile,
        _parameters(settings),
        _policy(settings),
        pool.at(endpoint.base_url, endpoint.api_key, rates),
        Prices.load(settings.prices),
    )


def _parameters(settings: Settings) -> dict[str, str | int | float]:
    parameters: dict[str, str | int | float] = {}
    if settings.temperature != "default":
        parameters["temperature"] = settings.temperature
    if settings.seed is not None:
        parameters["seed"] = settings.seed
    return parameters


def _policy(settings: Settings) -> RetryPolicy:
    from extractor.models.retry import RetryPolicy

    return RetryPolicy(
        transport_retries=settings.transport_retries,
        validation_retries=settings.validation_retries,
        max_retry_after=settings.max_retry_after_seconds,
    )


def _local_status(settings: Settings) -> ModelStatus:
    cache = settings.cache_dir.expanduser()
    detail = str(settings.weights or cache / PACKAGED.name)
    try:
        require_engine()
        if settings.weights is not None:
            own_weights(settings.weights.expanduser(), cache)
        elif not is_ready(cache):
            PACKAGED.parts()
            check_room(cache)
            detail += " (will be put together on first use)"
    except ModelUnavailable as error:
        return ModelStatus(LOCAL, usable=False, detail=detail, problem=str(error))
    return ModelStatus(LOCAL, usable=True, detail=detail)


def _openai_status(settings: Settings) -> ModelStatus:
    name = f"{OPENAI_PREFIX}NAME"
    try:
        detail = without_password(settings.base_url or default_address())
    except UsageError as error:
        return ModelStatus(name, usable=False, detail=OPENAI_URL, problem=str(error))
    if settings.api_key is None and settings.base_url is None:
        return ModelStatus(name, usable=False, detail=detail, problem=f"no key - {_key_remedy()}")
    return ModelStatus(name, usable=True, detail=detail)


def _server_status(settings: Settings) -> ModelStatus:
    import openai

    from extractor.models.client import NO_KEY

    detail = without_password(str(settings.base_url))
    key = settings.api_key.get_secret_value() if settings.api_key else NO_KEY
    try:
        with openai.OpenAI(
            base_url=settings.base_url,
            api_key=key,
            timeout=PROBE_SECONDS,
            max_retries=0,
            http_client=openai.DefaultHttpxClient(follow_redirects=False),
        ) as client:
            served = redacted(", ".join(sorted(model.id for model in client.models.list().data)))
    except (openai.OpenAIError, TypeError, AttributeError, ValueError) as error:
        problem = (
            f"does not list its models ({type(error).__name__}) - check that the server runs, "
            "EXTRACTOR_BASE_URL and EXTRACTOR_API_KEY"
        )
        return ModelStatus("NAME", usable=False, detail=detail, problem=problem)
    return ModelStatus("NAME", usable=True, detail=f"{detail}: {served}")


def _key_remedy() -> str:
    return "set OPENAI_API_KEY or EXTRACTOR_API_KEY, or use --model local"
