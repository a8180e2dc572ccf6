"""Whom a word of a sentence concerns: the people that its verb is done to, or who receive it.

"Offered recruits a *bonus*", "*lured* students", "were *attracted* by wages", "divers earn
*wages*": read off the dependency parse (labels of spaCy's English pipeline), nearest verb first.
"""

from __future__ import annotations

from collections.abc import Iterator

from extractor.reading.lexicon import is_human
from extractor.reading.tokens import Token

_TO_THEM = {"to", "for"}
_PRONOUNS = {"he", "him", "she", "her", "they", "them", "we", "us", "i", "me", "who", "those",
             "somebody", "someone", "anybody", "anyone", "everybody", "everyone",
             "others"}  # fmt: skip
_SHARES = {"most", "many", "some", "few", "several", "all", "both", "each", "half", "hundreds",
           "thousands", "dozens", "number", "majority"}  # fmt: skip
_RECEIVE = {"get", "gets", "got", "getting", "receive", "receives", "received", "receiving",
            "earn", "earns", "earned", "earning", "make", "makes", "made", "making", "draw",
            "draws", "drew", "take", "takes", "took", "accept", "accepts", "accepted"}  # fmt: skip


def recipient(word: Token) -> Token | None:
    """Head of the noun phrase for the people concerned; None where the sentence names none."""
    return next((who for verb in _verbs(word) for who in _concerned(verb, word)), None)


def is_received(word: Token) -> bool:
    """Somebody is given it, or gets it: a sum of money that people are paid."""
    verb = next(_verbs(word), None)
    if verb is None:
        return False
    takers = ("nsubj",) if verb.lower_ in _RECEIVE else ("nsubjpass", "dative", "dobj")
    return any(c.dep_ in takers and is_people(c) for c in verb.children)


def _verbs(word: Token) -> Iterator[Token]:
    return (up for up in (word, *word.ancestors) if up.pos_ in ("VERB", "AUX"))


def _concerned(verb: Token, word: Token) -> Iterator[Token]:
    """The people among a verb's objects, then those behind its nouns, then its subject."""
    objects = [c for c in verb.children if c.dep_ in ("dobj", "dative", "nsubjpass")]
    yield from (noun for noun in objects if is_people(noun))
    yield from (noun for noun in _behind(verb) if is_people(noun))
    gives = any(c.dep_ == "dobj" for c in verb.children) and verb.lower_ not in _RECEIVE
    if not gives and verb.i != word.i:
        yield from (c for c in verb.children if c.dep_ == "nsubj" and is_people(c))


def _behind(verb: Token) -> Iterator[Token]:
    """Nouns behind "to" or "for" that hang from the verb or its nouns: "the motive for most"."""
    holders = (verb, *(c for c in verb.children if c.dep_ in ("nsubj", "dobj", "dative", "attr")))
    for holder in holders:
        for preposition in (holder, *holder.children):
            if preposition.lower_ in _TO_THEM and preposition.dep_ in ("prep", "dative"):
                yield from (c for c in preposition.children if c.dep_ == "pobj")


def is_people(noun: Token) -> bool:
    """A word for human beings, a pronoun for them, or a share of them ("most")."""
    human = is_human(noun.lower_) or noun.ent_type_ == "NORP" or noun.lower_ in _PRONOUNS
    return human or (noun.lower_ in _SHARES and noun.pos_ != "DET")
