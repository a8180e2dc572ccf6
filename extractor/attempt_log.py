"""One structured log line for each attempt: what was sent when, and how it ended.

The logger is `extractor.attempts`, level INFO, the message one JSON object. No line holds text of a
document, of a prompt or of an answer, nor a key.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict

from extractor.models.base import Attempt
from extractor.redaction import redacted

NAME = "extractor.attempts"
_logger = logging.getLogger(NAME)


def log_attempts(document: str, task: str, model: str, attempts: Sequence[Attempt]) -> None:
    """Log what one question took.

    Args:
        document: its id, a hash.
        task: the record type that was asked for.
        model: identity of the model.
    """
    if not _logger.isEnabledFor(logging.INFO):
        return
    for attempt in attempts:
        fields = {"document": document, "task": task, "model": model, **asdict(attempt)}
        _logger.info(redacted(json.dumps(fields)))
