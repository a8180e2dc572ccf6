"""The article's text of 181 news pages: this project's reader beside four libraries.

    python -m benchmarks.pages FOLDER

FOLDER is a checkout of scrapinghub/article-extraction-benchmark (`ground-truth.json`, `html/`).
Scores are that benchmark's own: precision and recall of shingles of four words, averaged over the
pages, and F1 of the two averages. Its articles are without headline and captions, which this
project keeps on purpose; so the reader has two rows.
"""

from __future__ import annotations

import gzip
import importlib
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from extractor.documents import Document
from extractor.errors import DocumentError
from extractor.readers.body import find_body
from extractor.readers.decoding import decode
from extractor.readers.pages import read_page, visible_paragraphs

SHINGLE = 4  # words
LOW_RECALL = 0.8
_WORD = re.compile(r"\w+")
_NOT_COUNTED = frozenset({"h1", "figcaption"})

Reader = Callable[[bytes], str]


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """How often each run of four words stands in the text; a shorter text is one run."""
    words = _WORD.findall(text)
    ends = range(max(1, len(words) - SHINGLE + 1)) if words else ()
    return Counter(tuple(words[i : i + SHINGLE]) for i in ends)


def precision_and_recall(found: str, truth: str) -> tuple[float | None, float | None]:
    """Of one page; None where it does not count, as the benchmark has it."""
    ours, theirs = shingles(found), shingles(truth)
    hits = sum((ours & theirs).values())
    of_found, of_truth = sum(ours.values()), sum(theirs.values())
    return (hits / of_found if of_found else None, hits / of_truth if of_truth else None)


def trafilatura(page: bytes) -> str:
    """With its own settings, without comments."""
    return str(_library("trafilatura").extract(page, include_comments=False) or "")


def trafilatura_precise(page: bytes) -> str:
    """With the settings that the reader takes."""
    extract = _library("trafilatura").extract
    return str(extract(page, include_comments=False, fast=True, favor_precision=True) or "")


def readability(page: bytes) -> str:
    """Readability-lxml."""
    summary = _library("readability").Document(page.decode("utf-8", "replace")).summary()
    return str(_library("lxml.html").fromstring(summary).text_content())


def resiliparse(page: bytes) -> str:
    """Resiliparse's main content."""
    extract = _library("resiliparse.extract.html2text").extract_plain_text
    return str(extract(page.decode("utf-8", "replace"), main_content=True))


def justext(page: bytes) -> str:
    """Paragraphs that jusText does not call boilerplate."""
    library = _library("justext")
    found = library.justext(page, library.get_stoplist("English"))
    return "\n".join(one.text for one in found if not one.is_boilerplate)


def reader(page: bytes) -> str:
    """The body of the reader's document."""
    try:
        return _body(read_page(decode(page, "page", markup=True).text, "page"))
    except DocumentError:
        return ""


def reader_without_headline(page: bytes) -> str:
    """The reader's body without headline and captions."""
    try:
        found = visible_paragraphs(decode(page, "page", markup=True).text, "page")
    except DocumentError:
        return ""
    flags = find_body(found.paragraphs, found.copy)
    both = zip(found.paragraphs, flags, strict=True)
    return "\n".join(one.text for one, flag in both if flag and not one.within & _NOT_COUNTED)


def _body(document: Document) -> str:
    body = (block for block in document.blocks if not block.furniture)
    return "\n".join(document.text[block.start : block.end] for block in body)


READERS: Mapping[str, Reader] = {
    "reader": reader,
    "reader, no headline": reader_without_headline,
    "trafilatura": trafilatura,
    "trafilatura precise": trafilatura_precise,
    "readability-lxml": readability,
    "resiliparse": resiliparse,
    "jusText": justext,
}


class NotInstalled(Exception):
    """A library that is measured is not here."""


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise NotInstalled(f"not installed: {package}") from error


def load(folder: Path) -> dict[str, tuple[bytes, str]]:
    """Page and article by name. Raises SystemExit with one line where the folder is another."""
    try:
        truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
        pages = {
            name: (
                gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()),
                told["articleBody"],
            )
            for name, told in truth.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SystemExit(
            f"{folder}: not a checkout of scrapinghub/article-extraction-benchmark ({error})"
        ) from None
    return pages


def row(name: str, read: Reader, pages: Mapping[str, tuple[bytes, str]]) -> str:
    """One line of the table."""
    began = time.process_time()
    try:
        scores = [precision_and_recall(read(page), truth) for page, truth in pages.values()]
    except NotInstalled as error:
        return f"  {name:<20} {error}"
    seconds = time.process_time() - began
    precision = statistics.mean(score for score, _ in scores if score is not None)
    recalls = [score for _, score in scores if score is not None]
    recall, low = statistics.mean(recalls), sum(score < LOW_RECALL for score in recalls)
    f1 = 2 * precision * recall / (precision + recall)
    return f"  {name:<20}{precision:>10.3f}{recall:>8.3f}{f1:>8.3f}{low:>12}{seconds:>8.1f}"


def main() -> None:
    """Print the table, or one line that says what is missing."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m benchmarks.pages FOLDER")
    pages = load(Path(sys.argv[1]))
    head = f"  {len(pages):>4} pages{'':<10}{'precision':>10}{'recall':>8}{'F1':>8}"
    sys.stdout.write(f"{head}{'recall<0.8':>12}{'CPU s':>8}\n")
    for name, read in READERS.items():
        sys.stdout.write(row(name, read, pages) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
