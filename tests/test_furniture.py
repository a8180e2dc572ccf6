"""Furniture: what is cut away, and above all what is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor.documents import Document
from extractor.furniture import find_furniture

DEVELOPMENT = Path(__file__).parent.parent / "evals" / "development"
FLOOR = 0.95

ARTICLE = [
    "Army of Varna loses 300 soldiers in the marshes",
    "By Ida Moreau",
    "VARNA — The army of Varna has lost about 300 soldiers in the marshes since May, the army "
    "command said on Tuesday, and twice that number have been taken to hospitals.",
    "The ministry said the soldiers had been sent to the marshes without boats, and an inquiry "
    "into the losses would report to parliament before the end of the year.",
    "“We had no boats,” a wounded sergeant said.",
    "The losses so far",
    "• 120 soldiers in May",
    "• 180 soldiers in June",
    "Parliament has asked the ministry for the names of all the soldiers who were lost, and for "
    "the orders that sent them to the marshes.",
]
MENU = ["Home", "World", "Weather | Traffic | Crosswords"]
TEASERS = [
    "Trains late again as the heat bends rails",
    "Passengers were told to wait for up to…",
    "3 days ago",
    "A choir that sings only in the rain",
    "Its members have met on wet mornings since…",
    "5 days ago",
]
BIOGRAPHY = "Ida Moreau writes on rivers and the people along them. She lives on a houseboat."
NOTICE = (
    "We value your privacy and we ask you to choose what our partners may store on your device."
)


def kept(lines: list[str]) -> list[str]:
    flags = find_furniture(lines)
    return [line for line, flag in zip(lines, flags, strict=True) if not flag]


def test_an_article_alone_is_kept_whole() -> None:
    assert kept(ARTICLE) == ARTICLE


@pytest.mark.parametrize("length", [3, 4, 5, 7, 8])
def test_a_beginning_of_an_article_is_kept_whole(length: int) -> None:
    assert kept(ARTICLE[:length]) == ARTICLE[:length]


@pytest.mark.parametrize(
    ("above", "below"),
    [(MENU, []), ([NOTICE, *MENU], TEASERS), ([], [BIOGRAPHY]), (MENU, [BIOGRAPHY, *TEASERS])],
)
def test_what_surrounds_an_article_is_furniture(above: list[str], below: list[str]) -> None:
    assert kept(above + ARTICLE + below) == ARTICLE


def test_a_list_of_links_and_a_repeated_label_inside_are_furniture() -> None:
    links = ["More from the coast", "Ferry runs aground off Cape Ruby", "Who owns the lighthouse"]
    page = [*ARTICLE[:4], *links, ARTICLE[4], "Paid notice", *ARTICLE[5:], "Paid notice"]
    assert kept(page) == ARTICLE


def test_a_prompt_to_the_reader_inside_is_furniture() -> None:
    prompt = "Get our morning letter sent to your inbox every day of the week."
    assert kept([*ARTICLE[:4], prompt, *ARTICLE[4:]]) == ARTICLE


def test_an_interview_may_say_you_and_i() -> None:
    answers = [
        "I was nineteen when they took us to the marshes, and I did not know that my brother was "
        "already there with the other soldiers.",
        "You do not sleep there. I counted the soldiers in the morning, and we were always fewer.",
        "My mother hid our papers in the stove, and I have never asked her what she did with it.",
    ]
    page = ["What do you remember of it?", answers[0], "Did you sleep?", *answers[1:]]
    assert kept(page) == page


def test_the_country_us_is_no_pronoun() -> None:
    last = "In November, the US confirmed that North Korean units fought, citing satellite images."
    assert kept([*ARTICLE, last]) == [*ARTICLE, last]


@pytest.mark.parametrize("lines", [[], ["Home"], ["Home", "News", "Sport"], ["Нет новостей."]])
def test_a_page_without_prose_is_all_article(lines: list[str]) -> None:
    assert kept(lines) == lines


def _counts(page: Path) -> tuple[int, int, int]:
    """Characters of furniture found, wrongly found, and missed."""
    document = Document.from_text(page.read_text(encoding="utf-8"))
    gold = set(json.loads(page.with_suffix(".furniture.json").read_text())["furniture_lines"])
    found = {i for span in document.furniture for i in range(span.start, span.end)}
    hits = wrong = missed = start = 0
    for number, line in enumerate(document.text.split("\n")):
        at = [start + i for i, char in enumerate(line) if not char.isspace()]
        overlap = sum(i in found for i in at)
        hits += overlap if number in gold else 0
        missed += len(at) - overlap if number in gold else 0
        wrong += 0 if number in gold else overlap
        start += len(line) + 1
    return hits, wrong, missed


@pytest.mark.skipif(not DEVELOPMENT.is_dir(), reason="the development pages are not installed")
def test_development_pages_reach_the_floor() -> None:
    pages = sorted(DEVELOPMENT.glob("*.txt"))
    hits, wrong, missed = map(sum, zip(*map(_counts, pages), strict=True))
    assert 2 * hits / (2 * hits + wrong + missed) >= FLOOR


def test_closing_paragraphs_after_a_long_list_are_kept() -> None:
    links = [f"Harbour story number {word} of the week" for word in ("one", "two", "three", "four")]
    page = [*ARTICLE[:8], "Around the harbour", *links, *ARTICLE[8:]]
    assert kept(page) == ARTICLE
