"""Who says it: cues, their scope, and whom a pronoun stands for."""

from __future__ import annotations

import pytest

from extractor.reading.sources import cues_over, find_cues, named_in, referent
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
    ],
)
def test_cues(read: Read, text: str, cues: list[tuple[str, str]]) -> None:
    [parsed] = read(text).sentences
    assert [(cue.words.text, cue.subject.text) for cue in find_cues(parsed)] == cues


def test_chain_goes_from_reporter_to_origin(read: Read) -> None:
    reading = read("According to Grey Lake Radio, the governor said that 12 villages were empty.")
    [parsed], [[quantity]] = reading.sentences, reading.quantities
    chain = [cue.subject.text for cue in cues_over(parsed, quantity.span)]
    assert chain == ["the governor", "Grey Lake Radio"]


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


def test_candidates_are_nearest_first_and_unique(read: Read) -> None:
    sources = [source.text for source in read(STORY).sources(3)]
    assert sources[:2] == ["Tom Hale", "Ada Obi"]
    assert len(sources) == len(set(sources))


def test_named_in_takes_the_last_name_of_a_phrase(read: Read) -> None:
    reading = read("Kenya's minister Ada Obi spoke.")
    [parsed] = reading.sentences
    found = named_in(parsed.span(0, len(parsed.text)), reading.names)
    assert found is not None
    assert found.name == "Ada Obi"
