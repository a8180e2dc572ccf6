"""The counting proxy: it passes everything on, counts by key, and can hang up."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from evals.comparisons.peers.proxy import CountingProxy, Tally, counted

ANSWER = {
    "choices": [{"finish_reason": "length"}],
    "usage": {
        "prompt_tokens": 70,
        "completion_tokens": 9,
        "prompt_tokens_details": {"cached_tokens": 40},
    },
}


class _Upstream(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        if sent == b"slow":
            time.sleep(5)
        known = self.headers["Authorization"] == "Bearer k" and self.path == "/v1/chat/completions"
        content = json.dumps(ANSWER).encode()
        self.send_response(200 if known else 401)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def proxy() -> Iterator[CountingProxy]:
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), _Upstream)
    upstream.daemon_threads = True
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    with CountingProxy(f"http://127.0.0.1:{upstream.server_port}/v1") as found:
        yield found
    upstream.shutdown()
    upstream.server_close()


def post(base_url: str, body: bytes, key: str = "k") -> tuple[int, bytes]:
    parts = urlsplit(base_url)
    connection = HTTPConnection(str(parts.hostname), parts.port)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection.request("POST", f"{parts.path}/chat/completions", body, headers)
    answer = connection.getresponse()
    found = (answer.status, answer.read())
    connection.close()
    return found


def test_answers_pass_and_are_counted_by_key(proxy: CountingProxy) -> None:
    status, content = post(proxy.url("a"), b"{}")
    post(proxy.url("a"), b"{}")
    assert (status, json.loads(content)) == (200, ANSWER)
    assert proxy.tally("a") == Tally(
        calls=2, prompt_tokens=140, cached_tokens=80, completion_tokens=18, cut_off=2
    )
    assert proxy.tally("b") == Tally()


def test_a_refusal_passes_and_costs_no_tokens(proxy: CountingProxy) -> None:
    status, _ = post(proxy.url("a"), b"{}", key="wrong")
    assert status == 401
    assert proxy.tally("a") == Tally(calls=1, refused=1)


def test_stopping_hangs_up_on_open_requests(proxy: CountingProxy) -> None:
    began = time.monotonic()
    client = threading.Thread(target=post, args=(proxy.url("a"), b"slow"))
    client.start()
    time.sleep(0.3)
    proxy.stop("a")
    assert proxy.tally("a") == Tally(calls=1, refused=1)
    client.join()
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("content", [b"no json", b"[]", b'{"choices": []}'])
def test_an_answer_without_usage_is_a_call(content: bytes) -> None:
    assert counted(200, content).calls == 1
