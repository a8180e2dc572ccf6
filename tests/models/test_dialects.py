from __future__ import annotations

import pytest

from extractor.models.dialects import (
    PLAIN,
    THOUGHT_ROOM,
    Dialect,
    Structured,
    chosen,
    differences,
    first_guess,
)


@pytest.mark.parametrize(
    ("url", "name", "structured", "limit", "left_out", "room"),
    [
        ("http://127.0.0.1:1/v1", "some-model", "json_schema", "max_tokens", set(), 0),
        ("https://api.openai.com/v1", "gpt-4.1", "strict", "max_completion_tokens", set(), 0),
        ("http://h/v1", "gpt-5", "strict", "max_completion_tokens", {"temperature"}, THOUGHT_ROOM),
        ("http://h", "gpt-6-luna", "strict", "max_completion_tokens", {"temperature"}, 4096),
        ("http://h", "o4-mini", "json_schema", "max_completion_tokens", {"temperature"}, 4096),
        ("http://h", "gpt-5-chat-latest", "strict", "max_tokens", set(), 0),
        ("http://h", "openai/gpt-oss-20b", "json_schema", "max_tokens", set(), THOUGHT_ROOM),
        ("http://h", "google/gemini-3-flash", "json_schema", "max_tokens", set(), THOUGHT_ROOM),
        ("https://api.deepseek.com", "deepseek-chat", "json_object", "max_tokens", set(), 0),
        ("https://x.openai.azure.com/v1", "dep", "strict", "max_completion_tokens", set(), 0),
        ("http://evil.example/api.openai.com/", "m", "json_schema", "max_tokens", set(), 0),
    ],
)
def test_first_guess(
    url: str, name: str, structured: str, limit: str, left_out: set[str], room: int
) -> None:
    guess = first_guess(url, name)
    found = (str(guess.structured), guess.limit, set(guess.left_out), guess.room)
    assert found == (structured, limit, left_out, room)


def test_a_body_is_what_was_asked_in_the_servers_words() -> None:
    dialect = Dialect(
        structured=Structured.STRICT,
        left_out=frozenset({"temperature"}),
        renamed=(("seed", "random_seed"),),
        extra='{"provider": {"require_parameters": true}}',
    )
    schema = {"name": "A", "schema": {"type": "object"}}
    asked = {"temperature": 0.0, "seed": 7, "max_tokens": 5, "response_format": {"type": "x"}}
    asked["response_format"] = {"type": "json_schema", "json_schema": schema}
    assert dialect.body(asked) == {
        "random_seed": 7,
        "max_tokens": 5,
        "response_format": {"type": "json_schema", "json_schema": {**schema, "strict": True}},
        "provider": {"require_parameters": True},
    }
    assert "strict" not in schema
    assert PLAIN.body(asked) == asked


def test_what_the_user_sets_goes_before_the_guess() -> None:
    guess = first_guess("https://openrouter.ai/api/v1", "x/y")
    found = chosen(guess, "text", {"top_k": 1, "provider": {"only": ["z"]}})
    assert found.structured is Structured.TEXT
    assert found.extra == '{"provider": {"only": ["z"]}, "top_k": 1}'
    assert chosen(PLAIN, "strict", {}).reduced


def test_differences_name_everything_once() -> None:
    after = Dialect(
        Structured.TEXT,
        None,
        frozenset({"temperature", "max_tokens", "max_completion_tokens"}),
        (("seed", "random_seed"),),
        True,
        10,
        '{"a": 1}',
    )
    assert list(differences(PLAIN, after)) == [
        "structured answers by text in place of json_schema",
        "max_tokens is not sent",
        "temperature is not sent",
        "seed is sent as random_seed",
        "schemas are sent without limits of length and number",
        "answers get 10 more tokens, for thought",
        "a is sent as well",
    ]
    assert list(differences(PLAIN, PLAIN)) == []
