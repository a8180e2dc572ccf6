"""Which words report what somebody says, and with what stance: closed lists in `reporting.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from extractor.records import Stance


@dataclass(frozen=True)
class Reporting:
    """Dictionary forms of verbs and forms of nouns; what each list holds is told in the file."""

    stances: Mapping[str, Stance]
    irregular: Mapping[str, str]
    with_object: frozenset[str]
    with_topic: frozenset[str]
    with_at: frozenset[str]
    of_documents: frozenset[str]
    naming: frozenset[str]
    issuing: frozenset[str]
    viewpoints: frozenset[str]
    hearsay: frozenset[str]
    adverbs: frozenset[str]
    announcements: frozenset[str]
    nouns: Mapping[str, Stance]


@cache
def reporting() -> Reporting:
    """The lists of `reporting.yaml`, read once per process."""
    text = files("extractor.reading").joinpath("reporting.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    forms = data["irregular"].items()
    return Reporting(
        stances=_by_word(data["verbs"]),
        irregular={form: lemma for lemma, words in forms for form in words.split()},
        with_object=frozenset(data["with_object"].split()),
        with_topic=frozenset(data["with_topic"].split()),
        with_at=frozenset(data["with_at"].split()),
        of_documents=frozenset(data["of_documents"].split()),
        naming=frozenset(data["naming"].split()),
        issuing=frozenset(data["issuing"].split()),
        viewpoints=frozenset(data["viewpoints"].split()),
        hearsay=frozenset(data["hearsay"].split()),
        adverbs=frozenset(data["adverbs"].split()),
        announcements=frozenset(data["announcements"].split()),
        nouns=_by_word(data["nouns"]),
    )


def _by_word(words: Mapping[Stance, str]) -> dict[str, Stance]:
    return {word: stance for stance, listed in words.items() for word in listed.split()}


def lemma(word: str, known: Mapping[str, Stance] | frozenset[str]) -> str | None:
    """The listed word that `word` is a form of."""
    if word in (irregular := reporting().irregular):
        word = irregular[word]
    stems = [word, word[:-1], word[:-2], word[:-3], word[:-2] + "e", word[:-3] + "e"]
    stems += [word[:-3] + "y", word[:-4] if word[-4:-3] == word[-5:-4] else word]
    stems += [word[:-3] if word[-3:-2] == word[-4:-3] else word]
    return next((stem for stem in stems if stem in known), None)


def stance_of(word: str) -> Stance:
    """The stance that a reporting verb or noun gives; `stated` for words not listed."""
    verbs = reporting()
    listed = lemma(word.lower(), verbs.stances)
    return verbs.stances[listed] if listed else verbs.nouns.get(word.lower(), "stated")
