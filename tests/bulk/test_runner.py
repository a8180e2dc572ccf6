"""Many documents: each ends once, as records or as a dead letter, whatever happens between."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from pydantic import BaseModel

from extractor import Document, ScriptedModel, Store
from extractor.bulk import Gate, GatedModel, annotate
from extractor.errors import DocumentError, ModelError, QuotaExhausted, RunStopped, TransportFailed
from extractor.models import Reply, Request
from tests.bulk.harness import NOUNS, PLAN, documents, run, values
from tests.support import FRENCH, failing, first_choice, invalid, obedient, questions, rows

T = TypeVar("T", bound=BaseModel)
UNREADABLE = DocumentError("b.txt", "no text in it", "give a file with words")
ALL = len(NOUNS)


def gone() -> TransportFailed:
    return TransportFailed("server: gone - start it")


class Watched(ScriptedModel):
    """Answers after a turn of the loop, and knows how many requests were open at once."""

    def __init__(self) -> None:
        super().__init__(first_choice)
        self.open = self.most = 0

    async def ask(self, request: Request, schema: type[T]) -> Reply[T]:
        self.open += 1
        self.most = max(self.most, self.open)
        await asyncio.sleep(0.005)
        self.open -= 1
        return await super().ask(request, schema)


async def test_every_input_ends_once_and_bad_ones_do_not_stop_the_others(tmp_path: Path) -> None:
    french = Document.from_text(FRENCH, name="c.txt")
    inputs: list[Document | DocumentError] = [*documents(2), UNREADABLE, french]
    outcomes = await run(inputs, obedient(), tmp_path / "s.db")
    assert values(outcomes) == [640, 641]
    letters = {o.name: o.letter for o in outcomes if o.letter}
    assert letters.keys() == {"b.txt", "c.txt"}
    assert all(letter.stage == "read" for letter in letters.values())
    assert rows(tmp_path / "s.db", "SELECT name FROM dead_letters ORDER BY name") == [
        ("b.txt",),
        ("c.txt",),
    ]


async def test_several_documents_are_in_flight_and_no_more_than_that_are_read(
    tmp_path: Path,
) -> None:
    model, read, ended = Watched(), 0, 0

    def counted() -> Iterator[Document]:
        nonlocal read
        for document in documents(ALL):
            read += 1
            assert read - ended <= PLAN.in_flight + 1
            yield document

    with Store(tmp_path / "s.db") as store:
        async for _ in annotate(counted(), model=model, plan=PLAN, store=store, gate=Gate()):
            ended += 1
    assert ended == ALL
    assert model.most == PLAN.in_flight


async def test_a_second_run_asks_nothing(tmp_path: Path) -> None:
    first = await run(documents(4), obedient(), tmp_path / "s.db")
    again = obedient()
    assert values(await run(documents(4), again, tmp_path / "s.db")) == values(first)
    assert again.requests == []


async def test_one_failure_among_successes_is_the_documents(tmp_path: Path) -> None:
    outcomes = await run(documents(ALL), failing_at(NOUNS[2]), tmp_path / "s.db")
    assert len(outcomes) == ALL
    assert [o.name for o in outcomes if o.letter] == ["2.txt"]


def failing_at(noun: str) -> ScriptedModel:
    """Fails at the document with this noun."""
    return failing(gone, lambda _, request: noun in request.messages[-1].content)


async def test_a_dead_letter_is_tried_again_only_when_asked_for(tmp_path: Path) -> None:
    await run(documents(ALL), failing_at(NOUNS[2]), tmp_path / "s.db")
    model = obedient()
    outcomes = await run(documents(ALL), model, tmp_path / "s.db")
    assert model.requests == []
    assert [o.name for o in outcomes if o.letter] == ["2.txt"]
    plan = replace(PLAN, retry_dead=True)
    outcomes = await run(documents(ALL), model, tmp_path / "s.db", plan)
    assert len(questions(model)) == 1
    assert len(values(outcomes)) == ALL
    assert rows(tmp_path / "s.db", "SELECT name FROM dead_letters") == []


async def test_failures_in_a_row_are_the_endpoints_and_stay_undone(tmp_path: Path) -> None:
    dead = failing(gone, lambda number, _: number > 2)
    gate = Gate()
    with pytest.raises(RunStopped, match=r"documents failed one after the other: server: gone"):
        await run(documents(ALL), dead, tmp_path / "s.db", gate=gate)
    assert len(dead.requests) < ALL
    assert rows(tmp_path / "s.db", "SELECT * FROM dead_letters") == []
    model = obedient()
    assert len(values(await run(documents(ALL), model, tmp_path / "s.db"))) == ALL
    assert len(model.requests) == ALL - 2


async def test_what_comes_from_the_store_is_no_sign_that_the_endpoint_lives(
    tmp_path: Path,
) -> None:
    new = PLAN.in_flight
    await run(list(documents(ALL))[new:], obedient(), tmp_path / "s.db")
    dead = failing(gone, lambda *_: True)
    with pytest.raises(RunStopped):
        await run(documents(ALL), dead, tmp_path / "s.db")
    assert len(dead.requests) == new
    assert rows(tmp_path / "s.db", "SELECT * FROM dead_letters") == []
    model = obedient()
    assert len(values(await run(documents(ALL), model, tmp_path / "s.db"))) == ALL
    assert len(model.requests) == new


async def test_without_one_reply_even_a_few_documents_stay_undone(tmp_path: Path) -> None:
    told = r"no answer to 2 documents: server: gone - start it - the same command goes on"
    with pytest.raises(RunStopped, match=told):
        await run(documents(2), failing(gone, lambda *_: True), tmp_path / "s.db")
    assert rows(tmp_path / "s.db", "SELECT * FROM dead_letters") == []
    assert len(values(await run(documents(2), obedient(), tmp_path / "s.db"))) == 2


async def test_after_a_reply_the_last_failure_is_the_documents(tmp_path: Path) -> None:
    plan = replace(PLAN, in_flight=1)
    outcomes = await run(documents(2), failing_at(NOUNS[1]), tmp_path / "s.db", plan)
    assert [o.name for o in outcomes if o.letter] == ["1.txt"]


async def test_what_was_given_up_earlier_is_marked_as_passed_over(tmp_path: Path) -> None:
    first = await run(documents(3), failing_at(NOUNS[1]), tmp_path / "s.db")
    again = await run(documents(3), obedient(), tmp_path / "s.db")
    assert [o.name for o in first if o.passed_over] == []
    assert [o.name for o in again if o.passed_over] == ["1.txt"]


@pytest.mark.parametrize("error", [QuotaExhausted("m: no credit left - add credit")])
async def test_what_no_document_would_survive_ends_the_run_at_once(
    tmp_path: Path, error: ModelError
) -> None:
    dead = failing(lambda: error, lambda number, _: number > 1)
    with pytest.raises(RunStopped, match="no credit left"):
        await run(documents(ALL), dead, tmp_path / "s.db", replace(PLAN, in_flight=1))
    assert len(dead.requests) == 2


async def test_a_document_with_a_failed_question_is_a_dead_letter_with_its_records(
    tmp_path: Path,
) -> None:
    text = (
        "At least 640 divers joined. With “the sea gives and takes what it wants” the letter ended."
    )
    plan = replace(PLAN, records=("figures", "quotations"))
    model = failing(invalid, lambda _, request: request.task.startswith("quotations"))
    (outcome,) = await run([Document.from_text(text, name="a.txt")], model, tmp_path / "s.db", plan)
    assert values([outcome]) == [640]
    assert outcome.letter is not None
    assert outcome.letter.reason.startswith("quotations: ")


async def test_a_closed_gate_lets_what_is_in_flight_finish(tmp_path: Path) -> None:
    gate, inner = Gate(), Watched()
    model = GatedModel(inner, gate, None)
    with Store(tmp_path / "s.db") as store:
        outcomes = annotate(documents(ALL), model=model, plan=PLAN, store=store, gate=gate)
        await anext(outcomes)
        gate.stop("stopped")
        with pytest.raises(RunStopped, match="stopped"):
            _ = [outcome async for outcome in outcomes]
    kept = rows(tmp_path / "s.db", "SELECT count(*) FROM calls")
    assert kept == [(len(inner.requests),)]
    rest = obedient()
    await run(documents(ALL), rest, tmp_path / "s.db")
    assert len(rest.requests) == ALL - len(inner.requests)


@pytest.mark.parametrize("fault", [ValueError("a digit too many"), RecursionError("too deep")])
async def test_an_unforeseen_error_is_a_dead_letter_and_the_run_goes_on(
    fault: Exception, tmp_path: Path
) -> None:
    model = failing(lambda: fault, lambda _, request: "sailors" in request.messages[-1].content)
    outcomes = await run(documents(3), model, tmp_path / "s.db", replace(PLAN, in_flight=1))
    assert values(outcomes) == [640, 642]
    (letter,) = [outcome.letter for outcome in outcomes if outcome.letter]
    assert letter.error == type(fault).__name__
    assert str(fault) in letter.reason


# The timer may strike in a destructor, where Python only tells of it; it then strikes again.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_page_that_takes_too_long_is_a_dead_letter_and_the_run_goes_on(
    tmp_path: Path,
) -> None:
    slow = Document.from_text("The mayor said that 12 boats left.\n\n" * 2000, name="slow.txt")
    plan = replace(PLAN, document_seconds=1.0)
    outcomes = await run([*documents(2), slow], obedient(), tmp_path / "s.db", plan)
    assert values(outcomes) == [640, 641]
    (letter,) = [outcome.letter for outcome in outcomes if outcome.letter]
    assert letter.reason.startswith("slow.txt: reading it took longer than 1 s - raise the setting")
