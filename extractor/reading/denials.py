"""Words that deny, and what they deny: a number, or only the adjective behind them. English."""

from __future__ import annotations

import re

# "Not one of the nine" denies the one, not the nine; "hundreds, if not thousands" denies nothing.
DENIAL = re.compile(
    r"\b(?:(?<!\bif )not(?! one of\b)|never|without|cannot|\w{1,12}n['\u2019]t)(?!\w)",
    re.IGNORECASE,
)
NEGATION = re.compile(rf"{DENIAL.pattern}|\b(?:no|none|nobody|nor|neither)\b", re.IGNORECASE)
_ADVERB = (
    r"(?:so|very|that|too|as|quite|really|particularly|exactly|entirely|always|all\sthat"
    r"|overly|\w+ly)"
)
_PREPOSITION = r"(?:at|with|for|about|of|on|by|in|from|to|among|after|despite|even)"
# Participles that are no adjectives here: the verb itself is denied.
_PARTICIPLE = (
    r"\w+(?:ed|ing|en|wn|ught)|paid|made|sent|lost|hurt|shot|held|told|met|left|put|set|cut|hit"
    r"|sold|won|built|kept"
    r"|spent|said|found|led|fed|let|shut|struck|begun|done|gone|become|come|run|one|two|three"
    r"|any|all|every|many"
    r"|more|less|fewer|only|just|been|a|an|the|even|one|in|at|on|by|from|up|there|here"
)
_DENIED_ADJECTIVE = re.compile(
    rf"\s(?:{_ADVERB}\s){{0,2}}(?!(?:{_PARTICIPLE})\b)[a-z][\w-]*(?:\s(?:or"
    rf"|and)\s[a-z][\w-]*)?[,]?\s{_PREPOSITION}\b",
    re.IGNORECASE,
)
_BE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|am|'s|\u2019s|'m|\u2019m|'re|\u2019re|seems?|seemed"
    r"|looks?|looked|feels?|felt)\s+not$"
    r"|\b(?:is|are|was|were|ai)n['\u2019]t$|\b(?:is|are|was|were|'s|\u2019s)\s+never$",
    re.IGNORECASE,
)


def denies_adjective(text: str, end: int) -> bool:
    """ "It is not cheap at $140": the denial that ends at `end` is not of a number.

    It is of an adjective where a form of "to be" stands before it, and behind it an adjective with
    its preposition.
    """
    if not _BE.search(text, max(0, end - 30), end):
        return False
    return _DENIED_ADJECTIVE.match(text, end) is not None
