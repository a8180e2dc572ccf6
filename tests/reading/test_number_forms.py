"""Forms of numbers in news prose: none is ever read as another number, and nearly all are read."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from num2words import num2words

from benchmarks.number_forms import Outcome, outcomes
from extractor.reading.numerals import find_numerals
from extractor.reading.parse import load_pipeline
from extractor.reading.recount import recount_problem

load_pipeline()
FORMS = outcomes()
MIN_READ = 0.9  # of plain forms


@pytest.mark.parametrize("outcome", FORMS, ids=lambda one: f"{one.kind}: {one.text[:50]}")
def test_no_form_is_read_as_another_number(outcome: Outcome) -> None:
    assert outcome.wrong == []


def test_nearly_all_forms_are_read() -> None:
    right, refused = (
        sum(len(getattr(one, part)) for one in FORMS) for part in ("right", "refused")
    )
    assert right / (right + refused) > MIN_READ


@dataclass(frozen=True)
class Written:
    """A number as written, with the only value that a reader may give it; None where none may."""

    text: str
    value: Decimal | None


def _commas(value: Decimal) -> str:
    return f"{value:,}"


def _indian(value: Decimal) -> str:
    head, tail = divmod(int(value), 1000)
    groups = f"{head:,}".replace(",", "")
    pairs = [groups[max(0, end - 2) : end] for end in range(len(groups), 0, -2)][::-1]
    return ",".join([*pairs, f"{tail:03}"]) if head else str(tail)


# Plain forms of news prose, each a function of a whole number above 999.
PLAIN: Mapping[str, Callable[[Decimal], Written]] = {
    "digits": lambda v: Written(str(v), v),
    "commas": lambda v: Written(_commas(v), v),
    "no-break blanks": lambda v: Written(_commas(v).replace(",", "\u00a0"), v),
    "apostrophes": lambda v: Written(_commas(v).replace(",", "\u2019"), v),
    "Indian groups": lambda v: Written(_indian(v), v),
    "words": lambda v: Written(num2words(int(v)).replace(",", ""), v),
    "million": lambda v: Written(f"{v / 1000} million", v * 1000),
    "bn": lambda v: Written(f"{v / 1000}bn", v * 1_000_000),
    "lakh": lambda v: Written(f"{v} lakh", v * 100_000),
    "lakh crore": lambda v: Written(f"{v} lakh crore", v * 10**12),
    "half million": lambda v: Written(f"{v}\u00bd million", v * 1_000_000 + 500_000),
    "and a half": lambda v: Written(f"{v} and a half million", v * 1_000_000 + 500_000),
    "minus": lambda v: Written(f"minus {v}", -v),
    "dollars": lambda v: Written(f"${_commas(v)}", v),
    "euros": lambda v: Written(f"\u20ac{_commas(v)}", v),
}
# What changes a number and may stand at it. Each makes a text of which no part may be read.
SPOILERS: Mapping[str, Callable[[str], str]] = {
    "zero width": lambda w: _inside(w, "\u200b"),
    "soft hyphen": lambda w: _inside(w, "\u00ad"),
    "bidi override": lambda w: "\u202e" + w,
    "tag character": lambda w: w + "\U000e0031",
    "superscript": lambda w: w + "\u00b2",
    "slash": lambda w: w + "/7",
    "slash before": lambda w: "77/" + w,
    "colon": lambda w: "7:" + w,
    "letters before": lambda w: ("Zx" if w[0].isdigit() else "77/") + w,
    # "Two millionx" may be two of another word, as "two millionaires" are.
    "letter behind": lambda w: w + ("x" if w[-1].isdigit() else "/x"),
    "ordinal": lambda w: w + ("th" if w[-1].isdigit() else "/th"),
    "ish": lambda w: w + "-ish",
    "fold": lambda w: w + "-fold",
    "entity": lambda w: w + "&nbsp;000",
    "chain": lambda w: "7-8-" + w,
    "equals": lambda w: "x=" + w,
    "below zero": lambda w: w + " below zero",
    "of two scripts": lambda w: w + "\u0663",
    "at": lambda w: w + "@7",
    "power": lambda w: w + "^3",
    "underscore": lambda w: "_" + w,
    "percent code": lambda w: "%" + w,
}
# What may stand at a number and leaves it what it is.
NEUTRAL: Mapping[str, Callable[[str], str]] = {
    "brackets": lambda w: f"({w})",
    "quotation marks": lambda w: f"\u201c{w}\u201d",
    "comma": lambda w: f"{w},",
    "full stop": lambda w: f"{w}.",
    "plus": lambda w: f"{w}-plus",
    "note": lambda w: f"{w}[3]",
    "asterisk": lambda w: f"{w}*",
    "strong": lambda w: f"{w}-strong",
    "bound": lambda w: f"more than {w}",
    "sign": lambda w: f"~{w}",
    "dash": lambda w: f"men \u2014 {w} \u2014",
}
START, END = "The army told us that ", " men went to the north."


def _inside(written: str, character: str) -> str:
    middle = max(1, len(written) // 2)
    return written[:middle] + character + written[middle:]


values = st.integers(1000, 999_999).map(Decimal)
neighbours = st.tuples(
    st.sampled_from(sorted(PLAIN)),
    values,
    st.lists(st.sampled_from(sorted({**NEUTRAL, **SPOILERS})), max_size=3),
)


def _value_read(text: str, start: int, end: int) -> list[Decimal | None]:
    return [n.value for n in find_numerals(text) if n.start < end and start < n.end]


@settings(
    max_examples=1000, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(st.lists(neighbours, min_size=20, max_size=20))
def test_neighbours_of_a_number_are_read_right_or_not_at_all(
    drawn: list[tuple[str, Decimal, list[str]]],
) -> None:
    """Twenty neighbours an example, so 20,000 strings: the right value, or none."""
    for form, gold, changes in drawn:
        written = PLAIN[form](gold)
        text, spoiled = START + written.text, False
        start, end = len(START), len(START) + len(written.text)
        for index, change in enumerate(changes):
            part = text[len(START) :]
            changed = {**NEUTRAL, **SPOILERS}[change](part)
            # The number itself, wherever the change has put it; a change inside makes it longer.
            moved = max(changed.find(part), 0)
            end += moved if part in changed else len(changed) - len(part)
            start, text = start + moved, START + changed
            # Behind a bracket or a mark it touches the number no more: right, or none, as well.
            spoiled = spoiled or (change in SPOILERS and set(changes[:index]) <= SPOILERS.keys())
        found = _value_read(text + END, start, end)
        assert set(found) <= (set() if spoiled else {written.value}), (text, found)


def test_plain_forms_are_read() -> None:
    """The share read of plain forms with what leaves them what they are, by form."""
    draw = random.Random(7)
    shares = {}
    for form, write in PLAIN.items():
        read = 0
        for _ in range(200):
            written = write(Decimal(draw.randint(1000, 999_999)))
            text = NEUTRAL[draw.choice(sorted(NEUTRAL))](written.text)
            sentence = START + text + END
            read += written.value in _value_read(sentence, len(START), len(START) + len(text))
        shares[form] = read / 200
    assert min(shares.values()) >= MIN_READ, shares


@pytest.mark.parametrize("form", sorted(PLAIN))
def test_the_verifier_recounts_every_plain_form_and_refuses_another_value(form: str) -> None:
    for gold in map(Decimal, (1000, 1234, 40_000, 123_456, 999_999)):
        written = PLAIN[form](gold)
        sentence = START + written.text + END
        (numeral,) = (n for n in find_numerals(sentence) if n.start >= len(START))
        place = (sentence, numeral.start, numeral.end)
        assert numeral.value is not None and numeral.value == written.value
        assert recount_problem(*place, numeral.value, None, None) is None
        assert recount_problem(*place, numeral.value + 1, None, None) is not None
        assert recount_problem(*place, numeral.value * 10, None, None) is not None
        assert recount_problem(*place, -numeral.value, None, None) is not None


@pytest.mark.parametrize("spoiler", sorted(SPOILERS))
def test_the_verifier_refuses_a_touched_number_whoever_read_it(spoiler: str) -> None:
    """The verifier looks at what touches a number itself: the bare number's span is refused."""
    text = START + SPOILERS[spoiler]("640") + END
    start = text.find("640")
    if start < 0:  # the character stands inside the digits
        start = len(START)
        end = text.index("0", start) + 1
        assert recount_problem(text, start, end, Decimal(640), None, None) is not None
    else:
        assert recount_problem(text, start, start + 3, Decimal(640), None, None) is not None
