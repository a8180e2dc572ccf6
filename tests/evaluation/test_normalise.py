from __future__ import annotations

from decimal import Decimal

import pytest

from extractor.evaluation.normalise import Aliases, date_key, fold_name, fold_text, number


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Hague", "hague"),
        ("Saint-Pierre", "SAINT PIERRE"),
        ("Médecins", "Me\u0301decins"),
        ("People's Front", "People’s Front"),
    ],
)
def test_names_written_otherwise_are_one(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_names_of_articles_only_are_not_emptied() -> None:
    assert fold_name("The The") == "the the"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“so” – he said", '"so" — he said'),
        ("end of it,", "end of it"),
        ("two\u00a0 words", "two words"),
        ("mid‑term", "mid-term"),
    ],
)
def test_text_folds_marks_dashes_and_white_space(one: str, other: str) -> None:
    assert fold_text(one) == fold_text(other)


@pytest.mark.parametrize(
    ("one", "other"), [("1,000", "1.000"), ("10²", "102"), ("not one", "one"), ("US", "us")]
)
def test_text_never_folds_digits_words_or_case(one: str, other: str) -> None:
    assert fold_text(one) != fold_text(other)


def test_numbers_compare_by_value() -> None:
    assert number(Decimal("1200.0")) == number(1200) == number("1.2e3")
    assert number(None) is None
    assert number("many") == "many"


def test_dates_compare_by_days_and_granularity() -> None:
    assert date_key("2021-12~") == date_key("2021-12")
    assert date_key("2021") != date_key("2021-01-01/2021-12-31")
    assert date_key("2021-23")[:2] == ("2021-09-01", "2021-11-30")
    assert date_key("../2021-12") != date_key("2021-12/..")
    assert date_key("next week") == date_key("next week ")


def test_alias_groups_unite_names_but_not_through_a_shared_one() -> None:
    aliases = Aliases([["Ada Quill", "Quill"], ["Bo Marsh", "Minister"], ["Cy Vane", "Minister"]])
    assert aliases.key("quill") == aliases.key("Ada Quill")
    assert aliases.key("Bo Marsh") != aliases.key("Cy Vane")
    assert aliases.key("Minister") not in (aliases.key("Bo Marsh"), aliases.key("Cy Vane"))
    assert aliases.key("Nobody") == "nobody"
