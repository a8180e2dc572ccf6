"""The embedded engine: llama.cpp's own server, in a child process on a loopback port.

A process and not a thread, because loading holds the interpreter's lock for seconds, a crash in
native code must not take the caller along, and native code writes to the standard error stream.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import sys
import tempfile
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from extractor.errors import ModelUnavailable

ENGINE = "xllamacpp"
SERVER = Path(__file__).with_name("server.py")
LOAD_SECONDS = 300.0
STOP_SECONDS = 5.0
SHOWN_BYTES = 300


@dataclass(frozen=True)
class EngineOptions:
    """What to serve and how.

    path: GGUF file. slots: requests served at once. context_tokens: for each slot.
    """

    path: str
    slots: int
    context_tokens: int
    threads: int


class EmbeddedEngine:
    """Async context manager around one engine process.

    Inside it `base_url` and `api_key` are set. Entering raises `ModelUnavailable` when the engine
    is not installed or does not load. Leaving it stops the process, however it is left; should
    this process be killed, the engine sees the end of its input and ends too.
    """

    def __init__(self, options: EngineOptions) -> None:
        self.base_url = ""
        self.api_key = secrets.token_urlsafe()
        self._options = options
        self._process: asyncio.subprocess.Process | None = None
        self._open_files = ExitStack()
        self._noise: IO[bytes] | None = None

    async def __aenter__(self) -> Self:
        require_engine()
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()

    async def _start(self) -> None:
        self._noise = self._open_files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        # A session of its own: Ctrl-C is for the parent, which then stops the engine in order.
        # -P: files beside the script must not stand in for libraries.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            str(SERVER),
            json.dumps(asdict(self._options)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=self._noise,
            start_new_session=True,
        )
        self.base_url = f"{await self._address(self._process)}/v1"

    async def _address(self, process: asyncio.subprocess.Process) -> str:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{self.api_key}\n".encode())
        try:
            line = await asyncio.wait_for(process.stdout.readline(), LOAD_SECONDS)
        except TimeoutError:
            raise self._failed(f"did not load within {LOAD_SECONDS:.0f} s") from None
        if not line:
            code = await process.wait()
            raise self._failed(_ending(code))
        return str(json.loads(line)["address"])

    def _failed(self, problem: str) -> ModelUnavailable:
        return ModelUnavailable(
            f"local model: {self._options.path}: the engine {problem}{self._last_words()} - check "
            "free memory (2 GB) and the file, or choose another model with --model"
        )

    def _last_words(self) -> str:
        assert self._noise is not None
        size = self._noise.seek(0, os.SEEK_END)
        self._noise.seek(max(0, size - SHOWN_BYTES))
        text = self._noise.read().decode(errors="replace")
        return f" ({' '.join(text.split())})" if text.strip() else ""

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            # The engine holds nothing that could be lost.
            with suppress(ProcessLookupError):
                process.kill()
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
        self._open_files.close()


def require_engine() -> None:
    """Check that the engine's package is installed.

    Raises:
        ModelUnavailable: it is not.
    """
    if find_spec(ENGINE) is None:
        raise ModelUnavailable(
            f"local model: package {ENGINE} is not installed - pip install extractor[local]"
        )


def available_threads() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended with code {code} while loading"
    return f"was ended by {signal.Signals(-code).name} while loading"
