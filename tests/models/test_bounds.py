from __future__ import annotations

import gzip
import http.server
import threading
import tracemalloc
import zlib
from typing import ClassVar

import pytest

from extractor.errors import ReplyInvalid, TransportFailed
from extractor.models import bounds

from .stub import Stub, listening
from .test_client import failure


class Sender(http.server.BaseHTTPRequestHandler):
    """Answers with prepared bytes, in pieces."""

    pieces: ClassVar[list[bytes]] = []
    encoding: ClassVar[str] = "identity"
    asked: ClassVar[int] = 0
    pause: ClassVar[float] = 0.0

    def do_POST(self) -> None:
        type(self).asked += 1
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-encoding", self.encoding)
        self.end_headers()
        try:
            for piece in self.pieces:
                self.wfile.write(piece)
                self.wfile.flush()
                if self.pause:
                    PAUSE.wait(self.pause)
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


PACKED = gzip.compress(bytes(range(256)))
PAUSE = threading.Event()


def sender(pieces: list[bytes], encoding: str = "identity", pause: float = 0.0) -> type[Sender]:
    members = {"pieces": pieces, "encoding": encoding, "pause": pause, "asked": 0}
    return type("OneSender", (Sender,), members)


def test_a_reply_that_is_too_large_when_unpacked_is_given_up() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = b" " * 2**20
    pieces = [packer.compress(zeros) for _ in range(600)] + [packer.flush()]
    handler = sender([b"".join(pieces)], "gzip")
    stub = Stub([])
    with listening(handler) as stub.url:
        tracemalloc.start()
        error = failure(stub, ReplyInvalid, timeout=60.0)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert "more than 32 MB" in str(error)
    assert handler.asked == 1
    assert peak < 4 * bounds.MOST_REPLY_BYTES


def test_a_reply_that_drips_ends_with_the_timeout() -> None:
    handler = sender([b" "] * 500, pause=0.02)
    stub = Stub([])
    with listening(handler) as stub.url:
        error = failure(stub, TransportFailed, timeout=0.3)
    assert "raise timeout_seconds" in str(error)
    assert {getattr(one, "error", "") for one in error.attempts} == {"APITimeoutError"}


@pytest.mark.parametrize("body", [b"no gzip at all", PACKED[:12] + bytes(20) + PACKED[32:]])
def test_what_cannot_be_unpacked_is_called_so(body: bytes) -> None:
    stub = Stub([])
    with listening(sender([body], "gzip")) as stub.url:
        error = failure(stub, TransportFailed)
    assert "cannot be unpacked" in str(error)
