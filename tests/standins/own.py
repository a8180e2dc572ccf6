"""Stand-ins of servers that one runs oneself. Each cites the pages from which it was written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from tests.models.stub import Step, completion
from tests.standins.hosted import BASE, Server
from tests.standins.wire import (
    THOUGHT,
    THOUGHT_TOKENS,
    Body,
    counted,
    cut_off,
    fenced,
    openai_error,
)


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
