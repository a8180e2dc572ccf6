"""Every remedy names something that exists, and fits what happened."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from extractor import models
from extractor.errors import TransportFailed
from extractor.settings import Settings

from .stub import Step, serve
from .test_client import failure

FOLDER = Path(models.__file__).parent
# Words with an underscore in remedies that are no settings: names of options and variables.
OTHERS = {"max_tokens", "max_completion_tokens", "base_url"}


def remedies() -> list[tuple[str, str]]:
    """Texts with a remedy in the models' modules: after a dash, or in a table of remedies."""
    found = []
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = r"\b(raise|lower|set|check|give|use|choose|try)\b"
                if re.search(words, node.value) and "\n" not in node.value:
                    found.append((path.name, node.value))
    return found


def test_every_setting_that_is_named_exists() -> None:
    known = set(Settings.model_fields) | OTHERS
    named = [
        (file, word)
        for file, text in remedies()
        for word in re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", text)
        if not text.startswith("extractor")
    ]
    assert {word for _, word in named} >= {"max_answer_tokens", "timeout_seconds"}
    assert [(file, word) for file, word in named if word not in known] == []


def test_every_option_that_is_named_exists() -> None:
    source = (FOLDER.parent / "cli.py").read_text(encoding="utf-8")
    for file, text in remedies():
        for option in re.findall(r"--([a-z-]+)", text):
            name = option.replace("-", "_")
            assert re.search(rf"\b{name}\b|--{option}\b", source), (file, option)


def test_every_variable_that_is_named_is_read() -> None:
    own = {f"EXTRACTOR_{name.upper()}" for name in Settings.model_fields}
    own |= {"OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"}
    for file, text in remedies():
        for name in re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", text):
            assert name in own, (file, name)


@pytest.mark.parametrize(
    ("status", "said", "remedy"),
    [
        (400, "Invalid API key provided: sk-se***et", "EXTRACTOR_API_KEY"),
        (400, "Authentication Error, No api key passed in.", "EXTRACTOR_API_KEY"),
        (403, "API key not valid. Please pass a valid API key.", "EXTRACTOR_API_KEY"),
        (400, "The model `gpt-x` does not exist or you do not have access to it.", "--model"),
        (400, "Invalid model name passed in model=x. Call /v1/models to view", "--model"),
        (400, "unknown model: x", "--model"),
        (422, "model 'x' not found, try pulling it first", "--model"),
        (400, "This model's maximum context length is 4096 tokens", "questions_per_call"),
        (413, "Request Entity Too Large", "questions_per_call"),
        (400, "Something else entirely", "models --probe"),
    ],
)
def test_the_remedy_follows_what_the_server_says(status: int, said: str, remedy: str) -> None:
    with serve(Step(status, {"error": {"message": said}})) as stub:
        error = failure(stub, TransportFailed)
    assert remedy in str(error).partition(" - ")[2]
    assert "sk-se" not in str(error)


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "words of the server"}},
        {"message": "words of the server"},
        {"detail": "words of the server"},
        {"detail": [{"msg": "words of the server", "loc": []}]},
        [{"error": {"message": "words of the server"}}],
        {"error": "words of the server"},
    ],
)
def test_the_servers_words_are_kept_in_whatever_form(body: object) -> None:
    with serve(Step(400, body)) as stub:
        assert "(words of the server)" in str(failure(stub, TransportFailed))
