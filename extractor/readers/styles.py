"""Which style declarations a page's own markup gives to its elements (CSS Cascade, level 4).

Only what can be known from the saved page itself: `style` attributes and `<style>` elements, read
by tinycss2 and matched by lexbor. Style sheets in files of their own are not there to be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

VIEWPORT_WIDTH = 1280  # CSS pixels: a desktop window
MAX_SELECTORS = 2_000  # that matter; more are not followed
MAX_VARIABLE_DEPTH = 5
MAX_VALUE = 1_000  # characters; variables inside variables grow without end
PROPERTIES = frozenset(
    str.split("""
    background background-color background-image bottom clip clip-path color
    content-visibility direction display filter float font font-size height inset left
    margin-left margin-top max-height max-width opacity overflow overflow-x overflow-y
    position right rotate scale text-decoration text-decoration-line text-indent top
    transform translate unicode-bidi vertical-align visibility -webkit-text-fill-color width
    zoom
    """)
)

_NAME = re.compile(r"[.#](-?[_a-zA-Z][\w-]*)(?![^\[]*\])")
_DYNAMIC = re.compile(r"::|:(?:hover|focus|active|target|visited|before|after|first-l|checked)")
_FUNCTION = re.compile(r":[\w-]+\([^()]*\)")
_WIDTH = re.compile(r"\(\s*(min|max)-width\s*:\s*([\d.]+)(px|em|rem)\s*\)")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")

Declarations = Mapping[str, str]  # property -> value, both in lower case
_Priority = tuple[bool, bool, tuple[int, int, int], int]  # important, inline, specificity, order


@dataclass
class Styles:
    """The declared values of every element of one page. `cut` is True if rules were left aside."""

    cut: bool = False
    _values: dict[int, dict[str, tuple[_Priority, str]]] = field(default_factory=dict)
    _variables: dict[str, str] = field(default_factory=dict)
    _classes: set[str] = field(default_factory=set)

    def of(self, node: LexborNode, inline: str | None) -> Declarations:
        """The declared values of `node`; `inline` is its `style` attribute."""
        found = self._values.get(node.mem_id)
        if not inline:
            return {name: self._resolved(value) for name, (_, value) in (found or {}).items()}
        merged = dict(found or {})
        for order, (name, value, important) in enumerate(_declarations(inline)):
            _keep(merged, name, value, (important, True, (0, 0, 0), order))
        return {name: self._resolved(value) for name, (_, value) in merged.items()}

    def _resolved(self, value: str) -> str:
        for _ in range(MAX_VARIABLE_DEPTH):
            if "var(" not in value or len(value) > MAX_VALUE:
                break
            value = _VARIABLE.sub(
                lambda found: self._variables.get(found[1], found[2] or "").strip(), value
            )
        return value

    def mentions(self, name: str) -> bool:
        """True if a style rule that was followed speaks of this class."""
        return name in self._classes


def read_styles(tree: LexborHTMLParser) -> Styles:
    """The styles of a parsed page."""
    styles = Styles()
    sheets = [
        node.text() for node in tree.css("style") if _applies((node.attributes or {}).get("media"))
    ]
    known = _names(tree) if sheets else frozenset()
    rules = list(_rules(sheets))
    styles._variables.update((name, value) for _, found in rules for name, value, _ in found)
    order = used = 0
    for selectors, declarations in rules:
        kept = [one for one in declarations if one[0] in PROPERTIES]
        for selector in selectors if kept else ():
            order += 1
            names = set(_NAME.findall(_FUNCTION.sub("", selector)))
            if _DYNAMIC.search(selector) or not names <= known:
                continue
            used += 1
            if used > MAX_SELECTORS:
                styles.cut = True
                return styles
            styles._classes |= names
            _apply(styles, tree, selector, kept, order)
    return styles


def _names(tree: LexborHTMLParser) -> frozenset[str]:
    """All classes and ids of the page."""
    found: set[str] = set()
    for node in tree.css("[class], [id]"):
        attributes = node.attributes
        found.update((attributes.get("class") or "").split())
        found.add(attributes.get("id") or "")
    return frozenset(found)


def _apply(
    styles: Styles,
    tree: LexborHTMLParser,
    selector: str,
    declarations: Sequence[tuple[str, str, bool]],
    order: int,
) -> None:
    from selectolax.lexbor import SelectolaxError

    try:
        nodes = tree.css(selector)
    except SelectolaxError:  # a selector of no browser, or of a newer one
        return
    specificity = _specificity(selector)
    for node in nodes:
        values = styles._values.setdefault(node.mem_id, {})
        for name, value, important in declarations:
            _keep(values, name, value, (important, False, specificity, order))


def _keep(
    values: dict[str, tuple[_Priority, str]], name: str, value: str, priority: _Priority
) -> None:
    if name not in values or values[name][0] <= priority:
        values[name] = (priority, value)


def _specificity(selector: str) -> tuple[int, int, int]:
    from cssselect import parse
    from cssselect.parser import SelectorError

    try:
        a, b, c = max(one.specificity() for one in parse(selector))
    except (SelectorError, AttributeError):
        return 0, 1, 0
    return a, b, c


def _rules(sheets: Iterable[str]) -> Iterator[tuple[list[str], list[tuple[str, str, bool]]]]:
    """The selectors and declarations of all rules that hold on a screen, in order."""
    import tinycss2

    for sheet in sheets:
        pending = list(
            reversed(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True))
        )
        while pending:
            rule = pending.pop()
            if rule.type == "at-rule" and rule.content is not None:
                if _enters(rule):
                    inner = tinycss2.parse_rule_list(
                        rule.content, skip_comments=True, skip_whitespace=True
                    )
                    pending.extend(reversed(inner))
            elif rule.type == "qualified-rule":
                selectors = _split(tinycss2.serialize(rule.prelude))
                yield selectors, _from_tokens(rule.content)


def _enters(rule: Any) -> bool:
    condition = _serialized(rule.prelude)
    if rule.lower_at_keyword == "media":
        return _applies(condition)
    return rule.lower_at_keyword in ("supports", "layer")


def _split(selectors: str) -> list[str]:
    """A list of selectors, cut at the commas outside brackets."""
    return [one.strip() for one in re.split(r",(?![^(\[]*[)\]])", selectors) if one.strip()]


def _applies(media: str | None) -> bool:
    """True if a media query holds in a desktop window (Media Queries, level 4; widths only)."""
    return not media or not media.strip() or any(map(_holds, media.lower().split(",")))


def _holds(query: str) -> bool:
    rest = _WIDTH.sub("", query)
    words = set(re.findall(r"[\w-]+", rest)) - {"screen", "all", "and", "only"}
    if words:  # print, not, or a condition that cannot be known
        return False
    for side, number, unit in _WIDTH.findall(query):
        width = float(number) * (1 if unit == "px" else 16)
        if width > VIEWPORT_WIDTH if side == "min" else width < VIEWPORT_WIDTH:
            return False
    return True


@lru_cache(maxsize=4_096)
def _declarations(style: str) -> tuple[tuple[str, str, bool], ...]:
    return tuple(one for one in _from_tokens(style) if one[0] in PROPERTIES)


def _from_tokens(content: Any) -> list[tuple[str, str, bool]]:
    import tinycss2

    found = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    return [
        (one.lower_name, _serialized(one.value), one.important)
        for one in found
        if one.type == "declaration"
        and (one.lower_name in PROPERTIES or one.lower_name.startswith("--"))
    ]


def _serialized(tokens: Any) -> str:
    import tinycss2

    return " ".join(str(tinycss2.serialize(tokens)).lower().split())
