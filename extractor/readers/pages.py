"""HTML -> a document: what the page shows, its article as body, the rest as furniture.

Parsed by lexbor as the HTML standard says, so that what stands behind an early `</html>`, or below
any number of unclosed tags, is where a browser has it. What nobody sees is left out, and a warning
says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from extractor.documents import Document
from extractor.errors import DocumentError
from extractor.readers.blocks import Visible, read_blocks
from extractor.readers.body import find_body
from extractor.readers.styles import read_styles
from extractor.records import Metadata

MAX_DEPTH = 2_000  # open elements; the parser's time grows with their square
MAX_STYLED_DEPTH = 20_000
LONG_TAG = 10_000  # characters
MAX_ATTRIBUTES = 5_000  # of one tag
LINKS = 3  # paragraphs in a row that are nothing but links: a menu
SHOWN_REASONS = 3

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)([^<>]*)(>?)")
_NEVER_OPEN = frozenset(
    str.split("""
    a area base br button col embed hr img input link meta param source track wbr p li td th tr dt
    dd option thead tbody tfoot html head body
    """)
)


def read_page(
    text: str, name: str, *, metadata: Metadata | None = None, warnings: Sequence[str] = ()
) -> Document:
    """The document of a whole page.

    Raises:
        DocumentError: the page shows no text.
    """
    found = visible_paragraphs(text, name)
    body = find_body(found.paragraphs, found.copy)
    return _document(found, body, name, metadata, warnings)


def read_fragment(
    text: str, name: str, *, metadata: Metadata | None = None, warnings: Sequence[str] = ()
) -> Document:
    """The document of markup that is an article alone: all is body but runs of links.

    An image's alternative text is read as its caption. Raises DocumentError as `read_page` does.
    """
    found = visible_paragraphs(text, name, captions=True)
    links = [one.linked == 1.0 for one in found.paragraphs]
    body = [not link for link in links]
    for i, link in enumerate(links):
        body[i] = body[i] or not (link and _run_length(links, i) >= LINKS)
    return _document(found, body, name, metadata, warnings)


def _run_length(flags: Sequence[bool], index: int) -> int:
    """How many flags in a row are true around `index`, up to LINKS on each side."""
    length = 1
    for step in (1, -1):
        i = index + step
        while 0 <= i < len(flags) and flags[i] and abs(i - index) <= LINKS:
            length, i = length + 1, i + step
    return length


def visible_paragraphs(text: str, name: str, *, captions: bool = False) -> Visible:
    """What a page shows; with `captions`, alternative texts of images are paragraphs.

    Raises:
        DocumentError: it shows no text.
    """
    from selectolax.lexbor import LexborHTMLParser

    text, flattened = _flattened(text, name)
    tree = LexborHTMLParser(text)
    styles = read_styles(tree)
    found = read_blocks(tree, styles, captions=captions)
    if not found.paragraphs:
        raise DocumentError(name, "HTML without text", "save the page with its article, or as text")
    if styles.cut:
        found.limits.append("more style rules than are followed: hidden text may be read")
    if flattened:
        found.limits.append(f"elements nested deeper than {MAX_DEPTH} levels were joined")
    return found


def _document(
    found: Visible,
    body: Sequence[bool],
    name: str,
    metadata: Metadata | None,
    warnings: Sequence[str],
) -> Document:
    marked = [
        (one.text, not flag or one.turned is not None)
        for one, flag in zip(found.paragraphs, body, strict=True)
    ]
    told = [*warnings, *_warnings(found)]
    return Document.from_paragraphs(marked, name=name, metadata=metadata, warnings=told)


def _warnings(found: Visible) -> list[str]:
    told = []
    if found.hidden:
        count = sum(found.hidden.values())
        told.append(f"hidden text left out: {_passages(count)} ({_most_common(found.hidden)})")
    turned = Counter(one.turned for one in found.paragraphs if one.turned)
    if turned:
        count = sum(turned.values())
        told.append(f"marked as furniture: {_passages(count)} in {_most_common(turned)}")
    if found.tags:
        told.append("letters without a shape (Unicode block Tags) were left out")
    if found.shown_hidden:
        told.append(f"the page hides all of its text until a script runs ({found.shown_hidden})")
    return [*told, *found.limits]


def _passages(count: int) -> str:
    return f"{count} passage" + ("s" if count > 1 else "")


def _most_common(reasons: Counter[str]) -> str:
    names = [reason for reason, _ in reasons.most_common(SHOWN_REASONS)]
    return ", ".join(names) + (" ..." if len(reasons) > SHOWN_REASONS else "")


def _check_attributes(text: str, name: str) -> None:
    """Raise DocumentError for a tag of thousands of attributes: they are compared in pairs."""
    if any(len(tag[3].split()) > MAX_ATTRIBUTES for tag in _TAG.finditer(text)):
        raise DocumentError(name, "a tag with thousands of attributes", "save the page as text")


def _flattened(text: str, name: str) -> tuple[str, bool]:
    """The markup without plain tags that would be nested too deep, and whether there were any.

    Raises:
        DocumentError: tags that say how they look are nested too deep.
    """
    if max(map(len, text.split("<"))) > LONG_TAG:
        _check_attributes(text, name)
    if text.count("<") < MAX_DEPTH:
        return text, False
    depth = dropped = 0
    kept: list[str] = []
    start = 0
    for tag in _TAG.finditer(text):
        closing, element, attributes, end = tag.groups()
        if element.lower() in _NEVER_OPEN or attributes.endswith("/"):
            continue
        if closing:
            skip = dropped > 0
            dropped, depth = (dropped - 1, depth) if skip else (dropped, max(0, depth - 1))
        else:
            skip = depth >= MAX_DEPTH and bool(end) and not attributes.strip()
            dropped, depth = (dropped + 1, depth) if skip else (dropped, depth + 1)
        if depth > MAX_STYLED_DEPTH:
            raise DocumentError(name, "nested too deep", "save the page as text")
        if skip:
            kept.append(text[start : tag.start()])
            start = tag.end()
    return "".join([*kept, text[start:]]), bool(kept)
