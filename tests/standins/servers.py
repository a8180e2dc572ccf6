"""All stand-ins, in the order of the table."""

from __future__ import annotations

from tests.standins.hosted import (
    Anthropic,
    AzureReasoning,
    DeepSeek,
    Gemini,
    Groq,
    Mistral,
    OpenAIOlder,
    OpenAIReasoning,
    OpenRouter,
    Server,
    Together,
)
from tests.standins.own import (
    VLLM,
    Deaf,
    LiteLLM,
    LlamaCpp,
    Ollama,
    OnlyText,
    OnlyTools,
)

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
