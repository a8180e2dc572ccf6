"""The check of the main job can fail: on a dead engine, on nothing found, on a changed digit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.cassettes import ROOT

ARTICLE = "In all, 640 sailors joined."


def main_job(extractor: Path, seed: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", ".ci/main-job.sh"],
        cwd=ROOT,
        env={
            **os.environ,
            "EXTRACTOR": str(extractor),
            "PYTHON": sys.executable,
            "SEED": str(seed),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def pretender(folder: Path, *, number: str, start: int) -> Path:
    """An `extractor` that writes one figure stating `number`, whatever the article says."""
    span = {"start": start, "end": start + len(number), "text": number}
    line = json.dumps({"figures": [{"mentions": [{"number": span}]}]})
    script = folder / "pretender"
    script.write_text(f"#!/bin/sh\nfor last; do :; done\necho '{line}' > \"$last\"\n")
    script.chmod(0o755)
    return script


def test_it_fails_when_the_engine_is_dead(tmp_path: Path) -> None:
    seed = tmp_path / "article.txt"
    seed.write_text(ARTICLE)
    weights = tmp_path / "dead.gguf"
    weights.write_bytes(b"GGUF, but no model")
    extractor = Path(sys.executable).with_name("extractor")
    done = main_job(extractor, seed, EXTRACTOR_WEIGHTS=str(weights))
    assert done.returncode != 0
    assert "error:" in done.stderr


def test_it_fails_on_a_changed_digit_and_passes_on_the_true_one(tmp_path: Path) -> None:
    seed = tmp_path / "article.txt"
    seed.write_text(ARTICLE)
    start = ARTICLE.index("640")
    assert main_job(pretender(tmp_path, number="640", start=start), seed).returncode == 0
    assert main_job(pretender(tmp_path, number="649", start=start), seed).returncode != 0


def test_it_fails_when_nothing_is_found(tmp_path: Path) -> None:
    seed = tmp_path / "article.txt"
    seed.write_text(ARTICLE)
    script = tmp_path / "pretender"
    script.write_text('#!/bin/sh\nfor last; do :; done\necho \'{"figures": []}\' > "$last"\n')
    script.chmod(0o755)
    assert main_job(script, seed).returncode != 0
