"""CPU of what this package does about an article, without any model and without HTTP.

The articles with recorded answers (five seeds, 24 invented pages) go through all record types into
a fresh store, round after round, in one process. Printed is the CPU of one core per 600 words, the
median round and the least and most: to parse; to read and make all questions; and from the text to
records in the store. The first round, in which word lists are loaded, is not counted.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from extractor import Document, Store, read_document
from extractor.evaluation.recorded import load_recorded
from extractor.models import Model, ScriptedModel
from extractor.pipeline import extract_document, open_calls
from extractor.reading.parse import parse

ROOT = Path(__file__).parents[1]
WORDS = 600
RECORDINGS = {
    ROOT / "seeds": ROOT / "evals/recorded/local.jsonl",
    ROOT / "evals/development": ROOT / "evals/recorded/development/local.jsonl",
}
Article = tuple[Document, Model]
Step = Callable[[Document, Model, Store], Awaitable[object]]


async def parsing(document: Document, _model: Model, _store: Store) -> object:
    """The parser alone."""
    return parse(document)


async def questions(document: Document, _model: Model, _store: Store) -> object:
    """Parsing, reading, and every question of every record type."""
    return open_calls(document, model=ScriptedModel([]))


async def everything(document: Document, model: Model, store: Store) -> object:
    """From the text to records in the store."""
    return await extract_document(document, model=model, store=store)


def articles() -> list[Article]:
    """Every article that has recorded answers, with the model that gives them."""
    found: list[Article] = []
    for folder, recording in RECORDINGS.items():
        model = load_recorded(recording)
        found += [(read_document(path), model) for path in sorted(folder.glob("*.txt"))]
    return found


async def seconds(step: Step, found: list[Article]) -> float:
    """CPU of one round over all articles."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "store.db") as store:
        start = time.process_time()
        for document, model in found:
            await step(document, model, store)
        return time.process_time() - start


def main() -> None:
    """Print a line for each step."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading_cpu", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    found = articles()
    per = WORDS / sum(len(document.text.split()) for document, _ in found)
    for step in (parsing, questions, everything):
        spent = [asyncio.run(seconds(step, found)) * per for _ in range(rounds + 1)][1:]
        line = f"{statistics.median(spent):.2f} s [{min(spent):.2f}-{max(spent):.2f}]"
        sys.stdout.write(f"{step.__name__:<11} {line} of CPU per {WORDS} words\n")


if __name__ == "__main__":
    main()
