"""One line for each attempt: what it took, and nothing of what was said."""

from __future__ import annotations

import json
import logging

import pytest

from extractor.attempt_log import NAME, log_attempts
from extractor.pipeline import extract_document
from tests.support import ATTEMPT, PARAGRAPHS, article, obedient


def test_each_attempt_is_one_line_of_json(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, NAME):
        log_attempts("d1", "figures", "m", [ATTEMPT, ATTEMPT])
    first, second = (json.loads(message) for message in caplog.messages)
    assert first == second
    named = {key: first[key] for key in ("document", "task", "model", "number", "prompt_tokens")}
    assert named == {
        "document": "d1",
        "task": "figures",
        "model": "m",
        "number": 1,
        "prompt_tokens": 7,
    }


async def test_a_document_is_named_by_its_hash_and_not_quoted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    model = obedient()
    with caplog.at_level(logging.INFO, NAME):
        await extract_document(article(), model=model, records=["header", "figures"])
    assert len(caplog.messages) == len(model.requests) > 1
    assert {json.loads(message)["document"] for message in caplog.messages} == {article().id}
    words = {word for text, _ in PARAGRAPHS for word in text.split() if len(word) > 5}
    assert not [word for word in words if word in caplog.text]


def test_nobody_who_does_not_listen_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, NAME):
        log_attempts("d1", "figures", "m", [ATTEMPT])
    assert caplog.messages == []
