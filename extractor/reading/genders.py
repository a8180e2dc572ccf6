"""Whether "he" or "she" can mean a person: the text's own words for the person decide."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.reading.names import Name
from extractor.reading.parse import ParsedSentence, sentence_at

_MALE = {"he", "him", "his", "himself"}
_FEMALE = {"she", "her", "hers", "herself"}
_TITLES = {"mr": "he", "mr.": "he", "sir": "he", "mrs": "she", "mrs.": "she", "ms": "she"}
_TITLES |= {"ms.": "she", "miss": "she", "dame": "she", "king": "he", "queen": "she"}
_SIDE = 2  # tokens before a name in which a title stands


def may_be(name: Name, pronoun: str | None, sentences: Sequence[ParsedSentence]) -> bool:
    """False where a title, or the pronouns in sentences that name this person alone, say other.

    A heuristic: pronouns of both kinds, or none, leave it open.
    """
    if pronoun not in ("he", "she"):
        return True
    places = {sentence_at(sentences, mention.start) for mention in name.mentions}
    told = {said for at in places if at >= 0 for said in _told(name, sentences[at])}
    return len(told) != 1 or pronoun in told


def _told(name: Name, parsed: ParsedSentence) -> set[str]:
    offset, whole = parsed.sentence.start, parsed.whole
    near = name.touching(whole.start, whole.end)
    places = [mention.start - offset for mention in near if whole.contains(mention)]
    if not places:
        return set()
    before = [t for t in parsed.tokens if t.idx < places[0]][-_SIDE:]
    titles = {_TITLES[t.lower_] for t in before if t.lower_ in _TITLES}
    persons = {e.text for e in parsed.tokens.ents if e.label_ == "PERSON"}
    if titles or len(persons) > 1:
        return titles
    behind = {t.lower_ for t in parsed.tokens if t.idx > places[0]}
    return ({"he"} if behind & _MALE else set()) | ({"she"} if behind & _FEMALE else set())
