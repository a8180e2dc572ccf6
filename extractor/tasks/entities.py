"""Entities: code finds the names and every mention, the model says what kind each one is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from pydantic import BaseModel

from extractor.output import Rejected
from extractor.prompts import Prompt
from extractor.reading.countries import code_of_people, code_of_place
from extractor.reading.lexicon import names_a
from extractor.reading.names import Name
from extractor.reading.reading import Reading
from extractor.records import Entity, Span
from extractor.tasks.base import Built, Question
from extractor.tasks.roles import KINDS as KINDS_WITH_ROLE
from extractor.tasks.roles import role_of
from extractor.tasks.schemas import answer_schema, one_of, short_text

NONE = "none"
NAMES_PER_QUESTION = 6
TOKENS_PER_NAME = 30
WHAT_CHARACTERS = 30
AROUND_CHARACTERS = 40
# The recogniser's labels for places, and what a small model says of a place, a person with a first
# and a last name, a body whose name says what it is, though it is none of that.
_PLACES = {"GPE", "LOC", "FAC"}
_NO_PLACE = {"organisation", "person", "agreement", "occasion"}
_NO_PERSON = {"organisation", "occasion", "place", NONE}
_NO_BODY = {"person", "agreement", "occasion"}


class EntityTask:
    """Asks for the names in lists, each with the words around its first mention."""

    name = "entities"

    def questions(self, reading: Reading, prompt: Prompt) -> list[Question]:
        """One question per six names whose kind code cannot tell."""
        return [
            _question(reading, prompt, number, names)
            for number, names in enumerate(_batches(reading), 1)
        ]

    def build(self, reading: Reading, answers: Mapping[str, BaseModel]) -> Built:
        """Entities in order of first mention; what is no name is kept as rejected."""
        kinds = _kinds(reading, answers)
        built = Built()
        for name in reading.names:
            kind = _kind(name, kinds.get(name.name))
            if kind is None or kind == NONE:
                built.rejected.append(_rejected(name, failed=kind is None))
            else:
                role = role_of(reading, name) if kind in KINDS_WITH_ROLE else None
                make = partial(_record, name, kind, len(built.records) + 1, role)
                built.add(self.name, name.mentions[0], make)
        return built


def _kind(name: Name, labelled: str | None) -> str | None:
    """ISO 3166 decides what is a country, demonyms are no names; the rest is as labelled, unless
    the words themselves say otherwise.
    """
    if _is_country(name):
        return "country"
    if code_of_people(name.name):
        return NONE
    if labelled is None:
        return None
    kind = _kind_by_words(name, labelled) or labelled
    return "place" if kind == "country" else kind


def _kind_by_words(name: Name, labelled: str) -> str | None:
    """What the name's own words or its recogniser know better."""
    if names_a("bodies", name.name):
        return "organisation" if labelled in _NO_BODY else None
    if name.label in _PLACES and labelled in _NO_PLACE:
        return "place"
    if name.label == "PERSON" and " " in name.name and labelled in _NO_PERSON:
        return "person"
    return None


def _is_country(name: Name) -> bool:
    """ISO 3166 knows the name as a country's; regions (UN M49) are places."""
    code = code_of_place(name.name)
    return code is not None and code.isalpha()


def _batches(reading: Reading) -> Iterator[Sequence[Name]]:
    unknown = iter([n for n in reading.names if not _is_country(n) and not code_of_people(n.name)])
    while batch := list(islice(unknown, NAMES_PER_QUESTION)):
        yield batch


def _question(reading: Reading, prompt: Prompt, number: int, names: Sequence[Name]) -> Question:
    shown = [{"name": name.name, "around": around(reading, name.mentions[0])} for name in names]
    # A word on what it is, written first, makes a small model's label better.
    label = answer_schema(
        "NameLabel", {"what": short_text(WHAT_CHARACTERS), "kind": one_of(prompt.labels)}
    )
    return Question(
        id=f"e{number}",
        variables={"names": shown},
        schema=answer_schema(
            "NameLabels", {f"e{place}": label for place in range(1, len(names) + 1)}
        ),
        max_tokens=TOKENS_PER_NAME * (len(names) + 1),
    )


def around(reading: Reading, mention: Span) -> str:
    """The mention with some words before and after it, from its own sentence."""
    parsed = reading.sentences[reading.position_of(mention)]
    start = mention.start - parsed.sentence.start
    end = start + len(mention.text)
    before = parsed.text[max(0, start - AROUND_CHARACTERS) : start]
    after = parsed.text[end : end + AROUND_CHARACTERS]
    if start > AROUND_CHARACTERS:
        before = before.partition(" ")[2]
    if len(parsed.text) > end + AROUND_CHARACTERS:
        after = after.rpartition(" ")[0]
    return " ".join(f"{before}{parsed.text[start:end]}{after}".split())


def _kinds(reading: Reading, answers: Mapping[str, BaseModel]) -> dict[str, str]:
    kinds: dict[str, str] = {}
    for number, names in enumerate(_batches(reading), 1):
        if answer := answers.get(f"e{number}"):
            labels = answer.model_dump()
            kinds |= {name.name: labels[f"e{place}"]["kind"] for place, name in enumerate(names, 1)}
    return kinds


def _record(name: Name, kind: str, number: int, role: Span | None) -> Entity:
    full = next((m for m in name.mentions if m.text == name.name), name.mentions[0])
    return Entity.model_validate(
        {
            "id": f"ent-{number:02}",
            "name": full.text,
            "kind": kind,
            "role": role.text if role else None,
            "code": code_of_place(name.name) if kind in ("country", "place") else None,
            "aliases": list(name.aliases),
            "mentions": list(name.mentions),
            "evidence": {"name": full, "role": role} if role else {"name": full},
        }
    )


def _rejected(name: Name, *, failed: bool) -> Rejected:
    return Rejected(
        task="entities",
        reason="no_answer" if failed else "not_chosen",
        detail="its question failed" if failed else "labelled as no name",
        span=name.mentions[0],
    )
