"""A server with a Batch API on a loopback port, made from the public documentation.

Batches end when the plan says so; each line is answered as a chat completion would be.
"""

from __future__ import annotations

import email
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.models.stub import Step, listening
from tests.support import served

PAGE_MOST = 2  # batches on one page of the list, so that there are several
Answer = Callable[[dict[str, Any]], Step | None]  # None: the batch expired before its turn


@dataclass
class Fate:
    """What happens to one batch. `problem`: it is refused as a whole, with these words."""

    answer: Answer = served
    status: str = "completed"
    problem: str | None = None
    looks: int = 1  # until it has ended


@dataclass
class BatchStub:
    """`fates` by order of the batches, the last one repeats; `files` and `batches` by name.

    at: is told of every moment: a request was `heard`, what it asks for is `done`, `half` of the
        answer is sent; as in `done POST batches`.
    drop: how many answers get lost on their way, by request (`POST /v1/batches`).
    extra: further lines in every output file.
    direct: bodies of the requests that were not in a batch.
    """

    fates: Sequence[Fate] = (Fate(),)
    at: Callable[[str], None] = lambda _: None
    drop: dict[str, int] = field(default_factory=dict)
    extra: Sequence[str] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    direct: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    def requests(self, batch: dict[str, Any]) -> list[dict[str, Any]]:
        """The lines of a batch's input file."""
        return [json.loads(line) for line in self.files[batch["input_file_id"]].splitlines()]

    def asked_for(self) -> list[list[str]]:
        """The custom_ids of each batch."""
        return [[line["custom_id"] for line in self.requests(b)] for b in self.batches.values()]

    def upload(self, content: bytes) -> dict[str, Any]:
        name = f"file-{len(self.files) + 1}"
        self.files[name] = content
        return {"id": name, "object": "file", "bytes": len(content), "purpose": "batch"}

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        assert body["endpoint"] == "/v1/chat/completions"
        assert body["completion_window"] == "24h"
        number = len(self.batches)
        batch = {
            "id": f"batch_{number + 1}",
            "object": "batch",
            "endpoint": body["endpoint"],
            "input_file_id": body["input_file_id"],
            "completion_window": "24h",
            "status": "validating",
            "created_at": int(time.time()),
            "metadata": body["metadata"],
            "request_counts": {"total": 0, "completed": 0, "failed": 0},
            "looks": self.fates[min(number, len(self.fates) - 1)].looks,
            "fate": number,
        }
        self.batches[batch["id"]] = batch
        return batch

    def look(self, batch: dict[str, Any]) -> dict[str, Any]:
        if batch["looks"] == 0:
            self._end(batch)
        elif batch["looks"] > 0:
            batch["status"] = "in_progress"
        batch["looks"] -= 1
        return batch

    def _end(self, batch: dict[str, Any]) -> None:
        fate = self.fates[min(batch["fate"], len(self.fates) - 1)]
        batch["status"] = "failed" if fate.problem else fate.status
        if fate.problem:
            fault = {"code": "invalid", "message": fate.problem, "line": None, "param": None}
            batch["errors"] = {"object": "list", "data": [fault]}
            return
        good: list[dict[str, Any]] = []
        bad: list[dict[str, Any]] = []
        for request in self.requests(batch):
            line = answered(request, fate.answer(request["body"]))
            (bad if line["error"] or line["response"]["status_code"] != 200 else good).append(line)
        random.Random(7).shuffle(good)
        batch["output_file_id"] = self._file(good, self.extra) if good else None
        batch["error_file_id"] = self._file(bad, ()) if bad else None
        counts = {"total": len(good) + len(bad), "completed": len(good), "failed": len(bad)}
        batch["request_counts"] = counts

    def _file(self, lines: list[dict[str, Any]], extra: Sequence[str]) -> str:
        text = "\n".join([*(json.dumps(line) for line in lines), *extra])
        return str(self.upload(text.encode() + b"\n")["id"])

    def page(self, after: str) -> dict[str, Any]:
        """A page of the list of batches, newest first, from behind the one named."""
        newest = list(reversed(self.batches))
        start = newest.index(after) + 1 if after else 0
        found = newest[start : start + PAGE_MOST]
        return {
            "object": "list",
            "data": [self.batches[name] for name in found],
            "has_more": start + PAGE_MOST < len(newest),
        }


def answered(request: dict[str, Any], step: Step | None) -> dict[str, Any]:
    """A line of the output or the error file."""
    line = {"id": "batch_req_1", "custom_id": request["custom_id"], "response": None, "error": None}
    if step is None:
        return line | {"error": {"code": "batch_expired", "message": "could not be executed"}}
    response = {"status_code": step.status, "request_id": "r", "body": step.body}
    return line | {"response": response}


@contextmanager
def serve_batches(stub: BatchStub) -> Iterator[BatchStub]:
    """Serve until the block ends."""
    with listening(_handler(stub)) as stub.url:
        yield stub


def _handler(stub: BatchStub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            path = self._noted("POST")
            if path == "/v1/files":
                self._send(stub.upload(_uploaded(self.headers["content-type"], content)))
            elif path == "/v1/batches":
                self._send(stub.create(json.loads(content)))
            else:
                body = json.loads(content)
                stub.direct.append(body)
                self._send(served(body).body)

        def do_GET(self) -> None:
            path = self._noted("GET")
            _, _, kind, *rest = path.split("/")
            if kind == "batches" and not rest:
                self._send(stub.page(parse_qs(urlsplit(self.path).query).get("after", [""])[0]))
            elif kind == "batches" and rest[0] in stub.batches:
                self._send(stub.look(stub.batches[rest[0]]))
            elif kind == "files" and rest[0] in stub.files:
                self._send(stub.files[rest[0]])
            else:
                self._send({"error": {"message": "no such thing", "code": None}}, 404)

        def _noted(self, method: str) -> str:
            path = urlsplit(self.path).path
            stub.asked.append(f"{method} {path}")
            self._at("heard")
            return path

        def _at(self, moment: str) -> None:
            kind = urlsplit(self.path).path.split("/")[2]
            stub.at(f"{moment} {self.command} {kind}")

        def _send(self, answer: object, status: int = 200) -> None:
            if stub.drop.get(stub.asked[-1], 0):
                stub.drop[stub.asked[-1]] -= 1
                return
            payload = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            kind = "application/octet-stream" if isinstance(answer, bytes) else "application/json"
            self._at("done")
            half = len(payload) // 2
            with suppress(OSError):  # the client may have been killed
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload[:half])
                self._at("half")
                self.wfile.write(payload[half:])

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    return Handler


def _uploaded(content_type: str, content: bytes) -> bytes:
    """The file in a multipart form, whose purpose is a batch."""
    head = f"content-type: {content_type}\r\n\r\n".encode()
    parts = {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
        for part in email.message_from_bytes(head + content, policy=HTTP).iter_parts()
    }
    assert parts["purpose"] == b"batch"
    found = parts["file"]
    assert isinstance(found, bytes)
    return found
