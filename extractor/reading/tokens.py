"""The tokens of a parsed sentence as plain data, under the names that spaCy gives their properties.

spaCy's own tokens live in its vocabulary, which keeps every word that it ever saw. A copy of what
the rules read lets a document's words be freed with it (`parse.py`). What an attribute means stands
in spaCy's documentation of `Token`, `Span` and `Doc`. Offsets are characters of the sentence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import takewhile
from operator import attrgetter
from typing import Literal, NamedTuple, overload

Alignment = Literal["strict", "contract", "expand"]


class Word(NamedTuple):
    """What the parser says of a token; `head`, `left_edge`, `right_edge` are indices of tokens."""

    text: str
    idx: int
    whitespace: str
    pos: str
    tag: str
    dep: str
    ent_type: str
    ent_iob: str
    is_punct: bool
    like_num: bool
    head: int
    left_edge: int
    right_edge: int
    sentence: int

    @property
    def end(self) -> int:
        return self.idx + len(self.text)


class Doc:
    """The tokens of one text, in order. Two of them are never equal.

    entities: first token, token after the last, label.
    """

    __slots__ = ("_children", "entities", "text", "words")

    def __init__(
        self, text: str, words: Sequence[Word], entities: Sequence[tuple[int, int, str]]
    ) -> None:
        self.text, self.words, self.entities = text, words, entities
        self._children: list[list[int]] = [[] for _ in words]
        for i, word in enumerate(words):
            if word.head != i:
                self._children[word.head].append(i)

    def __len__(self) -> int:
        return len(self.words)

    def __iter__(self) -> Iterator[Token]:
        return (Token(self, i) for i in range(len(self.words)))

    @overload
    def __getitem__(self, place: int) -> Token: ...
    @overload
    def __getitem__(self, place: slice) -> TokenSpan: ...
    def __getitem__(self, place: int | slice) -> Token | TokenSpan:
        if isinstance(place, slice):
            start, end, _ = place.indices(len(self.words))
            return TokenSpan(self, start, max(start, end))
        return Token(self, place if place >= 0 else range(len(self.words))[place])

    @property
    def ents(self) -> list[TokenSpan]:
        return [TokenSpan(self, *entity) for entity in self.entities]

    def children_of(self, i: int) -> list[int]:
        """Indices of the tokens whose head is token `i`, in order."""
        return self._children[i]

    def above(self, i: int) -> Iterator[int]:
        """Indices of the head of token `i`, the head of that, and so on."""
        while (head := self.words[i].head) != i:
            yield head
            i = head

    def char_span(
        self, start: int, end: int, alignment_mode: Alignment = "strict"
    ) -> TokenSpan | None:
        """The tokens at the characters `start:end`; None where there are none.

        Args:
            alignment_mode: what becomes of tokens that lie only partly there: there must be none
                ("strict"), they are left out ("contract"), or taken as well ("expand").
        """
        words = self.words
        first = bisect_right(words, start, key=attrgetter("end"))
        found = list(takewhile(lambda i: words[i].idx < end, range(first, len(words))))
        if alignment_mode == "contract":
            found = [i for i in found if words[i].idx >= start and words[i].end <= end]
        if not found:
            return None
        if alignment_mode == "strict" and (words[found[0]].idx, words[found[-1]].end) != (
            start,
            end,
        ):
            return None
        return TokenSpan(self, found[0], found[-1] + 1)


class Token:
    """A token; equal to another one at the same place of the same text."""

    __slots__ = ("_word", "doc", "i")

    def __init__(self, doc: Doc, i: int) -> None:
        self.doc, self.i, self._word = doc, i, doc.words[i]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Token) and self.i == other.i and self.doc is other.doc

    def __hash__(self) -> int:
        return self.i

    def __len__(self) -> int:
        return len(self._word.text)

    def __repr__(self) -> str:
        return self._word.text

    @property
    def text(self) -> str:
        return self._word.text

    @property
    def lower_(self) -> str:
        return self._word.text.lower()

    @property
    def idx(self) -> int:
        return self._word.idx

    @property
    def whitespace_(self) -> str:
        return self._word.whitespace

    @property
    def pos_(self) -> str:
        return self._word.pos

    @property
    def tag_(self) -> str:
        return self._word.tag

    @property
    def dep_(self) -> str:
        return self._word.dep

    @property
    def ent_type_(self) -> str:
        return self._word.ent_type

    @property
    def ent_iob_(self) -> str:
        return self._word.ent_iob

    @property
    def is_punct(self) -> bool:
        return self._word.is_punct

    @property
    def like_num(self) -> bool:
        return self._word.like_num

    @property
    def is_alpha(self) -> bool:
        return self._word.text.isalpha()

    @property
    def is_space(self) -> bool:
        return self._word.text.isspace()

    @property
    def is_lower(self) -> bool:
        return self._word.text.islower()

    @property
    def is_upper(self) -> bool:
        return self._word.text.isupper()

    @property
    def is_title(self) -> bool:
        return self._word.text.istitle()

    @property
    def head(self) -> Token:
        return Token(self.doc, self._word.head)

    @property
    def left_edge(self) -> Token:
        return Token(self.doc, self._word.left_edge)

    @property
    def right_edge(self) -> Token:
        return Token(self.doc, self._word.right_edge)

    @property
    def children(self) -> Iterator[Token]:
        return (Token(self.doc, i) for i in self.doc.children_of(self.i))

    @property
    def lefts(self) -> Iterator[Token]:
        return (child for child in self.children if child.i < self.i)

    @property
    def rights(self) -> Iterator[Token]:
        return (child for child in self.children if child.i > self.i)

    @property
    def subtree(self) -> Iterator[Token]:
        """This token and all below it; in order where no branches cross."""
        for child in self.lefts:
            yield from child.subtree
        yield self
        for child in self.rights:
            yield from child.subtree

    @property
    def ancestors(self) -> Iterator[Token]:
        """Its head, the head of that, and so on."""
        return (Token(self.doc, i) for i in self.doc.above(self.i))

    def is_ancestor(self, other: Token) -> bool:
        """It is above the other one."""
        return self.doc is other.doc and self.i in self.doc.above(other.i)

    @property
    def sent(self) -> list[Token]:
        """The tokens of the sentence that the parser sees it in."""
        mine = self._word.sentence
        return [token for token in self.doc if self.doc.words[token.i].sentence == mine]

    def nbor(self, i: int = 1) -> Token:
        """The token so many places on; before it where negative.

        Raises:
            IndexError: there is none.
        """
        if self.i + i < 0:
            raise IndexError(self.i + i)
        return Token(self.doc, self.i + i)


class TokenSpan:
    """Tokens `start:end` of a text; `label_`: of a named entity."""

    __slots__ = ("doc", "end", "label_", "start")

    def __init__(self, doc: Doc, start: int, end: int, label: str = "") -> None:
        self.doc, self.start, self.end, self.label_ = doc, start, end, label

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[Token]:
        return (Token(self.doc, i) for i in range(self.start, self.end))

    @overload
    def __getitem__(self, place: int) -> Token: ...
    @overload
    def __getitem__(self, place: slice) -> TokenSpan: ...
    def __getitem__(self, place: int | slice) -> Token | TokenSpan:
        if isinstance(place, slice):
            start, end, _ = place.indices(len(self))
            return TokenSpan(self.doc, self.start + start, self.start + max(start, end))
        return Token(self.doc, range(self.start, self.end)[place])

    def __repr__(self) -> str:
        return self.text

    @property
    def start_char(self) -> int:
        return self.doc.words[self.start].idx

    @property
    def end_char(self) -> int:
        return self.doc.words[self.end - 1].end

    @property
    def text(self) -> str:
        return self.doc.text[self.start_char : self.end_char] if len(self) else ""

    @property
    def root(self) -> Token:
        """The token nearest to the root of its sentence; the first one of several.

        A blank or a mark with nothing below it comes last, however near it is.
        """
        return self.doc[min(range(self.start, self.end), key=self._depth)]

    def _depth(self, i: int) -> int:
        word = self.doc.words[i]
        if (word.is_punct or word.text.isspace()) and not self.doc.children_of(i):
            return len(self.doc)
        return sum(1 for _ in self.doc.above(i))
