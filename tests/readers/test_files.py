"""Readers: every kind of input, and one named error for every input that cannot be read."""

from __future__ import annotations

import io
import json
import os
import zlib
from pathlib import Path

import pytest

from extractor.documents import Document
from extractor.errors import DocumentError
from extractor.readers import MAX_BYTES, count_documents, read_documents, rows

TEXT = "The army said “hello” to 300 men – all of them café soldiers.\n"


def only(path: Path | str) -> Document | DocumentError:
    (result,) = read_documents([path])
    return result


def error(path: Path | str) -> DocumentError:
    result = only(path)
    assert isinstance(result, DocumentError)
    assert result.remedy
    return result


def document(path: Path | str) -> Document:
    result = only(path)
    assert isinstance(result, Document), result
    return result


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_text_in_any_common_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.TXT"
    path.write_bytes((TEXT * 5).encode(encoding))
    assert document(path).text == TEXT * 5
    assert document(path).name == str(path)


def test_standard_input() -> None:
    (found,) = read_documents(["-"], io.BytesIO(b"\xef\xbb\xbfFive men\r\nleft."))
    assert isinstance(found, Document)
    assert (found.name, found.text) == ("standard input", "Five men\nleft.")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("empty.txt", b"", "no text"),
        ("blank.md", b" \r\n\t\n", "no text"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(range(256)) * 9), "not text"),
        ("nul.txt", b"a\0\0\0b\0\0" * 50, "not text"),
        ("large.txt", b"a" * (MAX_BYTES + 1), "larger than 5 MB"),
        ("scan.pdf", b"%PDF", "unsupported"),
        ("plain", b"text", "unsupported"),
        ("script.html", b"<html><script>let a = 1</script></html>", "HTML without text"),
        ("empty.htm", b"", "HTML without text"),
        ("empty.jsonl", b"\n\n", "no rows"),
    ],
)
def test_unreadable_files_are_named(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    found = error(path)
    assert found.name == str(path)
    assert problem in found.problem


def test_missing_paths_and_empty_folders(tmp_path: Path) -> None:
    assert "no such file" in error(tmp_path / "gone.txt").problem
    assert "no such file" in error("nul\0.txt").problem
    assert "no documents" in error(tmp_path).problem


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "regular" in error(tmp_path / "pipe.txt").problem


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "no permission" in error(path).problem


def test_folders_are_read_in_order_and_errors_do_not_stop_them(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "a.md", "sub/c.txt", "ignored.png"):
        (tmp_path / name).write_text(TEXT)
    (tmp_path / "b.txt").write_text("")
    found = list(read_documents([tmp_path, tmp_path / "gone.txt", tmp_path / "a.md"]))
    names = [Path(result.name).name for result in found]
    assert names == ["a.md", "b.txt", "c.txt", "gone.txt", "a.md"]
    assert [isinstance(result, Document) for result in found] == [True, False, True, False, True]


def test_rows_one_bad_of_five(tmp_path: Path) -> None:
    good = [{"text": TEXT, "id": "x", "outlet": "The Reed", "extra": 1}, {"text": "Two left."}]
    rows = [json.dumps(row) for row in good] + ["{oops", json.dumps(good[1]), json.dumps(good[1])]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(rows))
    found = list(read_documents([path]))
    assert [result.name for result in found] == [
        f"{path}{s}" for s in ("#x", ":2", ":3", ":4", ":5")
    ]
    assert [isinstance(result, DocumentError) for result in found] == [
        False,
        False,
        True,
        False,
        False,
    ]
    assert isinstance(found[0], Document)
    assert found[0].metadata.outlet == "The Reed"


def test_inputs_are_counted_as_they_would_be_read(tmp_path: Path) -> None:
    (tmp_path / "in/sub").mkdir(parents=True)
    for name in ("a.txt", "sub/b.HTML", "ignored.png"):
        (tmp_path / "in" / name).write_text(TEXT)
    (tmp_path / "in/rows.jsonl").write_text('{"text": "Two left."}\n\n{oops\n  \n{"text": "a"}')
    paths: list[str | Path] = [tmp_path / "in", str(tmp_path / "in/a.txt")]
    assert count_documents(paths) == len(list(read_documents(paths))) == 6


def test_a_large_row_counts_and_standard_input_cannot_be_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MAX_BYTES", 100)
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"text": "a" * 350}) + "\n" + json.dumps({"text": "Two left."}))
    assert count_documents([path]) == 2
    assert count_documents([path, "-"]) is None
    assert count_documents([tmp_path / "gone.jsonl"]) == 1


@pytest.mark.parametrize(
    "row", ['["text"]', '{"text": 5}', "{}", '{"text": " "}', '{"text": "a", "url": 7}', "[" * 9999]
)
def test_bad_rows(tmp_path: Path, row: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n" + row)
    assert error(path).name == f"{path}:2"


def test_a_row_above_the_limit_does_not_hide_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MAX_BYTES", 100)
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"text": "a" * 350}) + "\n" + json.dumps({"text": "Two left."}))
    large, good = read_documents([path])
    assert isinstance(large, DocumentError)
    assert isinstance(good, Document)
    assert good.text == "Two left."


def test_a_lone_surrogate_in_a_row_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a \\ud800 b", "url": "u\\udfff"}')
    assert document(path).text == "a \ufffd b"
    assert len(document(path).fingerprint) == 64


PAGE = """<html><head><title>x</title></head><body>
<ul><li><a href=a>Home</a><li><a href=b>World news</a></ul>
<h1><a href=c>Army says 200 soldiers left</a></h1><p>By <a href=d>Ann Lee</a>
<p>The army said on Monday that some 200 soldiers had left the front &amp; gone home in the last
month, and that it would not say who had helped them to leave it.
<div><a href=e>Why the harbour master of Ostmark resigned</a></div>
<p>“They are gone,” a general said of the soldiers.<ul><li>In May, 40 left.<li>In June, 160 left.
</ul><table><tr><td>&copy; The Reed"""


def test_html_even_if_broken(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-16")
    found = document(path)
    assert [span.text for span in found.furniture] == [
        "Home",
        "World news",
        "Why the harbour master of Ostmark resigned",
        "© The Reed",
    ]
    assert "the front & gone home in the last month" in found.text
    assert found.text.split("\n")[2:4] == ["Army says 200 soldiers left", "By Ann Lee"]


def test_what_no_reader_foresaw_is_one_inputs_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> Document:
        raise RecursionError("too deep")

    (tmp_path / "a.html").write_text("<p>One boat left the harbour.</p>", encoding="utf-8")
    (tmp_path / "b.txt").write_text("One boat left the harbour.", encoding="utf-8")
    monkeypatch.setattr("extractor.readers.files.read_page", broken)
    error, document = read_documents([tmp_path])
    assert isinstance(error, DocumentError) and isinstance(document, Document)
    assert "a.html" in str(error) and "RecursionError: too deep" in str(error)


def test_a_row_that_no_reader_foresaw_is_its_own_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(text: str, name: str, **_: object) -> Document:
        if "boat" in text:
            raise KeyError("boat")
        return Document.from_text(text, name=name)

    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "One boat left."}\n{"text": "One ship left."}\n', encoding="utf-8")
    monkeypatch.setattr("extractor.readers.rows.read_text", broken)
    error, document = read_documents([rows])
    assert isinstance(error, DocumentError) and isinstance(document, Document)
    assert "rows.jsonl:1" in str(error) and "KeyError" in str(error)
