"""A parsed page -> its visible paragraphs in order, and a clean copy of it for a body extractor.

Text is what a browser shows (HTML standard, the `innerText` steps), but for this: a row of a table
is one paragraph with " | " between its cells; raised and lowered digits are Unicode superscripts
and subscripts; where something hidden, or no text, touched a number there stands U+FFFC.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from extractor.characters import (
    GAP,
    is_turned,
    raised,
    without_ignorable,
    without_tags,
)
from extractor.readers.styles import Styles
from extractor.readers.visibility import Look, hidden_by_class, look_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_COPY_DEPTH = 120  # levels; the extractor's own parser counts them as well
MAX_CELL_WORDS = 25  # a cell with more is laid out as a table, not a row of data
MAX_ATTRIBUTES = 40  # of an element in the copy; setting one looks at all before it
DROP_CAP = 2  # letters

_BREAK = re.compile(r"\n[^\S\n]*\n\s*|(?<=\d)[^\S\n]*\n\s*(?=\d)")
_SPACES = re.compile(r"[ \t\n\r\f]+")
_XML_NAME = re.compile(r"[a-z_][\w.-]*", re.IGNORECASE)
_PREFORMATTED = frozenset({"pre", "textarea", "listing", "xmp", "plaintext"})


_Task = Callable[[], None] | tuple["LexborNode", Look, Any, int]


@dataclass(frozen=True)
class Paragraph:
    """A visible paragraph. `linked` is the share (0 to 1) of its characters that are links.

    within: the elements it stands in, by name. `turned` is why its letters are shown in another
    order than they are written, or None. `nodes` are the elements it stands in, outermost first;
    `kinds` are equal where those have the same names and classes.
    """

    text: str
    within: frozenset[str]
    linked: float
    turned: str | None = None
    nodes: tuple[int, ...] = ()
    kinds: tuple[int, ...] = ()
    row: tuple[int, int] | None = None  # row and cell of a table


@dataclass
class Visible:
    """What a page shows, and what it does not. `hidden`: reason -> number of passages."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    hidden: Counter[str] = field(default_factory=Counter)
    copy: Any = None  # the root of an lxml tree
    tags: bool = False  # letters of the Tags block were left out
    shown_hidden: str | None = None  # why the whole page is hidden, though it is read
    limits: list[str] = field(default_factory=list)  # of what could be read, for people


def read_blocks(tree: LexborHTMLParser, styles: Styles, *, captions: bool = False) -> Visible:
    """The visible paragraphs of a page; with `captions`, an image's alternative text is one."""
    walker = _Walker(styles, captions)
    if tree.root is not None:
        walker.walk(tree.root)
    return walker.found


class _Walker:
    """One walk through a tree, without recursion, since pages may nest without end."""

    def __init__(self, styles: Styles, captions: bool) -> None:
        self.found = Visible()
        self._styles = styles
        self._captions = captions
        self._within: Counter[str] = Counter()
        self._nodes: list[int] = []
        self._kinds: list[int] = [0]
        self._text: list[str] = []
        self._linked = 0
        self._turned: str | None = None
        self._gap = False  # hidden text was left out since the last visible character
        self._in_hidden = False
        self._rows: list[int | None] = []  # first paragraph of each open row of data
        self._cell = 0
        self._row = 0

    def walk(self, root: LexborNode) -> None:
        from lxml.html import Element

        self.found.copy = Element("html")
        stack: list[_Task]
        stack = [(root, Look(), self.found.copy, 0)]
        while stack:
            task = stack.pop()
            if callable(task):
                task()
                continue
            node, look, copy, depth = task
            if node.is_text_node:
                self._read_text(node.text_content or "", look, copy)
            elif node.is_element_node:
                stack += reversed(self._enter(node, look, copy, depth))
        self._flush()

    def _enter(self, node: LexborNode, around: Look, copy: Any, depth: int) -> list[_Task]:
        """Begin an element; what is left to do for it, in order."""
        tag, attributes = node.tag or "", node.attributes
        if tag == "br":
            self._break(around, copy)
            return []
        if tag == "img" and self._captions and attributes.get("alt"):
            return self._caption(str(attributes["alt"]), around, copy)
        look = self._look(node, tag, attributes, around)
        if look.hidden:
            self._leave_out(node.text(), look.hidden)
            return []
        self._open(tag, look)
        self._nodes.append(node.mem_id)
        self._kinds.append(hash((self._kinds[-1], tag, attributes.get("class"))))
        if tag == "q":
            self._text.append("“")
        if tag != "html" and (depth < MAX_COPY_DEPTH or tag == "p"):
            copy = _copied(copy, tag, attributes)
        inside = [
            (child, self._inside(node, child, look), copy, depth + 1) for child in _children(node)
        ]
        return [*inside, lambda: self._close(tag, look)]

    def _look(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], around: Look
    ) -> Look:
        declared = self._styles.of(node, attributes.get("style"))
        look = look_of(tag, attributes, declared, around)
        if look.why_hidden and tag in ("html", "body"):  # until a script shows the page
            self.found.shown_hidden = look.why_hidden
            return Look()
        if look.floats:
            cap = len((node.text() or "").strip()) <= DROP_CAP
            look = replace(look, box="inline" if cap else "block")
        classes = attributes.get("class") or ""
        if classes and not look.hidden and "display" not in declared:
            followed = any(self._styles.mentions(name) for name in classes.split())
            if hidden_by_class(classes, followed):
                look = replace(look, hidden="a class that hides")
        return look

    @staticmethod
    def _inside(node: LexborNode, child: LexborNode, look: Look) -> Look:
        """The look that a child inherits: what a closed <details> holds is hidden."""
        if node.tag != "details" or "open" in node.attributes:
            return look
        summary = node.css_first("summary")
        if summary is not None and child.mem_id == summary.mem_id:
            return look
        return replace(look, hidden="inside closed details")

    def _open(self, tag: str, look: Look) -> None:
        if look.box == "inline-block":
            self._space()
        elif look.box != "inline":
            self._flush()
        if look.box == "row":
            self._rows[-1:] = [None] * len(
                self._rows[-1:]
            )  # what holds another row lays out the page
            self._rows.append(len(self.found.paragraphs))
            self._row += 1
        if look.box == "cell":
            self._cell += 1
        self._within[tag] += 1

    def _close(self, tag: str, look: Look) -> None:
        if tag == "q":
            self._text.append("”")
        if look.box == "inline-block":
            self._space()
        elif look.box != "inline":
            self._flush()
        self._within[tag] -= 1
        self._nodes.pop()
        self._kinds.pop()
        if look.box == "row":
            first = self._rows.pop()
            if first is not None:
                self._join_row(first)

    def _caption(self, text: str, look: Look, copy: Any) -> list[_Task]:
        if look.why_hidden:
            return []
        self._flush()
        self._within["figcaption"] += 1
        self._read_text(text, look, copy)
        self._flush()
        self._within["figcaption"] -= 1
        return []

    def _read_text(self, text: str, look: Look, copy: Any) -> None:
        reason = look.why_hidden
        if reason:
            self._leave_out(text, reason)
            return
        text, tagged = without_tags(text)
        self.found.tags |= tagged
        preformatted = any(self._within[tag] > 0 for tag in _PREFORMATTED)
        text = text.replace("\r", "\n") if preformatted else _SPACES.sub(" ", text)
        if not text:
            return
        self._turned = self._turned or look.turned
        text = raised(text, look.raised)
        self._add(text)
        if self._within["a"] > 0:
            self._linked += len("".join(text.split()))
        _append(copy, without_ignorable(text.replace("\u202e", "").replace("\u202d", "")))

    def _add(self, text: str) -> None:
        if self._gap and text.strip():
            before = self._text[-1][-1:] if self._text else " "
            if _touches_number(before, text[0]):
                self._text.append(GAP)
        if text.strip():
            self._gap = self._in_hidden = False
        self._text.append(text)

    def _space(self) -> None:
        """White space at the edge of an inline block; between two digits a mark in its place."""
        if self._text and self._text[-1][-1:].isdigit():
            self._gap = True
        elif self._text and not self._text[-1][-1:].isspace():
            self._text.append(" ")

    def _break(self, look: Look, copy: Any) -> None:
        if not look.why_hidden:
            self._text.append("\n")
            _append(_copied(copy, "br", {}), "")

    def _leave_out(self, text: str | None, reason: str) -> None:
        if reason == "not text" or not text or not re.search(r"\w", text):
            return
        self._gap = True
        if not self._in_hidden:
            self.found.hidden[reason] += 1
        self._in_hidden = True

    def _flush(self) -> None:
        text, self._text = "".join(self._text), []
        linked, self._linked = self._linked, 0
        turned, self._turned = self._turned, None
        self._gap = False
        if not text.strip():
            return
        within = frozenset(tag for tag, count in self._within.items() if count > 0)
        row = (self._row, self._cell) if self._rows else None
        nodes = tuple(self._nodes)
        share = min(1.0, linked / max(1, len("".join(text.split()))))
        for part in _BREAK.split(text):
            is_odd = is_turned(part)
            seen = " ".join((part if is_odd else without_ignorable(part)).split())
            why = turned or ("characters that turn the order of letters" if is_odd else None)
            if seen:
                self.found.paragraphs.append(
                    Paragraph(seen, within, share, why, nodes, tuple(self._kinds), row)
                )

    def _join_row(self, first: int) -> None:
        """Make one paragraph of a row of data; a row that lays out a page stays in pieces."""
        cells = self.found.paragraphs[first:]
        short = all(len(cell.text.split()) <= MAX_CELL_WORDS for cell in cells)
        if len(cells) < 2 or not short or len({cell.row for cell in cells}) < len(cells):
            return
        joined = Paragraph(
            " | ".join(cell.text for cell in cells),
            frozenset.union(*(cell.within for cell in cells)),
            sum(cell.linked for cell in cells) / len(cells),
            next((cell.turned for cell in cells if cell.turned), None),
            cells[0].nodes,
            cells[0].kinds,
        )
        self.found.paragraphs[first:] = [joined]


def _children(node: LexborNode) -> list[LexborNode]:
    found, child = [], node.first_child
    while child is not None:
        found.append(child)
        child = child.next
    return found


def _touches_number(before: str, after: str) -> bool:
    solid = before and not before.isspace() and not after.isspace()
    return bool(solid) and (before.isdigit() or after.isdigit())


def _copied(parent: Any, tag: str, attributes: dict[str, str | None]) -> Any:
    from lxml import etree

    name = tag if _XML_NAME.fullmatch(tag) else "span"
    kept = {
        key: without_ignorable(value or "")
        for key, value in islice(attributes.items(), MAX_ATTRIBUTES)
        if _XML_NAME.fullmatch(key) and key != "style"
    }
    return etree.SubElement(parent, name, kept)


def _append(element: Any, text: str) -> None:
    last = next(element.iterchildren(reversed=True), None)  # len() counts all children
    if last is not None:
        last.tail = (last.tail or "") + text
    else:
        element.text = (element.text or "") + text
