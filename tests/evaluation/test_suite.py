"""Suites: any folder of documents and gold, matched by content; errors name the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.errors import DocumentError, UsageError
from extractor.evaluation.suite import load_suite

from .folders import labelled, small_suite, write_gold, write_suite

ROOT = Path(__file__).parents[2]


def test_a_folder_of_documents_and_gold_is_a_suite(tmp_path: Path) -> None:
    suite = small_suite(tmp_path / "mine")
    assert suite.name == "mine"
    assert [case.gold.document.name for case in suite.cases] == ["a0.txt", "a1.txt"]
    assert all(Path(c.document.name).name == c.gold.document.name for c in suite.cases)


def test_suite_file_moves_the_parts_and_sets_labels(tmp_path: Path) -> None:
    write_suite(tmp_path / "data", labelled(1))
    folder = tmp_path / "suite"
    folder.mkdir()
    (folder / "suite.yaml").write_text(
        "name: moved\ndocuments: ../data/documents\ngold: ../data/gold\nlabels: {measures: [pay]}\n"
    )
    suite = load_suite(folder)
    assert (suite.name, len(suite.cases), suite.labels.measures) == ("moved", 1, ["pay"])


def test_a_renamed_document_is_found_by_its_bytes(tmp_path: Path) -> None:
    write_suite(tmp_path, labelled(1))
    (tmp_path / "documents/a0.txt").rename(tmp_path / "documents/renamed.txt")
    assert Path(load_suite(tmp_path).cases[0].document.name).name == "renamed.txt"


def test_other_line_ends_are_still_the_labelled_text(tmp_path: Path) -> None:
    write_suite(tmp_path, labelled(1))
    document = tmp_path / "documents/a0.txt"
    document.write_bytes(document.read_bytes().replace(b"\n", b"\r\n"))
    assert len(load_suite(tmp_path).cases) == 1


def test_a_text_that_labels_do_not_fit_is_an_error(tmp_path: Path) -> None:
    write_suite(tmp_path, labelled(1))
    document = tmp_path / "documents/a0.txt"
    document.write_text("One more word. " + document.read_text())
    with pytest.raises(DocumentError, match=r"a0\.yaml.*reads.*mend the label"):
        load_suite(tmp_path)


def test_gold_without_a_document_is_an_error(tmp_path: Path) -> None:
    write_suite(tmp_path, labelled(2))
    (tmp_path / "documents/a1.txt").unlink()
    with pytest.raises(DocumentError, match=r"a1\.yaml.*no document 'a1\.txt'"):
        load_suite(tmp_path)


def test_a_document_without_gold_is_named_and_not_run(tmp_path: Path) -> None:
    write_suite(tmp_path, labelled(2))
    (tmp_path / "gold/a1.yaml").unlink()
    suite = load_suite(tmp_path)
    assert len(suite.cases) == 1
    assert [Path(name).name for name in suite.unlabelled] == ["a1.txt"]


def test_two_golds_for_one_document_are_an_error(tmp_path: Path) -> None:
    articles = labelled(1)
    write_suite(tmp_path, articles)
    write_gold(articles[0][0], tmp_path / "gold/again.yaml")
    with pytest.raises(DocumentError, match=r"again\.yaml.*has gold already"):
        load_suite(tmp_path)


@pytest.mark.parametrize(
    ("content", "named"),
    [("golden: gold", "golden"), ("passes: 3", "passes"), ("name: [", "cannot be read")],
)
def test_a_wrong_suite_file_is_named(tmp_path: Path, content: str, named: str) -> None:
    (tmp_path / "suite.yaml").write_text(content)
    with pytest.raises(UsageError, match=rf"suite\.yaml.*{named}"):
        load_suite(tmp_path)


def test_missing_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        load_suite(tmp_path / "nothing")
    with pytest.raises(UsageError, match="no gold"):
        load_suite(tmp_path)


def test_hashes_follow_labels_and_texts_but_no_notes(tmp_path: Path) -> None:
    articles = labelled(1)
    gold, text = articles[0]
    first = load_suite(write_suite(tmp_path / "a", articles))
    figures = gold.figures or []
    noted = gold.model_copy(update={"figures": [figures[0].model_copy(update={"note": "sure"})]})
    changed = gold.model_copy(update={"figures": figures[:1]})
    with_note = load_suite(write_suite(tmp_path / "b", [(noted, text)]))
    without = load_suite(write_suite(tmp_path / "c", [(changed, text)]))
    assert first.gold_sha256 != without.gold_sha256 == with_note.gold_sha256
    assert first.inputs_sha256 == without.inputs_sha256


def test_the_committed_suite_loads() -> None:
    suite = load_suite(ROOT / "evals")
    assert suite.cases
    assert {label for c in suite.cases for f in c.gold.figures or [] for label in f.measure} <= set(
        suite.labels.measures or []
    )
