"""Bytes to text, as browsers do it."""

from __future__ import annotations

import pytest

from extractor.errors import DocumentError
from extractor.readers.decoding import decode

QUOTE = "“We will not go,” said Jürgen Köhler – a recruit who was paid £300."


@pytest.mark.parametrize("label", ["iso-8859-1", "latin1", "ascii", "windows-1252", "ISO8859-1"])
def test_latin_labels_mean_windows_1252(label: str) -> None:
    page = f"<meta charset={label}><p>{QUOTE}".encode("cp1252")
    assert QUOTE in decode(page, "page", markup=True).text


@pytest.mark.parametrize(
    ("label", "text"), [("koi8-r", "Сто солдат"), ("shift_jis", "兵士百人"), ("gb2312", "一百士兵")]
)
def test_labels_of_other_scripts(label: str, text: str) -> None:
    page = f'<meta http-equiv=x content="text/html; charset={label}">{text}'.encode(label)
    assert text in decode(page, "page", markup=True).text


def test_an_xml_declaration_names_the_encoding() -> None:
    page = "<?xml version='1.0' encoding='iso-8859-2'?><p>Łódź".encode("iso-8859-2")
    assert "Łódź" in decode(page, "page", markup=True).text


@pytest.mark.parametrize("markup", [True, False])
@pytest.mark.parametrize("damage", [b"\xe9", b"\xe2\x80"])
def test_a_damaged_byte_does_not_spoil_the_page(markup: bool, damage: bytes) -> None:
    page = b"<meta charset=utf-8>" + QUOTE.encode() + b" Caf" + damage + b" " + QUOTE.encode()
    found = decode(page, "page", markup=markup)
    assert found.text.count(QUOTE) == 2
    assert found.text.count("\ufffd") == 1
    assert found.warnings == ("bytes that are no characters in this encoding: 1",)


def test_a_wrong_label_is_not_believed() -> None:
    page = f"<meta charset=utf-8><p>{QUOTE}".encode("cp1252")
    found = decode(page, "page", markup=True)
    assert QUOTE in found.text
    assert "says utf-8 and is not" in found.warnings[0]
    other = decode(f"<meta charset=iso-8859-1><p>{QUOTE}".encode(), "page", markup=True)
    assert QUOTE in other.text
    assert "is utf-8" in other.warnings[0]


def test_a_byte_order_mark_comes_first() -> None:
    page = f"<meta charset=koi8-r><p>{QUOTE}".encode("utf-8-sig")
    assert decode(page, "page", markup=True).text.endswith(QUOTE)


def test_what_is_no_text_is_an_error() -> None:
    with pytest.raises(DocumentError, match="not text"):
        decode(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "page")
