"""An OpenAI-compatible chat server on a loopback port that answers, and fails, to a plan.

    python -m tests.soak.server PLAN LEDGER

PLAN is what `Plan.dumps` gives. The port is printed on one line; the server ends when its standard
input is closed, so at the latest with the process that started it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import struct
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tests.soak.ledger import Entry
from tests.soak.plan import Kind, Plan
from tests.soak.replies import Answer, answer

STALL_SECONDS = 120.0
MAX_HEAD = 2**16
BACKLOG = 1024
HASH_BYTES = 12
MODELS = b'{"object": "list", "data": [{"id": "stub", "object": "model"}]}'


@dataclass(frozen=True)
class _Request:
    line: str
    body: bytes
    started: float


class Stub:
    """Answers chat requests by a plan and writes each to the ledger."""

    def __init__(self, plan: Plan, ledger: TextIO) -> None:
        self._plan = plan
        self._ledger = ledger
        self._arrivals: Counter[str] = Counter()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until either side ends it."""
        try:
            while (request := await _read(reader)) is not None:
                if request.line.startswith("GET"):
                    writer.write(_http(Answer(200, MODELS)))
                elif not await self._answer(request, reader, writer):
                    break
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client is gone; its requests are in the ledger
        finally:
            writer.close()

    async def _answer(
        self, request: _Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer one request; False where the connection is over."""
        body = hashlib.blake2b(request.body, digest_size=HASH_BYTES).hexdigest()
        self._arrivals[body] += 1
        arrival = self._arrivals[body]
        kind = self._plan.kind(body, arrival)
        luck = int(self._plan.chance("luck", body, arrival) * 2**53)
        reply = answer(kind, json.loads(request.body), len(request.body), luck)
        try:
            if delay := self._plan.delay(body, arrival):
                await asyncio.sleep(delay)
            return await _send(kind, reply, reader, writer)
        finally:
            seen = reply if kind not in _UNSEEN else Answer(0, b"")
            Entry(
                body,
                arrival,
                kind,
                seen.status or None,
                *seen.tokens,
                request.started,
                time.monotonic(),
                seen.wait,
            ).write(self._ledger)


_UNSEEN = frozenset({Kind.STALL, Kind.RESET_BEFORE, Kind.RESET_DURING})


async def _send(
    kind: Kind, reply: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bool:
    payload = _http(reply)
    if kind is Kind.STALL:
        async with asyncio.timeout(STALL_SECONDS):
            await reader.read(1)
        return False
    if kind is Kind.RESET_DURING:
        writer.write(payload[: len(payload) * 2 // 3])
        await writer.drain()
    if kind in _UNSEEN:
        _reset(writer)
        return False
    writer.write(payload)
    await writer.drain()
    return True


def _reset(writer: asyncio.StreamWriter) -> None:
    """End the connection with RST instead of FIN."""
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def _read(reader: asyncio.StreamReader) -> _Request | None:
    """The next request, None where the client has closed the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    started = time.monotonic()
    line, _, rest = head.decode("latin-1").partition("\r\n")
    headers = dict(field.lower().split(": ", 1) for field in rest.split("\r\n") if field)
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return _Request(line, body, started)


def _http(reply: Answer) -> bytes:
    headers = {
        "content-type": "application/json",
        "content-length": str(len(reply.body)),
        **reply.headers,
    }
    lines = [f"HTTP/1.1 {reply.status} soak", *(f"{name}: {v}" for name, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + reply.body


async def serve(plan: Plan, ledger: Path) -> None:
    """Serve until standard input is closed."""
    with ledger.open("a", encoding="utf-8") as file:
        stub = Stub(plan, file)
        server = await asyncio.start_server(
            stub.converse, "127.0.0.1", 0, backlog=BACKLOG, limit=MAX_HEAD
        )
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await _input_closed()
        server.close()


async def _input_closed() -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


if __name__ == "__main__":
    asyncio.run(serve(Plan.loads(sys.argv[1]), Path(sys.argv[2])))
