from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from extractor.errors import ModelUnavailable, UsageError
from extractor.models import Message, Request, available_models, open_model
from extractor.models.limits import LimitsPool
from extractor.settings import Settings

from .stub import Step, completion, serve

REQUEST = Request("figures", (Message("user", "?"),), 10)


class Count(BaseModel):
    count: int


def settings(tmp_path: Path, **changes: str | float) -> Settings:
    return Settings.model_validate({"cache_dir": tmp_path, **changes})


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "EXTRACTOR_API_KEY", "EXTRACTOR_BASE_URL", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_importing_the_package_is_cheap() -> None:
    heavy = {"openai", "instructor", "tenacity", "xllamacpp"}
    code = f"import sys, extractor.models; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["openai/stub", "stub"])
def test_compatible_server_needs_no_key(tmp_path: Path, name: str) -> None:
    async def ask(chosen: Settings) -> tuple[str, int]:
        async with open_model(name, chosen) as model:
            reply = await model.ask(REQUEST, Count)
            assert dict(model.parameters) == {"temperature": 0.0, "seed": 7}
            return model.identity, reply.value.count

    with serve(completion('{"count": 3}')) as stub:
        identity, count = asyncio.run(ask(settings(tmp_path, base_url=stub.url, seed=7)))
    assert count == 3
    assert identity.startswith("openai/stub@127.0.0.1:")
    assert stub.requests[0]["model"] == "stub"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gpt", "local, openai/NAME"),
        ("openai/", "local, openai/NAME"),
        ("", "local, openai/NAME"),
        ("openai/gpt", "OPENAI_API_KEY"),
    ],
)
def test_unusable_names(tmp_path: Path, name: str, message: str) -> None:
    async def enter() -> None:
        async with open_model(name, settings(tmp_path)):
            pytest.fail("opened")

    with pytest.raises(ModelUnavailable, match=message):
        asyncio.run(enter())


def test_temperature_left_to_the_server_is_not_sent(tmp_path: Path) -> None:
    async def ask(chosen: Settings) -> None:
        async with open_model("stub", chosen) as model:
            await model.ask(REQUEST, Count)

    with serve(completion('{"count": 3}')) as stub:
        asyncio.run(ask(settings(tmp_path, base_url=stub.url, temperature="default")))
    assert "temperature" not in stub.requests[0]


def test_models_of_one_pool_share_a_servers_limits(tmp_path: Path) -> None:
    async def ask(chosen: Settings, pool: LimitsPool) -> None:
        async with open_model("one", chosen, pool) as one, open_model("two", chosen, pool) as two:
            await asyncio.gather(*(model.ask(REQUEST, Count) for model in (one, two) * 2))

    with serve(Step(body=completion('{"count": 3}').body, delay=0.05)) as stub:
        asyncio.run(ask(settings(tmp_path, base_url=stub.url, concurrency=1), LimitsPool()))
    assert stub.most_in_flight == 1
    assert {request["model"] for request in stub.requests} == {"one", "two"}


def test_rates_of_the_settings_are_kept(tmp_path: Path) -> None:
    async def ask(chosen: Settings) -> None:
        async with open_model("stub", chosen) as model:
            await model.ask(REQUEST, Count)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(model.ask(REQUEST, Count), 0.3)

    with serve(completion('{"count": 3}')) as stub:
        asyncio.run(ask(settings(tmp_path, base_url=stub.url, requests_per_minute=1)))
    assert len(stub.requests) == 1


def test_attempts_cost_what_the_prices_say(tmp_path: Path) -> None:
    async def cost(name: str, chosen: Settings) -> float | None:
        async with open_model(name, chosen) as model:
            return (await model.ask(REQUEST, Count)).attempts[0].cost

    own = tmp_path / "prices.yaml"
    own.write_text(
        "models: {openai/priced: {input: 1, output: 2, as_of: 2026-01-01, source: contract}}"
    )
    with serve(completion('{"count": 3}', tokens=(20, 5))) as stub:
        chosen = settings(tmp_path, base_url=stub.url, prices=str(own))
        assert asyncio.run(cost("priced", chosen)) == pytest.approx(30 / 1e6)
        assert asyncio.run(cost("unpriced", chosen)) is None


def test_status_without_anything(tmp_path: Path) -> None:
    missing = tmp_path / "none.gguf"
    local, openai = available_models(settings(tmp_path, weights=str(missing)))
    assert not local.usable and str(missing) in str(local.problem)
    assert not openai.usable and "OPENAI_API_KEY" in str(openai.problem)


def test_status_of_a_server(tmp_path: Path) -> None:
    with serve(completion("")) as stub:
        running = available_models(settings(tmp_path, base_url=stub.url))[-1]
    stopped = available_models(settings(tmp_path, base_url=stub.url))[-1]
    assert running.usable and running.detail.endswith(": stub")
    assert not stopped.usable and "EXTRACTOR_BASE_URL" in str(stopped.problem)


async def test_another_address_in_the_sdks_own_variable_is_neither_asked_nor_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(completion('{"count": 3}')) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        chosen = settings(tmp_path, OPENAI_API_KEY="sk-users-own-key")
        with pytest.raises(UsageError, match="OPENAI_BASE_URL"):
            async with open_model("openai/stub", chosen) as model:
                await model.ask(REQUEST, Count)
        (status,) = [s for s in available_models(chosen) if s.name == "openai/NAME"]
    assert stub.requests == []
    assert not status.usable
    assert status.problem is not None
    assert stub.url in status.problem


def test_the_address_that_is_asked_is_told(tmp_path: Path) -> None:
    chosen = settings(tmp_path, OPENAI_API_KEY="sk-users-own-key")
    (status,) = [s for s in available_models(chosen) if s.name == "openai/NAME"]
    assert status.detail == "https://api.openai.com/v1"
