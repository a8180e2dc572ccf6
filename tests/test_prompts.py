"""Prompts: rendered strictly, known by their words, and never edited after release."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor.errors import PromptError
from extractor.prompts import Prompt, load_prompt, prompt_root

NAMES = sorted(
    f"{path.parent.parent.name}/{path.parent.name}" for path in prompt_root().glob("*/*/user.md.j2")
)
RELEASED = json.loads((prompt_root() / "released.json").read_text(encoding="utf-8"))
FILES = {
    "system.md.j2": "Labels: {% for label in labels %}{{ label }} {% endfor %}",
    "user.md.j2": "Text: {{ text }}",
    "examples.yaml": "- {text: one, answer: {n1: exact}}",
    "labels.yaml": "exact: as it is",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "toy" / "v1").mkdir(parents=True)
    for file, words in FILES.items():
        (tmp_path / "toy" / "v1" / file).write_text(words, encoding="utf-8")
    return tmp_path


def toy(root: Path) -> Prompt:
    return load_prompt("toy/v1", root)


def test_examples_are_turns_before_the_question(root: Path) -> None:
    assert toy(root).render({"text": "two"}) == [
        ("system", "Labels: exact"),
        ("user", "Text: one"),
        ("assistant", '{"n1": "exact"}'),
        ("user", "Text: two"),
    ]


def test_a_missing_variable_is_an_error_that_names_it(root: Path) -> None:
    with pytest.raises(PromptError, match=r"^prompt toy/v1: 'text' is undefined - "):
        toy(root).render({"txt": "two"})


@pytest.mark.parametrize("name", NAMES)
def test_shipped_prompts_miss_no_variable_in_silence(name: str) -> None:
    with pytest.raises(PromptError, match="is undefined"):
        load_prompt(name).render({})


def test_an_articles_words_are_never_a_template(root: Path) -> None:
    words = "{{ text }} {% include 'x' %} <b>&"
    assert toy(root).render({"text": words})[-1] == ("user", f"Text: {words}")


@pytest.mark.parametrize("file", FILES)
def test_any_changed_word_changes_the_hash(root: Path, file: str) -> None:
    before = toy(root).sha256
    path = root / "toy" / "v1" / file
    path.write_text(path.read_text(encoding="utf-8") + " # one word more", encoding="utf-8")
    after = toy(root).sha256
    assert before != after
    assert len(after) == 64


def test_a_prompt_needs_neither_examples_nor_labels(root: Path) -> None:
    (root / "toy" / "v1" / "examples.yaml").unlink()
    (root / "toy" / "v1" / "labels.yaml").write_text("# none\n", encoding="utf-8")
    assert (toy(root).examples, toy(root).labels) == ((), {})


@pytest.mark.parametrize("name", ["toy/v2", "nothing/v1"])
def test_an_unknown_prompt_is_named(root: Path, name: str) -> None:
    with pytest.raises(
        PromptError, match=rf"^prompt {name}: no system.md.j2 in .* - name a prompt"
    ):
        load_prompt(name, root)


def test_malformed_yaml_is_named(root: Path) -> None:
    (root / "toy" / "v1" / "labels.yaml").write_text("exact: [", encoding="utf-8")
    with pytest.raises(PromptError, match=r"labels\.yaml: .*mend the YAML"):
        toy(root)


def test_a_released_prompt_that_was_edited_is_named(root: Path) -> None:
    released = {"toy/v1": toy(root).sha256}
    (root / "released.json").write_text(json.dumps(released), encoding="utf-8")
    assert toy(root).name == "toy/v1"
    (root / "toy" / "v1" / "system.md.j2").write_text("Other words.", encoding="utf-8")
    with pytest.raises(PromptError, match=r"^prompt toy/v1: edited after its release - "):
        toy(root)


@pytest.mark.parametrize("name", sorted({*NAMES, *RELEASED}))
def test_shipped_prompts_load_and_released_ones_are_unedited(name: str) -> None:
    assert load_prompt(name).examples
