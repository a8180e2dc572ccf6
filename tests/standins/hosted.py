"""Stand-ins of hosted servers, and the plain one. Each cites the pages it was written from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from tests.models.stub import Step, completion
from tests.standins.seeds import Answers
from tests.standins.wire import (
    THOUGHT,
    THOUGHT_TOKENS,
    Body,
    anthropic_error,
    called,
    counted,
    cut_off,
    fenced,
    json_word,
    keywords,
    kind,
    openai_error,
    schema_of,
    strict_faults,
)

BASE = frozenset(
    {"model", "messages", "max_tokens", "temperature", "seed", "response_format", "tools"}
    | {"tool_choice"}
)


class Server:
    """Takes everything that is sent here, and keeps to the schema: the plain server.

    name: in the table. model: under which it is asked. source: documentation. taken: members of a
    request that it knows.
    """

    name: ClassVar[str] = "plain (takes everything)"
    model: ClassVar[str] = "some-model"
    source: ClassVar[str] = ""
    taken: ClassVar[frozenset[str]] = BASE

    def __init__(self, answers: Answers) -> None:
        self.answers = answers

    def __call__(self, request: Body) -> Step:
        """What the server says to a request."""
        refused = next(self.refusals(request), None)
        return refused or self.answered(request, self.answers.to(request["messages"]))

    def refusals(self, request: Body) -> Iterator[Step]:
        """What it objects to, in its own words."""
        for name in sorted(request.keys() - self.taken):
            yield openai_error(f"Unrecognized request argument supplied: {name}")

    def answered(self, request: Body, answer: str) -> Step:
        """The answer in the form that the request asks for, as far as the server knows it."""
        if "tools" in request:
            return called(request, answer)
        if "response_format" in request:
            return completion(answer, tokens=counted(request, answer))
        return completion(fenced(answer), tokens=counted(request, answer))


class OpenAIReasoning(Server):
    """GPT-5 and later at OpenAI.

    temperature other than 1 and max_tokens are refused, max_completion_tokens has thought in it
    (guide "Reasoning models"); a strict schema must name all properties as required, forbid
    others, and keep to some keywords (guide "Structured model outputs", "Supported schemas").
    """

    name = "OpenAI, reasoning models"
    model = "gpt-5-mini"
    source = "https://platform.openai.com/docs/guides/reasoning"
    taken = BASE | {"max_completion_tokens", "reasoning_effort"}

    def refusals(self, request: Body) -> Iterator[Step]:
        """`param` and `code` name what is wrong."""
        if "max_tokens" in request:
            yield openai_error(
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
                "'max_completion_tokens' instead.",
                "max_tokens",
                "unsupported_parameter",
            )
        if request.get("temperature", 1) != 1:
            yield openai_error(
                f"Unsupported value: 'temperature' does not support {request['temperature']} with "
                "this model. Only the default (1) value is supported.",
                "temperature",
                "unsupported_value",
            )
        yield from strict_faults(request)
        yield from super().refusals(request)

    def answered(self, request: Body, answer: str) -> Step:
        """Thought counts against the limit; it is not shown, but counted."""
        if request.get("max_completion_tokens", 10**6) < THOUGHT_TOKENS:
            return cut_off(request, limit="max_completion_tokens")
        step = super().answered(request, answer)
        usage = step.body["usage"]  # type: ignore[index]
        usage["completion_tokens"] += THOUGHT_TOKENS
        usage["total_tokens"] += THOUGHT_TOKENS
        usage["completion_tokens_details"] = {"reasoning_tokens": THOUGHT_TOKENS}
        return step


class AzureReasoning(OpenAIReasoning):
    """The same behind Azure, where a deployment's name says nothing of the model.

    Page "Azure OpenAI reasoning models", section "API & feature support".
    """

    name = "Azure OpenAI, reasoning deployment"
    model = "our-deployment"
    source = "https://learn.microsoft.com/azure/ai-foundry/openai/how-to/reasoning"


class OpenAIOlder(Server):
    """Models before structured outputs: JSON mode only, and the word must be in the prompt.

    Guide "Structured model outputs", section on JSON mode.
    """

    name = "OpenAI, older models"
    model = "gpt-4-turbo"
    source = "https://platform.openai.com/docs/guides/structured-outputs"

    def refusals(self, request: Body) -> Iterator[Step]:
        """Only two kinds of response_format are known."""
        if kind(request) == "json_schema":
            yield openai_error(
                "Invalid parameter: 'response_format' of type 'json_schema' is not supported with "
                "this model. Learn more about supported models at the Structured Outputs guide."
            )
        yield from json_word(request)
        yield from super().refusals(request)


class Anthropic(Server):
    """Claude behind the OpenAI form of requests.

    Unknown members are ignored (page "OpenAI SDK compatibility"); newer models refuse temperature;
    schemas may have no limits of length and number (page "Structured outputs", "JSON Schema
    limitations").
    """

    name = "Anthropic, compatible endpoint"
    model = "claude-opus-5-5"
    source = "https://platform.claude.com/docs/en/cli-sdks-libraries/libraries/openai-sdk"

    def refusals(self, request: Body) -> Iterator[Step]:
        """In the form of Anthropic's own errors."""
        if "temperature" in request:
            yield anthropic_error("`temperature` is deprecated for this model.")
        for word in sorted(keywords(schema_of(request)) & {"maxItems", "maxLength", "minLength"}):
            where = "array" if word == "maxItems" else "string"
            yield anthropic_error(
                f"output_config.format.schema: For '{where}' type, property '{word}' is not "
                "supported"
            )


class Gemini(Server):
    """Gemini behind the OpenAI form of requests.

    Thought counts against max_tokens, and is in the total of tokens only (page "OpenAI
    compatibility", sections "Thinking" and "Structured output"). Errors come as a list.
    """

    name = "Gemini, compatible endpoint"
    model = "gemini-3.8-flash"
    source = "https://ai.google.dev/gemini-api/docs/openai"
    taken = BASE - {"seed"} | {"reasoning_effort", "max_completion_tokens", "extra_body"}

    def refusals(self, request: Body) -> Iterator[Step]:
        """In the form of Google's own errors, in a list."""
        for name in sorted(request.keys() - self.taken):
            said = f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.'
            error = {"code": 400, "message": said, "status": "INVALID_ARGUMENT"}
            yield Step(400, [{"error": error}])

    def answered(self, request: Body, answer: str) -> Step:
        """Cut off before its first word, where the limit is for the answer alone."""
        if request.get("max_tokens", 10**6) < THOUGHT_TOKENS:
            step = cut_off(request, limit="max_tokens", written=0)
        else:
            step = super().answered(request, answer)
        step.body["usage"]["total_tokens"] += THOUGHT_TOKENS  # type: ignore[index]
        return step


class Mistral(Server):
    """Mistral refuses what it does not know, and calls the seed otherwise.

    API reference, "Chat completion": random_seed, max_tokens; response_format json_schema.
    """

    name = "Mistral"
    model = "mistral-small-latest"
    source = "https://docs.mistral.ai/api/endpoint/chat"
    taken = BASE - {"seed"} | {"random_seed"}

    def refusals(self, request: Body) -> Iterator[Step]:
        """The faults of a validation, one for each unknown member."""
        faults = [
            {
                "type": "extra_forbidden",
                "loc": ["body", name],
                "msg": "Extra inputs are not permitted",
                "input": request[name],
            }
            for name in sorted(request.keys() - self.taken)
        ]
        if faults:
            body = {"object": "error", "message": {"detail": faults}, "param": None, "code": None}
            yield Step(422, {**body, "type": "invalid_request_error"})


class DeepSeek(Server):
    """JSON mode only; the cache is counted under its own names.

    Guides "JSON Output" and "Context Caching", API reference "Create chat completion".
    """

    name = "DeepSeek"
    model = "deepseek-chat"
    source = "https://api-docs.deepseek.com/guides/json_mode"

    def refusals(self, request: Body) -> Iterator[Step]:
        """What it says to json_schema."""
        if kind(request) == "json_schema":
            said = "This response_format type is unavailable now"
            yield openai_error(said, None, "invalid_request_error")
        yield from json_word(request)

    def answered(self, request: Body, answer: str) -> Step:
        """With the hits and misses of its cache."""
        step = super().answered(request, answer)
        usage = step.body["usage"]  # type: ignore[index]
        del usage["prompt_tokens_details"]
        usage |= {"prompt_cache_hit_tokens": 3, "prompt_cache_miss_tokens": 17}
        return step


class OpenRouter(Server):
    """A router may choose a provider that does not heed the schema, unless told to require it.

    Pages "Structured Outputs" and "Provider Routing" (require_parameters).
    """

    name = "OpenRouter"
    model = "some/model"
    source = "https://openrouter.ai/docs/guides/features/structured-outputs"
    taken = BASE | {"provider", "reasoning"}

    def answered(self, request: Body, answer: str) -> Step:
        """Words about the question, where the schema did not have to be heeded."""
        required = request.get("provider", {}).get("require_parameters")
        if "response_format" in request and not required:
            return completion("The answer depends on how one reads the sentence.")
        return super().answered(request, answer)


class Groq(Server):
    """json_schema for some models only; the others have JSON mode.

    Page "Structured Outputs".
    """

    name = "Groq"
    model = "llama-3.3-70b-versatile"
    source = "https://console.groq.com/docs/structured-outputs"
    taken = BASE | {"max_completion_tokens", "reasoning_effort"}

    def refusals(self, request: Body) -> Iterator[Step]:
        """What it says to json_schema for such a model."""
        if kind(request) == "json_schema":
            said = "This model does not support response format `json_schema`. See supported models"
            yield openai_error(f"{said} at the page on structured outputs", "response_format")
        yield from json_word(request)
        yield from super().refusals(request)


class Together(Server):
    """A model of the R1 family writes its thought into the answer.

    Pages "JSON Mode" and "DeepSeek R1 quickstart".
    """

    name = "Together, R1 family"
    model = "deepseek-ai/DeepSeek-R1"
    source = "https://docs.together.ai/docs/json-mode"

    def answered(self, request: Body, answer: str) -> Step:
        """Thought in tags, then the answer in a fence."""
        if request.get("max_tokens", 10**6) < THOUGHT_TOKENS:
            return cut_off(request, limit="max_tokens", content=f"<think>\n{THOUGHT}")
        text = f"<think>\n{THOUGHT}\n</think>\n\n{fenced(answer)}"
        return completion(text, tokens=counted(request, answer))
