"""Readers: paths and standard input -> documents, one error per input that cannot be read.

Plain text (.txt, .md), HTML (.html, .htm) and JSON Lines (.jsonl). Errors are yielded in place and
not raised, so that one bad input does not stop the others.
"""

from __future__ import annotations

import codecs
import json
import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.documents import Document, canonical
from extractor.errors import DocumentError
from extractor.records import Metadata

MAX_BYTES = 5_000_000  # one document: a file, standard input, or one row of a .jsonl
MAX_CONTROL_SHARE = 0.01  # more control characters than that are not text
MAX_ASCII = 0x7F
MAX_FEW_SHARE = 0.1  # of the bytes; text in a Latin script stays under it, in others far above
MAX_LINK_SHARE = 0.5  # of a paragraph's characters
LINK_MIN_WORDS = 4  # a linked by-line is shorter
TEXT_SUFFIXES = frozenset({".txt", ".md"})
HTML_SUFFIXES = frozenset({".html", ".htm"})
ROWS_SUFFIXES = frozenset({".jsonl"})
SUFFIXES = TEXT_SUFFIXES | HTML_SUFFIXES | ROWS_SUFFIXES

Result = Document | DocumentError

_BOMS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_documents(
    paths: Iterable[str | Path], stdin: BinaryIO | None = None
) -> Iterator[Document | DocumentError]:
    """The documents of files and folders, in the order given; folders recursively and sorted.

    Args:
        paths: files, folders, or "-" for standard input as plain text.
        stdin: what "-" reads; None for the process's own standard input.

    Nothing is raised for an input that cannot be read: its DocumentError is yielded instead.
    """
    for path in paths:
        try:
            if str(path) == "-":
                yield _from_stream(stdin or sys.stdin.buffer)
            else:
                yield from _from_path(Path(path))
        except DocumentError as error:
            yield error


def count_documents(paths: Iterable[str | Path]) -> int | None:
    """About how many inputs `read_documents` will give; None where standard input is among them."""
    files: list[Path] = []
    for path in map(Path, paths):
        if str(path) == "-":
            return None
        files += [one for one in path.rglob("*") if one.is_file()] if path.is_dir() else [path]
    return sum(_rows_in(file) for file in files if file.suffix.lower() in SUFFIXES)


def _rows_in(path: Path) -> int:
    if path.suffix.lower() not in ROWS_SUFFIXES:
        return 1
    try:
        with path.open("rb") as file:
            return sum(line is None or bool(line.strip()) for line in _limited_lines(file))
    except OSError:
        return 1


def read_document(path: str | Path) -> Document:
    """The one document of a file.

    Raises:
        DocumentError: the file cannot be read, or holds more than one document.
    """
    found = list(islice(read_documents([path]), 2))
    if isinstance(found[0], DocumentError):
        raise found[0]
    if len(found) > 1:
        raise DocumentError(str(path), "more than one document", "use read_documents")
    return found[0]


def _from_stream(stream: BinaryIO) -> Document:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _too_large("standard input")
    return _from_text(_decode(data, "standard input"), "standard input")


def _from_path(path: Path) -> Iterator[Result]:
    try:
        if path.is_dir():
            yield from _from_folder(path)
        elif path.suffix.lower() in SUFFIXES:
            yield from _from_file(path)
        elif path.exists():
            raise DocumentError(str(path), "unsupported type of file", f"use {_suffixes()}")
        else:
            raise FileNotFoundError
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        yield _unreadable(path, error)


def _from_folder(folder: Path) -> Iterator[Result]:
    failed: list[OSError] = []
    found: list[Path] = []
    for parent, _, names in os.walk(folder, onerror=failed.append):
        found.extend(Path(parent, name) for name in names)
    for error in failed:
        yield _unreadable(Path(str(error.filename)), error)
    supported = sorted(path for path in found if path.suffix.lower() in SUFFIXES)
    if not supported and not failed:
        yield DocumentError(str(folder), "no documents in this folder", f"put in {_suffixes()}")
    for path in supported:
        try:
            yield from _from_file(path)
        except DocumentError as error_of_one:
            yield error_of_one


def _from_file(path: Path) -> Iterator[Result]:
    try:
        if not path.exists():
            raise FileNotFoundError
        if not path.is_file():
            raise DocumentError(str(path), "not a regular file", "give a file or a folder")
        if path.suffix.lower() in ROWS_SUFFIXES:
            yield from _from_rows(path)
        else:
            yield _from_single(path)
    except OSError as error:
        yield _unreadable(path, error)


def _from_single(path: Path) -> Document:
    name = str(path)
    if path.stat().st_size > MAX_BYTES:
        raise _too_large(name)
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:  # it grew since
        raise _too_large(name)
    text = _decode(data, name)
    return (_from_html if path.suffix.lower() in HTML_SUFFIXES else _from_text)(text, name)


def _from_text(text: str, name: str) -> Document:
    if not canonical(text).strip():
        raise DocumentError(name, "no text in it", "give a file with the article's words")
    return Document.from_text(text, name=name)


def _from_html(text: str, name: str) -> Document:
    """A document of all the page's paragraphs, as jusText (Pomikálek 2011) cuts them."""
    import justext
    from lxml.etree import LxmlError

    try:
        found = justext.justext(text, justext.get_stoplist("English"))
    except (LxmlError, ValueError):  # nothing that a lenient parser can make a tree of
        found = []
    linked = [
        part.is_boilerplate and part.links_density() > MAX_LINK_SHARE and "h1" not in part.dom_path
        for part in found
    ]
    paragraphs = [
        (part.text, _in_links(linked, i, part.words_count)) for i, part in enumerate(found)
    ]
    if not any(words.strip() for words, _ in paragraphs):
        raise DocumentError(name, "HTML without text", "save the page with its article, or as text")
    return Document.from_paragraphs(paragraphs, name=name)


def _in_links(linked: list[bool], index: int, words: int) -> bool:
    """True for a link as long as a headline, or one of a list of links."""
    around = linked[max(0, index - 1) : index] + linked[index + 1 : index + 2]
    return linked[index] and (words >= LINK_MIN_WORDS or any(around))


class _Row(BaseModel):
    """A row of a .jsonl; other fields may stand beside these."""

    model_config = ConfigDict(extra="ignore", strict=True)

    text: str
    id: str | int | None = None
    url: str | None = None
    outlet: str | None = None
    published: str | None = None
    retrieved: str | None = None


def _from_rows(path: Path) -> Iterator[Result]:
    rows = 0
    with path.open("rb") as file:
        for number, line in enumerate(_limited_lines(file), 1):
            name = f"{path}:{number}"
            if line is not None and not line.strip():
                continue
            rows += 1
            try:
                yield _from_row(line, path, name)
            except DocumentError as error:
                yield error
    if not rows:
        raise DocumentError(
            str(path), "no rows in it", 'write one JSON object with "text" per line'
        )


def _limited_lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Lines of a file, None in place of one above the limit, never holding more than the limit."""
    while line := file.readline(MAX_BYTES + 1):
        if len(line) <= MAX_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(MAX_BYTES)
        yield None


def _from_row(line: bytes | None, path: Path, name: str) -> Document:
    if line is None:
        raise _too_large(name)
    row = _parse_row(line, name)
    name = name if row.id is None else f"{path}#{row.id}"
    if not canonical(row.text).strip():
        raise DocumentError(name, 'field "text" is empty', "give the article's words in it")
    known = row.model_dump(include=set(Metadata.model_fields))
    return Document.from_text(row.text, name=name, metadata=Metadata(**known))


def _parse_row(line: bytes, name: str) -> _Row:
    remedy = 'write a JSON object in UTF-8 with the field "text"'
    try:
        content = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DocumentError(name, f"not JSON ({error})", remedy) from error
    if not isinstance(content, dict):
        raise DocumentError(name, "not a JSON object", remedy)
    fields = {key: canonical(v) if isinstance(v, str) else v for key, v in content.items()}
    try:
        return _Row.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        field = first["loc"][0]
        raise DocumentError(name, f'field "{field}": {first["msg"]}', remedy) from error


def _decode(data: bytes, name: str) -> str:
    """Text of bytes: by byte order mark, else UTF-8, else what charset-normalizer finds."""
    marked = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), "utf-8")
    try:
        text = data.decode(marked)
    except UnicodeDecodeError:
        text = _guess(data, name)
    else:
        if "\0" in text:  # UTF-16 without a mark is valid UTF-8 with a NUL at every other place
            text = _guess(data, name)
    controls = sum(unicodedata.category(c) == "Cc" and not c.isspace() for c in text)
    if controls > MAX_CONTROL_SHARE * len(text):
        raise _binary(name)
    return text


def _guess(data: bytes, name: str) -> str:
    """Text of bytes that are not UTF-8, by charset-normalizer where the language can tell.

    With few bytes outside ASCII it cannot; then, and if the page names no encoding, they are read
    as Windows-1252, the fallback of the WHATWG HTML standard (section 13.2.3.2).
    """
    from charset_normalizer import from_bytes, is_binary
    from charset_normalizer.utils import any_specified_encoding

    if is_binary(data):
        raise _binary(name)
    few = sum(byte > MAX_ASCII for byte in data) < MAX_FEW_SHARE * len(data)
    if few and b"\0" not in data and any_specified_encoding(data) is None:
        with suppress(UnicodeDecodeError):
            return data.decode("cp1252")
    best = from_bytes(data).best()
    if best is None:
        raise _binary(name)
    return str(best)


def _suffixes() -> str:
    return ", ".join(sorted(SUFFIXES)) + " files"


def _binary(name: str) -> DocumentError:
    return DocumentError(name, "not text, or in an unknown encoding", "save it as text in UTF-8")


def _too_large(name: str) -> DocumentError:
    limit = f"{MAX_BYTES // 1_000_000} MB"
    return DocumentError(name, f"larger than {limit}", "split it into articles")


def _unreadable(path: Path, error: Exception) -> DocumentError:
    if isinstance(error, FileNotFoundError):
        return DocumentError(str(path), "no such file or folder", "check the path")
    if isinstance(error, PermissionError):
        return DocumentError(str(path), "no permission to read it", "change its permissions")
    problem = getattr(error, "strerror", None) or str(error)
    return DocumentError(str(path), f"cannot be read ({problem})", "check the path and the disk")
