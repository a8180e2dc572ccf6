"""Plain instructor on one article. Runs in an environment of its own.

Standard input: a job (see `configurations.job_for`) with `server`. Standard output, JSON Lines: a
record per line, a line per call that failed, and at the end the seconds from the text to the
records.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any, Literal

from pydantic import BaseModel, create_model

KINDS = {"text": str, "flag": bool}


def main() -> None:
    """Read the job, extract, write the lines."""
    job = json.load(sys.stdin)
    client = connect(job["server"])
    started = time.perf_counter()
    lines: list[dict[str, Any]] = []
    for call in job["calls"]:
        try:
            lines += extracted(client, job, call)
        except Exception as error:  # whatever the library raises: this call has no answer
            message = f"{type(error).__name__}: {error}"[:300]
            lines.append({"kind": "failure", "of": list(call["types"]), "error": message})
    lines.append({"kind": "end", "seconds": time.perf_counter() - started})
    sys.stdout.writelines(f"{json.dumps(line)}\n" for line in lines)


def connect(server: dict[str, Any]) -> Any:
    """A client of the job's server in JSON schema mode."""
    import instructor
    import openai

    sdk = openai.OpenAI(base_url=server["base_url"], api_key=server["api_key"])
    return instructor.from_openai(sdk, mode=instructor.Mode.JSON_SCHEMA)


def extracted(client: Any, job: dict[str, Any], call: dict[str, Any]) -> list[dict[str, Any]]:
    """The records of one prompt over the whole text."""
    options = job["options"]
    answer = client.chat.completions.create(
        model=job["server"]["model"],
        response_model=answer_model(call["types"]),
        messages=messages(job["text"], call),
        max_tokens=options["max_tokens"],
        max_retries=options["max_retries"],
        temperature=0.0,
    )
    return [
        {"kind": name, "values": record, "start": None, "end": None}
        for name in call["types"]
        for record in answer.model_dump(mode="json")[f"{name}s"]
    ]


def answer_model(types: dict[str, Any]) -> type[BaseModel]:
    """One list for each record type, with closed label sets."""
    lists: dict[str, Any] = {}
    for name, fields in types.items():
        members: dict[str, Any] = {"words": (str, ...)}
        members |= {field: (field_type(spec), ...) for field, spec in fields.items()}
        lists[f"{name}s"] = (list[create_model(name.title(), **members)], ...)  # type: ignore[misc]
    return create_model("Records", **lists)


def field_type(spec: dict[str, Any]) -> Any:
    """The Python type of one field."""
    kind: Any = KINDS.get(spec["kind"]) or Literal[tuple(spec["labels"])]
    return kind | None if spec["nullable"] else kind


def messages(text: str, call: dict[str, Any]) -> list[dict[str, str]]:
    """The conversation: instructions, the examples as turns, the article."""
    turns = [{"role": "system", "content": call["instructions"]}]
    for example in call["examples"]:
        lists = {f"{name}s": group for name, group in example["records"].items()}
        turns.append({"role": "user", "content": example["text"]})
        turns.append({"role": "assistant", "content": json.dumps(lists, ensure_ascii=False)})
    return [*turns, {"role": "user", "content": text}]


if __name__ == "__main__":
    main()
