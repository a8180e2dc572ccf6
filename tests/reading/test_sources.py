"""Who says it: cues, their scope, and whom a pronoun stands for."""

from __future__ import annotations

import pytest

from extractor.reading.cues import find_cues
from extractor.reading.reporting import stance_of
from extractor.reading.reporting_scope import cues_over
from extractor.reading.sources import referent
from tests.reading.conftest import Read

STORY = (
    "Colonel Ada Obi runs the depot. She said that 40 rifles were missing. "
    "Captain Tom Hale denied that 12 men had fled. He told reporters that three had. "
    "They said that nobody left."
)


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("The ministry said that 300 men had left.", [("said", "The ministry")]),
        ("At least 40 men died, the army said in a statement.", [("said", "the army")]),
        ("\u201cWe lost 30,\u201d Ada Obi said.", [("said", "Ada Obi")]),
        ("Some 200 fled, according to a report.", [("according to", "a report")]),
        ("\u201cHe said that 20 fled.\u201d", []),
        ("The ministry moved 300 men.", []),
        ("The main reason appears to be that 300 men are ill.", []),
        ("The ministry did not say that 300 men had left.", []),
        ("Some 40 men died, a senior officer said on Friday.", [("said", "a senior officer")]),
        ("It was announced by the ministry that 40 had died.", [("announced", "the ministry")]),
        ("The navy is said to have lost 40 ships.", []),
    ],
)
def test_cues(read: Read, text: str, cues: list[tuple[str, str]]) -> None:
    [parsed] = read(text).sentences
    assert [(cue.words.text, cue.subject.text) for cue in find_cues(parsed)] == cues


def test_chain_goes_from_reporter_to_origin(read: Read) -> None:
    reading = read("According to Grey Lake Radio, the governor said that 12 villages were empty.")
    [parsed], [[quantity]] = reading.sentences, reading.quantities
    chain = [cue.subject.text for cue in cues_over(parsed, quantity.span)]
    assert chain == ["Grey Lake Radio", "the governor"]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("The ministry confirmed the deaths of 30 soldiers.", "The ministry"),
        ("The agency puts the number of refugees at 30,000.", "The agency"),
        ("The rebels' figure is 9,000.", "The rebels"),
        ("The army says it is short; 30 men had fled.", None),
    ],
)
def test_reports_without_a_clause(read: Read, text: str, subject: str | None) -> None:
    reading = read(text)
    [parsed], [[quantity]] = reading.sentences, reading.quantities
    found = [cue.subject.text for cue in cues_over(parsed, quantity.span)]
    assert found == ([subject] if subject else [])


@pytest.mark.parametrize(
    ("word", "stance"),
    [
        ("said", "stated"),
        ("denies", "denied"),
        ("admitted", "stated"),
        ("estimating", "estimated"),
        ("promised", "promised"),
        ("claims", "alleged"),
        ("walked", "stated"),
    ],
)
def test_stance_is_the_verbs(word: str, stance: str) -> None:
    assert stance_of(word) == stance


def test_number_outside_the_clause_is_nobodys_statement(read: Read) -> None:
    reading = read("The 12 villagers said that the road was closed.")
    [parsed], [[quantity]] = reading.sentences, reading.quantities
    assert cues_over(parsed, quantity.span) == []


@pytest.mark.parametrize(
    ("position", "name"), [(1, "Ada Obi"), (2, "Tom Hale"), (3, "Tom Hale"), (4, None)]
)
def test_referent(read: Read, position: int, name: str | None) -> None:
    reading = read(STORY)
    [cue] = find_cues(reading.sentences[position])
    source = referent(reading.sentences, position, cue, reading.names)
    assert (source.text if source else None) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Defence Minister Ada Obi said that 30 men had fled.", "Ada Obi"),
        ("The governor, Ada Obi, said that 30 men had fled.", "Ada Obi"),
        ("General Tom Hale came. The general said that 30 men had fled.", "Tom Hale"),
        ("Officials warned that food was short. They said that 30 men had fled.", "Officials"),
        ("The army said it was short. It said that 30 men had fled.", "army"),
        ("The coast guard said it was short. The guard said 30 men had fled.", "coast guard"),
        ("A study by the Lake Institute found that 30 men had fled.", "Lake Institute"),
        ("An old woman came. She said that 30 men had fled.", "old woman"),
    ],
)
def test_phrases_stand_for_their_referents(read: Read, text: str, name: str) -> None:
    reading = read(text)
    position = len(reading.sentences) - 1
    cue = find_cues(reading.sentences[position])[0]
    source = referent(reading.sentences, position, cue, reading.names)
    assert source is not None
    assert source.text == name


def test_candidates_are_nearest_first_and_unique(read: Read) -> None:
    sources = [source.text for source in read(STORY).sources(3)]
    assert sources[:2] == ["Tom Hale", "Ada Obi"]
    assert len(sources) == len(set(sources))
