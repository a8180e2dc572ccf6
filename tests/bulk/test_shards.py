"""Shards: every document in one of them, each with its own store, and together the whole."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extractor import Extraction, Store
from extractor.assembly import stored_extractions
from extractor.bulk import Limits
from extractor.bulk.shards import Shard, shard_stores
from extractor.cli import app
from extractor.documents import Document
from extractor.errors import DocumentError, UsageError
from extractor.settings import load_settings
from tests.bulk.harness import NOUNS, documents
from tests.models.stub import Stub, serve
from tests.support import rows, served

ALL = len(NOUNS)
RAY = """
import os, signal, sys
from pathlib import Path
from extractor.bulk import ray_engine
from extractor.cli import app
from extractor.commands import sharded

once = sharded._annotate_shard

def dies_at_first(job, shards, number):
    if number == 2 and not Path("died").exists():
        Path("died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return once(job, shards, number)

sharded._annotate_shard = dies_at_first
app()
"""


@pytest.fixture(autouse=True)
def _corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles in corpus/, and one file that cannot be read, in the working directory."""
    monkeypatch.chdir(tmp_path)
    Path("corpus").mkdir()
    for document in documents(ALL):
        Path("corpus", document.name).write_text(document.text, encoding="utf-8")
    Path("corpus", "empty.txt").touch()


def command(stub: Stub, *arguments: str, store: str = "s.db") -> list[str]:
    chosen = ["--base-url", stub.url, "--model", "m", "--records", "figures", "--store", store]
    return ["annotate", "corpus", *chosen, *arguments]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stderr


def stored(path: str) -> dict[str, Extraction]:
    with Store(Path(path)) as store:
        return {found.document.name: found for found in stored_extractions(store)}


def figures(path: str) -> dict[str, object]:
    return {name: (found.figures, found.rejected) for name, found in stored(path).items()}


def test_every_input_is_in_one_shard_whatever_its_name_and_place() -> None:
    inputs: list[Document | DocumentError] = [
        *documents(ALL),
        DocumentError("b.txt", "no text in it", "give words"),
    ]
    shards = [Shard(number, 4) for number in range(1, 5)]
    parts = [list(shard.of_inputs(inputs)) for shard in shards]
    assert sorted(str(one) for part in parts for one in part) == sorted(map(str, inputs))
    renamed = [Document.from_text(one.text, name="x") for one in documents(ALL)][::-1]
    for shard, part in zip(shards, parts, strict=True):
        texts = {one.text for one in part if isinstance(one, Document)}
        again = shard.of_inputs(renamed)
        assert {one.text for one in again if isinstance(one, Document)} == texts


def test_each_shard_has_its_part_of_what_all_may_take() -> None:
    shard = Shard.parse("3/16")
    assert shard == Shard(3, 16)
    assert shard.limits(Limits(1_600, 8.0)) == Limits(100, 0.5)
    assert shard.limits(Limits()) == Limits()
    part = shard.settings(load_settings({"requests_per_minute": 500, "concurrency": 8}))
    assert (part.requests_per_minute, part.tokens_per_minute, part.concurrency) == (31, None, 8)
    with pytest.raises(UsageError, match="requests_per_minute 9: too few for 16 shards"):
        shard.settings(load_settings({"requests_per_minute": 9}))


@pytest.mark.parametrize("text", ["0/4", "5/4", "3", "a/b", "-1/4", "1/4/2", "1/0", "٣/٤"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no such shard - use I/N"):
        Shard.parse(text)


def test_shards_merged_are_the_whole_and_ask_nothing_twice() -> None:
    with serve(served) as stub:
        assert run(*command(stub, store="whole.db"))[0] == 1
        asked = len(stub.requests)
        codes = [run(*command(stub, "--shard", f"{n}/3"))[0] for n in (2, 3, 1)]
        assert sorted(codes) == [0, 0, 1]  # the file without text is in one of them
        assert len(stub.requests) == 2 * asked
        parts = [str(path) for path in shard_stores(Path("s.db"))]
        assert [Path(part).name[:4] for part in parts] == ["0001", "0002", "0003"]
        assert run("merge", "s.db", *parts)[0] == 0
        assert run("merge", "s.db", *parts)[0] == 0
        for n in (1, 2, 3):
            run(*command(stub, "--shard", f"{n}/3"))
        run(*command(stub))  # from the merged store
        assert len(stub.requests) == 2 * asked
    assert figures("s.db") == figures("whole.db")
    assert len(rows(Path("s.db"), "SELECT * FROM attempts")) == asked
    assert rows(Path("s.db"), "SELECT name FROM dead_letters") == [("corpus/empty.txt",)]


def test_a_shard_can_be_worked_on_in_another_thread() -> None:
    with serve(served) as stub, ThreadPoolExecutor(1) as thread:
        arguments = command(stub, "--shard", "1/1")
        assert thread.submit(run, *arguments).result()[0] == 1  # the file without text
    assert len(figures("s.db.shards/0001-of-0001.db")) == ALL


def test_another_number_of_shards_is_refused() -> None:
    with serve(served) as stub:
        run(*command(stub, "--shard", "1/3"))
        code, told = run(*command(stub, "--shard", "1/4"))
    assert code == 2
    assert "0001-of-0003.db: a shard of another number of shards - go on with that" in told


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--shard", "4/3"), "--shard 4/3: no such shard"),
        (("--shards", "3"), "--shards: only with --engine - use --shard I/N"),
        (("--engine", "ray"), "--engine ray: give --shards N"),
        (("--engine", "dask", "--shards", "2"), "--engine dask: unknown - use: ray"),
        (("--engine", "ray", "--shards", "2", "--shard", "1/2"), "--shard: not together with"),
        (("--engine", "ray", "--shards", "2", "-o", "x.jsonl"), "-o: not with --engine - use"),
        (("--engine", "ray", "--shards", "2", "-"), "-: no standard input with --engine"),
    ],
)
def test_wrong_use_is_one_clear_line(arguments: tuple[str, ...], problem: str) -> None:
    with serve(served) as stub:
        code, told = run(*command(stub, *arguments))
    assert code == 2
    assert told.startswith(f"error: {problem}")
    assert not stub.requests


@pytest.mark.skipif(find_spec("ray") is not None, reason="ray is installed")
def test_without_ray_the_remedy_is_named() -> None:
    with serve(served) as stub:
        code, told = run(*command(stub, "--engine", "ray", "--shards", "2"))
    assert code == 2
    assert "ray is not installed - pip install 'extractor[ray]'" in told


def test_merging_needs_stores_that_are_there() -> None:
    code, told = run("merge", "s.db", "none.db")
    assert (code, Path("s.db").exists()) == (2, False)
    assert told.startswith("error: none.db: no such store")


@pytest.mark.skipif(find_spec("ray") is None, reason="ray is not installed")
def test_ray_restarts_an_actor_that_dies_and_merges_all() -> None:
    environment = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0"}
    with serve(served) as stub:
        run(*command(stub, store="whole.db"))
        asked = len(stub.requests)
        arguments = command(stub, "--engine", "ray", "--shards", "2")
        for _ in range(2):
            done = subprocess.run(
                [sys.executable, "-c", RAY, *arguments],
                env=environment,
                capture_output=True,
                text=True,
                timeout=240,
                check=False,
            )
            assert done.returncode == 1, done.stderr  # the file without text
        assert Path("died").exists()
        assert len(stub.requests) == 2 * asked
    assert figures("s.db") == figures("whole.db")
