"""Models: one question in, one checked object out.

Importing this package is cheap. The SDK, instructor and the engine are loaded when a model is
opened.
"""

from extractor.models.base import (
    Attempt,
    Message,
    Model,
    ModelProfile,
    Reply,
    Request,
)
from extractor.models.registry import ModelStatus, available_models, open_model
from extractor.models.scripted import ScriptedModel

__all__ = [
    "Attempt",
    "Message",
    "Model",
    "ModelProfile",
    "ModelStatus",
    "Reply",
    "Request",
    "ScriptedModel",
    "available_models",
    "open_model",
]
