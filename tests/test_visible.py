"""What acts on a terminal is shown as an escape; scripts that need joiners are left alone."""

from __future__ import annotations

import json
import unicodedata
from io import StringIO

import pytest
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from extractor.redaction import keep_secret
from extractor.report.console import SafeConsole
from extractor.visible import acts, visible, visible_json

KEPT = {"\n", "\t", "\xad", "\u200c", "\u200d"}
# Format characters of scripts (numbers' signs of Arabic, Syriac, Kaithi; hieroglyphs) are letters.
LETTERS = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
LETTERS |= set(range(0x13430, 0x13456))


def acting() -> list[str]:
    found = (chr(code) for code in range(0x110000))
    return [
        c
        for c in found
        if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        and c not in KEPT
        and ord(c) not in LETTERS
    ]


def test_every_character_that_acts_is_escaped() -> None:
    for character in acting():
        shown = visible(f"a{character}b")
        assert shown.isascii() and shown.isprintable(), f"{ord(character):x}"


TEXTS = [
    "a\tb\nc",
    "می\u200cخواهم",
    "👩\u200d👩\u200d👧 ❤\ufe0f",
    "Ärzte „so“ – 1\u202f234 € 東京",
    "عربي",
]


@pytest.mark.parametrize("text", TEXTS)
def test_text_stays(text: str) -> None:
    assert visible(text) == text
    assert not acts(text)


def test_json_means_what_it_meant() -> None:
    text = "a\x7f\x9b\u202e\u2066\u2028\U000e0041b é"
    line = visible_json(json.dumps(text, ensure_ascii=False))
    assert not acts(line)
    assert json.loads(line) == text
    assert "é" in line


def printed(*things: object, width: int = 60, **options: object) -> str:
    console = SafeConsole(file=StringIO(), width=width, **options)  # type: ignore[arg-type]
    for thing in things:
        console.print(thing)
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


HOSTILE = "a\x1b]0;title\x07\x9b2J\u202eb\u2066c\u2028d\U000e0041"


def test_nothing_gets_past_the_console() -> None:
    table = Table("head" + HOSTILE)
    table.add_row(HOSTILE)
    table.add_row(Text(HOSTILE, style="bold"))
    shown = printed(HOSTILE, Text(HOSTILE), table, Panel(Text(HOSTILE), title=Text(HOSTILE)))
    assert not [c for c in shown if acts(c)]
    assert "\\u202e" in shown
    assert "\\u001b]0;title" in shown


def test_colours_stay_on_their_words() -> None:
    text = Text("one \u202e two")
    text.stylize("bold", 4, 9)
    shown = printed(text, force_terminal=True, color_system="standard", no_color=False)
    assert "one \x1b[1m\\u202e\x1b[0m\x1b[1m two\x1b[0m" in shown


def test_no_words_are_cut_off_where_escapes_make_a_line_longer() -> None:
    words = " ".join(f"{n:02}\u202e" for n in range(30))
    shown = printed(Panel(Text(words)), width=40)
    assert all(f"{n:02}" in shown for n in range(30))


def test_keys_are_masked_on_the_console() -> None:
    keep_secret("sk-very-secret-0123456789")
    shown = printed("[bold]sk-very[/]-secret-0123456789", Text("x sk-very-secret-0123456789"))
    assert "secret" not in shown
