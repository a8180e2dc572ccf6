"""`python -m tests.standins.real [SEED]`: real servers in front of the embedded weights.

llama.cpp's own server is asked as any server is, by its address; then a LiteLLM proxy in front of
it, from an environment of its own in a temporary folder (`--litellm COMMAND` uses one that is
there). For one seed: records, requests, what was adapted, seconds. It takes minutes, and some
hundred megabytes for the proxy.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extractor import Document, aextract, open_model, read_document
from extractor.models.engine import EmbeddedEngine, EngineOptions, available_threads
from extractor.models.weights import packaged_weights
from extractor.settings import Settings, load_settings
from extractor.store import content_key
from tests.cassettes import SEEDS
from tests.standins.seeds import records

RECORDS = ("header", "figures", "quotations")
NAME = "embedded"
START_SECONDS = 180.0
SAID = {"seed": 7, "concurrency": 1, "timeout_seconds": 600}


async def asked(what: str, document: Document, settings: Settings) -> str:
    """One line about one seed at one server."""
    started = time.monotonic()
    async with open_model(NAME, settings) as model:
        found = await aextract(document, model=model, records=RECORDS)
        adapted = "; ".join(model.adapted) or "nothing"
    [kept] = records([found])
    counts = ", ".join(
        f"{len(rows)} {name}" for name, rows in kept.items() if name in RECORDS and rows
    )
    attempts = sum(run.attempts for run in found.runs)
    questions = sum(run.questions for run in found.runs)
    failed = sum(len(run.failures) for run in found.runs)
    seconds = time.monotonic() - started
    return (
        f"{what}: {counts} (records {content_key(kept)[:8]}); {questions} questions, "
        f"{attempts} requests, {failed} failed, adapted: {adapted}, {seconds:.0f} s"
    )


async def main(seed: Path, litellm: str | None) -> None:
    """Ask the seed's questions of both servers."""
    document = read_document(seed)
    weights = packaged_weights(load_settings({}).cache_dir.expanduser())
    options = EngineOptions(str(weights.path), 1, 4096, available_threads())
    async with EmbeddedEngine(options) as engine:
        direct = load_settings({"base_url": engine.base_url, "api_key": engine.api_key, **SAID})
        print(await asked("llama.cpp server", document, direct), flush=True)  # noqa: T201
        key = f"sk-{secrets.token_hex()}"  # it does not start without one
        with proxy(engine, key, litellm) as url:
            behind = load_settings({"base_url": url, "api_key": key, **SAID})
            print(await asked("LiteLLM proxy", document, behind), flush=True)  # noqa: T201


@contextmanager
def proxy(engine: EmbeddedEngine, key: str, command: str | None) -> Iterator[str]:
    """The address of a LiteLLM proxy before the engine, until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        command = command or _installed(Path(folder) / "environment")
        config = Path(folder) / "config.yaml"
        behind = {"api_base": engine.base_url, "api_key": engine.api_key}
        behind["model"] = f"openai/{NAME}"
        models = [{"model_name": NAME, "litellm_params": behind}]
        settings = {"model_list": models, "general_settings": {"master_key": key}}
        config.write_text(json.dumps(settings))
        port = _free_port()
        given = ["--config", str(config), "--host", "127.0.0.1", "--port", str(port)]
        with subprocess.Popen(
            [command, *given], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                _wait(f"http://127.0.0.1:{port}/health/liveliness", process)
                yield f"http://127.0.0.1:{port}/v1"
            finally:
                process.terminate()


def _installed(environment: Path) -> str:
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    pip = str(environment / "bin" / "pip")
    subprocess.run([pip, "install", "-q", "litellm[proxy]"], check=True)
    return str(environment / "bin" / "litellm")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the LiteLLM proxy did not start")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", nargs="?", type=Path, default=SEEDS[0])
    parser.add_argument("--litellm", help="command of a LiteLLM that is installed")
    options = parser.parse_args()
    asyncio.run(main(options.seed, options.litellm))
