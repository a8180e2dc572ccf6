"""The header: examples ground in their lines; what does not stand in the lines is not taken."""

from __future__ import annotations

import pytest

from extractor import Article, Document
from extractor.reading.reading import Reading
from extractor.tasks import TASKS, Built
from tests.tasks.examples import Example, answered, cases, questions

TASK = TASKS["header"][0]
PAGE = (
    ("Home News Sport", True),
    ("Bridge over the Alder to open in May", False),
    ("By Nora Quist and Ben Oduya, 4 March 2019", False),
    ("The bridge will open in May, Tomas Lindqvist said.", False),
    ("© 2019 The Aldermere Courier", True),
)


def reading_of_lines(example: Example) -> Reading:
    return Reading(Document.from_paragraphs((line["text"], False) for line in example["lines"]))


@cases("header")
def test_examples_are_what_the_code_asks(example: Example) -> None:
    (question,) = questions("header", reading_of_lines(example))
    assert question.variables["lines"] == example["lines"]


@cases("header")
def test_answers_of_examples_fit_and_stand_in_the_lines(example: Example) -> None:
    reading = reading_of_lines(example)
    (question,) = questions("header", reading)
    built = TASK.build(reading, answered(question, example["answer"]))
    assert built.rejected == []
    (record,) = built.records
    assert isinstance(record, Article)
    assert record.outlet == example["answer"]["outlet"]
    assert record.authors == example["answer"]["authors"]


def build(**answer: object) -> Built:
    reading = Reading(Document.from_paragraphs(PAGE))
    (question,) = questions("header", reading)
    empty: dict[str, object] = {"title": 0, "outlet": None, "authors": [], "published": None}
    return TASK.build(reading, answered(question, empty | answer))


def article(built: Built) -> Article:
    (record,) = built.records
    assert isinstance(record, Article)
    return record


def test_what_is_copied_is_found_also_in_furniture() -> None:
    built = build(
        title=2, outlet="Aldermere Courier", authors=["Nora Quist"], published="4 March 2019"
    )
    found = article(built)
    assert found.title == PAGE[1][0]
    assert found.evidence["outlet"].text == found.outlet == "Aldermere Courier"
    assert found.published is not None
    assert found.published.edtf == "2019-03-04"
    assert found.cited_sources == []  # persons are in attributions


def test_bodies_that_figures_come_from_are_cited() -> None:
    told = "The coast guard said on Monday that 30 boats had sunk in the storm off the cape."
    reading = Reading(Document.from_paragraphs([*PAGE, (told, False)]))
    (question,) = questions("header", reading)
    empty: dict[str, object] = {"title": 0, "outlet": None, "authors": [], "published": None}
    found = article(TASK.build(reading, answered(question, empty)))
    assert [source.as_written for source in found.cited_sources] == ["coast guard"]


def test_what_does_not_stand_in_the_lines_is_rejected() -> None:
    built = build(outlet="The Oslo Herald", authors=["Nora Quist", "N. Body"], published="5 March")
    found = article(built)
    assert (found.title, found.authors) == (PAGE[1][0], ["Nora Quist"])
    assert found.outlet == "The Aldermere Courier"  # code reads it in the copyright line
    assert [item.reason for item in built.rejected] == ["not_grounded"] * 3
    assert "'The Oslo Herald'" in built.rejected[0].detail


def test_a_page_of_one_line_can_be_asked_about() -> None:
    (question,) = questions("header", Reading(Document.from_text("Forty men came.")))
    answered(question, {"title": 1, "outlet": None, "authors": [], "published": None})


def test_a_question_without_an_answer_is_told() -> None:
    built = TASK.build(Reading(Document.from_paragraphs(PAGE)), {})
    assert (built.records, [item.reason for item in built.rejected]) == ([], ["no_answer"])


def test_a_relative_time_is_no_date_of_publication() -> None:
    page = (("Bridge to open in May", False), ("1 week ago", True))
    reading = Reading(Document.from_paragraphs(page))
    (question,) = questions("header", reading)
    empty: dict[str, object] = {"title": 0, "outlet": None, "authors": []}
    built = TASK.build(reading, answered(question, {**empty, "published": "1 week ago"}))
    assert article(built).published is None
    assert [item.reason for item in built.rejected] == ["invalid"]


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["Conflict", "Two crews return to the Alder"], "Two crews return to the Alder"),
        (["By Nora Quist and Ben Oduya", "Two crews return to port"], "Two crews return to port"),
        (["4 March 2019", "Two crews return to port"], "Two crews return to port"),
        (["Last updated on 4 March 2019", "Two crews return"], None),
        (["Subject: Two crews return"], "Two crews return"),
        (["By land and sea, two crews return"], "By land and sea, two crews return"),
    ],
)
def test_the_first_line_that_can_be_a_headline_is_taken(
    lines: list[str], title: str | None
) -> None:
    story = "The two crews came back to the harbour on Monday after nine weeks at sea, he said."
    page = [(line, False) for line in [*lines, story]]
    (question,) = questions("header", reading := Reading(Document.from_paragraphs(page)))
    empty: dict[str, object] = {"title": 0, "outlet": None, "authors": [], "published": None}
    assert article(TASK.build(reading, answered(question, empty))).title == title


def test_a_headline_below_a_long_menu_is_seen() -> None:
    story = "The two crews came back to the harbour on Monday after nine weeks at sea, he said."
    menu = [(f"Section {number}", True) for number in range(20)]
    page = [*menu, ("Two crews return to port", False), (story, False), *menu]
    (question,) = questions("header", reading := Reading(Document.from_paragraphs(page)))
    empty: dict[str, object] = {"title": 0, "outlet": None, "authors": [], "published": None}
    assert (
        article(TASK.build(reading, answered(question, empty))).title == "Two crews return to port"
    )


def test_the_story_itself_is_not_shown() -> None:
    story = "The bridge over the river will open in May after nine long years of work, he said."
    page = (("Bridge to open in May", False), (story, False), ("What the families say", False))
    (question,) = questions("header", Reading(Document.from_paragraphs(page)))
    shown = [line["text"] for line in question.variables["lines"]]  # type: ignore[attr-defined]
    assert story not in shown
    assert question.schema.model_json_schema()["properties"]["title"]["enum"] == [0, 1]


def test_a_sentence_is_no_outlet() -> None:
    prose = "We live the news and we tell it, day by day"
    page = (("Bridge to open in May", False), (prose, True))
    reading = Reading(Document.from_paragraphs(page))
    (question,) = questions("header", reading)
    empty: dict[str, object] = {"title": 0, "authors": [], "published": None}
    built = TASK.build(reading, answered(question, {**empty, "outlet": prose}))
    assert article(built).outlet is None
    assert [item.reason for item in built.rejected] == ["invalid"]


@pytest.mark.parametrize(
    ("line", "furniture", "outlet"),
    [
        ("OSLO, 4 March 2019 (Northern Press) \u2013 The bridge is open.", False, "Northern Press"),
        ("\u00a9 2019 The Aldermere Courier. All rights reserved.", True, "The Aldermere Courier"),
        ("(c) 2019 Harbour Today", True, "Harbour Today"),
        ("The bridge (Alder Bridge) is open.", False, None),
    ],
)
def test_an_outlet_that_the_model_misses_is_read_by_code(
    line: str, furniture: bool, outlet: str | None
) -> None:
    page = (("Bridge to open in May", False), (line, furniture))
    reading = Reading(Document.from_paragraphs(page))
    (question,) = questions("header", reading)
    empty: dict[str, object] = {"title": 1, "outlet": None, "authors": [], "published": None}
    assert article(TASK.build(reading, answered(question, empty))).outlet == outlet


def test_the_day_in_a_dateline_is_the_day_of_publication() -> None:
    story = "OSLO, 4 March 2019 (Northern Press) \u2013 The bridge over the river is open, he said."
    page = (("Bridge to open in May", False), (story, False))
    reading = Reading(Document.from_paragraphs(page))
    (question,) = questions("header", reading)
    empty: dict[str, object] = {"title": 1, "outlet": None, "authors": [], "published": None}
    found = article(TASK.build(reading, answered(question, empty)))
    assert found.published is not None
    assert found.published.edtf == "2019-03-04"


def test_a_long_question_may_be_the_headline() -> None:
    asked = "Explained: Who is paying for the new bridge over the Alder, and what will it cost?"
    page = ((asked, False), ("The bridge will open in May, he said.", False))
    (question,) = questions("header", Reading(Document.from_paragraphs(page)))
    assert 1 in question.schema.model_json_schema()["properties"]["title"]["enum"]
