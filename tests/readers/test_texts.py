"""Plain text and rows with HTML in them, and Markdown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor.documents import Document
from extractor.errors import DocumentError
from extractor.readers import read_documents
from extractor.readers.markdown import read_markdown
from extractor.readers.texts import read_text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "It paid £300&nbsp;million to 5&nbsp;000 men.",
            "It paid £300\xa0million to 5\xa0000 men.",
        ),
        ("5 &lt; 6 &amp;amp; 7", "5 < 6 & 7"),
        ("recr&shy;uits", "recruits"),
        ("<p>640<sup>12</sup> men</p>", "640¹² men"),
        ("&lt;p&gt;Five men&lt;/p&gt;", "Five men"),
        ("Five <b>men</b>\nleft.", "Five men\nleft."),
    ],
)
def test_html_in_text_is_read_as_html_and_said(text: str, read: str) -> None:
    found = read_text(text, "a.txt")
    assert found.text == read
    assert "HTML" in found.warnings[0]


@pytest.mark.parametrize("text", ["AT&T; R&D, 5 < 6", "a\u200bb", "x <y@z.example>", "1 < 2 > 0"])
def test_other_text_is_kept_code_point_for_code_point(text: str) -> None:
    found = read_text(text, "a.txt")
    assert found.text == text
    assert not any("HTML" in told for told in found.warnings)


def rows(tmp_path: Path, *lines: str) -> list[Document | DocumentError]:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(lines))
    return list(read_documents([path]))


def test_an_id_and_a_key_are_given_once(tmp_path: Path) -> None:
    row = json.dumps({"id": "x", "text": "Five men left."})
    first, second, third = rows(tmp_path, row, row, '{"text": "a", "text": "b"}')
    assert isinstance(first, Document)
    assert isinstance(second, DocumentError) and "row 1" in second.problem
    assert isinstance(third, DocumentError) and '"text" is there twice' in third.problem


MARKDOWN = """---
title: "Ministry says 412 signed"
date: 2024-05-01 09:30:00 +0200
weight: 30
---

# Ministry says **412** signed

It paid [contracts](https://x.example/881234) of \\$1,200 to **1,000**-strong units.[^1]

![Recruits in the yard](a.jpg)

| District | Recruits |
|----------|---------:|
| North    | 120      |

* 45 from the ~~north~~ south

[^1]: As of April.
"""


def test_markdown_is_read_as_rendered() -> None:
    found = read_markdown(MARKDOWN, "a.md")
    assert found.text.split("\n") == [
        "Ministry says 412 signed",
        "It paid contracts of $1,200 to 1,000-strong units.[¹]",
        "Recruits in the yard",
        "District | Recruits",
        "North | 120",
        "45 from the south",
        "As of April.",
    ]
    assert not found.furniture
    assert found.metadata.published == "2024-05-01"


def test_toml_front_matter_is_no_text() -> None:
    found = read_markdown('+++\ndate = 2024-05-01\nurl = "u"\n+++\nFive men left.', "a.md")
    assert found.text == "Five men left."
    assert (found.metadata.published, found.metadata.url) == ("2024-05-01", "u")


@pytest.mark.parametrize("head", ["---\ntitle: [\n---\n", "+++\ntitle = \n+++\n"])
def test_broken_front_matter_is_no_text_and_is_warned_of(head: str) -> None:
    document = read_markdown(head + "\nOne boat left the harbour.\n", "a.md")
    assert document.text == "One boat left the harbour."
    assert "the front matter could not be read" in document.warnings
