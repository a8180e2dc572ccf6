"""Paths and standard input -> documents.

Plain text (.txt), Markdown (.md), HTML (.html, .htm) and JSON Lines (.jsonl). Errors are yielded in
place and not raised, so that one bad input does not stop the others.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from extractor.documents import Document, canonical
from extractor.errors import DocumentError
from extractor.readers.decoding import decode
from extractor.readers.limits import MAX_BYTES, read_or_refuse, too_large
from extractor.readers.markdown import read_markdown
from extractor.readers.pages import read_page
from extractor.readers.rows import count_rows, read_rows
from extractor.readers.texts import read_text

TEXT_SUFFIXES = frozenset({".txt"})
MARKDOWN_SUFFIXES = frozenset({".md"})
HTML_SUFFIXES = frozenset({".html", ".htm"})
ROWS_SUFFIXES = frozenset({".jsonl"})
SUFFIXES = TEXT_SUFFIXES | MARKDOWN_SUFFIXES | HTML_SUFFIXES | ROWS_SUFFIXES

Result = Document | DocumentError


def read_documents(
    paths: Iterable[str | Path], stdin: BinaryIO | None = None, *, seconds: float | None = None
) -> Iterator[Document | DocumentError]:
    """The documents of files and folders, in the order given; folders recursively and sorted.

    Args:
        paths: files, folders, or "-" for standard input as plain text.
        stdin: what "-" reads; None for the process's own standard input.
        seconds: wall clock for one document, see `extractor.deadline`; None for no limit.

    Nothing is raised for an input that cannot be read: its DocumentError is yielded instead.
    """
    for path in paths:
        try:
            if str(path) == "-":
                yield _from_stream(stdin or sys.stdin.buffer, seconds)
            else:
                yield from _from_path(Path(path), seconds)
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
        return count_rows(path)
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


def _from_stream(stream: BinaryIO, seconds: float | None) -> Document:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise too_large("standard input")
    return read_or_refuse(
        "standard input", lambda: _from_bytes(data, "standard input", ".txt"), seconds
    )


def _from_path(path: Path, seconds: float | None) -> Iterator[Result]:
    try:
        if path.is_dir():
            yield from _from_folder(path, seconds)
        elif path.suffix.lower() in SUFFIXES:
            yield from _from_file(path, seconds)
        elif path.exists():
            raise DocumentError(str(path), "unsupported type of file", f"use {_suffixes()}")
        else:
            raise FileNotFoundError
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        yield _unreadable(path, error)


def _from_folder(folder: Path, seconds: float | None) -> Iterator[Result]:
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
            yield from _from_file(path, seconds)
        except DocumentError as error_of_one:
            yield error_of_one


def _from_file(path: Path, seconds: float | None) -> Iterator[Result]:
    try:
        if not path.exists():
            raise FileNotFoundError
        if not path.is_file():
            raise DocumentError(str(path), "not a regular file", "give a file or a folder")
        if path.suffix.lower() in ROWS_SUFFIXES:
            yield from read_rows(path, seconds)
        else:
            yield _from_single(path, seconds)
    except OSError as error:
        yield _unreadable(path, error)


def _from_single(path: Path, seconds: float | None) -> Document:
    name = str(path)
    if path.stat().st_size > MAX_BYTES:
        raise too_large(name)
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:  # it grew since
        raise too_large(name)
    return read_or_refuse(name, lambda: _from_bytes(data, name, path.suffix.lower()), seconds)


def _from_bytes(data: bytes, name: str, suffix: str) -> Document:
    decoded = decode(data, name, markup=suffix in HTML_SUFFIXES)
    if suffix in HTML_SUFFIXES:
        return read_page(decoded.text, name, warnings=decoded.warnings)
    if not canonical(decoded.text).strip():
        raise DocumentError(name, "no text in it", "give a file with the article's words")
    read = read_markdown if suffix in MARKDOWN_SUFFIXES else read_text
    return read(decoded.text, name, warnings=decoded.warnings)


def _suffixes() -> str:
    return ", ".join(sorted(SUFFIXES)) + " files"


def _unreadable(path: Path, error: Exception) -> DocumentError:
    if isinstance(error, FileNotFoundError):
        return DocumentError(str(path), "no such file or folder", "check the path")
    if isinstance(error, PermissionError):
        return DocumentError(str(path), "no permission to read it", "change its permissions")
    problem = getattr(error, "strerror", None) or str(error)
    return DocumentError(str(path), f"cannot be read ({problem})", "check the path and the disk")
