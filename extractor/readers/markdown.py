"""Markdown -> a document of the rendered text, by markdown-it (CommonMark, tables, footnotes).

Front matter is no part of the text; the date, the address and the outlet in it are metadata.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from extractor.documents import Document, canonical
from extractor.readers.pages import read_fragment
from extractor.records import Metadata

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

TOML_FENCE = "+++"
_ISO_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?(?!\d)")
_FIELDS = {  # of Metadata: names in front matter, the first that is there counts
    "published": ("date", "published", "pubdate", "publishdate"),
    "url": ("url", "link", "canonical_url", "source"),
    "outlet": ("outlet", "publisher", "site_name"),
}


def read_markdown(text: str, name: str, *, warnings: Sequence[str] = ()) -> Document:
    """The document of a Markdown text. Raises DocumentError if it shows no text."""
    text, told = _without_toml(canonical(text))
    tokens = _parser().parse(text)
    for token in tokens:
        if token.type == "front_matter":
            told = _yaml(token.content)
    if told is None:
        warnings = (*warnings, "the front matter could not be read")
    parser = _parser()
    page = parser.renderer.render(tokens, parser.options, {})
    return read_fragment(page, name, metadata=_metadata(told or {}), warnings=warnings)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.use(front_matter_plugin).use(footnote_plugin)
    parser.add_render_rule("footnote_anchor", lambda *_: "")  # an arrow back to the text
    return parser


def _without_toml(text: str) -> tuple[str, Mapping[str, Any] | None]:
    """The text behind front matter in TOML, and what that says; None where it is broken."""
    head, fence, rest = text.removeprefix(TOML_FENCE + "\n").partition(f"\n{TOML_FENCE}\n")
    if not (text.startswith(TOML_FENCE + "\n") and fence):
        return text, {}
    try:
        return rest, tomllib.loads(head)
    except tomllib.TOMLDecodeError:
        return rest, None


def _yaml(content: str) -> Mapping[str, Any] | None:
    """What front matter in YAML says; None where it is broken."""
    import yaml

    try:
        found = yaml.safe_load(content)
    except yaml.YAMLError:
        return None
    return found if isinstance(found, Mapping) else {}


def _metadata(told: Mapping[str, Any]) -> Metadata:
    known = {str(key).lower(): value for key, value in told.items()}
    found = {
        field: value
        for field, names in _FIELDS.items()
        if (value := next((_plain(known[name]) for name in names if name in known), None))
    }
    return Metadata(**{**found, "published": _iso_date(found.get("published"))})


def _plain(value: object) -> str | None:
    """A date or a string of front matter as a string; None for anything else."""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return canonical(value) if isinstance(value, str) and value else None


def _iso_date(value: str | None) -> str | None:
    """The date at the start of "2031-05-01 09:30:00 +0200"; None for other forms."""
    found = _ISO_DATE.match(value or "")
    return found[0] if found else None
