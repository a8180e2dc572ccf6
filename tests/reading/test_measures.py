"""What numbers measure: the word that decides, and what is left open."""

from __future__ import annotations

import pytest

from extractor.reading.measures import Measured, measured
from tests.tasks.examples import reading_of


def found(*texts: str) -> dict[str, Measured]:
    """By the words of the number."""
    items = measured(reading_of(" ".join(texts)).quantities)
    return {item.quantity.number.text: item for item in items}


def word(item: Measured) -> str | None:
    """The word that speaks for the label."""
    return item.words[item.label].text if item.label in item.words else None


@pytest.mark.parametrize(
    ("text", "label", "decided_by"),
    [
        ("The patrol hired 45 divers.", "recruited", "hired"),
        ("Some 45 divers have joined the patrol.", "recruited", "joined"),
        ("Some 45 divers fought beside the islanders.", "served", "fought"),
        ("The navy sent 45 divers to the islands.", "deployed", "sent"),
        ("The patrol trained 45 divers.", "in_training", "trained"),
        ("Some 45 divers drowned in the storm.", "killed", "drowned"),
        ("The storm killed 45 divers.", "killed", "killed"),
        ("They found 45 bodies on the shore.", "killed", "bodies"),
        ("In the raid 45 divers were injured.", "wounded", "injured"),
        ("Their casualties rose to 45.", "casualties", "casualties"),
        ("The raiders captured 45 sailors.", "captured", "captured"),
        ("In the storm 45 divers went missing.", "missing", "missing"),
        ("Raiders released 45 sailors.", "repatriated", "released"),
        ("The office signed 45 contracts.", "contracts_signed", "contracts"),
        ("Divers earn $45 a day.", "pay", "earn"),
        ("They promise a bonus of $45.", "bonus", "bonus"),
        ("The museum has 45 rooms.", "other", None),
    ],
)
def test_the_word_nearest_in_the_structure_decides(
    text: str, label: str, decided_by: str | None
) -> None:
    item = found(text)["45"]
    assert (item.label, word(item)) == (label, decided_by)
    assert item.options == ()
    assert all(text[s.start : s.end] == s.text for s in item.words.values())


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("The storm killed 45 sailors and injured 31 divers.", ["killed", "wounded"]),
        ("The patrol hired 45 divers and sent 31 nurses to the islands.",
         ["recruited", "deployed"]),
        ("Nobody hired the 45 sailors who drowned or the 31 who were injured.",
         ["killed", "wounded"]),
    ],
)  # fmt: skip
def test_each_number_has_the_word_of_its_own_clause(text: str, labels: list[str]) -> None:
    items = found(text)
    assert [items["45"].label, items["31"].label] == labels


@pytest.mark.parametrize(
    ("text", "number", "label"),
    [
        ("The storm injured 31 divers. The mayor's figure is 45.", "45", "wounded"),
        ("The raiders held 45 sailors.", "45", "captured"),
        ("The raiders held their breath for 45 sailors.", "45", "other"),
        ("The navy lost 45 sailors.", "45", "killed"),
        ("A train with 45 nurses stopped.", "45", "other"),
        ("Of the 45 divers, 31 drowned.", "45", "other"),
        ("The storm killed 31 divers on an island of 45.", "45", "other"),
        ("The navy released a report on the 45 divers.", "45", "other"),
        ("The bonus that stood at $45 was a lure.", "45", "bonus"),
        ("They list 45 sailors as missing.", "45", "missing"),
    ],
)
def test_only_words_that_are_about_the_number_tell(text: str, number: str, label: str) -> None:
    item = found(text)[number]
    assert (item.label, item.options) == (label, ())


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The navy has 45 prisoners.", "captured"),
        ("The navy released 45 prisoners.", "repatriated"),
        ("The storm killed 45 prisoners.", "killed"),
        ("The town has 45 volunteers.", "recruited"),
        ("The storm injured 45 volunteers.", "wounded"),
        ("The patrol trains 45 recruits.", "in_training"),
    ],
)
def test_who_somebody_is_counts_only_where_nothing_happened(text: str, label: str) -> None:
    assert found(text)["45"].label == label


@pytest.mark.parametrize(
    ("text", "label", "decided_by"),
    [
        ("The storm killed 45 sailors, among them 31 from Oslo.", "killed", "killed"),
        ("The navy sent 45 divers and the coast guard another 31.", "deployed", "sent"),
        ("The storm killed 45 sailors and 31 were injured.", "wounded", "injured"),
    ],
)
def test_a_number_without_a_noun_goes_on_unless_it_has_its_own_word(
    text: str, label: str, decided_by: str
) -> None:
    item = found(text)["31"]
    assert (item.label, word(item)) == (label, decided_by)


def test_a_number_goes_on_over_countries_but_not_into_another_sentence() -> None:
    items = found("The navy sent 45 divers from 12 countries, 31 of them by air.")
    assert (items["12"].label, items["31"].label) == ("countries_of_origin", "deployed")
    items = found("The storm killed 45 sailors.", "The town has 31.")
    assert (items["45"].label, items["31"].label) == ("killed", "other")


@pytest.mark.parametrize("states", ["countries", "nations", "states"])
@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The patrol hires divers from 45 {}.", "countries_of_origin"),
        ("Divers came from 45 {}.", "countries_of_origin"),
        ("The patrol hires divers in 45 {}.", "countries_of_recruitment"),
        ("The patrol recruits across 45 {}.", "countries_of_recruitment"),
        ("The patrol sails in 45 {}.", "other"),
        ("The storm killed divers in 45 {}.", "other"),
        ("The treaty binds 45 {}.", "other"),
    ],
)
def test_states_are_where_people_come_from_or_are_hired(text: str, label: str, states: str) -> None:
    item = found(text.format(states))["45"]
    assert (item.label, item.options) == (label, ())


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Divers get a monthly wage of $45.", "pay"),
        ("Divers earn €45 a day.", "pay"),
        ("The boat costs $45 a month.", "pay"),
        ("A bounty of $45 is promised.", "bonus"),
        ("The boat cost $45.", "other"),
        ("The storm that killed the divers cost $45.", "other"),
    ],
)
def test_money_is_pay_or_bonus_and_never_what_happened_to_people(text: str, label: str) -> None:
    item = found(text)["45"]
    assert (item.label, item.options) == (label, ())


def test_people_are_not_paid_sums() -> None:
    item = found("The 45 divers got a wage.")["45"]
    assert {item.label, *item.options}.isdisjoint({"pay", "bonus"})


def test_shares_measure_nothing_else() -> None:
    assert found("The storm killed 45% of the divers.")["45"].label == "other"


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("The mayor, who was wounded in a storm, owns 45 boats.", {"wounded", "other"}),
        ("Since the raid that killed their captain, the crews have had 45 boats.",
         {"killed", "other"}),
    ],
)  # fmt: skip
def test_a_word_that_is_not_tied_to_the_number_leaves_it_open(text: str, options: set[str]) -> None:
    item = found(text)["45"]
    assert set(item.options) == options
    assert len(item.options) == len(options)
    assert item.options[-1] == "other"
    assert options - {"other"} == item.words.keys()
    assert {span.text for span in item.words.values()} <= set(text.split())
