"""Characters that nobody sees, and what they do to the words around them.

Soft hyphens, joiners and spaces of no width change nothing that a reader sees; where the canonical
text is made from markup (HTML, Markdown) they are left out. Characters that turn the order of
letters, and those of the Tags block, which have no shape at all, can make a text say what nobody
sees.
"""

from __future__ import annotations

import re
import unicodedata

GAP = "\ufffc"  # stands where something that nobody sees, or that is no text, touched a number

# Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties.txt) without joiners and selectors.
_IGNORABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a\u202c\u2060-\u2066\u2068-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a]"
)
_JOINER = re.compile(r"(?<=[\x20-\x7e])[\u200c\u200d]+|[\u200c\u200d]+(?=[\x20-\x7e])")
_BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")  # letters without a shape
_TAG = re.compile("(?<!\U0001f3f4)(?<![\U000e0020-\U000e007f])[\U000e0000-\U000e0fff]+")
_FLAG_TAGS = re.compile("[\U000e0000-\U000e0fff]+")
_OVERRIDE = re.compile("[\u202d\u202e]")
_RIGHT_TO_LEFT = re.compile("[\u202b\u2067]([^\u202c\u2069]*)")
_SUPERSCRIPT = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_SUBSCRIPT = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0]"
)


def raised(text: str, position: str | None) -> str:
    """`text` with superscript or subscript digits; `position` is "sup", "sub" or None.

    Other than digits only where digits are among them, so that "19<sup>th</sup>" stays "19th".
    """
    if position is None or not any(map(str.isdigit, text)):
        return text
    return text.translate(_SUPERSCRIPT if position == "sup" else _SUBSCRIPT)


def without_ignorable(text: str) -> str:
    """`text` as it is seen: what has no width is gone, blank letters are spaces."""
    if text.isascii() and text.isprintable():
        return text
    return _BLANK.sub(" ", _JOINER.sub("", _IGNORABLE.sub("", text)))


def without_tags(text: str) -> tuple[str, bool]:
    """`text` without letters of the Tags block, and whether any stood outside a flag's sign."""
    if text.isascii() or not _FLAG_TAGS.search(text):
        return text, False
    return _FLAG_TAGS.sub("", text), _TAG.search(text) is not None


def is_turned(text: str) -> bool:
    """True if control characters make a reader see other letters, or another order of them."""
    if text.isascii():
        return False
    if _OVERRIDE.search(text):
        return True
    return any(not _is_right_to_left(part) for part in _RIGHT_TO_LEFT.findall(text))


def _is_right_to_left(text: str) -> bool:
    kinds = {unicodedata.bidirectional(char) for char in text}
    return not kinds & {"L", "EN"}


def count_hidden(text: str) -> int:
    """How many characters of plain text nobody sees: of no width, of turned order, of no shape."""
    if text.isascii():
        return 0
    return len(_HIDDEN.findall(text)) + sum(len(run) for run in _TAG.findall(text))
