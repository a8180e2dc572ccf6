from __future__ import annotations

from typing import Any

import pytest

from extractor.models.dialects import PLAIN, Dialect, Structured, differences
from extractor.models.dialects_refusals import changed

SENT = {"max_tokens", "temperature", "seed", "reasoning_effort", "response_format", "provider"}
STRICT = Dialect(structured=Structured.STRICT, reduced=True)
NO_TEMPERATURE = ["temperature is not sent"]
NO_SEED = ["seed is not sent"]
RENAMED = ["max_tokens is sent as max_completion_tokens"]
OBJECT = ["structured answers by json_object in place of json_schema"]
REDUCED = ["schemas are sent without limits of length and number"]


def message(text: str, param: str | None = None) -> dict[str, Any]:
    return {"message": text, "type": "invalid_request_error", "param": param, "code": None}


def missing(name: str) -> dict[str, Any]:
    return {"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs", "input": 7}


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (
            message(
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
                "'max_completion_tokens' instead.",
                "max_tokens",
            ),
            RENAMED,
        ),
        (message("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'."), RENAMED),
        (
            message(
                "Unsupported value: 'temperature' does not support 0 with this model. Only the "
                "default (1) value is supported.",
                "temperature",
            ),
            NO_TEMPERATURE,
        ),
        (message("`temperature` is deprecated for this model."), NO_TEMPERATURE),
        (
            message(
                'litellm.BadRequestError: BedrockException - {"message":"The model returned the '
                'following errors: {\\"type\\":\\"error\\",\\"error\\":{\\"message\\":\\"'
                '`temperature` is deprecated for this model.\\"}}"}'
            ),
            NO_TEMPERATURE,
        ),
        ({"detail": [missing("seed")]}, NO_SEED),
        ({"object": "error", "message": {"detail": [missing("seed")]}}, NO_SEED),
        (
            {
                "object": "error",
                "message": '{"detail":[{"type":"extra_forbidden","loc":["body",'
                '"seed"],"msg":"Extra inputs are not permitted"}]}',
            },
            NO_SEED,
        ),
        (
            {"message": "[{'type': 'extra_forbidden', 'loc': ('body', 'seed'), 'msg': 'Extra'}]"},
            NO_SEED,
        ),
        ([{"error": {"code": 400, "message": 'Unknown name "seed": Cannot find field.'}}], NO_SEED),
        (
            message("openai does not support parameters: ['seed', 'temperature'], for model=x."),
            [*NO_SEED, *NO_TEMPERATURE],
        ),
        (
            message("Unknown parameter: 'seed'. Supported parameters: temperature, max_tokens"),
            NO_SEED,
        ),
        (message("seed is not supported; use random_seed"), ["seed is sent as random_seed"]),
        ("unexpected argument temperature", NO_TEMPERATURE),
        (message("This response_format type is unavailable now"), OBJECT),
        (message("response_format.type `json_schema` is unavailable now at line 1"), OBJECT),
        (message("This model does not support response format `json_schema`."), OBJECT),
        (
            message("Unrecognized request argument supplied: response_format"),
            ["structured answers by text in place of json_schema"],
        ),
        (
            message("response_format is not supported, use tools"),
            ["structured answers by tools in place of json_schema"],
        ),
        (message("For 'array' type, property 'maxItems' is not supported"), REDUCED),
        (message("Invalid schema for response_format 'X': 'default' is not permitted"), REDUCED),
    ],
)
def test_what_is_named_is_left_out(body: object, lines: list[str]) -> None:
    after = changed(PLAIN, body, SENT)
    assert after is not None
    assert list(differences(PLAIN, after)) == lines


@pytest.mark.parametrize(
    "body",
    [
        None,
        "",
        {},
        [],
        message("Invalid API key"),
        message("The model `x` does not exist"),
        message("max_tokens is too large: 9000. This model supports at most 4096 tokens"),
        message("This model's maximum context length is 4096 tokens, you requested 5000"),
        message("Prompt too long: " + "the temperature rose while the seed was sown " * 20),
        {"detail": [{"type": "x", "loc": ["body"], "msg": "wrong", "input": "temperature"}]},
        message("top_p is not supported", "top_p"),
    ],
)
def test_what_names_nothing_that_was_sent_changes_nothing(body: object) -> None:
    assert changed(PLAIN, body, SENT) is None


def test_a_limit_refused_under_both_names_is_not_sent() -> None:
    once = changed(PLAIN, message("unknown: max_tokens", "max_tokens"), SENT)
    assert once is not None and once.limit == "max_completion_tokens"
    twice = changed(once, message("unknown: max_completion_tokens"), {"max_completion_tokens"})
    assert twice is not None and twice.limit is None


def test_a_new_name_that_is_refused_as_well_is_given_up() -> None:
    renamed = Dialect(renamed=(("seed", "random_seed"),))
    after = changed(renamed, message("unknown: random_seed", "random_seed"), {"random_seed"})
    assert after is not None and after.left_out == {"seed"}


def test_members_of_the_extra_body_are_left_out_one_by_one() -> None:
    dialect = Dialect(extra='{"provider": {}, "top_k": 1}')
    after = changed(dialect, message("unknown field: provider"), SENT)
    assert after is not None and after.extra == '{"top_k": 1}'


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        (
            "Invalid schema for response_format 'X': 'additionalProperties' is required",
            "json_schema",
        ),
        ("Unknown field: strict", "json_schema"),
        ("'response_format' of type 'json_schema' is not supported with this model", "json_object"),
        ("response_format must be one of text, json_object", "json_object"),
    ],
)
def test_from_strict_to_what_is_left(text: str, mode: str) -> None:
    after = changed(STRICT, message(text), SENT)
    assert after is not None and after.structured == mode


def test_every_way_down_ends_with_text() -> None:
    dialect: Dialect | None = STRICT
    seen = []
    while dialect is not None:
        seen.append(dialect.structured)
        dialect = changed(dialect, message("response_format is not known here"), SENT)
    assert seen[-1] is Structured.TEXT
    assert len(seen) <= 4
