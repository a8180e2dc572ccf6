"""Speakers by code: quotations that lead from one to the next do not use the stack up."""

from __future__ import annotations

from extractor.documents import Document
from extractor.reading.reading import Reading
from extractor.tasks.speakers import speaker_of

WORDS = "the harbour is closed"


def test_a_long_run_of_quotations_without_a_speaker_ends() -> None:
    """The first one is quoted again at the end of a run in which each leads to the one before."""
    run = " ".join(f"\u201cBoat {number},\u201d" for number in range(400))
    text = f"\u201cWell, {WORDS}\u201d\n\n{run} \u201cNow well, {WORDS}\u201d"
    reading = Reading(Document.from_text(text))
    assert [speaker_of(reading, quote) for quote in reading.quotes] == [None] * 402


def test_words_quoted_again_have_the_speaker_of_the_first_that_repeats_them() -> None:
    text = (
        f"\u201cWell, {WORDS}\u201d\n\n\u201cNo boats\u201d were seen.\n\n"
        f"\u201cWell, {WORDS} now,\u201d Ann Lee said.\n\n"
        f"\u201cWell, {WORDS} again,\u201d Tom Hale said."
    )
    reading = Reading(Document.from_text(text))
    speaker = speaker_of(reading, reading.quotes[0])
    assert speaker is not None
    assert speaker.source.text == "Ann Lee"
