"""Pages: what is seen, what is the article, and that nothing is lost in silence."""

from __future__ import annotations

import pytest

from benchmarks.hostile_pages import PAGE, hidden_outcomes, honest_outcomes, wrong_numbers
from extractor.documents import Document
from extractor.readers.pages import read_page

STORY = (
    "The ministry said on Monday that 412 recruits had signed contracts with the army since the "
    "start of the year, most of them in the northern districts of the country."
)


def page(inside: str, head: str = "") -> Document:
    return read_page(PAGE.format(head=head, inside=inside), "page")


def body(document: Document) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if not b.furniture]


def test_no_hidden_text_is_body_and_every_honest_text_is() -> None:
    assert [name for name, (end, _) in hidden_outcomes().items() if end == "body"] == []
    assert [name for name, end in honest_outcomes().items() if end != "body"] == []
    assert wrong_numbers() == []


def test_hidden_text_is_reported() -> None:
    told = page("<p hidden>The army has 5 men more.</p>").warnings
    assert told == ("hidden text left out: 1 passage (hidden)",)
    assert page("").warnings == ()


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<p>recr&shy;uits and 1&shy;000 men</p>", "recruits and 1000 men"),
        ("<p>640<sup>12</sup> men on the 19<sup>th</sup></p>", "640¹² men on the 19th"),
        ("<p>CO<sub>2</sub> rose</p>", "CO₂ rose"),
        ("<p>6<span hidden>99</span>40 men</p>", "6\ufffc40 men"),
        ("<p><span>512</span><span>recruits</span> left</p>", "512recruits left"),
        ("<table><tr><td>400<td>737<tr><td>North<td>12</table>", "400 | 737\nNorth | 12"),
        ("<p>He said <q>we stay</q>.</p>", "He said “we stay”."),
        ("<p>One<br>two<br><br>three</p>", "One two\nthree"),
        ("<p>a\u202a b\u202c c&#x200b;d</p>", "a b cd"),
    ],
)
def test_text_is_what_a_browser_shows(inside: str, text: str) -> None:
    assert text in page(inside).text


@pytest.mark.parametrize(
    "markup",
    [
        f"<html><body><p>{STORY}</p></body></html><p>The last 14 men left.</p>",
        "<div>" * 3000 + f"<p>{STORY}</p>" + "</div>" * 3000 + "<p>The last 14 men left.</p>",
        f"<p>{STORY}</p>" + "<b><i>" * 500 + "<p>The last 14 men left.</p>",
    ],
)
def test_nothing_is_lost_behind_damaged_markup(markup: str) -> None:
    found = read_page(markup, "page")
    assert STORY in found.text
    assert "The last 14 men left." in found.text


def test_furniture_is_marked_and_kept() -> None:
    found = page(
        "<nav><a href=a>Home</a> <a href=b>World</a></nav><aside><p>© The Reed</p></aside>"
    )
    furniture = " ".join(span.text for span in found.furniture)
    assert "Home World" in furniture
    assert "The Reed" in furniture
    assert body(found)[0] == "Army counts its recruits"


def test_lists_tables_captions_and_sentences_that_are_links_are_body() -> None:
    inside = (
        "<p>The ministry gave these numbers:</p><ul><li>North: 120 recruits<li>South: 45 recruits"
        "</ul><table><tr><td>East<td>99</table><figure><figcaption>Recruits in May.</figcaption>"
        "</figure><p><a href=x>On Friday a court in Lod jailed 14 recruits who had fled.</a></p>"
    )
    found = body(page(inside))
    for text in ("North: 120 recruits", "South: 45 recruits", "East | 99", "Recruits in May."):
        assert text in found
    assert any("14 recruits" in text for text in found)


def test_letters_in_another_order_are_furniture_with_a_warning() -> None:
    found = page("<p>\u202enem 041 erew yehT\u202c</p>")
    assert not any("041" in text for text in body(found))
    assert "order of letters" in found.warnings[0]
