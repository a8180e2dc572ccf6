"""What a run would ask, before anything is asked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extractor.costs import Price
from extractor.documents import Document
from extractor.errors import DocumentError
from extractor.models.base import Model, Request
from extractor.pipeline import open_calls
from extractor.store import Store

# Without the model's own tokenizer. English has 4 to 5 characters a token in the tokenizers of
# current models; names, numbers and JSON have fewer, so that 3 is the careful end.
USUAL_CHARACTERS = 4.0
FEWEST_CHARACTERS = 3.0
MESSAGE_TOKENS = 4  # what a chat format puts around each message
SHARE_WRITTEN = 0.25  # of the tokens that an answer may have, what answers usually take


@dataclass(frozen=True)
class Expected:
    """Tokens of a call that has not been sent; nothing of them is in a cache."""

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int | None = None


@dataclass
class Ask:
    """What is open for one record type. Tokens without retries; `most` is the upper end."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    most_prompt_tokens: int = 0
    most_completion_tokens: int = 0

    def add(self, request: Request, room: int) -> None:
        """Count one request, whose answer may take `room` tokens more for thought."""
        self.calls += 1
        self.prompt_tokens += _tokens(request, USUAL_CHARACTERS)
        self.completion_tokens += math.ceil((request.max_tokens + room) * SHARE_WRITTEN)
        self.most_prompt_tokens += most_tokens(request)
        self.most_completion_tokens += request.max_tokens + room

    def cost(self, price: Price, *, batch: bool = False) -> tuple[float, float]:
        """US dollars: the usual case, and the most without retries."""
        usual = Expected(self.prompt_tokens, self.completion_tokens)
        most = Expected(self.most_prompt_tokens, self.most_completion_tokens)
        return price.cost(usual, batch=batch), price.cost(most, batch=batch)


@dataclass
class Estimate:
    """What a run would ask. `tasks`: by record type. `failed`: inputs that cannot be read."""

    documents: int = 0
    failed: list[DocumentError] = field(default_factory=list)
    tasks: dict[str, Ask] = field(default_factory=dict)


def estimate(
    documents: Iterable[Document | DocumentError],
    *,
    model: Model,
    records: Sequence[str],
    store: Store | None,
) -> Estimate:
    """Read all documents and count what is not in the store. Nothing is asked, nothing written."""
    found = Estimate(tasks={name: Ask() for name in records})
    for document in documents:
        try:
            if isinstance(document, DocumentError):
                raise document
            for call in open_calls(document, model=model, records=records, store=store):
                found.tasks[call.task].add(call.request, model.profile.answer_room)
            found.documents += 1
        except DocumentError as error:
            found.failed.append(error)
    return found


def most_tokens(request: Request) -> int:
    """Prompt tokens at the careful end."""
    return _tokens(request, FEWEST_CHARACTERS)


def _tokens(request: Request, characters: float) -> int:
    written = sum(len(message.content) for message in request.messages)
    return math.ceil(written / characters) + MESSAGE_TOKENS * len(request.messages)
