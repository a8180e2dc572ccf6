"""The stand-ins. Each class cites the pages from which it was written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar

from tests.models.stub import Step, completion
from tests.standins.seeds import Answers

Body = dict[str, Any]
THOUGHT = "The reader asks for a choice. Let me look at the words once more and then decide."
THOUGHT_TOKENS = 900
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


class Ollama(Server):
    """A thinking model: its thought is in a field of its own, and takes the limit's tokens.

    Page "OpenAI compatibility" (reasoning), and "Thinking".
    """

    name = "Ollama, thinking model"
    model = "qwen3:8b"
    source = "https://docs.ollama.com/api/openai-compatibility"
    taken = BASE | {"reasoning_effort", "reasoning"}
    field: ClassVar[str] = "reasoning"

    def answered(self, request: Body, answer: str) -> Step:
        """Only thought, where the limit is too low for more."""
        cut = request.get("max_tokens", 10**6) < THOUGHT_TOKENS
        step = cut_off(request, limit="max_tokens") if cut else super().answered(request, answer)
        step.body["choices"][0]["message"][self.field] = THOUGHT  # type: ignore[index]
        return step


class VLLM(Ollama):
    """A thinking model with a reasoning parser, which may take a constrained answer for thought.

    Page "Reasoning Outputs" (reasoning_content, enable_thinking in chat_template_kwargs).
    """

    name = "vLLM, thinking model"
    model = "Qwen/Qwen3-8B"
    source = "https://docs.vllm.ai/en/stable/features/reasoning_outputs/"
    taken = BASE | {"chat_template_kwargs", "max_completion_tokens", "reasoning_effort"}
    field = "reasoning_content"

    def answered(self, request: Body, answer: str) -> Step:
        """The answer in the field of thought, and nothing in its own."""
        step = super().answered(request, answer)
        choice = step.body["choices"][0]  # type: ignore[index]
        if choice["finish_reason"] == "stop":
            choice["message"] |= {"content": None, self.field: choice["message"]["content"]}
        return step


class LiteLLM(Server):
    """A proxy that refuses what the model behind it does not take, several at once.

    Page "Drop Unsupported Params".
    """

    name = "LiteLLM proxy"
    model = "team-model"
    source = "https://docs.litellm.ai/docs/completion/drop_params"

    def refusals(self, request: Body) -> Iterator[Step]:
        """One message for all of them."""
        if named := [name for name in ("seed", "temperature") if name in request]:
            said = (
                f"litellm.UnsupportedParamsError: cohere does not support parameters: {named}, for "
                "model=command-r. To drop these, set `litellm.drop_params=True` or for proxy:\n\n"
                "`litellm_settings:\n drop_params: true`\n. \n If you want to use these params "
                f"dynamically send allowed_openai_params={named} in your request.. Received Model "
                "Group=team-model\nAvailable Model Group Fallbacks=None"
            )
            yield Step(400, {"error": {"message": said, "type": "None", "param": "None"}})


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


class LlamaCpp(Server):
    """llama.cpp's own server: takes json_schema and json_object, ignores what it does not know.

    README of tools/server, section on /v1/chat/completions.
    """

    name = "llama.cpp server"
    model = "any.gguf"
    source = "https://github.com/ggml-org/llama.cpp/tree/master/tools/server"

    def refusals(self, request: Body) -> Iterator[Step]:
        """Nothing of what is sent here."""
        del request
        return iter(())


class OnlyTools(Server):
    """A server without response_format that says what it has instead; no vendor's in particular."""

    name = "function calling only"
    model = "some-model"
    taken = BASE - {"response_format"}

    def refusals(self, request: Body) -> Iterator[Step]:
        """It names the way that is left."""
        if "response_format" in request:
            yield Step(400, {"detail": "response_format is not supported; use tools instead"})


class OnlyText(Server):
    """A server of plain text that refuses all but the most common; no vendor's in particular."""

    name = "plain text only"
    model = "some-model"
    taken = frozenset({"model", "messages", "max_tokens"})

    def refusals(self, request: Body) -> Iterator[Step]:
        """One unknown argument at a time."""
        for name in ("response_format", *sorted(request.keys() - self.taken)):
            if name in request:
                yield openai_error(f"Unrecognized request argument supplied: {name}")

    def answered(self, request: Body, answer: str) -> Step:
        """With words around the answer."""
        text = f"Here is the JSON that you asked for:\n\n{fenced(answer)}\n\nAnything else?"
        return completion(text, tokens=counted(request, answer))


class Deaf(OnlyText):
    """A server of plain text that ignores what it does not know; no vendor's in particular."""

    name = "plain text only, ignores the rest"
    taken = BASE

    def refusals(self, request: Body) -> Iterator[Step]:
        """None."""
        del request
        return iter(())

    def answered(self, request: Body, answer: str) -> Step:
        """In words, unless the prompt itself asks for JSON."""
        if "json_schema" in str(request["messages"]):
            return super().answered(request, answer)
        return completion("It is hard to say, but the first one may be right.")


SERVERS: tuple[type[Server], ...] = (
    Server,
    OpenAIReasoning,
    AzureReasoning,
    OpenAIOlder,
    Anthropic,
    Gemini,
    Mistral,
    DeepSeek,
    OpenRouter,
    Ollama,
    VLLM,
    LiteLLM,
    Groq,
    Together,
    LlamaCpp,
    OnlyTools,
    OnlyText,
    Deaf,
)


def openai_error(message: str, param: str | None = None, code: str | None = None) -> Step:
    """A refusal as OpenAI words it."""
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return Step(400, {"error": error})


def anthropic_error(message: str) -> Step:
    """A refusal as Anthropic words it."""
    return Step(
        400, {"type": "error", "error": {"type": "invalid_request_error", "message": message}}
    )


def kind(request: Body) -> str | None:
    """Which type of structured answer is asked for."""
    found: str | None = request.get("response_format", {}).get("type")
    return found


def schema_of(request: Body) -> Any:
    """The schema in a request's response_format."""
    return request.get("response_format", {}).get("json_schema", {}).get("schema", {})


def json_word(request: Body) -> Iterator[Step]:
    """JSON mode wants the word in the prompt."""
    if kind(request) == "json_object" and "json" not in str(request["messages"]).lower():
        yield openai_error("'messages' must contain the word 'json' in some form", "messages")


def keywords(schema: Any) -> set[str]:
    """Keys anywhere in a schema."""
    if isinstance(schema, list):
        return {word for part in schema for word in keywords(part)}
    if not isinstance(schema, dict):
        return set()
    return set(schema) | {word for part in schema.values() for word in keywords(part)}


def strict_faults(request: Body) -> Iterator[Step]:
    """What a strict schema may not have."""
    wanted = request.get("response_format", {}).get("json_schema", {})
    name = str(wanted.get("name"))
    if wanted and not re.fullmatch(r"[\w-]{1,64}", name, re.ASCII):
        yield openai_error("Invalid 'response_format.json_schema.name'", "response_format")
    if not wanted.get("strict"):
        return
    prefix = f"Invalid schema for response_format '{name}': In context=(), "
    for part in objects(wanted["schema"]):
        if part.get("additionalProperties") is not False:
            said = "'additionalProperties' is required to be supplied and to be false."
            yield openai_error(prefix + said, "response_format")
        if set(part.get("required", ())) != set(part["properties"]):
            said = "'required' is required to be an array including every key in properties."
            yield openai_error(prefix + said, "response_format")
    refused = {"maxLength", "minLength", "default", "oneOf", "allOf", "const", "patternProperties"}
    for word in sorted(refused & keywords(wanted["schema"])):
        yield openai_error(prefix + f"'{word}' is not permitted.", "response_format")


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object that a schema describes."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for part in schema.values():
            yield from objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects(part)


def counted(request: Body, answer: str) -> tuple[int, int]:
    """Tokens in and out, at four characters each."""
    return len(json.dumps(request)) // 4, len(answer) // 4 + 1


def fenced(answer: str) -> str:
    """An answer in a Markdown fence."""
    return f"```json\n{answer}\n```"


def called(request: Body, answer: str) -> Step:
    """An answer as the arguments of the function that had to be called."""
    name = request["tool_choice"]["function"]["name"]
    assert name == request["tools"][0]["function"]["name"]
    step = completion(None, finish="tool_calls", tokens=counted(request, answer))
    function = {"name": name, "arguments": answer}
    message = step.body["choices"][0]["message"]  # type: ignore[index]
    message["tool_calls"] = [{"id": "call_1", "type": "function", "function": function}]
    return step


def cut_off(
    request: Body, limit: str, content: str | None = "", written: int | None = None
) -> Step:
    """An answer that ended at the limit, before its first word."""
    tokens = request[limit] if written is None else written
    return completion(content, finish="length", tokens=(counted(request, "")[0], tokens))
