"""What each system is asked, read from the YAML files beside this module, as jobs for adapters."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import yaml
from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from extractor.errors import UsageError
from extractor.pipeline import code_version
from extractor.prompts import load_prompt
from extractor.reading.quantities import Change
from extractor.records import Bound, Per, ShortText, Strict
from extractor.tasks import TASKS

HERE = Path(__file__).parent
OURS = "extractor"
PEERS = ("langextract", "instructor")
RECORD_TYPES = ("figures", "quotations")  # ours, in the order of task.yaml's types


class FieldSpec(Strict):
    """One field of a record. `labels` are filled in from this project's own label sets."""

    kind: Literal["text", "label", "flag"]
    meaning: str
    nullable: bool = False
    labels: list[str] = Field(default=[])


class TypeSpec(Strict):
    """One record type. `words` says which words of the article stand for the record."""

    what: str
    words: ShortText
    fields: dict[str, FieldSpec]


class Task(Strict):
    """All of `task.yaml`."""

    introduction: str
    types: dict[str, TypeSpec]


class Configuration(Strict):
    """One way to use a peer; see `configurations.yaml`."""

    calls: Literal["together", "apart"]
    figure_fields: list[str]
    examples: int = Field(ge=0)
    options: dict[str, JsonValue]


class System(Strict):
    """One system with one configuration; the extractor has only the one it is shipped with."""

    name: str
    configuration: str
    settings: Configuration | None = None

    @property
    def label(self) -> str:
        """How options and tables call it."""
        return f"{self.name}/{self.configuration}"


def all_systems(folder: Path = HERE) -> list[System]:
    """The extractor, then each peer with each of its configurations.

    Raises:
        UsageError: `configurations.yaml` cannot be used.
    """
    kind: TypeAdapter[dict[str, dict[str, Configuration]]] = TypeAdapter(
        dict[str, dict[str, Configuration]]
    )
    given = _read(folder / "configurations.yaml", kind)
    peers = [
        System(name=name, configuration=title, settings=settings)
        for name, settings_by_title in given.items()
        for title, settings in settings_by_title.items()
    ]
    return [System(name=OURS, configuration="shipped"), *peers]


def load_task(folder: Path = HERE) -> Task:
    """The questions, with the labels of the records and of the figures' prompt filled in.

    Raises:
        UsageError: `task.yaml` cannot be used.
    """
    task = _read(folder / "task.yaml", TypeAdapter(Task))
    measures = load_prompt(TASKS["figures"][1]).labels
    meaning = "; ".join(f"{label}: {sense}" for label, sense in measures.items())
    labels = {
        "bound": (list(get_args(Bound)), None),
        "measure": (list(measures), meaning),
        "per": (list(get_args(Per)), None),
        "change": (list(get_args(Change)), None),
    }
    types = {
        name: spec.model_copy(update={"fields": _labelled(spec.fields, labels)})
        for name, spec in task.types.items()
    }
    return task.model_copy(update={"types": types})


def _labelled(
    fields: Mapping[str, FieldSpec], labels: Mapping[str, tuple[list[str], str | None]]
) -> dict[str, FieldSpec]:
    filled = {}
    for name, spec in fields.items():
        values, senses = labels.get(name, ([], None))
        meaning = f"{spec.meaning}, one of: {senses}" if senses else spec.meaning
        if spec.kind == "label" and not senses and spec.nullable:
            meaning = f"{', '.join(values)}; {meaning}"
        filled[name] = spec.model_copy(update={"labels": values, "meaning": meaning})
    return filled


def load_examples(folder: Path = HERE) -> list[dict[str, Any]]:
    """Invented texts with their records, by type.

    Raises:
        UsageError: `examples.yaml` cannot be used.
    """
    return _read(folder / "examples.yaml", TypeAdapter(list[dict[str, Any]]))


def _read(path: Path, kind: TypeAdapter[Any]) -> Any:
    try:
        return kind.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        reason = " ".join(str(error).split())
        raise UsageError(f"{path}: {reason} - correct the file") from None


def job_for(system: System, text: str, folder: Path = HERE) -> dict[str, Any]:
    """What one adapter reads for one text, all but the server's address: JSON values only."""
    if system.settings is None:
        return {"text": text, "records": list(RECORD_TYPES)}
    settings, task = system.settings, load_task(folder)
    chosen = {
        name: [
            field for field in spec.fields if name != "figure" or field in settings.figure_fields
        ]
        for name, spec in task.types.items()
    }
    groups = [[name] for name in chosen] if settings.calls == "apart" else [list(chosen)]
    examples = load_examples(folder)[: settings.examples]
    # LangExtract calls a record's words by the record type's name.
    anchors = {name: name if system.name == "langextract" else "words" for name in chosen}
    return {
        "text": text,
        "options": settings.options,
        "calls": [_call(task, group, chosen, anchors, examples) for group in groups],
    }


def _call(
    task: Task,
    group: Sequence[str],
    chosen: Mapping[str, Sequence[str]],
    anchors: Mapping[str, str],
    examples: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    fields = {
        name: {field: task.types[name].fields[field].model_dump() for field in chosen[name]}
        for name in group
    }
    return {
        "types": fields,
        "instructions": _instructions(task, group, chosen, anchors),
        "examples": [_example(one, group, chosen) for one in examples],
    }


def _instructions(
    task: Task,
    group: Sequence[str],
    chosen: Mapping[str, Sequence[str]],
    anchors: Mapping[str, str],
) -> str:
    lines = [task.introduction]
    for name in group:
        spec = task.types[name]
        lines += [spec.what, f"Of each {name} give", f"- {anchors[name]}: {spec.words}"]
        lines += [f"- {field}: {spec.fields[field].meaning}" for field in chosen[name]]
    return "\n".join(lines)


def _example(
    example: Mapping[str, Any], group: Sequence[str], chosen: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """The example with every chosen field of every record, empty ones as null or false."""
    records = {
        name: [
            {"words": record["words"], **{field: _value(field, record) for field in chosen[name]}}
            for record in example[name]
        ]
        for name in group
    }
    return {"text": example["text"], "records": records}


def _value(field: str, record: Mapping[str, Any]) -> JsonValue:
    value: JsonValue = record.get(field, False if field == "negated" else None)
    return value


def key_of(system: System, job: Mapping[str, Any], served: str, folder: Path = HERE) -> str:
    """SHA-256 of everything that the answer depends on.

    Args:
        served: weights and shape of the server.
    """
    files = [folder / "adapters" / f"{system.name}_adapter.py"]
    files += [folder / "requirements" / f"{system.name}.txt"] if system.settings else []
    hashes = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    own = [] if system.settings else [code_version(), *_own_prompts()]
    content = json.dumps([system.name, job, served, hashes, own], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _own_prompts() -> list[str]:
    return [load_prompt(TASKS[name][1]).sha256 for name in RECORD_TYPES]
