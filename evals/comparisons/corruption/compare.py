"""How many corrupted words are accepted as grounded: ours and LangExtract's, in one table.

Run from the repository's root: python -m evals.comparisons.corruption.compare

It takes the mentions of figures that the pipeline finds on the pages of the test suite, as the
words around the number ("at least 600 people") and as whole sentences, changes the words or the
text with the generator of the tests, and asks both whether the words still stand in the text.
LangExtract is installed into a virtual environment of its own in a temporary folder.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel

from extractor import Document, Grounded, Verbatim, ground
from tests.corruptions import Json, corruptions
from tests.corruptions_typed import RECORD_CHANGES, TEXT_CHANGES
from tests.good_records import counts, extract

HERE = Path(__file__).resolve().parent
CHUNK = 1_000  # characters: what LangExtract aligns at a time by default
LONGEST_SENTENCE = 300  # characters
PHRASE_CHANGES = tuple(c for c in RECORD_CHANGES if c.__name__.startswith("phrase_"))
ALL = "all changes"
STATUSES = ("match_exact", "match_lesser", "match_fuzzy")


@dataclass(frozen=True)
class Case:
    """Words that a model might give for a text; `change` is `none` where they are right."""

    length: str
    change: str
    words: str
    text: str


class Words(BaseModel):
    """The smallest type: words, and nothing else."""

    words: Annotated[str, Verbatim()]


def cases() -> Iterator[Case]:
    """Right and corrupted words, the same in every run."""
    for length, good in (("phrase", phrases()), ("sentence", sentences())):
        kept = [(record, text) for record, text in good if _stands_once(record, text)]
        yield from (Case(length, "none", r["record"]["phrase"], text) for r, text in kept)
        changes = {"counts": (*PHRASE_CHANGES, *TEXT_CHANGES)}
        for made in corruptions((("counts", *pair) for pair in kept), seed=17, changes=changes):
            yield Case(length, made.kind, made.record["record"]["phrase"], made.text)


def _stands_once(record: Json, text: str) -> bool:
    return text.count(record["record"]["phrase"]) == 1


def phrases() -> Iterator[tuple[Json, str]]:
    """The counts of the pages, each in the lines around it."""
    for record, text in counts(asyncio.run(extract())):
        yield _in_chunk(record, text)


def sentences() -> Iterator[tuple[Json, str]]:
    """The same, with the whole sentence of the number as the words."""
    for record, text in phrases():
        sentence = Document.from_text(text).sentence_at(record["evidence"]["value"]["start"])
        if sentence is not None and len(sentence.text) <= LONGEST_SENTENCE:
            span = {"start": sentence.start, "end": sentence.end, "text": sentence.text}
            evidence = record["evidence"] | {"phrase": span}
            words = record["record"] | {"phrase": sentence.text}
            yield record | {"record": words, "evidence": evidence}, text


def _in_chunk(record: Json, text: str) -> tuple[Json, str]:
    """The record in whole lines around it, as many as a chunk holds."""
    start = text.rfind("\n", 0, record["evidence"]["phrase"]["start"]) + 1
    end = (text + "\n").find("\n", record["evidence"]["phrase"]["end"])
    while end < len(text) and (following := (text + "\n").find("\n", end + 1)) - start <= CHUNK:
        end = following
    moved = {name: _moved(span, start) for name, span in record["evidence"].items()}
    bound = record["bound_text"] and _moved(record["bound_text"], start)
    return record | {"evidence": moved, "bound_text": bound}, text[start:end]


def _moved(span: Json, by: int) -> Json:
    return span | {"start": span["start"] - by, "end": span["end"] - by}


def langextract(found: list[Case]) -> list[str | None]:
    """LangExtract's status for each case, from a virtual environment of its own."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        install = [python, "-m", "pip", "install", "-q", "--require-hashes", "-r"]
        subprocess.run([*install, str(HERE / "requirements.txt")], check=True)
        pairs = json.dumps([(case.words, case.text) for case in found])
        done = subprocess.run(
            [python, str(HERE / "align.py")], input=pairs, stdout=subprocess.PIPE, text=True,
            check=True,
        )  # fmt: skip
    statuses: list[str | None] = json.loads(done.stdout)
    return statuses


def table(found: list[Case], statuses: list[str | None]) -> Iterator[str]:
    """Rows in Markdown: cases and how many each accepts, by length of the words and change."""
    yield "| words | change | cases | ours | LangExtract | exact | lesser | fuzzy |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    rows: dict[tuple[str, str], Counter[str]] = {}
    for case, status in zip(found, statuses, strict=True):
        ours = isinstance(ground(Words(words=case.words), case.text), Grounded)
        for change in (case.change,) if case.change == "none" else (ALL, case.change):
            row = rows.setdefault((case.length, change), Counter())
            row.update({"cases": 1, "ours": ours, "theirs": status is not None, str(status): 1})
    largest_first = sorted(rows.items(), key=lambda item: (item[0][0], -item[1]["cases"]))
    for (length, change), row in largest_first:
        cells: list[Any] = [length, change, row["cases"], row["ours"], row["theirs"]]
        yield "| " + " | ".join(map(str, [*cells, *(row[s] for s in STATUSES)])) + " |"


if __name__ == "__main__":
    every = list(cases())
    sys.stdout.write("\n".join(table(every, langextract(every))) + "\n")
