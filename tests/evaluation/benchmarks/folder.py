"""Where other people's benchmark data is; it is not part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def benchmark_folder(name: str) -> Path:
    """The folder of one benchmark; skips the test where it is absent."""
    beside = Path(__file__).parents[4] / "shared" / "benchmarks"
    folder = Path(os.environ.get("EXTRACTOR_BENCHMARKS", beside)) / name
    if not folder.is_dir():
        pytest.skip(f"no {name} data: set EXTRACTOR_BENCHMARKS to the folder that holds it")
    return folder
