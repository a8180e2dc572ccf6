"""Recruitment methods: code finds words for means and whom they concern, the model says which of
them recruit, and whom where the sentence's grammar does not tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from pydantic import BaseModel

from extractor.grounding import find_verbatim
from extractor.output import Reason, Rejected
from extractor.prompts import Prompt
from extractor.reading.clauses import noun_phrase
from extractor.reading.countries import codes_in
from extractor.reading.means import Means, find_means, tells_of_recruiting
from extractor.reading.parse import ParsedSentence
from extractor.reading.reading import Reading
from extractor.reading.recipients import is_people, recipient
from extractor.records import RecruitmentMethod, Reference, Span
from extractor.tasks.attribution import attribution
from extractor.tasks.base import Built, Question
from extractor.tasks.marking import mark
from extractor.tasks.schemas import answer_schema, one_of, optional, short_text

NONE = "none"
TOKENS_PER_MEANS = 12
WHOM_CHARACTERS = 80
WHOM_TOKENS = 40


class MethodTask:
    """Asks sentence by sentence, with the words marked that may be means."""

    name = "methods"

    def questions(self, reading: Reading, prompt: Prompt) -> list[Question]:  # noqa: ARG002
        """One question per sentence that has a word for a means, in order of the text."""
        return [_question(number, parsed, found) for number, parsed, found in _told(reading)]

    def build(self, reading: Reading, answers: Mapping[str, BaseModel]) -> Built:
        """Methods in order of the text, each tactic once for one target."""
        built = Built()
        methods = _Methods(reading, built)
        for number, parsed, found in _told(reading):
            answer = answers.get(_id(number))
            if answer is None:
                built.rejected += [_rejected(m, "no_answer", "its question failed") for m in found]
                continue
            given = answer.model_dump()
            told = _people(parsed, given["whom"], built)
            for index, means in enumerate(found, 1):
                target = _concerned(parsed, means) or told
                if given[f"m{index}"] == NONE:
                    built.rejected.append(_rejected(means, "not_chosen", "labelled as no means"))
                elif not _can_be_won(parsed, target):
                    built.rejected.append(_rejected(means, "not_chosen", "nobody to be won over"))
                else:
                    methods.add(parsed, means, target)
        return built


def _concerned(parsed: ParsedSentence, means: Means) -> Span | None:
    """Whom the means' own verb is done to, or who receives it."""
    who = recipient(parsed.tokens_of(means.words).root)
    return noun_phrase(parsed, who) if who is not None else None


def _can_be_won(parsed: ParsedSentence, target: Span | None) -> bool:
    """People: a state, a body, a named official is nobody to win over.

    Where nobody is named, the sentence itself tells of recruiting.
    """
    if target is None:
        return tells_of_recruiting([parsed], 0)
    return is_people(parsed.tokens_of(target).root)


def _told(reading: Reading) -> Iterator[tuple[int, ParsedSentence, list[Means]]]:
    pairs = zip(reading.sentences, reading.quantities, strict=True)
    for number, (parsed, quantities) in enumerate(pairs):
        found = find_means(parsed, quantities)
        if found and tells_of_recruiting(reading.sentences, number):
            yield number + 1, parsed, found


def _id(number: int) -> str:
    return f"sentence{number}"


def _question(number: int, parsed: ParsedSentence, found: Sequence[Means]) -> Question:
    fields = {"whom": optional(short_text(WHOM_CHARACTERS))}
    fields |= {f"m{i}": one_of((means.tactic, NONE)) for i, means in enumerate(found, 1)}
    return Question(
        id=_id(number),
        variables={"marked": mark(parsed.whole, [(m.words, m.words.text) for m in found], "m")},
        schema=answer_schema("Means", fields),
        max_tokens=WHOM_TOKENS + TOKENS_PER_MEANS * len(found),
    )


def _people(parsed: ParsedSentence, words: str | None, built: Built) -> Span | None:
    """The people whom the answer copies from the sentence, with all that narrows them down."""
    if not words or not words.strip():
        return None
    sentence = parsed.whole
    found = find_verbatim(words, sentence)
    if found is None:
        detail = f"target {words!r} does not stand in the sentence"
        built.rejected.append(
            Rejected(task="methods", reason="not_grounded", detail=detail, span=sentence)
        )
        return None
    return noun_phrase(parsed, parsed.tokens_of(found).root)


class _Methods:
    """Collects records; what is told again of the same target is no new record."""

    def __init__(self, reading: Reading, built: Built) -> None:
        self.reading = reading
        self.built = built
        self.seen: set[tuple[str, str | None]] = set()

    def add(self, parsed: ParsedSentence, means: Means, target: Span | None) -> None:
        key = (means.tactic, target.text.casefold() if target else None)
        if key in self.seen:
            return
        self.seen.add(key)
        number = len(self.built.records) + 1
        make = partial(_record, self.reading, parsed, means, target, number)
        self.built.add("methods", means.words, make)


def _record(
    reading: Reading, parsed: ParsedSentence, means: Means, target: Span | None, number: int
) -> RecruitmentMethod:
    return RecruitmentMethod(
        id=f"met-{number:02}",
        tactic=means.tactic,
        target=Reference(as_written=target.text, span=target) if target else None,
        nationalities=list(dict.fromkeys(codes_in(target.text))) if target else [],
        attribution=attribution(reading, means.words),
        span=_clause_around(reading, parsed, means.words),
        evidence={"tactic": means.words},
    )


def _clause_around(reading: Reading, parsed: ParsedSentence, words: Span) -> Span:
    """The shortest clause that holds the words, else the sentence without its full stop."""
    clauses = [clause.span for clause in reading.clauses if clause.span.contains(words)]
    whole = parsed.span(0, len(parsed.text.rstrip(" .")))
    return min(clauses, key=lambda span: len(span.text), default=whole)


def _rejected(means: Means, reason: Reason, detail: str) -> Rejected:
    return Rejected(task="methods", reason=reason, detail=detail, span=means.words)
