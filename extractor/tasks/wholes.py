"""Which count another one is part of: "51 of them", "two of the three", "including 40 nurses".

Read off the words between two numbers, and off sums: numbers of one sentence that add up to one
stated just before are its parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import takewhile

from extractor.reading.quantities import Quantity
from extractor.reading.units import SHARES

_DETERMINERS = r"(?:(?:the|these|those|our|their|its|his|her|my|your|all|some|other|total)\s+)*"
_OF_NUMBER = re.compile(rf",?\s*(?:out\s+)?of\s+{_DETERMINERS}(?:of\s+)?", re.IGNORECASE)
_FRONTED = re.compile(rf"\W*(?:out\s+)?of\s+{_DETERMINERS}", re.IGNORECASE)
_PRONOUN = r"of\s+(?:them|these|those|whom|which)\b"
_OF_PRONOUN = re.compile(rf"\s+{_PRONOUN}(?!\s+\w+\s+(?:who|that|which)\b)", re.IGNORECASE)
_PRONOUN_BEFORE = re.compile(rf"\b{_PRONOUN}[^.;\d]*$", re.IGNORECASE)
_INCLUDING = re.compile(r"\bincluding\s+(?:also\s+)?$", re.IGNORECASE)
_LISTED = re.compile(r",?\s*(?:and\b|or\b|plus\b)?\s*", re.IGNORECASE)
_LOOK_BACK = 2  # sentences: what "them" counts further away has been named again
_FEWEST_PARTS = 2


def find_wholes(quantities: Sequence[Quantity], people: Sequence[bool]) -> dict[int, int]:
    """Index of a quantity -> index of the one that it is a part of.

    Args:
        quantities: of one document, in order of the text; those that are no count left out.
        people: for each, whether human beings are counted; part and whole agree in that.
    """
    wholes: dict[int, int] = {}
    for kind in (True, False):
        at = [index for index, human in enumerate(people) if human == kind]
        found = _of_one_kind([quantities[index] for index in at])
        wholes |= {at[part]: at[whole] for part, whole in found.items()}
    return wholes


def _of_one_kind(quantities: Sequence[Quantity]) -> dict[int, int]:
    wholes: dict[int, int] = {}
    for index in range(len(quantities)):
        found = _whole(quantities, index, wholes)
        if found is not None and _may_hold(quantities[found], quantities[index]):
            wholes[index] = found
    return _summed(quantities) | wholes


def _whole(items: Sequence[Quantity], index: int, wholes: Mapping[int, int]) -> int | None:
    item = items[index]
    following = index + 1 < len(items) and items[index + 1].parsed is item.parsed
    if following and _is_of(item, items[index + 1]):
        return index + 1
    alongside = index > 0 and items[index - 1].parsed is item.parsed
    if alongside and (found := _whole_of_list(items, index, wholes)) is not None:
        return found
    before = _sentence_before(item)
    if _has_pronoun(item, before) or (alongside and _INCLUDING.search(before)):
        return _last_larger(items, index, wholes)
    return None


def _whole_of_list(items: Sequence[Quantity], index: int, wholes: Mapping[int, int]) -> int | None:
    """ "Of the 90, 40 came by sea, 30 by land", "40 of the 90 came by sea, 30 by land"."""
    previous, item = items[index - 1], items[index]
    if _FRONTED.fullmatch(_sentence_before(previous)) and not _is_of(previous, item):
        return index - 1
    if wholes.get(index - 1, index) != index and _continues(previous, item):
        return wholes[index - 1]
    follows = index > 1 and wholes.get(index - 2) == index - 1
    return index - 1 if follows and item.unit_text is None else None


def _sentence_before(item: Quantity) -> str:
    start = item.span.start - item.parsed.sentence.start
    return item.parsed.text[:start]


def _between(first: Quantity, second: Quantity) -> str:
    """The words between; a number inside the first one's noun phrase begins the second."""
    end = first.span.end if first.span.end <= second.span.start else first.number.end
    return first.parsed.document.text[end : second.span.start]


def _is_of(part: Quantity, whole: Quantity) -> bool:
    text = part.parsed.document.text[part.number.end : whole.span.start]
    return bool(_OF_NUMBER.fullmatch(text) or _OF_NUMBER.fullmatch(_between(part, whole)))


def _continues(previous: Quantity, item: Quantity) -> bool:
    """The next of a list of parts; without a noun of its own also behind another clause."""
    listed = _LISTED.fullmatch(_between(previous, item)) is not None
    return listed or (item.unit_text is None and item.unit is None)


def _has_pronoun(item: Quantity, before: str) -> bool:
    after = item.parsed.document.text[item.number.end : item.parsed.sentence.end]
    return bool(_OF_PRONOUN.match(after) or _PRONOUN_BEFORE.search(before))


def _last_larger(items: Sequence[Quantity], index: int, wholes: Mapping[int, int]) -> int | None:
    """The last count before that is no part itself: in the sentence, then in those before it."""
    item = items[index]
    near = takewhile(lambda at: _is_near(items[at], item), range(index - 1, -1, -1))
    candidates = [at for at in near if _may_hold(items[at], item)]
    tops = [at for at in candidates if at not in wholes]
    return max(tops or candidates, default=None)


def _is_near(earlier: Quantity, item: Quantity) -> bool:
    between = item.parsed.document.text[earlier.parsed.sentence.end : item.parsed.sentence.start]
    same = earlier.parsed is item.parsed
    return same or len(re.findall(r"[.!?]\s", between)) < _LOOK_BACK


def _may_hold(whole: Quantity, part: Quantity) -> bool:
    """As large at least, and of one unit; a share is no part of a count."""
    if whole.unit != part.unit or part.unit in SHARES:
        return False
    return whole.value is None or part.value is None or whole.value > part.value


def _summed(items: Sequence[Quantity]) -> dict[int, int]:
    wholes: dict[int, int] = {}
    for index, item in enumerate(items):
        parts = _parts_of(items, index)
        if item.value is not None and len(parts) >= _FEWEST_PARTS:
            values = [items[at].value or Decimal(0) for at in parts]
            if sum(values) == item.value and all(values):
                wholes |= dict.fromkeys(parts, index)
    return wholes


def _parts_of(items: Sequence[Quantity], index: int) -> list[int]:
    """The numbers that follow in the same sentence, or those of the next one that has any."""
    following = list(_run(items, index + 1))
    if not following or items[following[0]].parsed is items[index].parsed:
        return following
    return following if _is_near(items[index], items[following[0]]) else []


def _run(items: Sequence[Quantity], start: int) -> Iterator[int]:
    """Indices from `start` on of those in one sentence."""
    for at in range(start, len(items)):
        if items[at].parsed is not items[start].parsed:
            return
        yield at
