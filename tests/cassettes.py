"""Cassettes: what the embedded model really answered, one file per record type and seed.

Requests match on method, path and JSON body. Of headers only the content type is kept, and no host
and port. `prompts.json` holds the hashes of the prompts that were recorded, so that a changed
prompt is named instead of being a mere miss.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import vcr
import yaml

from extractor import Document, Extraction, Settings, aextract, open_model, read_document
from extractor.models import Model
from extractor.prompts import load_prompt
from extractor.tasks import TASKS

ROOT = Path(__file__).resolve().parent.parent
CASSETTES = Path(__file__).with_name("cassettes")
PROMPTS = CASSETTES / "prompts.json"
RECORDED = ROOT / "evals" / "recorded" / "local.jsonl"
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
HOST = "http://llm.invalid"
RERECORD = "run `make record` and read the changes"


class _Block(str):
    """Text to be written as a literal block."""


def _literal(dumper: yaml.SafeDumper, text: _Block) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style="|")


class _Dumper(yaml.SafeDumper):
    """Writes JSON bodies as indented blocks, so that a change can be read in a diff."""


_Dumper.add_representer(_Block, _literal)


def serialize(cassette: dict[str, Any]) -> str:
    """Cassette as YAML with readable bodies."""
    for interaction in cassette["interactions"]:
        request, body = interaction["request"], interaction["response"]["body"]
        request["body"] = _readable(request["body"])
        body["string"] = _readable(body["string"])
    return yaml.dump(cassette, Dumper=_Dumper, allow_unicode=True, sort_keys=True, width=10**6)


def _readable(body: str | bytes) -> _Block:
    text = body.decode() if isinstance(body, bytes) else body
    return _Block(json.dumps(json.loads(text), ensure_ascii=False, indent=1, sort_keys=True))


def deserialize(text: str) -> dict[str, Any]:
    """The reverse of `serialize`."""
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def _plain_request(request: Any) -> Any:
    request.uri = HOST + urlsplit(request.uri).path
    kept = request.headers.get("content-type", "application/json")
    request.headers = {"content-type": kept}
    return request


def _plain_response(response: dict[str, Any]) -> dict[str, Any]:
    """Without headers, and without the folder in which the weights were."""
    body = json.loads(response["body"]["string"])
    if "model" in body:
        body["model"] = Path(body["model"]).name
    response["body"]["string"] = json.dumps(body).encode()
    response["headers"] = {"content-type": ["application/json"]}
    return response


class _Serializer:
    serialize = staticmethod(serialize)
    deserialize = staticmethod(deserialize)


def recorder(mode: str) -> vcr.VCR:
    """VCR with this project's rules; `mode` is "none" to replay, "all" to record."""
    machine = vcr.VCR(
        record_mode=vcr.mode(mode),
        match_on=["method", "path", "body"],
        before_record_request=_plain_request,
        before_record_response=_plain_response,
        decode_compressed_response=True,
    )
    machine.register_serializer("readable", _Serializer)
    machine.serializer = "readable"
    return machine


def cassette_path(task: str, seed: Path) -> Path:
    """Where the answers for one record type of one seed are."""
    return CASSETTES / task / f"{seed.stem}.yaml"


def recorded_settings() -> Settings:
    """Settings that send the same bodies as the recording did, to nowhere."""
    return Settings(model=recorded_model(), base_url=f"{HOST}/v1", concurrency=1)


def recorded_model() -> str:
    """The model's name as the recorded requests have it."""
    return str(json.loads(PROMPTS.read_text())["model"])


def check_prompt(task: str) -> None:
    """Fail, naming the prompt, if its words are not those that were recorded."""
    name = TASKS[task][1]
    recorded = json.loads(PROMPTS.read_text())["prompts"].get(name)
    if recorded != load_prompt(name).sha256:
        raise AssertionError(f"prompt {name} differs from the one that was recorded: {RERECORD}")


@contextmanager
def replayed(task: str, seed: Path) -> Iterator[Any]:
    """Replay one cassette; what was recorded and is not asked for any more fails too."""
    check_prompt(task)
    with recorder("none").use_cassette(
        str(cassette_path(task, seed)), allow_playback_repeats=True
    ) as cassette:
        yield cassette
    unused = len(cassette) - len(cassette.play_counts)
    if unused:
        name = cassette_path(task, seed).name
        raise AssertionError(f"{task}/{name}: {unused} answers were not asked for: {RERECORD}")


async def extract_one(document: Document, task: str, model: Model) -> Extraction:
    """One record type of one document."""
    return await aextract(document, model=model, records=(task,))


async def replay(task: str, seed: Path) -> Extraction:
    """The extraction that the recorded answers give."""
    settings = recorded_settings()
    with replayed(task, seed):
        async with open_model(settings.model, settings) as model:
            return await extract_one(read_document(seed), task, model)
