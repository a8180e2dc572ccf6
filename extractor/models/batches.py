"""The Batch API of an OpenAI-compatible server: files of requests, answered within a day for less.

Sources: the API reference and the Batch guide of OpenAI; sizes of a file as they say in 2026.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from json import JSONDecodeError
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx2
import openai
from openai.types import Batch as SdkBatch
from pydantic import BaseModel

from extractor.errors import ModelError, QuotaExhausted, TransportFailed
from extractor.models.attempts import CURRENT_LOG, HTTP_OK, MAX_LABEL, AttemptLog
from extractor.models.base import Attempt, Closing, Request
from extractor.models.client import ChatModel
from extractor.models.limits import SERVER_ERROR, TOO_MANY_REQUESTS, Limits, Rates
from extractor.redaction import redacted_body

T = TypeVar("T", bound=BaseModel)
R = TypeVar("R")
ENDPOINT: Final = "/v1/chat/completions"
WINDOW: Final = "24h"
LABEL = "extractor_batch"  # in the metadata, with our own name of the batch
PAGE = 100
MOST_SAID = 300
ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
_QUESTION = Request("batch", (), max_tokens=0)  # what messages call the requests about batches


@dataclass(frozen=True)
class RemoteBatch:
    """A batch as the server tells of it.

    id: the server's name for it. created: UTC, ISO 8601.
    output_file, error_file: names of the files with what it gave, None where there is none.
    problem: why it was refused as a whole.
    done, requests: how many have been answered, of how many.
    """

    id: str
    status: str
    created: str
    output_file: str | None
    error_file: str | None
    problem: str | None
    done: int
    requests: int

    @property
    def ended(self) -> bool:
        """True where nothing more will come."""
        return self.status in ENDED


class BatchServer(Closing):
    """The Batch API at the server of a model, which stays the caller's to close.

    Every method raises ModelError, as `ChatModel.ask`, where the server does not do its part.
    """

    def __init__(self, model: ChatModel) -> None:
        self.model = model
        # The limits of the model's own requests do not count here, nor are there tokens to count.
        self._limits = Limits(
            Rates(1, adaptive=False, max_retry_after=model.policy.max_retry_after)
        )
        self._sdk = model.endpoint.connect(self._limits)

    async def body(self, request: Request, schema: type[BaseModel]) -> dict[str, Any]:
        """One line of a batch's file, but for its name: what is asked, and where."""
        body = await self.model.body(request, schema)
        return {"method": "POST", "url": ENDPOINT, "body": body}

    async def read(
        self, line: Mapping[str, Any], request: Request, schema: type[T]
    ) -> tuple[T | None, Attempt]:
        """What a line of the output or the error file says; None where that is no usable reply.

        The time that one request took is not known: the attempt has 0 seconds.
        """
        response = _mapping(line.get("response"))
        body, status = _mapping(response.get("body")), response.get("status_code")
        if status != HTTP_OK or line.get("error"):
            return None, _refused(line.get("error") or body.get("error"), status)
        value, attempt = await self.model.read(body, request, schema)
        price = self.model.price
        return value, replace(attempt, cost=price.cost(attempt, batch=True) if price else None)

    async def submit(self, name: str, file: Path) -> RemoteBatch:
        """Upload a file of requests and begin a batch with it, which has `name` as its metadata."""
        uploaded = await self._retried(partial(self._upload, name, file))
        begun = False

        async def begin() -> RemoteBatch:
            nonlocal begun
            # A request that got no answer may have been heard.
            found = await self._listed({name}) if begun else {}
            begun = True
            return found.get(name) or self._told(
                await self._sdk.batches.create(
                    input_file_id=uploaded,
                    endpoint=ENDPOINT,
                    completion_window=WINDOW,
                    metadata={LABEL: name},
                )
            )

        return await self._retried(begin)

    async def find(self, names: Set[str]) -> dict[str, RemoteBatch]:
        """The batches that were submitted under these names, as far as the server has them."""
        return await self._retried(partial(self._listed, names))

    async def retrieve(self, remote: str) -> RemoteBatch | None:
        """How a batch stands now; None where the server does not know it."""

        async def retrieve() -> RemoteBatch | None:
            try:
                return self._told(await self._sdk.batches.retrieve(remote))
            except openai.NotFoundError:
                return None

        return await self._retried(retrieve)

    async def download(self, remote: str, target: Path) -> bool:
        """Write a file of the server's to `target`; False where the server has it no more."""
        return await self._retried(partial(self._download, remote, target))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._sdk.close()

    async def _upload(self, name: str, file: Path) -> str:
        with file.open("rb") as content:  # anew for each try
            sent = (f"{name}.jsonl", content, "application/jsonl")
            return (await self._sdk.files.create(file=sent, purpose="batch")).id

    async def _listed(self, names: Set[str]) -> dict[str, RemoteBatch]:
        found: dict[str, RemoteBatch] = {}
        async for batch in self._sdk.batches.list(limit=PAGE):
            name = _mapping(getattr(batch, "metadata", None)).get(LABEL)
            if isinstance(name, str) and name in names:
                found.setdefault(name, self._told(batch))
            if len(found) == len(names):
                break
        return found

    async def _download(self, remote: str, target: Path) -> bool:
        try:
            async with self._sdk.files.with_streaming_response.content(remote) as response:
                with target.open("wb") as file:
                    rest = b""
                    async for chunk in response.iter_bytes():
                        *lines, rest = (rest + chunk).split(b"\n")
                        file.writelines(redacted_body(line) + b"\n" for line in lines)
                    file.write(redacted_body(rest))
        except openai.NotFoundError:
            return False
        except httpx2.TransportError as error:  # in the middle, where the SDK does not look
            raise openai.APIConnectionError(request=error.request) from error
        return True

    async def _retried(self, call: Callable[[], Awaitable[R]]) -> R:
        """`call` under the model's own policy for transport, with its words for failures."""
        log = AttemptLog(BaseModel)
        before = CURRENT_LOG.set(log)
        try:
            return await self.model.policy.retrying(log, self._limits.pause)(call)
        except (openai.OpenAIError, JSONDecodeError) as error:
            failure = self.model.failures.explain(error, _QUESTION, log.attempts)
            if failure is None:
                raise
            raise failure from error
        finally:
            CURRENT_LOG.reset(before)

    def _told(self, batch: SdkBatch) -> RemoteBatch:
        """A batch as the SDK gives it; any field may be missing in what a server says."""
        known, status = getattr(batch, "id", None), getattr(batch, "status", None)
        if not isinstance(known, str) or not isinstance(status, str):
            raise TransportFailed(
                f"{self.model.identity}: the server has no Batch API - run without --batch"
            )
        counts = getattr(batch, "request_counts", None)
        return RemoteBatch(
            id=known,
            status=status,
            created=_moment(getattr(batch, "created_at", None)),
            output_file=getattr(batch, "output_file_id", None),
            error_file=getattr(batch, "error_file_id", None),
            problem=_problem(batch),
            done=(getattr(counts, "completed", 0) or 0) + (getattr(counts, "failed", 0) or 0),
            requests=getattr(counts, "total", 0) or 0,
        )


def is_passing(error: ModelError) -> bool:
    """True where the same request may well be answered later."""
    if isinstance(error, QuotaExhausted) or not isinstance(error, TransportFailed):
        return False
    last = error.attempts[-1] if error.attempts else None
    status = last.status_code if isinstance(last, Attempt) else None
    return status is None or status >= SERVER_ERROR or status == TOO_MANY_REQUESTS


def _refused(error: object, status: object) -> Attempt:
    """The attempt of a line without a reply. Servers' messages may quote the request."""
    code = _mapping(error).get("code") or _mapping(error).get("type") or "no response"
    return Attempt(
        number=1,
        started="",
        seconds=0.0,
        status_code=status if isinstance(status, int) else None,
        error=f"batch: {code}"[:MAX_LABEL],
        cost=0.0,
    )


def _problem(batch: SdkBatch) -> str | None:
    errors = getattr(getattr(batch, "errors", None), "data", None) or []
    words = [str(getattr(error, "message", None) or getattr(error, "code", "")) for error in errors]
    said = "; ".join(" ".join(word.split()) for word in words if word)
    return said[:MOST_SAID] or None


def _moment(seconds: object) -> str:
    moment = datetime.now(UTC)
    if isinstance(seconds, int | float):
        moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds")


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
