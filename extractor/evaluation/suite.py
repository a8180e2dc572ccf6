"""A suite is a folder: documents, gold, and what else belongs to them, as data.

`suite.yaml` says where things are, relative to itself; each of its keys has a default, so a folder
with `documents/` and `gold/` is a suite without it:

    name: seeds              # default: the folder's name
    documents: documents     # a file or a folder, anything that extractor reads
    gold: gold               # *.yaml in that folder, not below it
    passes: [one, other]     # two independent labellings, for the agreement of annotators
    recorded: recorded       # NAME.jsonl: a model's recorded answers, replayed without the model
    floors: floors.yaml      # what scores must not fall below
    labels: {measures: [...], event_kinds: [...], tactics: [...]}   # allowed in gold; unset: any
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import Field, ValidationError

from extractor.documents import Document
from extractor.errors import DocumentError, UsageError
from extractor.evaluation.gold import Gold, load_gold
from extractor.evaluation.spans import spans_in
from extractor.readers import read_documents
from extractor.records import ShortText, Strict

SUITE_FILE = "suite.yaml"
FileT = TypeVar("FileT", bound=Strict)


class LabelSets(Strict):
    """Labels that gold may use; None leaves a set unchecked."""

    measures: list[str] | None = None
    event_kinds: list[str] | None = None
    tactics: list[str] | None = None


class SuiteFile(Strict):
    """What `suite.yaml` may say; see the module's docstring."""

    name: ShortText | None = None
    documents: Path = Path("documents")
    gold: Path = Path("gold")
    passes: list[Path] = Field(default=[], min_length=0, max_length=2)
    recorded: Path = Path("recorded")
    floors: Path = Path("floors.yaml")
    labels: LabelSets = LabelSets()


@dataclass(frozen=True)
class Case:
    """One labelled article. Every span of `gold` is verbatim in `document.text`."""

    document: Document
    gold: Gold


@dataclass(frozen=True)
class Suite:
    """A suite, read and checked. Cases are in order of gold's document name.

    unlabelled: names of documents that no gold answers to; they are not run.
    gold_sha256, inputs_sha256: hashes of what is labelled and of the texts, for floors and results.
    """

    name: str
    cases: tuple[Case, ...]
    unlabelled: tuple[str, ...]
    recorded: Path
    floors: Path
    passes: tuple[Path, ...]
    labels: LabelSets

    @property
    def gold_sha256(self) -> str:
        """Hash of all labels; comments and notes do not change it."""
        labels = [_without_notes(case.gold.model_dump(mode="json")) for case in self.cases]
        return hashlib.sha256(json.dumps(labels, sort_keys=True).encode()).hexdigest()

    @property
    def inputs_sha256(self) -> str:
        """Hash of all canonical texts."""
        texts = [case.document.text for case in self.cases]
        return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def _without_notes(labels: dict[str, Any]) -> dict[str, Any]:
    for group in labels.values():
        for record in group if isinstance(group, list) else [group]:
            (record or {}).pop("note", None)
    return labels


def load_suite(folder: Path) -> Suite:
    """Read a suite's folder, its documents and its gold.

    Raises:
        UsageError: no such folder, a wrong `suite.yaml`, or no gold.
        DocumentError: a document or a gold file cannot be read, or they do not fit each other.
    """
    given = suite_file(folder)
    golds = load_golds(folder / given.gold)
    documents = load_documents(folder / given.documents)
    cases = match(golds, documents)
    used = {case.document.name for case in cases}
    return Suite(
        name=given.name or folder.resolve().name,
        cases=tuple(sorted(cases, key=lambda case: case.gold.document.name)),
        unlabelled=tuple(one.name for one in documents if one.name not in used),
        recorded=folder / given.recorded,
        floors=folder / given.floors,
        passes=tuple(folder / path for path in given.passes),
        labels=given.labels,
    )


def suite_file(folder: Path) -> SuiteFile:
    """What the folder's `suite.yaml` says, with the defaults.

    Raises:
        UsageError: no such folder, or a wrong file.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder - give a suite's folder, such as evals")
    path = folder / SUITE_FILE
    return read_yaml(path, SuiteFile) if path.exists() else SuiteFile()


def read_yaml(path: Path, kind: type[FileT]) -> FileT:
    """A YAML file of a suite, checked.

    Raises:
        UsageError: not readable or not of this form; names the place in the file.
    """
    try:
        return kind.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise UsageError(f"{path}: cannot be read ({reason}) - correct the file") from None
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(map(str, fault["loc"]))
        raise UsageError(f"{path}: {place}: {fault['msg']} - correct the value") from None


def load_golds(path: Path) -> list[tuple[Path, Gold]]:
    """Gold files of a folder (not below it), or the one file, in order of name.

    Raises:
        UsageError: there are none.
        DocumentError: one of them cannot be read.
    """
    files = [path] if path.is_file() else sorted(path.glob("*.yaml"))
    if not files:
        raise UsageError(f"{path}: no gold (*.yaml) - label articles first, or give another folder")
    return [(file, load_gold(file)) for file in files]


def load_documents(path: Path) -> list[Document]:
    """All documents of a file or folder. Raises DocumentError for the first that cannot be read."""
    documents = []
    for found in read_documents([path]):
        if isinstance(found, DocumentError):
            raise found
        documents.append(found)
    return documents


def match(golds: Iterable[tuple[Path, Gold]], documents: Sequence[Document]) -> list[Case]:
    """Each gold with its document, every labelled span where gold says.

    Raises:
        DocumentError: no document, labels that do not fit it, or two golds for one.
    """
    cases: dict[str, Case] = {}
    for path, gold in golds:
        document = find_document(path, gold, documents)
        _check_spans(path, gold, document)
        if document.name in cases:
            problem = f"{document.name} has gold already"
            raise DocumentError(str(path), problem, "keep one gold file for each document")
        cases[document.name] = Case(document, gold)
    return list(cases.values())


def find_document(path: Path, gold: Gold, documents: Sequence[Document]) -> Document:
    """The document of one gold file: by the SHA-256 of the file's bytes, else by its name.

    A document found by name may differ from the labelled file in its bytes (line ends, a byte
    order mark).

    Raises:
        DocumentError: there is none.
    """
    source = gold.document
    by_hash = {_file_hash(document): document for document in documents}
    by_name = {Path(document.name).name: document for document in documents}
    document = by_hash.get(source.sha256) or by_name.get(source.name)
    if document is None:
        remedy = "put the document into the suite's documents, or remove this gold"
        raise DocumentError(str(path), f"no document {source.name!r}", remedy)
    return document


def _file_hash(document: Document) -> str | None:
    path = Path(document.name)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _check_spans(path: Path, gold: Gold, document: Document) -> None:
    for span in spans_in(gold):
        there = document.text[span.start : span.end]
        if there != span.text:
            place = f"{span.start}:{span.end} of {document.name}"
            problem = f"{place} reads {there!r}, not {span.text!r}"
            raise DocumentError(str(path), problem, "give the labelled text, or mend the label")
