from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from extractor.errors import ModelUnavailable
from extractor.models import Message, Request, available_models, open_model
from extractor.settings import Settings

from .stub import completion, serve

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
