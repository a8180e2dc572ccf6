"""See the package: `record` and `report`."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from extractor.evaluation.recorded import RecordingModel, load_recorded
from extractor.models import open_model
from extractor.settings import load_settings

from .attacks import SEED, Attack, attacks
from .blocks import MARKS, MEASURE, SPEAKER, TOKENS
from .measure import measure
from .report import report

RECORDED = Path(__file__).with_name("recorded.jsonl")
PAGE = Path(__file__).parents[2] / "docs" / "security-injections.md"
SAVED_EVERY_SECONDS = 20.0


async def record() -> None:
    """Ask what is not recorded yet; an interrupted recording goes on where it was."""
    known = load_recorded(RECORDED) if RECORDED.exists() else None
    async with open_model("local", load_settings({})) as model:
        recording = RecordingModel(model, known)
        saving = asyncio.create_task(_save_often(recording))
        try:
            for part in _in_order(attacks()):
                await measure(recording, part)
            recording.save(RECORDED, finished=True)
        finally:
            saving.cancel()


def _in_order(suite: list[Attack]) -> Iterator[list[Attack]]:
    """What the defence changes first, the rest mixed; a prompt at a time, which its slots keep."""
    changed = {TOKENS, MARKS}
    mixed = random.Random(SEED).sample(suite, len(suite))
    for first, kind in ((True, SPEAKER), (True, MEASURE), (False, MEASURE), (False, SPEAKER)):
        yield [a for a in mixed if (a.kind in changed) == first and a.base.kind == kind]


async def _save_often(recording: RecordingModel) -> None:
    while True:
        await asyncio.sleep(SAVED_EVERY_SECONDS)
        recording.save(RECORDED, finished=False)


def main() -> int:
    """0, or 2 for a wrong call."""
    match sys.argv[1:]:
        case ["record"]:
            asyncio.run(record())
        case ["report"]:
            outcomes = asyncio.run(measure(load_recorded(RECORDED), attacks()))
            PAGE.write_text(report(outcomes), encoding="utf-8")
        case _:
            sys.stderr.write("record or report\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
