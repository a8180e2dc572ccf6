"""The SDK's HTTP client, with every real request waiting for its turn at the endpoint.

This is where a server's words enter the program: keys that it repeats are masked here. It is asked
at its own address and nowhere else: a redirection is an answer that nobody follows, because it
would take the article, and with it the trust in an address, to another host.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import openai

from extractor.models.attempts import CURRENT_LOG
from extractor.models.limits import Limits
from extractor.models.retry import retry_after
from extractor.redaction import redacted, redacted_body

if TYPE_CHECKING:
    import httpx2

BYTES_PER_TOKEN = 4  # of English; the reply says how many they were
_OF_THE_BODY = frozenset({"content-encoding", "content-length", "transfer-encoding"})
TOKEN_LIMITS = ("max_completion_tokens", "max_tokens")


class LimitedClient(openai.DefaultAioHttpClient):
    """Sends what `limits` lets pass. A request that waits holds no connection and no timeout.

    aiohttp carries it: with a hundred connections open it takes a fraction of the time that the
    default transport takes to find a free one. `send` is taken and not a transport, because a
    client with a transport of its own no longer heeds the proxies of the environment.
    """

    def __init__(self, limits: Limits, *, trust_env: bool) -> None:
        super().__init__(trust_env=trust_env, follow_redirects=False)
        self._turns = limits

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Send `request` in its turn, and tell the limits and the log of attempts how it went."""
        expected = _expected_tokens(request) if self._turns.counts_tokens else 0
        async with self._turns.turn(expected):
            log = CURRENT_LOG.get()
            if log is not None:
                log.begin()
            response = await self._send(request, **options)
            self._turns.answered(response.status_code, retry_after(response.headers))
            if self._turns.counts_tokens:
                self._turns.used(_used_tokens(response, expected), expected)
            return response

    async def _send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        import httpx2

        try:
            return _clean(await super().send(request, **options))
        except httpx2.ConnectTimeout as error:
            if isinstance(error.__cause__, TimeoutError):
                raise
            # The transport takes every lost connection for one that was not made in time.
            raise httpx2.ConnectError(str(error), request=request) from error


def redirection(response: httpx2.Response) -> str | None:
    """Where a reply sends to, `host sends to other host`; None where it is no redirection."""
    if not response.has_redirect_location:
        return None
    asked = str(response.request.url)
    try:
        target = urljoin(asked, response.headers["location"])
        return f"{_host(asked)} sends on to {_host(target)}"
    except ValueError:
        return f"{_host(asked)} sends on to an address that is none"


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _clean(response: httpx2.Response) -> httpx2.Response:
    """The response without keys. A body that is still to come, as of a file, comes as it is."""
    import httpx2

    headers = [(name, redacted(value)) for name, value in response.headers.multi_items()]
    changed = headers != response.headers.multi_items()
    body = redacted_body(response.content) if response.is_closed else None
    if body is None or (not changed and body == response.content):
        return response
    told = [(name, value) for name, value in headers if name.lower() not in _OF_THE_BODY]
    return httpx2.Response(
        response.status_code, headers=told, content=body, request=response.request
    )


def _expected_tokens(request: httpx2.Request) -> int:
    """The request's own tokens, by its length, and the longest reply that it allows."""
    body = _object(request.content)
    reply = next((body[name] for name in TOKEN_LIMITS if isinstance(body.get(name), int)), 0)
    return len(request.content) // BYTES_PER_TOKEN + int(reply)


def _used_tokens(response: httpx2.Response, expected: int) -> int:
    """What the reply says it cost; without such a word what was expected."""
    usage = _object(response.content).get("usage")
    total = usage.get("total_tokens") if isinstance(usage, dict) else None
    return total if isinstance(total, int) and total >= 0 else expected


def _object(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
