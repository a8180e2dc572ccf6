"""CPU milliseconds per call of this process, asking one small question 100 at a time.

Three clients ask the same stub server in turn, round after round, so that what else the machine
does falls on all alike: the plain SDK (`openai`, reply read by pydantic), plain instructor in its
JSON Schema mode with its own retries, and this package's `ChatModel`. The median round of each is
printed, once with one schema for all calls and once with a schema made for every question, as the
tasks of this package do. The stub is a process of its own, whose CPU is not counted; it ends with
its standard input. Waiting costs nothing here: the figure is what bounds calls per second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import instructor
import openai
from pydantic import BaseModel, ConfigDict, Field, create_model

from extractor.models import Message, ModelProfile, Request
from extractor.models.client import ChatModel, Endpoint
from extractor.models.limits import Limits, Rates
from extractor.models.retry import RetryPolicy

IN_FLIGHT = 100
QUESTION = "How many soldiers does the sentence count? " * 20
CONTENT = json.dumps({"count": 3, "unit": "people", "sentences": [1, 2]})
MESSAGES: list[Any] = [{"role": "user", "content": QUESTION}]

Schemas = Callable[[], type[BaseModel]]
Ask = Callable[[], Awaitable[object]]
Client = tuple[Ask, Callable[[], Awaitable[None]]]  # and how to close it


class Count(BaseModel):
    """How many of what."""

    model_config = ConfigDict(extra="forbid")
    count: int = Field(ge=0)
    unit: str = Field(max_length=40)
    sentences: list[int]


def one_schema() -> type[BaseModel]:
    """The same schema for every call."""
    return Count


def own_schema() -> type[BaseModel]:
    """A schema made for this call."""
    fields: dict[str, Any] = {
        "count": (int, ...),
        "unit": (str, ...),
        "sentences": (list[int], ...),
    }
    return create_model("Count", __config__=ConfigDict(extra="forbid"), **fields)


def plain_openai(url: str, schemas: Schemas) -> Client:
    """The SDK alone, the schema in `response_format`."""
    client = openai.AsyncOpenAI(base_url=url, api_key="none", max_retries=0, timeout=60.0)

    async def ask() -> object:
        schema = schemas()
        described: Any = {"name": schema.__name__, "schema": schema.model_json_schema()}
        response = await client.chat.completions.create(
            model="stub",
            messages=MESSAGES,
            max_tokens=100,
            temperature=0.0,
            response_format={"type": "json_schema", "json_schema": described},
        )
        return schema.model_validate_json(response.choices[0].message.content or "")

    return ask, client.close


def plain_instructor(url: str, schemas: Schemas) -> Client:
    """instructor on the SDK, as its documentation shows it."""
    sdk = openai.AsyncOpenAI(base_url=url, api_key="none", max_retries=0, timeout=60.0)
    client = instructor.from_openai(sdk, mode=instructor.Mode.JSON_SCHEMA)

    async def ask() -> object:
        return await client.create(
            response_model=schemas(),
            messages=MESSAGES,
            model="stub",
            max_tokens=100,
            temperature=0.0,
            max_retries=2,
        )

    return ask, sdk.close


def ours(url: str, schemas: Schemas) -> Client:
    """This package's client, with its limits, its log of attempts and its strict reading."""
    endpoint = Endpoint(url, None, "stub", "openai/stub", timeout_seconds=60.0)
    profile = ModelProfile(IN_FLIGHT, 16_384, per_task=IN_FLIGHT)
    limits = Limits(Rates(IN_FLIGHT, adaptive=False))  # as full as the others from the start
    model = ChatModel(endpoint, profile, {"temperature": 0.0}, RetryPolicy(), limits)
    request = Request("count", (Message("user", QUESTION),), max_tokens=100)

    async def ask() -> object:
        return await model.ask(request, schemas())

    return ask, model.aclose


async def cpu_per_call(ask: Ask, calls: int) -> float:
    """CPU milliseconds per call over `calls` calls, `IN_FLIGHT` at a time."""
    left = iter(range(calls))

    async def work() -> None:
        for _ in left:
            await ask()

    start = time.process_time()
    await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
    return (time.process_time() - start) * 1000 / calls


async def compare(url: str, schemas: Schemas, rounds: int, calls: int) -> dict[str, float]:
    """The median round of each client, after one that is not counted."""
    clients = {make.__name__: make(url, schemas) for make in (plain_openai, plain_instructor, ours)}
    found: dict[str, list[float]] = {name: [] for name in clients}
    for number in range(rounds + 1):
        for name, (ask, _) in clients.items():
            spent = await cpu_per_call(ask, calls)
            if number:
                found[name].append(spent)
    for _, close in clients.values():
        await close()
    return {name: statistics.median(times) for name, times in found.items()}


async def serve() -> None:
    """Answer every request alike until standard input ends."""
    usage = {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25}
    message = {"role": "assistant", "content": CONTENT}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    reply = {"id": "x", "object": "chat.completion", "created": 1, "model": "stub"}
    body = json.dumps({**reply, "choices": [choice], "usage": usage}).encode()
    head = (
        f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, asyncio.CancelledError, OSError):
            while True:
                asked = await reader.readuntil(b"\r\n\r\n")
                length = asked.lower().split(b"content-length:")[1].split(b"\r\n")[0]
                await reader.readexactly(int(length))
                writer.write(head.encode() + body)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=2 * IN_FLIGHT)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


def main() -> None:
    """Print a line for each way of making schemas."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=400, help="in a round, of each client")
    chosen = parser.parse_args()
    stub = subprocess.Popen(
        [sys.executable, "-c", "import asyncio, benchmarks.call_cpu as c; asyncio.run(c.serve())"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with stub:
        assert stub.stdout is not None
        url = f"http://127.0.0.1:{stub.stdout.readline().strip()}/v1"
        for schemas in (one_schema, own_schema):
            found = asyncio.run(compare(url, schemas, chosen.rounds, chosen.calls))
            figures = ", ".join(f"{name} {spent:.2f} ms" for name, spent in found.items())
            ratio = found["ours"] / found["plain_instructor"]
            sys.stdout.write(f"{schemas.__name__}: {figures}; ours {ratio:.2f} x instructor\n")
        assert stub.stdin is not None
        stub.stdin.close()


if __name__ == "__main__":
    main()
