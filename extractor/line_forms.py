"""The form of one paragraph: its length, its closing, its function words, to whom it speaks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

PROSE_MIN_WORDS = 8
STATEMENT_MIN_WORDS = 3
PROSE_MIN_FUNCTION_WORDS = 0.2  # share; running English has 0.4 to 0.55, lists of names under 0.15
CORE_MIN_WORDS = 20
REPORT_NAMES = 3  # words with a capital inside a paragraph
STEM = 5  # letters; joins "report", "reports", "reported" without a stemmer's rules

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CLOSED = re.compile(r"[.!?;。！？](?:\s?[\"'”’»)\]*])*$")
_TRUNCATED = re.compile(r"(?:…|\.\.\.)[\"'”’»)\]]*$")
_ITEM = re.compile(r"^(?:[•●▪◦‣·*–—-]|\d{1,2}[.)])\s+[\w\"“‘«'(€$£]")
_QUOTED = re.compile(r"“[^”]*(?:”|$)|«[^»]*(?:»|$)|\"[^\"]*(?:\"|$)|(?<!\w)[‘'].*?(?:[’'](?!\w)|$)")
_CLOCK = re.compile(r"^\W*\d{1,2}[:.h]\d{2}\W*(?:[AaPp]\.?[Mm]\.?)?(?:\s[A-Z]{2,4})?\W*$")
_OPENING_QUOTES = ("“", "«", '"', "‘", "'")
_NEWSROOM = frozenset({"us", "our", "we"})
_PERSON = frozenset(
    {"i", "i'm", "i've", "my", "mine", "we", "we're", "we've", "us", "our", "ours"}
    | {"you", "you're", "your", "yours"}
)


@dataclass(frozen=True)
class Line:
    """One paragraph's form. `content` holds the stems of its content words.

    `address` is the share (0 to 1) of its words that speak as "I" or to "you" outside quotation
    marks; `reports` lines say no more than whose reporter saw it; `running` lines have the function
    words of a sentence; `loose` lines are not prose, not closed by a full stop, no items and no
    times.
    """

    text: str
    words: int
    running: bool
    prose: bool
    loose: bool
    item: bool
    truncated: bool
    address: float
    reports: bool
    apart: bool
    content: frozenset[str]


def is_prose(text: str) -> bool:
    """True for a paragraph with the form of running English sentences."""
    return read_line(text, apart=True).prose


@cache
def function_words() -> frozenset[str]:
    """jusText's list of English function words, in lower case."""
    from justext import get_stoplist

    return frozenset(get_stoplist("English"))


def read_line(text: str, apart: bool) -> Line:
    """The form of a paragraph; `apart` is True if an empty line stands before it."""
    words = [word.lower() for word in _WORD.findall(text)]
    function = sum(word in function_words() for word in words)
    closed, truncated = bool(_CLOSED.search(text)), bool(_TRUNCATED.search(text))
    running = function >= PROSE_MIN_FUNCTION_WORDS * len(words)
    prose = closed and not truncated and running and len(words) >= PROSE_MIN_WORDS
    item = bool(_ITEM.match(text))
    statement = closed and not text.endswith("?")
    return Line(
        text=text,
        words=len(words),
        running=running and len(words) >= STATEMENT_MIN_WORDS,
        prose=prose,
        loose=not (prose or item or statement or _CLOCK.match(text)),
        item=item,
        truncated=truncated,
        address=_address(text),
        reports=_reports(text),
        apart=apart,
        content=frozenset(word[:STEM] for word in words if word not in function_words()),
    )


def _address(text: str) -> float:
    if text.startswith(_OPENING_QUOTES):
        return 0.0
    own = _QUOTED.sub(" ", text).rstrip()
    words = _WORD.findall(own)
    # "US" is a country, "us" a pronoun; news calls out ("!") only inside quotation marks.
    pronouns = sum(w.lower() in _PERSON for w in words if w == "I" or not w.isupper())
    return 1.0 if own.endswith("!") else pronouns / max(1, len(words))


def _reports(text: str) -> bool:
    """True for a report that only says whose reporter saw it: "papers seen by our reporter".

    It has one such pronoun, never "I" or "you", and tells of names or numbers.
    """
    words = _WORD.findall(_QUOTED.sub(" ", text))
    persons = [word.lower() for word in words if word.lower() in _PERSON and not word.isupper()]
    if len(persons) != 1 or persons[0] not in _NEWSROOM or len(words) < CORE_MIN_WORDS:
        return False
    names = sum(word[0].isupper() for word in words[1:])
    return names >= REPORT_NAMES or any(map(str.isdigit, text))
