"""What several test modules share: invented documents, and a model that answers from the schema."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from extractor import Document, Extraction, ScriptedModel
from extractor.errors import ReplyInvalid
from extractor.models import Attempt, Request
from extractor.tasks import TASKS
from tests.models.stub import Step, completion

ATTEMPT = Attempt(number=1, started="2031-04-02T08:00:00.000+00:00", seconds=0.5, prompt_tokens=7)
PARAGRAPHS = (
    ("Home News 7,700 offers Sport", True),
    ("Coast patrol takes on hundreds in Aldermere", False),
    ("By Nora Quist, 2 April 2031", False),
    (
        "At least 640 Georgians from 14 districts have joined the coast patrol since spring, "
        "Tomas Lindqvist said.",
        False,
    ),
    ("“We have no nets left and no boats either,” Lindqvist told the Aldermere Courier.", False),
    ("The firm pays $1,750 a month in six states; 12 of the divers were hurt at sea.", False),
    ("The mayor, who was wounded in a storm, owns 45 boats.", False),
    ("Brokers recruit young divers with a bonus.", False),
    ("With “the sea gives and takes what it wants” ended the letter of Rosa Amado.", False),
    ("More stories: 9,000 things “you must not miss today at all, ever” in Pebble Bay", True),
)
FRENCH = (
    "Le ministre a annoncé lundi que plus de trois mille volontaires étrangers avaient rejoint "
    "la patrouille côtière depuis le printemps, selon un communiqué publié dans la capitale."
)


def article() -> Document:
    """A news page with numbers, quotations and names in the article and in the furniture."""
    return Document.from_paragraphs(PARAGRAPHS, name="article")


def answer_for(schema: Mapping[str, Any], pick: int = 0) -> Any:
    """An answer that fits a JSON schema: every choice the one at `pick`, nothing optional."""
    return _answer(schema, schema.get("$defs", {}), pick)


def _answer(schema: Mapping[str, Any], defs: Mapping[str, Any], pick: int) -> Any:
    if "$ref" in schema:
        return _answer(defs[schema["$ref"].rpartition("/")[2]], defs, pick)
    if "enum" in schema or "const" in schema:
        return schema.get("enum", [schema.get("const")])[pick]
    if schema.get("type") == "object":
        return {key: _answer(s, defs, pick) for key, s in schema["properties"].items()}
    return {"boolean": True, "string": "", "array": []}.get(schema.get("type", ""))


def first_choice(_: Request, schema: type[BaseModel]) -> dict[str, object]:
    """Script: the first allowed value of everything."""
    found: dict[str, object] = answer_for(schema.model_json_schema())
    return found


def served(request: dict[str, Any]) -> Step:
    """What a server says that answers like `first_choice`."""
    return completion(json.dumps(answer_for(request["response_format"]["json_schema"]["schema"])))


def obedient() -> ScriptedModel:
    """A model that answers every question."""
    return ScriptedModel(first_choice)


def failing(error: Callable[[], Exception], when: Callable[[int, Request], bool]) -> ScriptedModel:
    """A model that raises `error()` for the requests that `when(number from 1, request)` names."""
    asked = 0

    def script(request: Request, schema: type[BaseModel]) -> dict[str, object] | Exception:
        nonlocal asked
        asked += 1
        return error() if when(asked, request) else first_choice(request, schema)

    return ScriptedModel(script)


def invalid() -> ReplyInvalid:
    """The error of a question without a usable reply, after two attempts."""
    return ReplyInvalid("scripted: no reply fitted - ask less", attempts=(ATTEMPT, ATTEMPT))


def questions(model: ScriptedModel, task: str = "") -> list[str]:
    """The last message of each request to a task's prompt, all without one."""
    return [r.messages[-1].content for r in model.requests if r.task.startswith(task)]


def evidence(value: object) -> Iterator[dict[str, Any]]:
    """Every span in dumped records."""
    if isinstance(value, dict):
        if value.keys() == {"start", "end", "text"}:
            yield value
        for item in value.values():
            yield from evidence(item)
    elif isinstance(value, list):
        for item in value:
            yield from evidence(item)


def body_records(extraction: Extraction) -> object:
    """All records but the header, dumped."""
    dumped = extraction.model_dump(include=set(TASKS) - {"header"})
    return list(dumped.values())


def rows(store: Path, query: str) -> list[tuple[Any, ...]]:
    """What a query finds in a store's file."""
    database = sqlite3.connect(store)
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def without_marks(marked: str, letter: str) -> str:
    """The plain text of `[n1: 640] people`."""
    return re.sub(rf"\[{letter}\d+: (.*?)\]", r"\1", marked)
