"""How the time for a document grows with its length, for texts of every shape.

    python -m benchmarks.growth [--limit SECONDS] [--lengths N ...] [SHAPE ...]

Each cell is one document from its text to verified records and the recall audit, all record types,
every question answered at once by the first choice it allows: no model, no store. It runs in a
process of its own, which is ended at the limit; longer texts of that shape are then left out.
Printed is the CPU of one core in seconds, and how many times the plain article's of that length.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import multiprocessing
import resource
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle, islice
from multiprocessing.connection import Connection
from typing import Any

from pydantic import BaseModel

from extractor import Document, ScriptedModel
from extractor.audit.uncovered import find_uncovered
from extractor.models import Request
from extractor.pipeline import extract_document

LENGTHS = (1_000, 10_000, 100_000, 1_000_000)  # characters
LIMIT = 60.0  # CPU seconds of one cell
PLAIN = "plain article"
_ARTICLE = (
    "At least 640 people from 14 districts have joined the coast patrol since spring, Tomas "
    "Lindqvist, the mayor of Aldermere, told the Aldermere Courier on Tuesday.\n\n"
    "“We have no nets left and no boats either,” Lindqvist said. “Nobody came to help us.”\n\n"
    "The ministry paid $1,750 a month in six states, it said in a statement, and 12 of the divers "
    "were hurt when a storm hit Pebble Bay in May 2031. Rosa Amado, who leads the union, denied "
    "that. She said that most of her members had left the town, and that about 30% had sold their "
    "boats to the Northern Fishing Company. The mayor disagreed.\n\n"
    "Since then the harbour has been quiet. Fishermen sit on the wall and look at the water, as "
    "their fathers did before them. According to the institute, the catch fell by 4,200 tonnes.\n\n"
)
_TABLE = "Aldermere 1,204 17.5% $3,000 2031 Pebble Bay 980 12.1% $2,750 2030 "


def _numbers_from(first: int) -> Callable[[int], str]:
    def text(length: int) -> str:
        listed = ", ".join(str(number) for number in range(first, first + length // 5 + 1))
        return f"The mayor of Aldermere said that the {listed[: length - 60]} and 9,999 boats left."

    return text


def _again(*pieces: str) -> Callable[[int], str]:
    """The pieces one after the other, over and over."""

    def text(length: int) -> str:
        count = length * len(pieces) // sum(map(len, pieces)) + len(pieces)
        return "".join(islice(cycle(pieces), count))[:length]

    return text


def _url(length: int) -> str:
    return f"About 12 divers https://news.example/{'a1-' * (length // 3)} came, the mayor said."


def _digits(length: int) -> str:
    """One number of 6,000 digits at most, in an article."""
    digits = "7" * min(6_000, length // 2)
    return (
        f"The mayor said that {digits} boats had left.\n\n"
        + _again(_ARTICLE)(length)[: length - len(digits) - 45]
    )


SHAPES: Mapping[str, Callable[[int], str]] = {
    PLAIN: _again(_ARTICLE),
    "digits and blanks": _again("1 "),
    "1,000 repeated": _again("1,000 "),
    "$1 repeated": _again("$1 "),
    "number words": _again("one hundred "),
    "list of numbers": _numbers_from(1_000),
    "number and noun": _again("40 boats and 30 divers of the 90 men, "),
    "straight marks": _again('"'),
    "straight marks apart": _again('" '),
    "curly marks": _again("\u201c\u201d"),
    "opening marks": _again("\u201ca "),
    "apostrophes": _again("'a "),
    "mixed marks": _again("\u201c \"'\u00ab\u2018\u201e\u2039``\u201d a "),
    "quoted words": _again("\u201cthe sea,\u201d ", "'the sea' "),
    "nested quotations": _again(
        "\u201cHe said \u2018I heard \u201cno\u201d twice\u2019 to me,\u201d she said. "
    ),
    "brackets": _again("(12) [13] (14 boats "),
    "open brackets": _again("("),
    "table on one line": _again(_TABLE),
    "weekdays": _again("Monday Tuesday Wednesday "),
    "dates": _again("3 May 2031, June 2030, 12/05/2029 "),
    "months": _again("January May March "),
    "and and": _again("and "),
    "capital names": _again("Ann Lee and Tomas Lindqvist of Aldermere Bay Company "),
    "one name": _again("Lindqvist "),
    "new names": lambda length: " ".join(
        f"{a}{b}{c}ov met {c}{a}{b}ek."
        for a in ("Ba", "Ke", "Lo", "Mi", "Nu", "Pa", "Re", "So", "Ti", "Vu")
        for b in "abcdefghijklmnopqrstuvwxyz"
        for c in ("Da", "Fe", "Go", "Hi", "Ju", "Ka", "Le", "Mo", "Ni", "Po", "Ra", "Se", "To")
        for _ in range(1 + length // 80_000)
    )[:length],
    "one word": _again("a"),
    "one capital word": _again("A"),
    "long URL and number": _url,
    "no full stop": _again("the boats went out to the sea and the men came back with fish and "),
    "one-word lines": _again("boats\n"),
    "numbered lines": _again("12 boats\n"),
    "subject and verb": _again("he said that "),
    "pronouns": _again("He said that she left. She said that he came. They said it was so. "),
    "short sentences": _again("Ann Lee said so. "),
    "commas": _again("boats, "),
    "full stops": _again(". "),
    "hyphens": _again("a-"),
    "e-mail addresses": _again("ann.lee@mail.example "),
    "one address": _again("a."),
    "hashtags": _again("#boats12 "),
    "emoji": _again("\U0001f600"),
    "Cyrillic": _again(_ARTICLE, "Мэр города сказал, что 640 лодок ушли в море. "),
    "Chinese": _again(_ARTICLE, "市长说有640艘船出海了。"),
    "Arabic": _again(_ARTICLE, "قال العمدة إن 640 قاربا غادر الميناء. "),
    "white space": _again("a" + " " * 99),
    "blank lines": _again("a" + "\n" * 99),
    "6,000 digits": _digits,
}  # fmt: skip


def first_choice(_: Request, schema: type[BaseModel]) -> dict[str, object]:
    """The first allowed value of everything."""
    full = schema.model_json_schema()
    found: dict[str, object] = _first(full, full.get("$defs", {}))
    return found


def _first(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Any:
    if "$ref" in schema:
        return _first(defs[schema["$ref"].rpartition("/")[2]], defs)
    if "enum" in schema or "const" in schema:
        return schema.get("enum", [schema.get("const")])[0]
    if schema.get("type") == "object":
        return {key: _first(part, defs) for key, part in schema["properties"].items()}
    return {"boolean": True, "string": "", "array": []}.get(schema.get("type", ""))


def read(text: str) -> float:
    """CPU seconds from the text to records and audit."""
    start = time.process_time()
    document = Document.from_text(text)
    found = asyncio.run(extract_document(document, model=ScriptedModel(first_choice)))
    find_uncovered(document, found)
    return time.process_time() - start


def cell(text: str, limit: float) -> str | float:
    """CPU seconds; the error's class where it fails; ">N s" where it is ended."""
    context = multiprocessing.get_context("fork")  # what is loaded by now is shared
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_report, args=(text, theirs, limit), daemon=True)
    process.start()
    theirs.close()
    try:
        found: str | float = mine.recv()
        return found
    except EOFError:
        process.join()
        return f">{limit:.0f} s" if process.exitcode == -signal.SIGXCPU else "process died"
    finally:
        process.kill()
        process.join()


def _report(text: str, connection: Connection, limit: float) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit), resource.RLIM_INFINITY))
    try:
        connection.send(read(text))
    except Exception as error:
        connection.send(type(error).__name__)


def line(name: str, cells: Sequence[str | float], plain: Sequence[str | float]) -> str:
    """One shape's row."""
    shown = []
    for mine, base in zip(cells, plain, strict=True):
        if isinstance(mine, str):
            shown.append(f"{mine:>20}")
        else:
            ratio = f"{mine / base:.1f} x" if isinstance(base, float) else ""
            shown.append(f"{mine:>11.2f}{ratio:>9}")
    return f"{name:<21}" + "".join(shown)


def main() -> None:
    """Print a row for each shape."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--limit", type=float, default=LIMIT)
    parser.add_argument("--lengths", type=int, nargs="+", default=LENGTHS)
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help="all, if none is given")
    args = parser.parse_args()
    read(_again(_ARTICLE)(20_000))
    sys.stdout.write(f"{'characters':<21}" + "".join(f"{n:>20,}" for n in args.lengths) + "\n")
    plain: list[str | float] = []
    for name in [PLAIN, *(n for n in args.shapes or SHAPES if n != PLAIN)]:
        cells: list[str | float] = []
        for length in args.lengths:
            ended = bool(cells) and str(cells[-1]).startswith((">", "-"))
            cells.append("-" if ended else cell(SHAPES[name](length), args.limit))
        plain = plain or cells
        sys.stdout.write(line(name, cells, plain) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
