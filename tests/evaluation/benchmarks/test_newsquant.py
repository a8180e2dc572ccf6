from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from extractor.errors import DocumentError
from extractor.evaluation.benchmarks.newsquant import (
    Quantity,
    Sentence,
    Value,
    count,
    difference_interval,
    load_gold,
    load_gpt3,
    normal_unit,
)
from extractor.evaluation.benchmarks.newsquant_systems import (
    our_quantities,
    quantulum_quantities,
)
from extractor.evaluation.counts import Counts, total

from .folder import benchmark_folder


def test_recorded_gpt3_output_gives_the_published_f1() -> None:
    folder = benchmark_folder("newsquant")
    counts = total(count(load_gold(folder), load_gpt3(folder)))
    ratios = (counts.precision, counts.recall, counts.f1)
    assert [100 * (ratio or 0) for ratio in ratios] == pytest.approx([72.1, 69.1, 70.6], abs=0.3)
    assert counts.gold == 904


def test_quantulum3_gives_the_published_f1() -> None:
    if find_spec("quantulum3") is None:
        pytest.skip("quantulum3 is not installed")
    gold = load_gold(benchmark_folder("newsquant"), average_ranges=True)
    counts = total(count(gold, {one.text: quantulum_quantities(one.text) for one in gold}))
    assert 100 * (counts.f1 or 0) == pytest.approx(73.0, abs=0.3)


def test_the_reading_finds_the_odd_sentences_quantities() -> None:
    odd = load_gold(benchmark_folder("newsquant"))[1::2]
    given = {one.text: our_quantities(one.text) for one in odd}
    values, both = total(count(odd, given)), total(count(odd, given, units=True))
    assert (values.f1 or 0) >= 0.90 and (both.f1 or 0) >= 0.75


def sentence(*values: Value) -> Sentence:
    return Sentence("s", tuple(map(Quantity, values)))


def test_each_value_counts_once() -> None:
    given = {"s": sentence(2.0, 2.0, 2.0, (5.0, 6.0), 5.5).quantities}
    assert count([sentence(2.0, 2.0, (5.0, 6.0))], given) == [Counts(3, 0, 0, 2)]


def test_ranges_and_single_values_differ() -> None:
    given = {"s": sentence(5.0).quantities}
    assert count([sentence((5.0, 6.0))], given) == [Counts(0, 0, 1, 1)]


def test_a_sentence_without_an_answer_is_missing() -> None:
    assert count([sentence(1.0)], {}) == [Counts(0, 0, 1, 0)]


def test_units_are_asked_for_only_where_wanted() -> None:
    gold = [Sentence("s", (Quantity(2.0, "mile"), Quantity(2.0, "dollar")))]
    given = {"s": [Quantity(2.0, "$"), Quantity(2.0, "kilometre")]}
    assert count(gold, given) == [Counts(2, 0, 0, 0)]
    assert count(gold, given, units=True) == [Counts(1, 0, 1, 1)]


@pytest.mark.parametrize(
    "names",
    [
        ("dollar", "US dollar", "$", "USD"),
        ("australian dollar", "Australian dollars", "A$"),
        ("percentage", "%", "per cent"),
        ("kilometre per hour", "km/h", "kilometers / hour"),
        ("dollar per barrel", "$ per barrel"),
        ("virus", "viruses"),
        ("country", "countries"),
        ("house", "houses"),
        ("good speaker", "best speakers"),
        ("-", "", "dimensionless"),
    ],
)
def test_one_unit_under_several_names(names: tuple[str, ...]) -> None:
    assert len(set(map(normal_unit, names))) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("mile", "metre"), ("dollar", "euro"), ("day", "dollar per day"), ("-", "%")]
)
def test_units_that_differ(one: str, other: str) -> None:
    assert normal_unit(one) != normal_unit(other)


def test_difference_interval_is_paired() -> None:
    worse = [Counts(1, 0, 1, 0), Counts(0, 0, 1, 0), Counts(1, 0, 0, 0)] * 9
    better = [one + Counts(1, 0, -1, 0) if one.missing else one for one in worse]
    assert difference_interval(worse, worse, seed=0) == (0, 0)
    low, high = difference_interval(better, worse, seed=0)
    assert 0 < low < high < 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The trip took three hours.", [Quantity(3.0, "hour")]),
        ("The five-year plan costs 9 euros.", [Quantity(9.0, "EUR")]),
        ("Ann Lee, 31, came on 4 May.", []),
        ("Hundreds of birds left.", [Quantity((100.0, 1000.0), "birds")]),
        ("Several hundred birds left.", []),
        ("One of the birds left, but this one stayed.", [Quantity(1.0, "birds")]),
        ("A quarter of the birds left.", [Quantity(0.25, "% birds")]),
        ("They won 3-0.", []),
    ],
)
def test_our_answers_in_the_benchmarks_terms(text: str, expected: list[Quantity]) -> None:
    assert list(our_quantities(text)) == expected


def test_loading_reads_ranges_signs_and_unreadable_values(tmp_path: Path) -> None:
    values = ["-3", "10-12", "3.0 - 4.0", "1:36.6"]
    quantities = [{"value": value, "normalized_unit": "day"} for value in values]
    rows = [{"text": "s", "quantities": quantities}]
    (tmp_path / "gold.json").write_text(json.dumps(rows), encoding="utf-8")

    def loaded(*, average_ranges: bool) -> list[Value]:
        [one] = load_gold(tmp_path, average_ranges=average_ranges)
        assert {quantity.unit for quantity in one.quantities} == {"day"}
        return [quantity.value for quantity in one.quantities]

    assert loaded(average_ranges=False) == [-3.0, (10.0, 12.0), (3.0, 4.0), None]
    assert loaded(average_ranges=True) == [-3.0, 11.0, 3.5, None]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"gpt3\.json"):
        load_gpt3(tmp_path)
