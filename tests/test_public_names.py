"""Public names, and what importing them does not load."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import extractor

HEAVY = ("openai", "instructor", "xllamacpp", "pydantic", "spacy", "rich.progress", "jinja2")
LOADED = f"import sys; print([name for name in {HEAVY!r} if name in sys.modules])"


def served_names() -> set[str]:
    """Names that the package's own file imports for type checkers."""
    tree = ast.parse(Path(str(extractor.__file__)).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in imports for alias in node.names}


def test_all_is_what_is_served() -> None:
    assert sorted(extractor.__all__) == extractor.__all__
    assert set(extractor.__all__) == served_names()
    assert set(extractor.__all__) <= set(dir(extractor))


@pytest.mark.parametrize("name", extractor.__all__)
def test_every_public_name_resolves(name: str) -> None:
    found = getattr(extractor, name)
    assert found.__name__ == name
    assert found.__module__.startswith("extractor.")


def test_other_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="'extractor' has no attribute 'nothing'"):
        extractor.nothing  # noqa: B018


@pytest.mark.parametrize(
    "code",
    [
        "import extractor",
        "from extractor.cli import app; app(['--help'], standalone_mode=False)",
    ],
)
def test_nothing_heavy_is_loaded(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{LOADED}"], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
