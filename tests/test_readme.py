"""The README's example runs as it stands, on recorded answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cassettes import HOST, ROOT, recorded_model, replayed


def test_the_library_example_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.+?)```", readme, re.DOTALL)
    assert example is not None
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("EXTRACTOR_MODEL", recorded_model())
    monkeypatch.setenv("EXTRACTOR_BASE_URL", f"{HOST}/v1")
    with replayed("figures", Path("seeds/003_66c67bd58577917e.txt")):
        exec(compile(example[1], "README.md", "exec"), {})
    assert "people" in capsys.readouterr().out
