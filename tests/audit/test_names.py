"""Capitalised names: what counts as one, and what its place alone explains."""

from __future__ import annotations

import pytest

from extractor import Document
from extractor.audit.names import uncovered_names


def found(text: str, covered: str = "") -> list[tuple[str, str | None]]:
    document = Document.from_paragraphs([(line, False) for line in text.splitlines()])
    start = document.text.index(covered)
    taken = set(range(start, start + len(covered)))
    return [(span.text, reason) for span, reason in uncovered_names(document, taken)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("They met Ana Ruiz, the Bank of Ardia and Osh.", ["Ana Ruiz", "Bank of Ardia", "Osh"]),
        ("Moreover, it rained. Pressure grew.", []),
        ("Osh fell. They left Osh.", ["Osh", "Osh"]),
        ("Kenya agreed.", ["Kenya"]),
        ("Boats sank. The boats were old.", []),
        ("Late boats sank. Ana Ruiz swam.", ["Ana Ruiz"]),
        ("On Tuesday in March I paid 20 Euros, or USD 30.", []),
        ("It said I'd lost, and ALSO IN THIS file.", []),
        ("They sued Ardia’s Harbour Office.", ["Ardia", "Harbour Office"]),
        ("an AK-47 and a T-72", []),
    ],
)
def test_names_are_told_from_capitals(text: str, names: list[str]) -> None:
    assert [name for name, _ in found(text)] == names


def test_the_rest_of_a_covered_name_is_shown() -> None:
    assert found("They met President Ana Ruiz there.", "Ana Ruiz") == [("President", "title")]


def test_a_title_case_heading_proves_no_name() -> None:
    text = "Harbour Office Closes Its Doors\nThe office closes its doors and the harbour sleeps."
    assert found(text) == []
    assert found(text.replace("Its", "Ardia")) == [("Ardia", "heading")]
    told = found(text.replace("Its", "Ardia") + " They left Ardia.")
    assert told == [("Ardia", None), ("Ardia", None)]


def test_furniture_has_no_names() -> None:
    document = Document.from_paragraphs([("Ana Ruiz swam to Osh.", True)])
    assert list(uncovered_names(document, set())) == []
