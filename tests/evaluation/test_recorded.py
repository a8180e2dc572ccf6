"""Recordings: the same answers again, nothing else, and nothing asked twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from extractor.errors import DocumentError, ModelUnavailable, ReplyInvalid
from extractor.evaluation.recorded import RecordingModel, load_recorded
from extractor.models import ScriptedModel
from extractor.models.base import Message, Request


class Count(BaseModel):
    n: int


class Amount(BaseModel):
    n: int
    unit: str


def request(words: str) -> Request:
    return Request("figures/v9", (Message("user", words),), 20)


def script(asked: Request, _: type[BaseModel]) -> dict[str, object] | str:
    return (
        "no JSON" if "bad" in asked.messages[0].content else {"n": len(asked.messages[0].content)}
    )


async def recording(path: Path, *words: str) -> RecordingModel:
    model = RecordingModel(ScriptedModel(script), load_recorded(path) if path.exists() else None)
    for one in words:
        try:
            await model.ask(request(one), Count)
        except ReplyInvalid:
            continue
    model.save(path, finished=True)
    return model


async def test_replay_gives_the_recorded_answer(tmp_path: Path) -> None:
    await recording(tmp_path / "m.jsonl", "abc")
    model = load_recorded(tmp_path / "m.jsonl")
    reply = await model.ask(request("abc"), Count)
    assert reply.value == Count(n=3)
    assert model.identity == "scripted"


async def test_other_words_or_another_schema_are_not_answered(tmp_path: Path) -> None:
    await recording(tmp_path / "m.jsonl", "abc")
    model = load_recorded(tmp_path / "m.jsonl")
    with pytest.raises(ModelUnavailable, match=r"m\.jsonl.*figures/v9.*record again"):
        await model.ask(request("abcd"), Count)
    with pytest.raises(ModelUnavailable):
        await model.ask(request("abc"), Amount)


async def test_a_question_without_a_usable_reply_stays_one(tmp_path: Path) -> None:
    await recording(tmp_path / "m.jsonl", "bad")
    with pytest.raises(ReplyInvalid, match="does not fit"):
        await load_recorded(tmp_path / "m.jsonl").ask(request("bad"), Count)


async def test_only_new_questions_are_asked_and_old_ones_dropped(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    first = await recording(path, "abc", "de")
    second = await recording(path, "abc", "fghi")
    assert (first.asked, second.asked) == (2, 1)
    assert len(load_recorded(path).answers) == 2


async def test_an_unfinished_recording_keeps_what_was_known(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    await recording(path, "abc", "de")
    model = RecordingModel(ScriptedModel(script), load_recorded(path))
    await model.ask(request("fghi"), Count)
    model.save(path, finished=False)
    assert len(load_recorded(path).answers) == 3


async def test_another_model_does_not_take_over_the_answers(tmp_path: Path) -> None:
    await recording(tmp_path / "m.jsonl", "abc")
    other = RecordingModel(
        ScriptedModel(script, identity="other"), load_recorded(tmp_path / "m.jsonl")
    )
    await other.ask(request("abc"), Count)
    assert other.asked == 1


@pytest.mark.parametrize(("content", "line"), [("", 1), ("{}\n", 1), ("GOOD\nnonsense\n", 2)])
async def test_a_broken_file_is_named_with_its_line(
    tmp_path: Path, content: str, line: int
) -> None:
    path = tmp_path / "m.jsonl"
    await recording(path)
    path.write_text(content.replace("GOOD", path.read_text().splitlines()[0]))
    with pytest.raises(DocumentError, match=rf"m\.jsonl, line {line}: no recording"):
        load_recorded(path)
