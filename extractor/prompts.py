"""Prompts: loaded from files, rendered strictly, identified by the hash of all their words.

A prompt is a folder `<task>/<version>/` with `system.md.j2` and `user.md.j2` (Jinja templates),
`examples.yaml` (few-shot examples: the user template's variables, and the `answer`) and, where the
task has labels, `labels.yaml` (label -> meaning). Released versions are never edited: a change is a
new version. `released.json` beside the tasks holds their hashes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from extractor.control_tokens import harmless_all
from extractor.errors import PromptError

if TYPE_CHECKING:
    from jinja2 import Environment, Template

T = TypeVar("T")
Variables = Mapping[str, object]
Turn = tuple[Literal["system", "user", "assistant"], str]
TOGETHER = "together"  # variable that holds the variables of several questions, by question id
_TOGETHER_NOTE = "You get several parts, each under a heading. Answer every part under its heading."
_FILES = ("system.md.j2", "user.md.j2", "examples.yaml", "labels.yaml")


@dataclass(frozen=True)
class Prompt:
    """One version of one task's words.

    Attributes:
        name: `<task>/<version>`.
        sha256: hash over the prompt's files, in a fixed order (64 hexadecimal digits).
        labels: label -> meaning; empty where the task has none.
        examples: variables of the user template, each with an `answer`.
    """

    name: str
    sha256: str
    system: str
    user: str
    labels: Mapping[str, str]
    examples: tuple[Variables, ...]

    def render(self, variables: Variables, *, reverse: bool = False) -> list[Turn]:
        """The conversation up to the question: system, examples as turns, then the user's turn.

        Args:
            reverse: labels and examples in reverse order, to which an answer should not be
                sensitive (Lu et al. 2022, "Fantastically Ordered Prompts").

        Raises:
            PromptError: a variable of the template is missing.
        """
        step = -1 if reverse else 1
        labels = dict(list(self.labels.items())[::step])
        system = self._fill(self.system, {"labels": labels})
        examples = self.examples[::step]
        if isinstance(parts := variables.get(TOGETHER), Mapping):
            return self._render_together(system, examples, parts)
        turns: list[Turn] = [("system", system)]
        for example in examples:
            turns.append(("user", self._asked(example)))
            turns.append(("assistant", json.dumps(example["answer"], ensure_ascii=False)))
        return [*turns, ("user", self._asked(variables))]

    def _render_together(
        self, system: str, examples: tuple[Variables, ...], parts: Mapping[str, Variables]
    ) -> list[Turn]:
        """Examples and questions as parts of one turn each, every part under its heading."""
        shown = {f"example{number}": example for number, example in enumerate(examples, 1)}
        answers = {name: example["answer"] for name, example in shown.items()}
        turns: list[Turn] = [("system", f"{system}\n{_TOGETHER_NOTE}")]
        if shown:
            turns.append(("user", self._headed(shown)))
            turns.append(("assistant", json.dumps(answers, ensure_ascii=False)))
        return [*turns, ("user", self._headed(parts))]

    def _headed(self, parts: Mapping[str, Variables]) -> str:
        filled = {name: self._asked(part) for name, part in parts.items()}
        return "\n\n".join(f"## {name}\n{text}" for name, text in filled.items())

    def _asked(self, variables: Variables) -> str:
        """The user's turn. This is where words of a document enter a prompt."""
        return self._fill(self.user, harmless_all(variables))

    def _fill(self, template: str, variables: Variables) -> str:
        from jinja2 import TemplateError

        try:
            return _compiled(template).render(variables).strip()
        except TemplateError as error:
            raise PromptError(
                f"prompt {self.name}: {error} - pass it, or mend the template"
            ) from error


@lru_cache(maxsize=64)
def _compiled(template: str) -> Template:
    return _environment().from_string(template)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, StrictUndefined

    return Environment(undefined=StrictUndefined, autoescape=False)


@cache
def prompt_root() -> Path:
    """Folder of the shipped prompts: inside the wheel, or the checkout's `prompts/`."""
    packaged = Path(str(resources.files("extractor"))) / "_prompts"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parent.parent / "prompts"


def shipped_prompt(name: str) -> Prompt:
    """`load_prompt` from the shipped folder, read once per process."""
    return _loaded(name, prompt_root())


@cache
def _loaded(name: str, root: Path) -> Prompt:
    return load_prompt(name, root)


def load_prompt(name: str, root: Path | None = None) -> Prompt:
    """Load `<task>/<version>`.

    Raises:
        PromptError: the folder or one of its templates is missing, its YAML is malformed, or its
            words are not those that were released.
    """
    root = root or prompt_root()
    folder = root / name
    texts = {file: _read(folder / file) for file in _FILES if (folder / file).is_file()}
    missing = [file for file in _FILES[:2] if file not in texts]
    if missing:
        raise PromptError(f"prompt {name}: no {missing[0]} in {folder} - name a prompt that exists")
    sha256 = hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()
    if _released(root).get(name, sha256) != sha256:
        raise PromptError(
            f"prompt {name}: edited after its release - undo that and make a new version"
        )
    return Prompt(
        name=name,
        sha256=sha256,
        system=texts["system.md.j2"],
        user=texts["user.md.j2"],
        labels=_yaml(folder / "labels.yaml", texts, {}),
        examples=tuple(_yaml(folder / "examples.yaml", texts, [])),
    )


def _released(root: Path) -> dict[str, str]:
    """Hashes of the released prompts by name."""
    path = root / "released.json"
    return json.loads(_read(path)) if path.is_file() else {}


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _yaml(path: Path, texts: Mapping[str, str], empty: T) -> T:
    import yaml

    try:
        loaded: T | None = yaml.safe_load(texts.get(path.name, ""))
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise PromptError(f"prompt file {path}: {problem} - mend the YAML") from error
    return empty if loaded is None else loaded
