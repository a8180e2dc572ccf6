"""Signals while a long page is being read, which asks nobody and awaits nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.models.stub import serve
from tests.support import served

PROSE = "The mayor, who was wounded in a storm, owns 40 boats in the harbour of the town. "
PATIENCE = 60
SOON = 20  # seconds; reading the long page to its end would take several times as long


# Mostly no prose: quick to parse, and long to look through for numbers that no record covers.
LONG = PROSE * 20 + "\n" + "1 " * 2_000_000


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_run_that_is_reading(
    number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(PROSE, encoding="utf-8")
    Path("b.txt").write_text(LONG, encoding="utf-8")
    program = "from extractor.cli import app; app()"
    with serve(served) as server:
        options = ["--model", "m", "--base-url", server.url, "--store", "s.db"]
        command = [sys.executable, "-c", program, "annotate", "a.txt", "b.txt", *options]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            begun = time.monotonic()
            while not server.requests:  # the first page is read, and asked about
                assert time.monotonic() < begun + PATIENCE and process.poll() is None
                time.sleep(0.05)
            time.sleep(2)
            assert process.poll() is None  # the second page is being read
            process.send_signal(number)
            _, told = process.communicate(timeout=SOON)
    assert process.returncode == 130
    assert told.splitlines()[-1].startswith("Stopped. What was answered is kept")
