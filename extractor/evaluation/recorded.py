"""A model's answers in a file, so that an evaluation can be run again without the model.

The file is JSON Lines. Its first line says which model answered; each further line is one answer,
by a key that hashes all that the model was asked: messages, schema, length. A question that is put
in other words is another question, so answers that no longer fit can never be replayed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from extractor.errors import DocumentError, ModelUnavailable, ReplyInvalid
from extractor.models.base import Attempt, Closing, Model, ModelProfile, Parameters, Reply, Request
from extractor.records import Strict

T = TypeVar("T", bound=BaseModel)
REMEDY = "record again with `extractor eval record`"


class Answerer(Strict):
    """First line: the model, its sampling parameters, and how many questions it takes at once."""

    recorded: Literal[1] = 1
    model: str
    parameters: dict[str, str | int | float]
    concurrency: int
    context_tokens: int
    per_task: int
    phrasings: int = 1
    questions_per_call: int = 1


class Answer(Strict):
    """One answer, or in `error` why there is none. Tokens and seconds are sums over attempts."""

    key: str
    task: str
    answer: JsonValue = None
    error: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    started: str = ""


def question_key(request: Request, schema: type[BaseModel]) -> str:
    """SHA-256 of everything that one question sends."""
    turns = [(message.role, message.content) for message in request.messages]
    asked = [turns, schema.model_json_schema(), request.max_tokens]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def load_recorded(path: Path) -> RecordedModel:
    """The model of a recording.

    Raises:
        DocumentError: not a recording; names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(str(path), f"cannot be read ({error})", REMEDY) from None
    answerer = _line(path, 1, lines[0] if lines else "", Answerer)
    answers = [_line(path, number, line, Answer) for number, line in enumerate(lines[1:], 2)]
    return RecordedModel(answerer, answers, str(path))


def _line(path: Path, number: int, line: str, kind: type[T]) -> T:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]["msg"]
        raise DocumentError(f"{path}, line {number}", f"no recording: {problem}", REMEDY) from None


class RecordedModel(Closing):
    """Gives the recorded answers, and nothing else."""

    def __init__(self, answerer: Answerer, answers: Iterable[Answer], name: str) -> None:
        self.identity = answerer.model
        self.parameters: Parameters = answerer.parameters
        self.profile = ModelProfile(
            answerer.concurrency,
            answerer.context_tokens,
            answerer.per_task,
            answerer.phrasings,
            answerer.questions_per_call,
        )
        self.answers = {answer.key: answer for answer in answers}
        self._name = name

    async def ask(self, request: Request, schema: type[T]) -> Reply[T]:
        """The recorded answer.

        Raises:
            ModelUnavailable: this question was not recorded.
            ReplyInvalid: the model had no usable answer to it.
        """
        found = self.answers.get(question_key(request, schema))
        if found is None:
            raise ModelUnavailable(
                f"{self._name}: no answer to a question of {request.task}, whose words, schema or "
                f"document changed since - {REMEDY}"
            )
        attempt = Attempt(
            number=1,
            started=found.started,
            seconds=found.seconds,
            prompt_tokens=found.prompt_tokens,
            completion_tokens=found.completion_tokens,
            error=found.error,
        )
        if found.error is not None:
            raise ReplyInvalid(found.error, attempts=(attempt,))
        return Reply(schema.model_validate(found.answer), (attempt,))


class RecordingModel(Closing):
    """Asks another model and remembers what it said; what is known already is not asked again.

    Args:
        model: the model to ask. It is not closed here.
        known: a recording of the same model and parameters, or None.
    """

    def __init__(self, model: Model, known: RecordedModel | None = None) -> None:
        self._model = model
        same = known is not None and (known.identity, dict(known.parameters)) == (
            model.identity,
            dict(model.parameters),
        )
        self._known = known if same else None
        self.identity = model.identity
        self.parameters = model.parameters
        self.profile = model.profile
        self.answers: dict[str, Answer] = {}
        self.asked = 0

    async def ask(self, request: Request, schema: type[T]) -> Reply[T]:
        """The known answer, else the model's. Raises what the model raises."""
        key = question_key(request, schema)
        if self._known is not None and key in self._known.answers:
            self.answers[key] = self._known.answers[key]
            return await self._known.ask(request, schema)
        self.asked += 1
        try:
            reply = await self._model.ask(request, schema)
        except ReplyInvalid as error:
            attempts = [one for one in error.attempts if isinstance(one, Attempt)]
            self.answers[key] = _answer(key, request.task, attempts, error=str(error))
            raise
        content = reply.value.model_dump(mode="json")
        self.answers[key] = _answer(key, request.task, reply.attempts, content)
        return reply

    def save(self, path: Path, *, finished: bool) -> None:
        """Write the answers in order of task and key, in place of what was there.

        finished: every question was put, so known answers that nothing asked for are dropped.
        """
        kept = {} if finished or self._known is None else self._known.answers
        answerer = Answerer(
            model=self.identity,
            parameters=dict(self.parameters),
            concurrency=self.profile.concurrency,
            context_tokens=self.profile.context_tokens,
            per_task=self.profile.per_task,
            phrasings=self.profile.phrasings,
            questions_per_call=self.profile.questions_per_call,
        )
        ordered = sorted((kept | self.answers).values(), key=lambda one: (one.task, one.key))
        lines = [answerer.model_dump_json()]
        lines += [one.model_dump_json(exclude_defaults=True) for one in ordered]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _answer(
    key: str,
    task: str,
    attempts: Iterable[Attempt],
    answer: JsonValue = None,
    error: str | None = None,
) -> Answer:
    made = tuple(attempts)
    return Answer(
        key=key,
        task=task,
        answer=answer,
        error=error,
        prompt_tokens=sum(one.prompt_tokens for one in made),
        completion_tokens=sum(one.completion_tokens for one in made),
        seconds=round(sum(one.seconds for one in made), 3),
        started=made[0].started if made else "",
    )
