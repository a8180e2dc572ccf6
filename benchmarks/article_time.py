"""Seconds that one article takes with the embedded model, figures and quotations, then everything.

    python -m benchmarks.article_time FILE [FILE ...]

Each run is asked anew, without a store, on an engine that has just started: nothing is in its
prefix cache, as for a user's first article. Times are wall clock from the text to the records, the
engine's start left out, and per 600 words of the article's own text (page furniture not counted).
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from extractor import Document, aextract, load_settings, open_model, read_document
from extractor.errors import ExtractorError
from extractor.tasks import TASKS

QUICK = ("figures", "quotations")
WORDS = 600
TARGETS = {QUICK: 120, tuple(TASKS): 300}  # seconds per 600 words on two cores


def words_of(document: Document) -> int:
    """Words of the article without the furniture of its page."""
    own = [block for block in document.blocks if not block.furniture]
    return sum(len(document.text[block.start : block.end].split()) for block in own)


async def seconds(document: Document, records: Sequence[str]) -> tuple[float, int]:
    """Wall time, and requests that were sent."""
    async with open_model("local", load_settings({})) as model:
        start = time.perf_counter()
        found = await aextract(document, model=model, records=records)
        return time.perf_counter() - start, sum(run.attempts for run in found.runs)


def main() -> None:
    """One line for each article and set of record types."""
    for path in sys.argv[1:]:
        document = read_document(Path(path))
        words = words_of(document)
        for records, target in TARGETS.items():
            took, requests = asyncio.run(seconds(document, records))
            rate = took * WORDS / words
            kinds = "all types" if len(records) > len(QUICK) else " and ".join(records)
            sys.stdout.write(
                f"{document.name}: {words} words, {kinds}: {took:.0f} s, {requests} requests, "
                f"{rate:.0f} s per {WORDS} words (target {target})\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    try:
        main()
    except ExtractorError as error:
        sys.exit(str(error))
