"""The library's front door: one document in, its records out."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from pydantic import BaseModel

from extractor.documents import Document
from extractor.models import Model, open_model
from extractor.output import Extraction
from extractor.pipeline import Work, extract_document, extract_work
from extractor.prompts import shipped_prompt
from extractor.settings import Settings, load_settings
from extractor.store import Store
from extractor.tasks import TASKS
from extractor.tasks.custom import CustomTask, Example, prompt_for
from extractor.typed import TypedExtraction, verify_grounded

T = TypeVar("T", bound=BaseModel)
ALL_RECORDS = tuple(TASKS)
RECORDS_PROMPT = "records/v1"


async def aextract(
    document: Document,
    *,
    model: str | Model | None = None,
    records: Sequence[str] = ALL_RECORDS,
    store: Store | None = None,
    settings: Settings | None = None,
) -> Extraction:
    """Extract typed records from one document.

    Args:
        document: what to read; see `Document.from_text` and `Document.from_path`.
        model: a name, which opens the model for this call only (`local`, `openai/NAME`, or with
            `settings.base_url` any name the server knows), or an open `Model` to be used again; by
            default what the settings say, which is `local` unless changed.
        records: any of `header`, `figures`, `quotations`, `entities`, `events`, `methods`.
        store: where finished work is kept and looked up; without it nothing is kept.
        settings: for opening a model by name; by default environment and `extractor.toml`.

    Returns:
        The records by type. A type that was not asked for, or that failed, is None.

    Raises:
        UsageError: an unknown record type, or settings that do not fit.
        DocumentError: the document is in a language that is not supported.
        ModelError: the model cannot be used or does not answer.
    """
    async with _opened(model, settings) as opened:
        return await extract_document(document, model=opened, records=records, store=store)


def extract(
    document: Document,
    *,
    model: str | Model | None = None,
    records: Sequence[str] = ALL_RECORDS,
    settings: Settings | None = None,
) -> Extraction:
    """`aextract` for code without an event loop. It may also be called inside a running one.

    It takes no store: SQLite connections stay in their thread. Use `aextract`, or the command line.
    """
    call = functools.partial(aextract, model=model, records=records, settings=settings)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(call(document))).result()


async def aextract_records(
    document: Document,
    type_: type[T],
    *,
    instructions: str,
    examples: Sequence[Example[T]] = (),
    model: str | Model | None = None,
    store: Store | None = None,
    settings: Settings | None = None,
) -> TypedExtraction[T]:
    """Extract records of a type of your own from one document.

    Args:
        document: what to read, as for `aextract`.
        type_: a pydantic model; each field carries a marker, see `extractor.typed.markers`.
        instructions: what a record is, in a sentence or two; fields may have descriptions.
        examples: texts with their records, shown to the model instead of the prompt's own example.
        model, settings: as for `aextract`.
        store: where the model's answers are kept and looked up; records are built anew each time.

    Returns:
        Your objects, each with the places of its words and numbers; what was refused, and why.

    Raises:
        UsageError: markers that are missing or contradict the type, an example that does not
            ground in its own text, or settings that do not fit.
        DocumentError, ModelError: as `aextract`.
    """
    task = CustomTask(type_, instructions)
    prompt = prompt_for(shipped_prompt(RECORDS_PROMPT), task, examples)
    work = Work(task, prompt, task.schema, verify_grounded)
    async with _opened(model, settings) as opened:
        done = await extract_work(document, work, model=opened, store=store)
    return TypedExtraction(
        document=document.id,
        records=done.records,
        rejected=done.rejected,
        run=done.run,
    )


def extract_records(
    document: Document,
    type_: type[T],
    *,
    instructions: str,
    examples: Sequence[Example[T]] = (),
    model: str | Model | None = None,
    settings: Settings | None = None,
) -> TypedExtraction[T]:
    """`aextract_records` for code without an event loop, as `extract`. It takes no store either."""
    call = functools.partial(
        aextract_records,
        instructions=instructions,
        examples=examples,
        model=model,
        settings=settings,
    )
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(call(document, type_))).result()


@asynccontextmanager
async def _opened(model: str | Model | None, settings: Settings | None) -> AsyncIterator[Model]:
    if not isinstance(model, str | None):
        yield model
        return
    settings = settings or load_settings({})
    async with open_model(model or settings.model, settings) as opened:
        yield opened
