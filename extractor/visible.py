"""Characters of a text that act on a terminal or on the order of what is read, made visible.

They are control characters (C0, C1, DEL), which move a cursor, rename a window or fill a clipboard;
bidirectional controls, which show a text in another order than it has (Unicode TR 36; Boucher and
Anderson 2023, "Trojan Source"); separators of lines and paragraphs; characters without width,
tags and fillers, which hide words; and lone surrogates, which no terminal can be sent.

Joiners (U+200C, U+200D), soft hyphens and variation selectors stay: scripts and emoji need them.
"""

from __future__ import annotations

import re

_ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""`text` with `\u202e` in place of such a character; line feeds and tabs stay."""
    return _ACTING.sub(_escape, text)


def visible_json(line: str) -> str:
    r"""The same for JSON, which means what it meant: beyond U+FFFF an escape is two surrogates."""
    return _ACTING.sub(_escape_json, line)


def acts(text: str) -> bool:
    """True where `visible` changes the text."""
    return _ACTING.search(text) is not None


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _escape_json(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))
