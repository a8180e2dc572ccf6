"""The evaluation's page and tables: complete, self-contained, and safe with any text."""

from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from lxml import html as lxml_html
from rich.console import Console

from extractor.evaluation.comparison import compare_results
from extractor.evaluation.results import Result
from extractor.evaluation.runner import make_result
from extractor.evaluation.suite import Suite
from extractor.output import Uncovered
from extractor.records import Span
from extractor.report.evaluation import evaluation_page
from extractor.report.evaluation_tables import print_comparison, print_result
from extractor.report.plots import LEFT, WIDTH, score_plot
from tests.evaluation.folders import flawed, perfect, small_result, small_suite, system


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return small_suite(tmp_path)


@pytest.fixture
def page(suite: Suite) -> str:
    given = {"good": perfect(suite), "poor": flawed(suite)}
    return evaluation_page(suite, small_result(suite), given)


def test_the_page_needs_nothing_but_itself(page: str) -> None:
    tree = lxml_html.fromstring(page)
    assert not tree.xpath("//link | //img | //iframe | //script[@src] | //@style")
    assert {link[0] for link in tree.xpath("//a/@href")} == {"#"}
    assert "url(" not in page
    assert "@import" not in page


def test_every_link_leads_somewhere(page: str) -> None:
    tree = lxml_html.fromstring(page)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in tree.xpath("//a/@href")} <= set(ids)


def test_a_score_opens_to_its_pair_with_verdicts_and_lit_evidence(page: str) -> None:
    tree = lxml_html.fromstring(page)
    (system_of,) = tree.xpath("//details[@id='figures-1']")
    wrong = system_of.xpath(".//details[@class='item wrong']")[0]
    assert "640" in wrong.xpath("./summary")[0].text_content()
    assert wrong.xpath(".//td[@class='incorrect']")[0].text == "incorrect"
    assert "640" in "".join(wrong.xpath(".//mark[@class='given gold']/text()"))
    linked = system_of.xpath(".//summary[starts-with(., 'unit ')]/following-sibling::ul//a/@href")
    assert f"#{wrong.get('id')}" in linked
    assert len(system_of.xpath(".//details[@class='item missed']")) == 2


def test_errors_are_counted_by_class(page: str) -> None:
    (view,) = lxml_html.fromstring(page).xpath("//details[@id='figures-1']")
    summaries = [" ".join(one.text_content().split()) for one in view.xpath(".//summary")]
    assert "missed 2" in summaries
    assert "unit 2" in summaries


def test_systems_that_did_not_run_say_why(page: str) -> None:
    assert "not run: not installed" in page


def test_markup_in_an_article_stays_text(tmp_path: Path) -> None:
    suite = small_suite(tmp_path, 1)
    (case,) = suite.cases
    hostile = case.document.text.replace("Buy our calendar", "<img src=x onerror=a()>")
    object.__setattr__(case.document, "text", hostile)
    given = {"good": perfect(suite)}
    page = evaluation_page(suite, make_result(suite, [system(suite, "good", given["good"])]), given)
    assert "<img" not in page
    assert "&lt;img" in page


def test_what_a_system_leaves_uncovered_is_marked_in_the_article(suite: Suite) -> None:
    name, text = suite.cases[0].gold.document.name, suite.cases[0].document.text
    start = text.index("640")
    number = Span(start=start, end=start + 3, text="640")
    poor = flawed(suite)
    left = (
        Uncovered(kind="number", span=number, reason="not_chosen", detail="<no> count"),
        Uncovered(kind="number", span=number, reason="furniture"),
    )
    poor[name] = replace(poor[name], uncovered=left)
    given = {"good": perfect(suite), "poor": poor}
    tree = lxml_html.fromstring(evaluation_page(suite, small_result(suite), given))
    (view,) = tree.xpath("//details[@id='text-1-0']")
    (mark,) = view.xpath(".//mark[contains(@class, 'open')]")
    assert mark.text == "640"
    assert "number: not chosen (<no> count)" in mark.get("title")
    rows = [" ".join(row.xpath("./td//text()")) for row in view.xpath(".//tr")]
    assert rows[1:] == ["number: not chosen 1 640 (<no> count)", "number: furniture 1"]
    assert not tree.xpath("//details[@id='text-0-0']//table")


def test_plots_place_scores_on_their_scale(suite: Suite) -> None:
    plot = score_plot(small_result(suite), "figures")
    good, poor = plot.rows
    assert (good.strict.x, poor.strict.x) == (LEFT + WIDTH, LEFT)
    assert poor.detection.label == "67"


def printed(result: Result) -> str:
    console = Console(width=130, record=True, file=StringIO())
    print_result(console, result)
    return console.export_text()


def test_the_terminal_shows_denominators_and_what_is_missing(suite: Suite) -> None:
    text = printed(small_result(suite))
    row = next(line for line in text.splitlines() if "poor" in line and "2/4/2" in line)
    assert re.search(r"100\.0\s+50\.0\s+66\.7 \[67-67\]\s+2/4/2\s+0\.0 \[0-0\]\s+0/4/2", row)
    assert "Underpowered: 2 documents" in text
    assert "absent: not run: not installed" in text


def test_the_terminal_shows_variance_over_runs(suite: Suite) -> None:
    found = make_result(suite, [system(suite, "live", perfect(suite), flawed(suite))])
    assert re.search(r"figures\s+live\s+100\.0, 0\.0\s+70\.7", printed(found))


def test_a_comparison_says_underpowered_where_a_p_value_would_be(suite: Suite) -> None:
    result = small_result(suite)
    console = Console(width=130, record=True, file=StringIO())
    print_comparison(console, compare_results(result, result, ("good", "poor")), ("A", "B"))
    text = console.export_text()
    assert re.search(r"figures\s+strict\s+100\.0\s+0\.0\s+\+100\.0\s+underpowered\s+-\s+2", text)
