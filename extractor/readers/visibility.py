"""What of a page a person with a browser sees: why an element's text is hidden, struck or turned.

From the HTML standard (section 15, Rendering) and the CSS properties that take text out of sight.
Reasons are short English phrases, made for a warning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from extractor.readers.styles import Declarations

FONT_SIZE = 16.0  # CSS pixels, the default
MIN_FONT_SIZE = 2.0
MIN_OPACITY = 0.05
MIN_CONTRAST = 1.15  # of 1 to 21 (WCAG 2, contrast ratio); under it nobody sees a difference
OFF_SCREEN = -500.0  # CSS pixels; a hanging indent or an overlap is smaller
HALF = 50  # percent
MAX_CLIPPED = 2.0  # CSS pixels: the box of one pixel that screen readers are given

# No part of the page's text, or only where something cannot be shown.
NOT_RENDERED = frozenset(
    str.split("""
    area audio base canvas datalist embed head iframe link math meta noembed noframes
    noscript object optgroup option param picture rp rt script select source style svg
    template title track video
    """)
)
# Of those, what may hold words that somebody could take for the page's.
_SECRET = {
    "template": "template",
    "noscript": "noscript",
    "svg": "text in a drawing",
    "math": "a formula",
    "rt": "a gloss",
    "object": "text in place of an object",
    "iframe": "text in place of a frame",
    "video": "text in place of a film",
    "audio": "text in place of a recording",
    "canvas": "text in place of a drawing",
    "noembed": "text in place of an object",
    "noframes": "text in place of frames",
}
_BOXES = {"td": "cell", "th": "cell", "tr": "row"}
BLOCKS = frozenset(
    str.split("""
    address article aside blockquote body caption center col colgroup dd details dialog dir
    div dl dt fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header
    hgroup hr html legend li listing main menu nav ol p plaintext pre search section summary
    table tbody textarea tfoot thead ul xmp
    """)
)
STRUCK = frozenset({"del", "s", "strike"})
# Class names by which frameworks hide text, where the page does not bring the style sheet along.
_HIDING_CLASS = re.compile(
    r"(?:[\w]+[-_])?(?:sr-only|visually-?hidden|screen-?reader(?:-(?:text|only))?|show-for-sr|"
    r"a11y-hidden|element-(?:invisible|hidden)|d-none|display-none|is-hidden|is-sr-only|uk-hidden)"
    r"|hidden|invisible|offscreen|off-screen"
)
_SHOWING_CLASS = re.compile(
    r".*[-:](?:block|flex|inline|inline-block|inline-flex|grid|table|visible)"
)

_LENGTH = re.compile(
    r"^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(px|em|rem|ex|ch|pt|pc|in|cm|mm|vw|vh|%)?$"
)
_PIXELS = {
    "px": 1.0,
    "": 1.0,
    "rem": 16.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 37.8,
    "mm": 3.78,
}
_RELATIVE = {"em": 1.0, "ex": 0.5, "ch": 0.5}
_VIEW = {"vw": 12.8, "vh": 8.0, "%": 8.0}  # of a desktop window
_MIRRORED = re.compile(r"scale(?:x|y|3d)?\([^)]*-|rotate[xyz]?\(\s*-?180deg")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:px|em|rem|ex|ch|pt|pc|in|cm|mm|vw|vh|%)?")
_SIZES = {"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0}

Colour = tuple[float, float, float, float]  # red, green, blue, opacity; each 0 to 1
WHITE: Colour = (1.0, 1.0, 1.0, 1.0)
BLACK: Colour = (0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Look:
    """How the text of an element is shown. `hidden` holds for good in all that is inside it.

    hidden, invisible, turned: why, or None; `invisible` is what an element inside may undo.
    background: None where a picture is behind the text.
    box: "inline", "inline-block" or "block" - or "cell", "row" for a table.
    """

    hidden: str | None = None
    invisible: str | None = None
    turned: str | None = None
    struck: bool = False
    font_size: float = FONT_SIZE
    colour: Colour = BLACK
    background: Colour | None = WHITE
    box: str = "inline"
    raised: str | None = None  # "sup" or "sub"
    floats: bool = False

    @property
    def why_hidden(self) -> str | None:
        """Why nobody sees the text, or None."""
        if self.hidden or self.invisible:
            return self.hidden or self.invisible
        if self.font_size < MIN_FONT_SIZE:
            return "letters of no size"
        if self.struck:
            return "struck through"
        if self.colour[3] < MIN_OPACITY:
            return "transparent letters"
        if self.background is not None and contrast(self.colour, self.background) < MIN_CONTRAST:
            return "letters in the colour of the page"
        return None


def look_of(
    tag: str, attributes: Mapping[str, str | None], declared: Declarations, parent: Look
) -> Look:
    """How an element is shown, given how the element around it is."""
    look = replace(
        parent,
        struck=parent.struck or tag in STRUCK,
        font_size=_font_size(declared, parent.font_size),
        colour=_colour(declared, attributes, parent.colour),
        background=_background(declared, attributes, parent.background),
        invisible=_invisible(declared, parent.invisible),
        raised=_raised(tag, declared, parent.raised),
        turned=parent.turned or _turned(tag, declared),
        box=_box(tag, declared),
        floats=declared.get("float") in ("left", "right", "inline-start", "inline-end"),
    )
    if parent.hidden:
        return look
    if "line-through" in _joined(declared, "text-decoration", "text-decoration-line"):
        look = replace(look, struck=True)
    reason = _by_markup(tag, attributes, declared) or _by_style(declared, look.font_size)
    return replace(look, hidden=reason) if reason else look


def hidden_by_class(classes: str, followed: bool) -> bool:
    """True if one of the class names is one by which frameworks hide text.

    Args:
        classes: the `class` attribute.
        followed: whether the page brings rules for these classes along; then they decide.
    """
    names = classes.lower().split()
    if followed or not any(map(_HIDING_CLASS.fullmatch, names)):
        return False
    return not any(map(_SHOWING_CLASS.fullmatch, names))


def _by_markup(
    tag: str, attributes: Mapping[str, str | None], declared: Declarations
) -> str | None:
    if tag in NOT_RENDERED:
        return _SECRET.get(tag, "") or "not text"
    display = declared.get("display", "")
    if display == "none":
        return "display: none"
    if not display and "hidden" in attributes:
        return "hidden"
    if tag == "dialog" and "open" not in attributes and not display:
        return "a closed dialog"
    if "popover" in attributes and not display:
        return "a closed pop-up"
    return None


def _by_style(declared: Declarations, font_size: float) -> str | None:
    """Why all inside is out of sight, whatever it says of itself."""
    if not declared:
        return None
    checks = (_faded, _off_screen, _clipped, _without_size)
    return next((reason for check in checks if (reason := check(declared, font_size))), None)


def _faded(declared: Declarations, _: float) -> str | None:
    opacity = _share(declared.get("opacity", ""))
    filtered = re.search(r"opacity\(\s*([\d.]+%?)\s*\)", declared.get("filter", ""))
    shares = [opacity, _share(filtered[1]) if filtered else None]
    if any(share is not None and share < MIN_OPACITY for share in shares):
        return "opacity: 0"
    if declared.get("content-visibility") == "hidden":
        return "content-visibility: hidden"
    return None


def _off_screen(declared: Declarations, font_size: float) -> str | None:
    if declared.get("position") in ("absolute", "fixed", "relative", "sticky"):
        edges = [*declared.get("inset", "").split()]
        edges += [declared.get(side, "") for side in ("left", "right", "top", "bottom")]
        far = [_pixels(edge, font_size) for edge in edges if edge]
        if any(edge < OFF_SCREEN or edge > -10 * OFF_SCREEN for edge in far):
            return "off the screen"
    moved = [declared.get(name, "") for name in ("text-indent", "margin-left", "margin-top")]
    for function in re.findall(r"translate\w*\(([^)]*)\)", declared.get("transform", "")):
        moved += [part.strip() for part in function.split(",")]
    moved += declared.get("translate", "").split()
    if any(value and _pixels(value, font_size) < OFF_SCREEN for value in moved):
        return "off the screen"
    return None


def _clipped(declared: Declarations, font_size: float) -> str | None:
    clip = declared.get("clip", "")
    if clip.startswith("rect"):
        sides = [_pixels(one, font_size) for one in _NUMBER.findall(clip)]
        if (
            len(sides) == 4
            and min(abs(sides[2] - sides[0]), abs(sides[1] - sides[3])) <= MAX_CLIPPED
        ):
            return "clipped"
    return "clipped" if _clips_all(declared.get("clip-path", "")) else None


def _clips_all(path: str) -> bool:
    """True for a clip-path that nothing is inside of."""
    numbers = _NUMBER.findall(path)
    if not numbers:
        return False
    if path.startswith("inset"):
        return any(one.endswith("%") and float(one[:-1]) >= HALF for one in numbers)
    amounts = [float(one.rstrip("%abcdefghijklmnopqrstuvwxyz")) for one in numbers]
    if path.startswith(("circle", "ellipse")):
        return amounts[0] == 0
    return path.startswith("polygon") and not any(amounts)


def _without_size(declared: Declarations, font_size: float) -> str | None:
    cut = _joined(declared, "overflow", "overflow-x", "overflow-y")
    if re.search(r"hidden|clip|scroll|auto", cut):
        sizes = [declared.get(name, "") for name in ("height", "width", "max-height", "max-width")]
        if any(one and 0 <= _pixels(one, font_size, unknown=99.0) <= MAX_CLIPPED for one in sizes):
            return "a box of no size"
    scales = [declared.get("scale", ""), declared.get("zoom", "")]
    scales += re.findall(r"(?:scale\w*|matrix)\(\s*([^,)]+)", declared.get("transform", ""))
    if any(share is not None and abs(share) < MIN_OPACITY for share in map(_share, scales)):
        return "scaled to nothing"
    if re.search(r"rotate[xy]\(\s*-?(?:90|270)deg", declared.get("transform", "")):
        return "turned out of sight"
    return None


def _invisible(declared: Declarations, inherited: str | None) -> str | None:
    visibility = declared.get("visibility")
    if visibility in ("hidden", "collapse"):
        return f"visibility: {visibility}"
    return None if visibility in ("visible", "initial") else inherited


def _turned(tag: str, declared: Declarations) -> str | None:
    """Why the letters stand in another order than in the markup, or None."""
    if tag == "bdo" or "override" in declared.get("unicode-bidi", ""):
        return "an order of letters other than the written one"
    negative = "-" in declared.get("scale", "") or "180deg" in declared.get("rotate", "")
    if negative or _MIRRORED.search(declared.get("transform", "")):
        return "mirrored letters"
    return None


def _box(tag: str, declared: Declarations) -> str:
    display = declared.get("display", "")
    if declared.get("position") in ("absolute", "fixed"):
        return "block"
    if not display:
        return _BOXES.get(tag, "block" if tag in BLOCKS else "inline")
    if display.startswith("inline-"):
        return "inline-block"
    shown = {"table-cell": "cell", "table-row": "row", "inline": "inline", "contents": "inline"}
    return shown.get(display, "block")


def _raised(tag: str, declared: Declarations, inherited: str | None) -> str | None:
    align = declared.get("vertical-align", "")
    if tag == "sup" or align in ("super", "text-top"):
        return "sup"
    return "sub" if tag == "sub" or align in ("sub", "text-bottom") else inherited


def _font_size(declared: Declarations, inherited: float) -> float:
    value = declared.get("font-size", "")
    if not value and "font" in declared:
        found = re.search(r"(?:^|\s)([\d.]+(?:px|em|rem|pt|%)?)(?:\s*/|\s|$)", declared["font"])
        value = found[1] if found else ""
    if not value:
        return inherited
    if value in _SIZES:
        return _SIZES[value]
    if value.endswith("%"):
        return inherited * (_share(value) or 0.0)
    return _pixels(value, inherited, unknown=max(inherited, FONT_SIZE))


def _pixels(value: str, font_size: float, unknown: float = 0.0) -> float:
    found = _LENGTH.match(value.strip())
    if not found:
        return unknown
    unit = found[2] or ""
    if unit in _RELATIVE:
        return float(found[1]) * _RELATIVE[unit] * font_size
    return float(found[1]) * (_PIXELS.get(unit) or _VIEW[unit])


def _share(value: str) -> float | None:
    """0.5 of "0.5" or "50%"."""
    found = re.match(r"^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(%?)$", value.strip())
    return float(found[1]) / (100 if found[2] else 1) if found else None


def _joined(declared: Declarations, *names: str) -> str:
    return " ".join(declared.get(name, "") for name in names)


def _colour(
    declared: Declarations, attributes: Mapping[str, str | None], inherited: Colour
) -> Colour:
    value = declared.get("-webkit-text-fill-color") or declared.get("color") or ""
    return parse_colour(value or attributes.get("color") or "") or inherited


def _background(
    declared: Declarations, attributes: Mapping[str, str | None], inherited: Colour | None
) -> Colour | None:
    if re.search(r"url\(|gradient\(", _joined(declared, "background", "background-image")):
        return None
    value = declared.get("background-color") or declared.get("background") or ""
    parts = [value, *value.split()] if value else [attributes.get("bgcolor") or ""]
    found = next((colour for one in parts if one and (colour := parse_colour(one))), None)
    return found if found is not None and found[3] >= 0.5 else inherited


def parse_colour(value: str) -> Colour | None:
    """The colour that a CSS value says, or None."""
    from tinycss2.color4 import parse_color

    if not value or value == "currentcolor":
        return None
    found = parse_color(value)
    if found is None or isinstance(found, str):
        return None
    try:
        red, green, blue, alpha = found.to("srgb")
    except (NotImplementedError, ValueError):
        return None
    return float(red or 0), float(green or 0), float(blue or 0), float(alpha)


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
