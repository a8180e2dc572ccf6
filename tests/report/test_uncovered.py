"""What is uncovered, gathered: counted, in order of weight, furniture without its words."""

from __future__ import annotations

from extractor.output import Uncovered
from extractor.records import Span
from extractor.report.uncovered import summed


def gap(words: str, reason: str, detail: str | None = None) -> Uncovered:
    return Uncovered.model_validate(
        {"kind": "number", "reason": reason, "detail": detail}
        | {"span": Span(start=0, end=len(words), text=words)}
    )


def test_lines_are_ordered_and_words_counted() -> None:
    given = [gap("9,000", "furniture"), gap("2031", "date"), gap("14 \nMay", "date")]
    given += [gap("2031", "date"), gap("one", "not_chosen", "no count"), gap("640", "not_found")]
    lines = [(line.reason, line.count, line.words, line.is_due) for line in summed(given)]
    assert lines == [
        ("not found", 1, "640", True),
        ("not chosen", 1, "one (no count)", True),
        ("date", 3, "2031 ×2, 14 May", False),
        ("furniture", 1, "", False),
    ]


def test_long_lists_and_long_words_are_cut() -> None:
    (line,) = summed([gap(f"number {n} {'x' * 60}", "date") for n in range(20)])
    assert line.words.count("…") == 12
    assert line.words.endswith("and 8 more")
