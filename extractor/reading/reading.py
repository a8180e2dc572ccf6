"""A document read once: everything that the tasks ask for, computed on demand and kept."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

from extractor.documents import Document, Sentence
from extractor.reading.clauses import Clause, find_clauses
from extractor.reading.names import Name, find_names
from extractor.reading.numerals import sentence_numbers
from extractor.reading.parse import ParsedSentence, parse
from extractor.reading.quantities import Quantity, find_quantities
from extractor.reading.quotes import QuotedText, find_quotes
from extractor.reading.sources import Source, find_sources
from extractor.records import Span


class Reading:
    """What code finds in one document. All lists are in order of the text."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def sentences(self) -> list[ParsedSentence]:
        return parse(self.document)

    @cached_property
    def names(self) -> list[Name]:
        return find_names(self.document, self.sentences)

    @cached_property
    def quotes(self) -> list[QuotedText]:
        return find_quotes(self.document)

    @cached_property
    def quantities(self) -> list[list[Quantity]]:
        """Per sentence, in the order of `sentences`, as far as `sentence_numbers` reads them."""
        whole = self.document.sentences
        ends = [self._numbers_end(sentence) for sentence in whole]
        starts = [sentence.start for sentence in whole]
        return [
            find_quantities(parsed, ends[bisect_right(starts, parsed.sentence.start) - 1])
            for parsed in self.sentences
        ]

    @staticmethod
    def _numbers_end(sentence: Sentence) -> int:
        """Offset in the document behind the last number of a sentence that is not given up."""
        numerals = sentence_numbers(sentence.text).numerals
        return sentence.start + numerals[-1].end if numerals else sentence.start

    @cached_property
    def clauses(self) -> list[Clause]:
        return [clause for parsed in self.sentences for clause in find_clauses(parsed)]

    def sources(self, position: int) -> list[Source]:
        """Candidate sources of the sentence at `position` (an index of `sentences`)."""
        return find_sources(self.sentences, position, self.names)

    def position_of(self, span: Span) -> int:
        """Index of the sentence in which `span` starts."""
        return bisect_right(self._starts, span.start) - 1

    def quote_at(self, span: Span) -> QuotedText | None:
        """The quotation that `span` stands in; they do not overlap."""
        at = bisect_right(self._quote_starts, span.start) - 1
        found = self.quotes[at] if at >= 0 else None
        return found if found is not None and found.outer.contains(span) else None

    def in_quotes(self, span: Span) -> bool:
        """True where a quotation has a part of `span`."""
        at = bisect_right(self._quote_starts, span.end - 1) - 1
        return at >= 0 and self.quotes[at].outer.overlaps(span)

    def quotes_before(self, place: int) -> Iterator[QuotedText]:
        """Those that end at `place` or before it, the last one first."""
        at = bisect_right(self._quote_starts, place)
        found = (self.quotes[i] for i in range(at - 1, -1, -1))
        return (quote for quote in found if quote.outer.end <= place)

    def quote_with(self, words: str, place: int) -> QuotedText | None:
        """The first quotation behind `place` that has the words, given in lower case."""
        first = bisect_right(self._quote_starts, place)
        text, starts = self._quoted
        at = text.find(words, starts[first]) if first < len(starts) else -1
        return self.quotes[bisect_right(starts, at) - 1] if at >= 0 else None

    @cached_property
    def _quoted(self) -> tuple[str, list[int]]:
        """All quoted words in lower case, a zero between two, and where each quotation starts."""
        quoted = [quote.span.text.casefold() for quote in self.quotes]
        starts = accumulate((len(words) + 1 for words in quoted), initial=0)
        return "\0".join(quoted), list(starts)[:-1]

    @cached_property
    def _starts(self) -> list[int]:
        return [parsed.sentence.start for parsed in self.sentences]

    @cached_property
    def _quote_starts(self) -> list[int]:
        return [quote.outer.start for quote in self.quotes]
