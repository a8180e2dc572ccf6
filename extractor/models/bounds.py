"""A reply in bounds: of so many bytes at most when unpacked, and whole within so many seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2

MOST_REPLY_BYTES = 32 * 2**20  # an answer has thousands, with all its thought a million
QUESTIONS = "/chat/completions"
Send = Callable[..., Awaitable[httpx2.Response]]


class ReplyTooLarge(Exception):
    """More bytes came than an answer can have."""


async def bounded(send: Send, request: httpx2.Request, options: dict[str, Any]) -> httpx2.Response:
    """The response to `request` by `send`, read here piece by piece.

    Only questions are bounded so: files of batches are large, and take their time.

    Raises:
        httpx2.ReadTimeout: it did not end within the request's read timeout, counted from here.
        ReplyTooLarge: it has more than `MOST_REPLY_BYTES` when unpacked.
    """
    if not request.url.path.endswith(QUESTIONS):
        return await send(request, **options)
    try:
        async with asyncio.timeout(request.extensions.get("timeout", {}).get("read")):
            response = await send(request, **{**options, "stream": True})
            try:
                return _whole(response, await _content(response))
            finally:
                await response.aclose()
    except TimeoutError as error:
        raise httpx2.ReadTimeout("the reply did not end in time", request=request) from error


async def _content(response: httpx2.Response) -> bytes:
    pieces, size = [], 0
    async for piece in response.aiter_bytes():
        size += len(piece)
        if size > MOST_REPLY_BYTES:
            raise ReplyTooLarge
        pieces.append(piece)
    return b"".join(pieces)


def _whole(response: httpx2.Response, content: bytes) -> httpx2.Response:
    """`response` as if it had been read at once."""
    packed = {"content-encoding", "content-length", "transfer-encoding"}
    headers = [(k, v) for k, v in response.headers.multi_items() if k.lower() not in packed]
    return httpx2.Response(
        response.status_code,
        headers=headers,
        content=content,
        request=response.request,
        extensions=response.extensions,
        history=response.history,
    )
