"""Answers of all systems: one adapter process per article, one engine, everything kept.

An answer is kept in `work/answers/SYSTEM/CONFIGURATION/` under a key of all that it depends on, at
once and whole, so that a run can be stopped anywhere and goes on where it was.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, JsonValue, ValidationError

from evals.comparisons.peers.configurations import HERE, OURS, System, job_for, key_of
from evals.comparisons.peers.convert import body_of
from evals.comparisons.peers.environments import python_for
from evals.comparisons.peers.proxy import LOOPBACK, CountingProxy, Tally
from extractor.evaluation.suite import Case
from extractor.models.engine import EmbeddedEngine, EngineOptions, available_threads
from extractor.models.weights import Weights
from extractor.records import Strict

# What the longest page needs in one prompt; the same for all, though the extractor needs half.
SLOTS, CONTEXT_TOKENS = 4, 8192
SHOWN = 300  # characters of an adapter's last words


class Answer(Strict):
    """What one system gave for one page.

    lines: what the adapter wrote. seconds: from the text to the records, libraries loaded.
    timeout: the limit that was hit. failure: why there are no lines.
    """

    system: str
    configuration: str
    page: str
    lines: list[dict[str, JsonValue]] = Field(default=[])
    seconds: float = 0.0
    tally: Tally = Tally()
    timeout: float | None = None
    failure: str | None = None


@dataclass(frozen=True)
class Question:
    """One page for one system. `path`: where the answer is kept."""

    system: System
    page: str
    job: Mapping[str, Any]
    path: Path

    def answer(self, timeout: float) -> Answer | None:
        """The kept answer; one that ran out of less time than `timeout` counts as none."""
        try:
            kept = Answer.model_validate_json(self.path.read_text(encoding="utf-8"))
        except (OSError, ValidationError):
            return None
        return None if kept.timeout is not None and kept.timeout < timeout else kept


def served(weights: Weights) -> str:
    """What the server is, for the keys of answers and for the result."""
    return f"{weights.label}, {SLOTS} slots of {CONTEXT_TOKENS} tokens, temperature 0"


def questions(
    systems: Iterable[System], cases: Sequence[Case], weights: Weights, work: Path
) -> list[Question]:
    """Every system with every page, system by system, so that prompts stay in the server's cache.

    The extractor reads the page; a peer reads the article's own text, as the extractor marks it.
    """
    found = []
    for system in systems:
        for case in cases:
            name = case.gold.document.name
            own = system.name == OURS
            job = job_for(system, case.document.text if own else body_of(case.document).text)
            if own:
                job["name"] = name
            key = key_of(system, job, served(weights))
            folder = work / "answers" / system.name / system.configuration
            path = folder / f"{Path(name).stem}-{key[:12]}.json"
            found.append(Question(system, name, job, path))
    return found


async def answer_all(
    pending: Sequence[Question],
    weights: Weights,
    work: Path,
    timeout: float,
    report: Callable[[Answer], None],
) -> None:
    """Ask one question after the other, and keep each answer. The engine runs as long as needed.

    Args:
        timeout: seconds for one page; a system that takes longer has no answer.

    Raises:
        ExtractorError: an environment cannot be made. ModelUnavailable: the engine does not start.
    """
    if not pending:
        return
    pythons = {name: python_for(name, work) for name in {one.system.name for one in pending}}
    options = EngineOptions(str(weights.path), SLOTS, CONTEXT_TOKENS, available_threads())
    async with AsyncExitStack() as stack:
        engine = await stack.enter_async_context(EmbeddedEngine(options))
        proxy = stack.enter_context(CountingProxy(engine.base_url))
        for question in pending:
            key = secrets.token_hex(8)
            server = {
                "base_url": proxy.url(key),
                "api_key": engine.api_key,
                "model": weights.path.stem,
                "slots": SLOTS,
            }
            answer = await ask(question, pythons[question.system.name], server, timeout)
            proxy.stop(key)
            answer = answer.model_copy(update={"tally": proxy.tally(key)})
            keep(answer, question.path)
            report(answer)


async def ask(
    question: Question, python: Path, server: Mapping[str, Any], timeout: float
) -> Answer:
    """Run the adapter on one page; what goes wrong becomes the answer's failure."""
    system = question.system
    base = Answer(system=system.name, configuration=system.configuration, page=question.page)
    script = HERE / "adapters" / f"{system.name}_adapter.py"
    # A session of its own, so that whatever the library starts ends with it.
    process = await asyncio.create_subprocess_exec(
        python,
        "-P",
        script,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "NO_PROXY": LOOPBACK, "no_proxy": LOOPBACK, "PYTHONUTF8": "1"},
        start_new_session=True,
    )
    content = json.dumps({**question.job, "server": dict(server)}).encode()
    try:
        out, noise = await asyncio.wait_for(process.communicate(content), timeout)
    except TimeoutError:
        failure = f"no answer within {timeout:.0f} s"
        return base.model_copy(update={"timeout": timeout, "seconds": timeout, "failure": failure})
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    return finished(base, out.decode(errors="replace"), noise.decode(errors="replace"))


def finished(base: Answer, out: str, noise: str) -> Answer:
    """The answer from what an adapter wrote. Without its last line, or with nothing but failures,
    there is none.
    """
    try:
        lines = [json.loads(line) for line in out.splitlines()]
        *lines, end = lines
        seconds = float(end["seconds"])
    except (ValueError, KeyError, TypeError):
        last = " ".join(noise.split())[-SHOWN:]
        return base.model_copy(update={"failure": f"the adapter ended early: {last}"})
    errors = [str(line["error"]) for line in lines if line["kind"] == "failure"]
    failed = bool(errors) and len(errors) == len(lines)
    failure = "; ".join(errors) if failed else None
    return base.model_copy(update={"lines": lines, "seconds": seconds, "failure": failure})


def keep(answer: Answer, path: Path) -> None:
    """Write whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(answer.model_dump_json(indent=1) + "\n", encoding="utf-8")
    part.replace(path)
