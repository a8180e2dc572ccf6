"""The wheel holds what the program needs away from the checkout."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from extractor.tasks import TASKS
from tests.cassettes import ROOT

WHEEL = '"$0" -m pip wheel -q --no-deps --no-build-isolation -w "$1" "$2"'


def test_wheel_ships_prompts_and_the_server_script(tmp_path: Path) -> None:
    subprocess.run(
        ["sh", "-c", WHEEL, sys.executable, str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"extractor/_prompts/{prompt}/system.md.j2" for _, prompt in TASKS.values()} <= names
    assert "extractor/models/server.py" in names
    assert "extractor/store/migrations/001_answers_and_results.sql" in names
    assert not any(name.startswith(("tests/", "seeds/")) for name in names)
