"""Currencies: signs, codes, names, and names that several currencies share."""

from __future__ import annotations

import re

import pytest

from extractor.reading.money import currency_of_name, find_currency


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("$50", "USD", "$"),
        ("US$50", "USD", "US$"),
        ("J$50", "JMD", "J$"),
        ("\u00a350m", "GBP", "\u00a3"),
        ("50 \u20ac", "EUR", "\u20ac"),
        ("it cost EUR 50", "EUR", "EUR"),
        ("50 CHF each", "CHF", "CHF"),
        ("DM 50", "DEM", "DM"),
        ("at Rp 50", "IDR", "Rp"),
        ("50 euros", "EUR", "euros"),
        ("50 Swiss francs", "CHF", "Swiss francs"),
        ("50 US dollars", "USD", "US dollars"),
        ("50 Deutschmarks", "DEM", "Deutschmarks"),
        ("50 hryvnias", "UAH", "hryvnias"),
        ("50 Sudanese pounds", "SDG", "Sudanese pounds"),
        ("50 roubles", "RUB", "roubles"),
        ("50 CFA francs", None, "CFA francs"),
        ("50 pesos", None, "pesos"),
        ("HK $50", "HKD", "HK $"),
        ("$A50", "AUD", "$A"),
        ("a loss of $-50", "USD", "$"),
        ("PS50", "GBP", "PS"),
        ("50 z\u0142", "PLN", "z\u0142"),
        ("50 Danish crowns", "DKK", "Danish crowns"),
        ("50 renminbi", "CNY", "renminbi"),
    ],
)
def test_currency_of_a_number(text: str, code: str | None, words: str) -> None:
    place = re.search(r"\d+m?", text)
    assert place is not None
    found = find_currency(text, *place.span())
    assert found is not None
    assert (found[0], text[slice(*found[1])]) == (code, words)


@pytest.mark.parametrize(
    "text",
    [
        "50 soldiers",
        "Z$50",
        "ALL 50 DEAD",
        "50 pounds of explosives",
        "50 men",
        "50 THE",
        "50 PS",
        "50 crowns",
    ],
)
def test_no_currency(text: str) -> None:
    assert find_currency(text, text.index("50"), text.index("50") + 2) is None


@pytest.mark.parametrize(
    ("name", "countries", "code"),
    [
        ("CFA francs", ["ML", "NE"], "XOF"),
        ("CFA francs", ["TD"], "XAF"),
        ("CFA francs", ["TD", "ML"], None),
        ("pesos", ["CO", "UA"], "COP"),
        ("shillings", ["UG"], "UGX"),
        ("roubles", ["BY"], "BYN"),
        ("roubles", ["BY", "RU"], "RUB"),
        ("marks", ["BA"], "BAM"),
        ("marks", ["DE"], "DEM"),
        ("dollars", ["LR"], "USD"),
        ("rials", ["IR", "YE"], None),
        ("soldiers", [], None),
    ],
)
def test_countries_of_the_text_decide(name: str, countries: list[str], code: str | None) -> None:
    assert currency_of_name(name, countries) == code
