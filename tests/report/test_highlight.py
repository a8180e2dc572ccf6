"""The highlighter: the text stays the text, whatever is marked in it."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from extractor.report.highlight import Mark, highlight

TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=60) | st.text(
    "<>&\"' ab", max_size=30
)
MARKS = st.lists(
    st.builds(
        Mark,
        st.integers(0, 70),
        st.integers(0, 70),
        st.sampled_from(["gold", "given", '"><b>']),
        st.sampled_from(["", "a & b", '"><script>']),
    ),
    max_size=6,
)
TAG = re.compile(r'<mark class="[^"<>]*"(?: title="[^"<>]*")?>|</mark>')


@given(TEXT, MARKS)
def test_without_its_tags_the_result_is_the_text(text: str, marks: list[Mark]) -> None:
    bare = TAG.sub("", highlight(text, marks))
    assert "<" not in bare
    assert ">" not in bare
    assert html.unescape(bare) == text


@given(TEXT, MARKS)
def test_exactly_the_marked_characters_are_inside_marks(text: str, marks: list[Mark]) -> None:
    pieces = re.findall(r"<mark[^>]*>([^<]*)</mark>", highlight(text, marks))
    covered = {i for m in marks for i in range(m.start, min(m.end, len(text)))}
    assert "".join(map(html.unescape, pieces)) == "".join(text[i] for i in sorted(covered))


def test_overlapping_marks_share_their_common_stretch() -> None:
    found = highlight("abcdef", [Mark(0, 4, "gold"), Mark(2, 6, "given", "x")])
    assert found == (
        '<mark class="gold">ab</mark><mark class="given gold" title="x">cd</mark>'
        '<mark class="given" title="x">ef</mark>'
    )


def test_a_part_is_cut_out_with_its_marks() -> None:
    found = highlight("ab <c> de", [Mark(0, 5, "gold"), Mark(7, 9, "given")], start=3, end=6)
    assert found == '<mark class="gold">&lt;c</mark>&gt;'
