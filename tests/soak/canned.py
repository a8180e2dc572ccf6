"""A chat server on a loopback port that gives each document its answer, for `tests.soak.peers`.

    python -m tests.soak.canned LATENCY DOCUMENTS

It finds the document's number in the request and sends the reply that was made beforehand, LATENCY
seconds later, in the form that the first part of the address names (`/plain/v1/...`). A document
that it does not know, and the form `schema`, get the smallest answer that fits the request's
schema. `GET /seen` tells what came since the last such question. The port is printed on one line;
the server ends when its standard input is closed.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import cast

from tests.soak.adapters.task import content, number_in
from tests.soak.plan import Kind
from tests.soak.replies import CHARACTERS_PER_TOKEN, answer, completion

FORMS = ("plain", "chosen", "extractions")
BACKLOG = 1024
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END = b"\r\n\r\n"


@dataclass
class Seen:
    """Requests that came, and how many were open at once at most."""

    requests: int = 0
    open: int = 0
    most_open: int = 0


class Replies:
    """Whole HTTP replies by form and document."""

    def __init__(self, documents: int) -> None:
        self._made: Mapping[str, list[bytes]] = {
            form: [_http(_completed(content(form, number))) for number in range(documents)]
            for form in FORMS
        }

    def to(self, target: bytes, body: bytes) -> bytes:
        """The reply to a request at an address."""
        form, number = target.split(b"/")[1].decode(), number_in(body)
        made = self._made.get(form, [])
        if number is not None and number < len(made):
            return made[number]
        return _http(answer(Kind.OK, json.loads(body), len(body), 0).body)


class Conversation(asyncio.Protocol):
    """One connection, with one request at a time."""

    def __init__(self, replies: Replies, seen: Seen, latency: float) -> None:
        self._replies = replies
        self._seen = seen
        self._latency = latency
        self._received = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The client is there."""
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        """A part of a request; the last part is followed by the reply."""
        self._received += data
        head, end, body = self._received.partition(_END)
        length = _LENGTH.search(head)
        if not end or len(body) < (int(length[1]) if length else 0):
            return
        self._received = b""
        target = head.split(b" ", 2)[1]
        if target == b"/seen":
            self._tell()
            return
        self._seen.requests += 1
        self._seen.open += 1
        self._seen.most_open = max(self._seen.most_open, self._seen.open)
        loop = asyncio.get_running_loop()
        loop.call_later(self._latency, self._send, self._replies.to(target, body))

    def _send(self, reply: bytes) -> None:
        self._seen.open -= 1
        if self._transport is not None:
            self._transport.write(reply)

    def _tell(self) -> None:
        if self._transport is not None:
            self._transport.write(_http(json.dumps(asdict(self._seen)).encode()))
        self._seen.requests = self._seen.most_open = 0


def _completed(said: str) -> bytes:
    length = len(said) // CHARACTERS_PER_TOKEN
    return json.dumps(completion(said, (length, length))).encode()


def _http(body: bytes) -> bytes:
    kind = b"content-type: application/json\r\n"
    return b"HTTP/1.1 200 OK\r\n%bcontent-length: %d\r\n\r\n%b" % (kind, len(body), body)


async def serve(latency: float, documents: int) -> None:
    """Serve until standard input is closed."""
    replies, seen = Replies(documents), Seen()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Conversation(replies, seen, latency), "127.0.0.1", 0, backlog=BACKLOG
    )
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1]), int(sys.argv[2])))
