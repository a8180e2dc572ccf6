"""Decoded text -> a document: plain text, or text that holds HTML, which is read as such.

Plain text is kept code point for code point. Character references ("&nbsp;") and tags are no part
of what its author wrote: they are read as in HTML, and a warning says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from extractor.characters import without_ignorable
from extractor.documents import Document, canonical
from extractor.readers.pages import read_fragment, read_page
from extractor.records import Metadata

MAX_UNESCAPES = 3  # "&amp;amp;nbsp;" has been escaped three times

_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_WHOLE_PAGE = re.compile(r"<(?:!doctype html|html[\s>]|body[\s>])", re.IGNORECASE)
_NAMES = (
    "a|abbr|article|b|blockquote|body|cite|code|del|div|em|figcaption|figure|font|h[1-6]|head|html|i|"
    "ins|li|main|mark|ol|p|pre|q|s|section|small|span|strike|strong|sub|sup|table|tbody|td|"
    "template|th|thead|tr|u|ul"
)
_TAG = re.compile(
    rf"</(?:{_NAMES})\s*>|<(?:br|hr|p|wbr)\s*/?>|<(?:{_NAMES}|img)\s+[a-z-]+\s*=\s*[\"'\w]", re.I
)
_BLOCK = re.compile(r"<(?:br|p|div|li|tr|h[1-6]|blockquote|section|pre)[\s>/]", re.IGNORECASE)


def read_text(
    text: str, name: str, *, metadata: Metadata | None = None, warnings: Sequence[str] = ()
) -> Document:
    """The document of decoded text. Raises DocumentError if it is markup that shows no text."""
    if not _TAG.search(text):
        plain = _unescaped(text)
        if plain == text:
            return Document.from_text(text, name=name, metadata=metadata, warnings=warnings)
        warnings = (*warnings, 'HTML character references ("&nbsp;") were read as characters')
        if not _TAG.search(plain):
            return Document.from_text(plain, name=name, metadata=metadata, warnings=warnings)
        text = plain
    warnings = (*warnings, "HTML tags in the text were read as HTML")
    if _WHOLE_PAGE.search(text):
        return read_page(text, name, metadata=metadata, warnings=warnings)
    if not _BLOCK.search(text):
        text = re.sub(r"\n\s*", "<p>", canonical(text).strip())
    return read_fragment(text, name, metadata=metadata, warnings=warnings)


def _unescaped(text: str) -> str:
    for _ in range(MAX_UNESCAPES):
        plain = _REFERENCE.sub(lambda found: without_ignorable(unescape(found[0])), text)
        if plain == text:
            break
        text = plain
    return text
