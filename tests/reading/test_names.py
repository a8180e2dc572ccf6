"""Names: the words that belong to them, the forms that are one, every mention."""

from __future__ import annotations

import pytest

from extractor.reading.names import Name
from tests.reading.conftest import Read


def named(read: Read, text: str) -> dict[str, Name]:
    return {name.name: name for name in read(text).names}


@pytest.mark.parametrize(
    ("text", "name", "mentions"),
    [
        (
            "President Volodymyr Zelenskyy met troops. Zelenskyy said that they would stay.",
            "Volodymyr Zelenskyy",
            ["Volodymyr Zelenskyy", "Zelenskyy"],
        ),
        (
            "The Centre for Grain Studies (CGS) met on Monday. CGS has said nothing.",
            "Centre for Grain Studies",
            ["Centre for Grain Studies", "CGS", "CGS"],
        ),
        (
            "NAIROBI, 4 May \u2014 Officials in Nairobi said nothing.",
            "Nairobi",
            ["NAIROBI", "Nairobi"],
        ),
        (
            "The Republic of Kesh and its army moved. Soldiers left Kesh in June.",
            "Republic of Kesh",
            ["Republic of Kesh", "Kesh"],
        ),
    ],
)
def test_forms_of_one_name_are_joined(
    read: Read, text: str, name: str, mentions: list[str]
) -> None:
    assert [mention.text for mention in named(read, text)[name].mentions] == mentions


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Via El Correo del Sur, officials said that 40 men had left.", "El Correo del Sur"),
        ("The Ministry of Defense\u2018s X account told of losses.", "Ministry of Defense"),
        ("He spoke to Defence Secretary Jo Lund yesterday.", "Jo Lund"),
        ("Lt. Gen. Kyrylo Hnat told reporters that he was tired.", "Kyrylo Hnat"),
        ("The staff praised the Royal Lomar Guard.", "Royal Lomar Guard"),
        ("They flew to Port-au-Prince on Monday.", "Port-au-Prince"),
        ("He met Anne-Marie Slade-Ford in May.", "Anne-Marie Slade-Ford"),
        ("The U.N. has closed its office.", "U.N."),
        ("They crossed into Moscow-backed Abkhazia.", "Moscow"),
    ],
)
def test_name_has_its_own_words_only(read: Read, text: str, name: str) -> None:
    assert name in named(read, text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Several Tajiks and Kenyan traders came home.", "Tajiks"),
        ("They owe 1.2 million Deutschmarks to the city.", "Deutschmarks"),
        ("It cost Rp 5,000 at the gate.", "Rp"),
    ],
)
def test_people_and_money_are_no_names(read: Read, text: str, word: str) -> None:
    assert word not in named(read, text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The ferry left Port Arden on Monday. Troops marched from Arden to the sea.",
         {"Port Arden", "Arden"}),
        ("The Bank of Sudan lent it. Sudan has no coast there.", {"Bank of Sudan", "Sudan"}),
        ("South Sudan and Sudan met in May.", {"South Sudan", "Sudan"}),
    ],
)  # fmt: skip
def test_places_with_a_word_in_common_stay_apart(read: Read, text: str, names: set[str]) -> None:
    assert names <= set(named(read, text))


def test_title_shows_a_person(read: Read) -> None:
    assert named(read, "Sister Agnes Akullo runs the school.")["Agnes Akullo"].label == "PERSON"


def test_every_mention_is_a_place_of_the_body_and_overlaps_none(read: Read) -> None:
    reading = read(
        "Ada Obi met Jo Lund in Kenya. They thanked Obi. Police in Kenya called Lund. Obi left."
    )
    spans = [mention for name in reading.names for mention in name.mentions]
    assert len(spans) == 7
    for span in spans:
        assert reading.document.text[span.start : span.end] == span.text
        assert not any(span.overlaps(other) for other in spans if other is not span)


@pytest.mark.parametrize(
    ("text", "name", "forms"),
    [
        ("The United Harbour Mission in Lomara (UHMIL) has left. UHMIL said so.",
         "United Harbour Mission in Lomara", {"UHMIL"}),
        ("They were paid by Corvane Logistics. Corvane sued in March.",
         "Corvane Logistics", {"Corvane"}),
    ],
)  # fmt: skip
def test_short_forms_of_bodies(read: Read, text: str, name: str, forms: set[str]) -> None:
    assert set(named(read, text)[name].aliases) == forms


def test_the_capitals_of_a_dateline_are_a_place(read: Read) -> None:
    assert "ASMARA" in named(read, "ASMARA, Dec. 23, 2000 \u2013 Soldiers came home.")


def test_a_word_that_describes_a_name_is_no_part_of_it(read: Read) -> None:
    names = named(read, "He was quoted by the Aden daily al-Marsa on Friday.")
    assert "al-Marsa" in names
