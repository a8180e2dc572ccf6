"""Bytes -> text as browsers do it (WHATWG Encoding standard; HTML standard, section 13.2.3.2).

In this order: byte order mark, what the page says of itself, UTF-8 if it is nearly valid, and only
then charset-normalizer. Bytes that say nothing become U+FFFD. What was guessed or lost is a
warning.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass

from extractor.errors import DocumentError

PRESCAN = 4_096  # bytes; the standard asks for 1,024, browsers go on to the end of the head
MAX_CONTROL_SHARE = 0.01  # more control characters than that are not text
MAX_LOST_SHARE = 0.1  # of all characters; more bytes that say nothing are not text
MAX_WRONG = 0.5  # of the characters outside ASCII; with more the label is not believed
MAX_ASCII = 0x7F
MAX_FEW_SHARE = 0.1  # of the bytes; text in a Latin script stays under it, in others far above
LOST = "\ufffd"

_BOMS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMENT = re.compile(rb"<!--.*?(?:-->|$)", re.DOTALL)
_META = re.compile(rb"""<meta\s[^>]*?charset\s*=\s*["']?\s*([^\s"'/>;]+)""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']+)""")


@dataclass(frozen=True)
class Decoded:
    """Text, and what a reader of it should know."""

    text: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, name: str, *, markup: bool = False) -> Decoded:
    """The text of `data`; with `markup`, the page may name its encoding itself.

    Raises:
        DocumentError: it is not text, or in an encoding that cannot be told.
    """
    found = _by_mark(data) or (_by_label(data, name) if markup else None) or _unlabelled(data, name)
    text = found.text
    controls = sum(unicodedata.category(c) == "Cc" and not c.isspace() for c in text)
    lost = text.count(LOST)
    if controls > MAX_CONTROL_SHARE * len(text) or lost > max(1, MAX_LOST_SHARE * len(text)):
        raise _binary(name)
    if lost:
        told = f"bytes that are no characters in this encoding: {lost}"
        return Decoded(text, (*found.warnings, told))
    return found


def _by_mark(data: bytes) -> Decoded | None:
    marked = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), None)
    return Decoded(data.decode(marked, "replace")) if marked else None


def _label(data: bytes) -> str | None:
    """The name of the encoding that the page declares, as the standard maps names, or None."""
    import webencodings

    head = _COMMENT.sub(b"", data[:PRESCAN])
    declared = _META.search(head) or _XML.search(head)
    if declared is None:
        return None
    known = webencodings.lookup(declared[1].decode("latin-1"))
    if known is None or known.name == "replacement":
        return None
    special = {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252"}
    return special.get(str(known.name), str(known.name))


def _by_label(data: bytes, name: str) -> Decoded | None:
    import webencodings

    label = _label(data)
    if label is None or b"\0" in data:
        return None
    if label == "utf-8":
        found = _nearly_utf8(data)
        if found is not None:
            return found
        guessed = _guess(data, name)
        told = f"the page says utf-8 and is not; read as {guessed.warnings[0]}"
        return Decoded(guessed.text, (told,))
    if not data.isascii() and _is_utf8(data):
        return Decoded(data.decode(), (f"the page says {label} and is utf-8; read as utf-8",))
    return Decoded(webencodings.decode(data, label, "replace")[0])


def _unlabelled(data: bytes, name: str) -> Decoded:
    if b"\0" not in data:  # UTF-16 without a mark is valid UTF-8 with a NUL at every other place
        found = _nearly_utf8(data)
        if found is not None:
            return found
    guessed = _guess(data, name)
    return Decoded(guessed.text, (f"no encoding is named; read as {guessed.warnings[0]}",))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _nearly_utf8(data: bytes) -> Decoded | None:
    """The text if most of what is not ASCII is valid UTF-8: a damaged byte spoils no page."""
    text = data.decode("utf-8", "replace")
    wrong = text.count(LOST)
    if wrong:
        wrong -= data.count(LOST.encode())
    other = sum(char > "\x7f" for char in text)
    return Decoded(text) if wrong <= MAX_WRONG * other and wrong < max(1, other) else None


def _guess(data: bytes, name: str) -> Decoded:
    """Text by charset-normalizer where the language can tell; the warning is the encoding's name.

    With few bytes outside ASCII it cannot; then they are read as Windows-1252, the fallback of the
    HTML standard.
    """
    from charset_normalizer import from_bytes, is_binary

    if is_binary(data):
        raise _binary(name)
    few = sum(byte > MAX_ASCII for byte in data) < MAX_FEW_SHARE * len(data)
    if few and b"\0" not in data:
        with suppress(UnicodeDecodeError):
            return Decoded(data.decode("cp1252"), ("windows-1252",))
    best = from_bytes(data).best()
    if best is None:
        raise _binary(name)
    return Decoded(str(best), (best.encoding.replace("_", "-"),))


def _binary(name: str) -> DocumentError:
    return DocumentError(name, "not text, or in an unknown encoding", "save it as text in UTF-8")
