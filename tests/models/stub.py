"""A small OpenAI-compatible server on a loopback port that answers from a list of steps."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Step:
    """One answer. `body` is sent as it is when text, as JSON otherwise."""

    status: int = 200
    body: object = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False


Answer = Step | Callable[[dict[str, Any]], Step]


class Stub:
    """What the server will say (`steps`, the last one repeats) and what it was asked."""

    def __init__(self, steps: list[Answer], models: Step | None = None) -> None:
        self.steps = steps
        listed = {"object": "list", "data": [{"id": "stub", "object": "model"}]}
        self.models = models or Step(body=listed)
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self.url = ""
        self._lock = threading.Lock()

    def next_step(self, request: dict[str, Any], key: str | None) -> Step:
        with self._lock:
            self.requests.append(request)
            self.keys.append(key)
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
            step = self.steps[min(len(self.requests), len(self.steps)) - 1]
        return step if isinstance(step, Step) else step(request)

    def done(self) -> None:
        with self._lock:
            self.in_flight -= 1


def completion(
    content: str | None, finish: str = "stop", tokens: tuple[int, int] = (20, 5)
) -> Step:
    """A well-formed chat completion with `content`; tokens are (prompt, completion)."""
    return Step(
        body={
            "id": "x",
            "object": "chat.completion",
            "created": 1,
            "model": "stub",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": finish,
                    "message": {"role": "assistant", "content": content},
                }
            ],
            "usage": {
                "prompt_tokens": tokens[0],
                "completion_tokens": tokens[1],
                "total_tokens": sum(tokens),
                "prompt_tokens_details": {"cached_tokens": 3},
            },
        }
    )


def refusal(status: int, code: str = "", headers: Mapping[str, str] | None = None) -> Step:
    """An error as OpenAI words it."""
    body = {"error": {"message": "no such thing", "type": "error", "code": code or None}}
    return Step(status=status, body=body, headers=headers or {})


@contextmanager
def serve(*steps: Answer, models: Step | None = None) -> Iterator[Stub]:
    """Serve `steps`, each a step or a function from the request to one, until the block ends.

    models: what the server says when it is asked for its models.
    """
    stub = Stub(list(steps), models)
    with listening(_handler(stub)) as stub.url:
        yield stub


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The base URL of a server on a free loopback port, until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(stub: Stub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            step = stub.next_step(request, self.headers["authorization"])
            try:
                time.sleep(step.delay)
                if not step.drop:
                    self._send(step)
            finally:
                stub.done()

        def do_GET(self) -> None:
            self._send(stub.models)

        def _send(self, step: Step) -> None:
            text = step.body if isinstance(step.body, str) else json.dumps(step.body)
            payload = text.encode()
            self.send_response(step.status)
            for name, value in {"content-type": "application/json", **step.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(payload)))
            self.end_headers()
            # The client may have given up waiting.
            try:
                self.wfile.write(payload)
            except OSError:
                return

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    return Handler
