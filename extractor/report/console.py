"""The one way to a terminal: what is printed holds no key, and nothing that acts on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from extractor.redaction import redacted
from extractor.visible import acts, visible


class SafeConsole(Console):
    """A console for words of articles, servers and file names.

    Keys are masked, and characters that act on a terminal are shown as escapes (`\\u202e`), also
    within tables and progress bars, before lines are broken.
    """

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """As rich does, for each part of what is printed."""
        shown = safe(renderable) if isinstance(renderable, Text) else renderable
        for segment in super().render(shown, options):
            if segment.control is None and acts(segment.text):  # a part that made its own segments
                yield segment._replace(text=visible(segment.text))
            else:
                yield segment


def safe(text: Text) -> Text:
    """`text` with its styles, as it may be printed."""
    hidden = redacted(text.plain)  # as long as it was
    if hidden != text.plain:
        text = text.copy()
        text.plain = hidden
    if not acts(text.plain):
        return text
    found = Text(style=text.style, justify=text.justify, overflow=text.overflow)
    found.no_wrap, found.end, found.tab_size = text.no_wrap, text.end, text.tab_size
    cuts = {i + step for i, one in enumerate(text.plain) if acts(one) for step in (0, 1)}
    for piece in text.divide(sorted(cuts)):
        shown = visible(piece.plain)
        if shown != piece.plain:
            piece = Text(shown, spans=[span._replace(end=len(shown)) for span in piece.spans])  # noqa: PLW2901
        found.append_text(piece)
    return found
