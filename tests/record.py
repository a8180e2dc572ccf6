"""Record what the embedded model says on the seeds: `make record`. Takes some minutes.

Two records of the same answers: the cassettes hold the conversation with the server, for the tests;
`evals/recorded/local.jsonl` holds the answers by question, for the evaluation. Record types can be
named (`python -m tests.record figures`) where only their questions changed.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence

from extractor import load_settings, open_model, read_document
from extractor.evaluation.recorded import RecordingModel, load_recorded
from extractor.prompts import load_prompt
from extractor.tasks import TASKS
from tests.cassettes import (
    PROMPTS,
    RECORDED,
    SEEDS,
    cassette_path,
    extract_one,
    recorder,
)


async def main(tasks: Sequence[str]) -> None:
    """Ask everything that the replay tests of these tasks ask, once, and keep what came back."""
    settings = load_settings({"concurrency": 1})
    async with open_model("local", settings) as local:
        model = RecordingModel(local)
        for task in tasks:
            for seed in SEEDS:
                cassette = cassette_path(task, seed)
                cassette.parent.mkdir(parents=True, exist_ok=True)
                cassette.unlink(missing_ok=True)
                with recorder("all").use_cassette(str(cassette)):
                    extraction = await extract_one(read_document(seed), task, model)
                sys.stderr.write(f"{task} {seed.name}: {extraction.runs[0].status}\n")
        name = model.identity.removeprefix("local:").partition("@")[0]
    _keep_other_tasks(model, tasks)
    model.save(RECORDED, finished=True)
    earlier = json.loads(PROMPTS.read_text())["prompts"] if PROMPTS.is_file() else {}
    prompts = earlier | {TASKS[task][1]: load_prompt(TASKS[task][1]).sha256 for task in tasks}
    text = json.dumps({"model": name, "prompts": prompts}, indent=1, sort_keys=True)
    PROMPTS.write_text(text + "\n", encoding="utf-8")


def _keep_other_tasks(model: RecordingModel, tasks: Sequence[str]) -> None:
    """The earlier answers to record types that were not asked about this time."""
    asked = {TASKS[task][1] for task in tasks}
    if RECORDED.is_file() and len(tasks) < len(TASKS):
        earlier = load_recorded(RECORDED).answers
        others = {key: answer for key, answer in earlier.items() if answer.task not in asked}
        model.answers = others | model.answers


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or tuple(TASKS)))
