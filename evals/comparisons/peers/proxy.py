"""A loopback proxy that counts calls and tokens, in the same way for every system.

Each article has a path of its own (`http://127.0.0.1:PORT/KEY/v1`), so a late answer is never
counted for the next one.
"""

from __future__ import annotations

import json
import socket
import threading
from collections import defaultdict
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from extractor.records import Strict

LOOPBACK = "127.0.0.1"
BAD_GATEWAY = 502
STOP_SECONDS = 5.0


class Tally(Strict):
    """What one article cost.

    cached_tokens: part of `prompt_tokens` that the server read from its prefix cache.
    cut_off: answers that ended at the token limit. refused: answers with an HTTP error, or none.
    """

    calls: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cut_off: int = 0
    refused: int = 0

    def __add__(self, other: Tally) -> Tally:
        mine, others = self.model_dump(), other.model_dump()
        return Tally(**{name: mine[name] + others[name] for name in mine})


class CountingProxy:
    """Context manager: forwards everything to one server and counts its chat completions.

    Args:
        target: the server's address up to and including `/v1`.
    """

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (str(parts.hostname), parts.port or 80)
        self._tallies: dict[str, Tally] = defaultdict(Tally)
        self._open: dict[str, set[HTTPConnection]] = defaultdict(set)
        self._lock = threading.Condition()
        self._server = ThreadingHTTPServer((LOOPBACK, 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, key: str) -> str:
        """The address to give to the system that is counted under `key`."""
        return f"http://{LOOPBACK}:{self._server.server_port}/{key}/v1"

    def tally(self, key: str) -> Tally:
        """What was counted so far."""
        with self._lock:
            return self._tallies[key]

    def stop(self, key: str) -> None:
        """Hang up on the server for all open requests of `key`, so that it stops working on them.

        A request that was cut off is a refused call, without tokens; it is counted on return.
        """
        with self._lock:
            for connection in self._open[key]:
                if connection.sock is not None:
                    with suppress(OSError):
                        connection.sock.shutdown(socket.SHUT_RDWR)
            self._lock.wait_for(lambda: not self._open[key], STOP_SECONDS)

    def forward(
        self, key: str, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Status and body of the server's answer; 502 where it gives none."""
        connection = HTTPConnection(*self._target)
        with self._lock:
            self._open[key].add(connection)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            status, content = answer.status, answer.read()
        except (OSError, HTTPException):
            status, content = BAD_GATEWAY, b'{"error": {"message": "no answer"}}'
        connection.close()
        with self._lock:
            if path.endswith("/chat/completions"):
                self._tallies[key] += counted(status, content)
            self._open[key].discard(connection)
            self._lock.notify_all()
        return status, content


def counted(status: int, content: bytes) -> Tally:
    """The tally of one answer of a chat completions endpoint."""
    try:
        answer = json.loads(content)
    except ValueError:
        answer = {}
    if status >= 400 or not isinstance(answer, dict):
        return Tally(calls=1, refused=1)
    usage = answer.get("usage") or {}
    details = usage.get("prompt_tokens_details") or {}
    ends = [choice.get("finish_reason") for choice in answer.get("choices", [])]
    return Tally(
        calls=1,
        prompt_tokens=usage.get("prompt_tokens", 0),
        cached_tokens=details.get("cached_tokens") or 0,
        completion_tokens=usage.get("completion_tokens", 0),
        cut_off=ends.count("length"),
    )


def _handler(proxy: CountingProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._pass_on()

        def do_POST(self) -> None:
            self._pass_on()

        def _pass_on(self) -> None:
            key, _, rest = self.path.lstrip("/").partition("/")
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            names = ("Authorization", "Content-Type")
            headers = {name: self.headers[name] for name in names if name in self.headers}
            status, content = proxy.forward(key, self.command, f"/{rest}", headers, body)
            with suppress(OSError):  # the client may be gone
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: articles pass through here."""

    return Handler
