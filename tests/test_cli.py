"""The command line: exit status, one clear line per fault, and work that is kept."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from extractor import Document, Extraction, Store
from extractor.cli import app
from extractor.models.base import Model
from extractor.pipeline import extract_document
from tests.models.stub import Step, Stub, completion, refusal, serve
from tests.support import FRENCH, article, obedient, rows, served

GOOD = "At least 640 Georgians joined the coast patrol, Tomas Lindqvist said on Friday."


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXTRACTOR_TRANSPORT_RETRIES", "0")
    monkeypatch.setenv("EXTRACTOR_VALIDATION_RETRIES", "0")


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serve(served) as server:
        yield server


def run(*arguments: str) -> Result:
    """One command in this process. A fault that is not on purpose fails the test."""
    result = CliRunner().invoke(app, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def annotate(stub: Stub, *arguments: str) -> Result:
    return run("annotate", "--base-url", stub.url, "--model", "m", "--store", "s.db", *arguments)


def line(result: Result, words: str) -> str:
    """The one line of standard error that has these words."""
    (found,) = [line for line in result.stderr.splitlines() if words in line]
    return found


def write(name: str, content: str | bytes = GOOD) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def extractions(path: str | Path) -> list[Extraction]:
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [Extraction.model_validate_json(line) for line in lines]


def test_everything_done_is_status_0(stub: Stub) -> None:
    write("a.txt")
    result = annotate(stub, "a.txt", "-o", "out.jsonl")
    assert result.exit_code == 0
    assert line(result, "a.txt:").startswith("a.txt: 1 figures, 0 quotations, ")
    (extraction,) = extractions("out.jsonl")
    assert [figure.value for figure in extraction.figures or []] == [640]
    assert result.stdout == ""


def test_finished_work_is_not_asked_again(stub: Stub) -> None:
    write("a.txt")
    annotate(stub, "a.txt", "-o", "first.jsonl")
    asked = len(stub.requests)
    annotate(stub, "a.txt", "-o", "second.jsonl")
    assert len(stub.requests) == asked > 0
    assert Path("first.jsonl").read_bytes() == Path("second.jsonl").read_bytes()


def test_each_bad_input_is_one_line_and_the_others_are_done(stub: Stub) -> None:
    faults = {
        "in/empty.txt": (b"", "no text in it - give a file"),
        "in/binary.txt": (bytes(range(256)) * 40, "not text, or in an unknown encoding - save it"),
        "in/broken.html": (b"<html><p", "HTML without text - save the page"),
        "in/french.txt": (FRENCH.encode(), "language 'fr' is not supported - give articles in: en"),
        "in/latin.jsonl": ('{"text": "Café"}'.encode("latin-1"), "not JSON ("),
    }
    for name, (content, _) in faults.items():
        write(name, content)
    with write("in/huge.txt").open("r+b") as file:
        file.truncate(50_000_000)
    write("in/good.txt")
    write("in/latin.txt", f"{GOOD} It is called Café.".encode("latin-1"))
    write("in/open.html", f"<html><div><p>{GOOD}<b>It is the largest of them all.")
    Path("nothing").mkdir()
    result = annotate(stub, "in", "nothing", "gone.txt", "-o", "out.jsonl")
    assert result.exit_code == 1
    for name, (_, problem) in faults.items():
        assert f"error: {name}" in line(result, name)
        assert problem in line(result, name)
    assert "larger than 5 MB - split it" in line(result, "in/huge.txt")
    assert "error: nothing: no documents in this folder - " in line(result, "nothing")
    assert "error: gone.txt: no such file or folder - check the path" in line(result, "gone.txt")
    done = {extraction.document.name for extraction in extractions("out.jsonl")}
    assert done == {"in/good.txt", "in/latin.txt", "in/open.html"}


def test_a_malformed_row_leaves_the_other_rows(stub: Stub) -> None:
    good = [json.dumps({"id": n, "text": f"{GOOD} It was {n} April."}) for n in (1, 2, 4, 5)]
    write("rows.jsonl", "\n".join([*good[:2], '{"text": "half', *good[2:]]))
    result = annotate(stub, "rows.jsonl", "-o", "out.jsonl", "--records", "figures")
    assert result.exit_code == 1
    assert line(result, "error").startswith("error: rows.jsonl:3: not JSON (")
    assert len(extractions("out.jsonl")) == 4


def test_a_file_that_vanishes_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACTOR_CONCURRENCY", "1")  # else the next file is read ahead

    def vanish(request: dict[str, Any]) -> Step:
        Path("in/b.txt").unlink(missing_ok=True)
        return served(request)

    write("in/a.txt")
    write("in/b.txt", "It was 720 men.")
    with serve(vanish) as stub:
        result = annotate(stub, "in", "-o", "out.jsonl")
    assert result.exit_code == 1
    assert line(result, "error") == "error: in/b.txt: no such file or folder - check the path"
    assert len(extractions("out.jsonl")) == 1


def test_a_failed_question_is_named_and_is_status_1() -> None:
    def fails(request: dict[str, Any]) -> Step:
        figures = "n1: divers" in request["messages"][-1]["content"]
        return completion("[bold]no[/bold]") if figures else served(request)

    write("a.txt", f"{GOOD} The town has 45 divers.")
    with serve(fails) as stub:
        result = annotate(stub, "a.txt", "-o", "out.jsonl")
    assert result.exit_code == 1
    assert "  figures failed: nouns1: " in line(result, "figures failed")
    (extraction,) = extractions("out.jsonl")
    assert extraction.figures is None
    assert extraction.entities is not None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["annotate", "a.txt", "--colour", "red"], "No such option"),
        (["annotate"], "Missing argument"),
        (["annotate", "a.txt", "--records", "figures,evnts"], "unknown evnts - use: header, fig"),
        (["annotate", "a.txt", "--records", ","], "no type given - use any of: header, figures"),
        (["annotate", "a.txt", "--base-url", "nowhere"], "base_url: Value error, not an http"),
        (["models", "--base-url", "nowhere"], "base_url: Value error, not an http"),
        (["show", "--store", "none.db"], "none.db: no such store - run `extractor annotate` first"),
    ],
)
def test_wrong_usage_is_status_2(arguments: list[str], words: str) -> None:
    write("a.txt")
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert not Path("none.db").exists()


def test_a_wrong_setting_of_the_environment_is_status_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACTOR_CONCURRENCY", "many")
    result = run("annotate", "a.txt")
    assert result.exit_code == 2
    assert line(result, "error").startswith("error: EXTRACTOR_CONCURRENCY: concurrency: ")


@pytest.mark.parametrize("output", ["file/out.jsonl", "none/out.jsonl", "folder"])
def test_an_output_that_cannot_be_written_is_named(stub: Stub, output: str) -> None:
    write("a.txt")
    write("file")
    Path("folder").mkdir()
    result = annotate(stub, "a.txt", "-o", output)
    assert result.exit_code == 2
    found = line(result, "error")
    assert found.startswith(f"error: {output}: cannot be written (")
    assert found.endswith(") - give another -o")
    assert not stub.requests


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the full device of Linux")
def test_a_full_disk_is_named(stub: Stub) -> None:
    write("a.txt")
    result = annotate(stub, "a.txt", "-o", "/dev/full", "--records", "header")
    assert result.exit_code == 2
    assert "/dev/full: cannot be written (No space left on device)" in line(result, "error")


@pytest.mark.parametrize("store", ["file/s.db", "folder", "file"])
def test_a_store_that_cannot_be_used_is_named(stub: Stub, store: str) -> None:
    write("a.txt")
    write("file")
    Path("folder").mkdir()
    result = annotate(stub, "a.txt", "--store", store)
    assert result.exit_code == 1
    found = line(result, "error")
    assert found.startswith(f"error: {store}: cannot be used as a store (")
    assert found.endswith("give another file with --store")
    assert not stub.requests


def test_a_run_without_a_line_leaves_the_older_output() -> None:
    write("a.txt")
    write("out.jsonl", "precious")
    with serve(refusal(401)) as stub:
        result = annotate(stub, "a.txt", "-o", "out.jsonl")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert Path("out.jsonl").read_text(encoding="utf-8") == "precious"
    assert sorted(path.name for path in Path().glob("*out*")) == ["out.jsonl"]


def test_output_gets_the_usual_permissions(stub: Stub) -> None:
    write("a.txt")
    annotate(stub, "a.txt", "-o", "out.jsonl", "--records", "header")
    assert stat.S_IMODE(Path("out.jsonl").stat().st_mode) == stat.S_IMODE(
        write("other").stat().st_mode
    )


def test_output_may_be_a_pipe(stub: Stub) -> None:
    write("a.txt")
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert annotate(stub, "a.txt", "-o", "pipe").exit_code == 0
        assert Extraction.model_validate_json(os.read(reader, 60_000)).figures
    finally:
        os.close(reader)
    assert Path("pipe").is_fifo()


def test_nothing_but_lines_is_written_where_no_terminal_is(stub: Stub) -> None:
    write("a.txt")
    result = annotate(stub, "a.txt")
    assert len(result.stderr.splitlines()) == 2
    assert "\x1b" not in result.stderr + result.stdout
    assert "questions" not in result.stderr


def test_names_cannot_steer_the_terminal(stub: Stub) -> None:
    write("rows.jsonl", json.dumps({"id": "a\x1b[2J\nb[red]", "text": GOOD}))
    result = annotate(stub, "rows.jsonl", "--records", "header")
    assert "\x1b" not in result.stderr
    assert line(result, "rows.jsonl#a").startswith(r"rows.jsonl#a\u001b[2J b[red]: 0 not")


async def fill(document: Document, model: Model) -> None:
    with Store(Path("s.db")) as store:
        await extract_document(document, model=model, store=store)


async def test_show_prints_records_beside_their_evidence() -> None:
    await fill(article(), obedient())
    result = run("show", "--store", "s.db")
    assert result.exit_code == 0
    assert "at least 640" in result.stdout
    assert "Tomas Lindqvist" in result.stdout
    assert "“We have no nets left and no boats either,” Lindqvist told" in result.stdout


async def test_show_finds_documents_by_a_part_of_their_name() -> None:
    await fill(article(), obedient())
    await fill(Document.from_text(GOOD, name="other.txt"), obedient())
    result = run("show", "oth", "--store", "s.db")
    assert "other.txt" in result.stdout
    assert "article" not in result.stdout
    unknown = run("show", "nobody", "--store", "s.db")
    assert unknown.exit_code == 2
    assert "s.db: no document 'nobody'" in line(unknown, "error")


async def test_show_prints_no_control_characters_of_an_article() -> None:
    text = "At least 640 Georgians joined \x1b[2J\x9b2Jthe [red]coast patrol[/red] this year."
    await fill(Document.from_text(text, name="a\x1b]0;b"), obedient())
    shown = run("show", "--store", "s.db").stdout
    assert "\x1b" not in shown
    assert "\x9b" not in shown
    assert r"\u001b[2J\u009b2Jthe [red]coast patrol[/red]" in " ".join(shown.split())


def test_show_refuses_what_is_no_store() -> None:
    write("notes.txt")
    result = run("show", "--store", "notes.txt")
    assert result.exit_code == 1
    assert line(result, "error").startswith("error: notes.txt: cannot be used as a store (")


def test_models_says_what_is_missing(stub: Stub) -> None:
    result = run("models", "--base-url", stub.url, "--weights", "[/red]none.gguf")
    assert result.exit_code == 0
    shown = "".join(result.stdout.split())
    assert "[/red]none.gguf" in shown
    assert f"{stub.url}:stub" in shown


FAST = 3
LONG = "\n".join(f"The mayor, who was wounded in a storm, owns {n} boats." for n in range(30, 44))


def kept() -> int:
    """Answers in the store."""
    return len(rows(Path("s.db"), "SELECT * FROM calls"))


def assert_goes_on(server: Stub, answered: int) -> None:
    """The same command again does the rest, and asks nothing that was answered."""
    before = len(server.requests)
    server.steps = [served]
    assert annotate(server, "a.txt", "--records", "figures").exit_code == 0
    asked_again = [r for r in server.requests[before:] if r in server.requests[:answered]]
    assert len(server.requests) > before
    assert asked_again == []


def slow_after_some(server: Stub, request: dict[str, Any], delay: float) -> Step:
    """The first ones are answered at once; several may arrive together."""
    step = served(request)
    return step if server.requests.index(request) < FAST else Step(body=step.body, delay=delay)


@contextmanager
def running(server: Stub) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own, with some answers kept and some requests in flight."""
    write("a.txt", LONG)
    options = ["a.txt", "--model", "m", "--store", "s.db", "--records", "figures"]
    command = [sys.executable, "-c", "from extractor.cli import app; app()", "annotate", *options]
    with subprocess.Popen(
        [*command, "--base-url", server.url], stderr=subprocess.PIPE, text=True
    ) as process:
        patience = time.monotonic() + 60
        while len(server.requests) <= FAST or kept() < FAST:
            assert time.monotonic() < patience
            time.sleep(0.05)
        yield process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_lets_what_is_in_flight_finish(number: signal.Signals) -> None:
    with serve(lambda request: slow_after_some(server, request, 2)) as server:
        with running(server) as process:
            in_flight = len(server.requests)
            process.send_signal(number)
            _, told = process.communicate(timeout=60)
        assert process.returncode == 130
        first, last = told.splitlines()
        assert first.startswith("Stopping: what is in flight is finished")
        assert last.startswith("Stopped. What was answered is kept")
        assert FAST < kept() == len(server.requests) >= in_flight
        assert_goes_on(server, kept())


def test_a_second_signal_ends_at_once() -> None:
    with serve(lambda request: slow_after_some(server, request, 40)) as server:
        with running(server) as process:
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            assert process.stderr.readline().startswith("Stopping: ")
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=20)
        assert process.returncode == 130
        assert told.startswith("Stopped. What was answered is kept")
        assert kept() == FAST
        assert_goes_on(server, FAST)
