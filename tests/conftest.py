"""Shared fixtures."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from extractor import redaction


@pytest.fixture(autouse=True, scope="session")
def _interruptible() -> None:
    """A runner in the background is started with SIGINT ignored, and its children inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the settings, keys or caches of the person who runs it."""
    own = ("EXTRACTOR_API_KEY", "EXTRACTOR_BASE_URL", "EXTRACTOR_MODEL")
    for name in (*own, "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(redaction, "_secrets", {})
