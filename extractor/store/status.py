"""What a store holds: how far the documents are, what was given up, what was spent."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.store.store import Store


@dataclass(frozen=True)
class GivenUp:
    """Dead letters of one stage and class of error; `example` is the newest one's reason."""

    stage: str
    error: str
    documents: int
    example: str


@dataclass(frozen=True)
class Spent:
    """The attempts of one model at one task, those that failed included.

    errors: attempts that failed.
    seconds: sum over attempts, which is more than the time that passed where they overlapped.
    cost: US dollars, over the attempts whose price is known.
    unpriced: attempts with tokens whose price is not known.
    """

    model: str
    task: str
    attempts: int
    errors: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    seconds: float
    cost: float
    unpriced: int


@dataclass(frozen=True)
class Status:
    """The state of a store.

    documents: all that were begun and could be read.
    done: of those, with results and not given up.
    results: documents with a finished result, by task.
    """

    documents: int
    done: int
    results: dict[str, int]
    given_up: list[GivenUp]
    spent: list[Spent]


def read_status(store: Store) -> Status:
    """The state of a store as it is now; a run may be writing to it.

    Raises:
        StoreError: the file cannot be read.
    """
    ((documents, done),) = store.select(_DOCUMENTS)
    return Status(
        documents=documents,
        done=done,
        results=dict(store.select(_RESULTS)),
        given_up=[GivenUp(*row) for row in store.select(_GIVEN_UP)],
        spent=[Spent(*row) for row in store.select(_SPENT)],
    )


_DOCUMENTS = """
SELECT (SELECT count(*) FROM documents),
    (SELECT count(DISTINCT fingerprint) FROM results WHERE NOT EXISTS
        (SELECT 1 FROM dead_letters WHERE coalesce(dead_letters.fingerprint, dead_letters.name)
            = results.fingerprint))
"""
_RESULTS = "SELECT task, count(DISTINCT fingerprint) FROM results GROUP BY task ORDER BY task"
_GIVEN_UP = """
SELECT stage, error, count(*), reason FROM dead_letters GROUP BY stage, error
HAVING rowid = max(rowid) ORDER BY count(*) DESC, stage, error
"""
_SPENT = """
SELECT model, task, count(*), count(error), sum(prompt_tokens), total(cached_tokens),
    sum(completion_tokens), total(seconds), total(cost),
    sum(cost IS NULL AND prompt_tokens + completion_tokens > 0)
FROM attempts GROUP BY model, task ORDER BY model, task
"""
