"""Pages: Jinja2 templates of this package, everything escaped, the style sheet in the page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

STYLE = "templates/page.css"


def render(template: str, values: Mapping[str, object]) -> str:
    """Fill a template of `extractor/report/templates`; a missing value is an error.

    The result needs no other file and no network.
    """
    style = files("extractor.report").joinpath(STYLE).read_text(encoding="utf-8")
    return _environment().get_template(template).render({**values, "style": Markup(style)})


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("extractor.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
