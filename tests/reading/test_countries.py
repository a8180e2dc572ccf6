"""Countries, regions and peoples as codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.reading.countries import code_of_people, code_of_place, codes_in


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("the Democratic Republic of the Congo", "CD"),
        ("Democratic Republic of Congo", "CD"),
        ("DRC", "CD"),
        ("Republic of the Congo", "CG"),
        ("Ivory Coast", "CI"),
        ("C\u00f4te d\u2019Ivoire", "CI"),
        ("Turkey", "TR"),
        ("T\u00fcrkiye", "TR"),
        ("Burma", "MM"),
        ("Czech Republic", "CZ"),
        ("South Korea", "KR"),
        ("the Gambia", "GM"),
        ("U.S.", "US"),
        ("UK", "GB"),
        ("Kosovo", "XK"),
        ("Central Asia", "143"),
        ("Africa", "002"),
        ("United Nations", None),
        ("European Union", None),
        ("us", None),
        ("And", None),
        ("Ben", None),
    ],
)
def test_place(name: str, code: str | None) -> None:
    assert code_of_place(name) == code


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Nepali", "NP"),
        ("Nepalis", "NP"),
        ("Nepalese", "NP"),
        ("Kyrgyz", "KG"),
        ("Tajiks", "TJ"),
        ("French", "FR"),
        ("Chinese", "CN"),
        ("Congolese", "CD"),
        ("Nigerien", "NE"),
        ("Nigerians", "NG"),
        ("Turks", "TR"),
        ("Poles", "PL"),
        ("Burkinab\u00e8", "BF"),
        ("Central Asians", "143"),
        ("Europeans", "150"),
        ("Chechens", None),
        ("Roman", None),
    ],
)
def test_people(word: str, code: str | None) -> None:
    assert code_of_people(word) == code


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("South Sudanese and Chadian men", ["SS", "TD"]),
        ("men from the Democratic Republic of the Congo's east", ["CD"]),
        ("Cubans, Cuban doctors and Nepalis", ["CU", "NP"]),
        ("Ben and Guy told us all", []),
        ("polish and turkey", []),
    ],
)
def test_codes_of_a_phrase(words: str, codes: list[str]) -> None:
    assert codes_in(words) == codes


@given(st.text(max_size=30))
def test_any_phrase_is_read(words: str) -> None:
    assert all(len(code) in (2, 3) for code in codes_in(words))


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("South and East Asia", ["034", "030"]),
        ("North and South Korea", ["KP", "KR"]),
        ("West Africans", ["011"]),
        ("South Africans", ["ZA"]),  # a country, though Southern Africa is a region
        ("South-East Asia", ["035"]),
        ("Britain and Bosnia", ["GB", "BA"]),
    ],
)
def test_sides_of_continents(words: str, codes: list[str]) -> None:
    assert codes_in(words) == codes
