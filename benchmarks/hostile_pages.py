"""What becomes of text that nobody sees: body, furniture or left out.

    python -m benchmarks.hostile_pages

Each hidden form hides a number in an ordinary article's page; each honest form shows one. Right is
that no hidden number is body, and every honest one is.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping

from extractor.documents import Document
from extractor.readers.pages import read_page

HIDDEN_NUMBER = "99,999"
HONEST_NUMBER = "3,412"
SENTENCE = f"The ministry said that {HIDDEN_NUMBER} recruits had left the army since the spring."

PAGE = """<!doctype html><html><head><meta charset=utf-8><title>Recruits</title>{head}</head><body>
<article><h1>Army counts its recruits</h1>
<p>The ministry said on Monday that 412 recruits had signed contracts with the army since the
start of the year, most of them in the northern districts of the country.</p>
{inside}
<p>A spokesman for the ministry, Jonas Keller, said the recruits would be trained for three months
before they are sent to the border with their units and their officers.</p>
<p>The army has said that it needs more recruits because many contracts run out this year, and that
the northern districts have sent fewer men than it had asked them for.</p>
</article></body></html>"""


def styled(style: str, tag: str = "p") -> tuple[str, str]:
    """A sentence in an element with a `style` attribute."""
    return "", f'<{tag} style="{style}">{SENTENCE}</{tag}>'


def ruled(rule: str, attributes: str = 'class="x7"') -> tuple[str, str]:
    """A sentence in a paragraph that a rule of the page's own style sheet hides."""
    return f"<style>{rule}</style>", f"<p {attributes}>{SENTENCE}</p>"


def marked(opening: str, closing: str) -> tuple[str, str]:
    """A sentence between two pieces of markup."""
    return "", f"{opening}{SENTENCE}{closing}"


def reversed_sentence() -> str:
    """The sentence from its end, so that turned around it reads right."""
    return SENTENCE[::-1]


_TAGGED = "".join(chr(0xE0000 + ord(char)) for char in SENTENCE)
HIDDEN: Mapping[str, tuple[str, str]] = {
    "display: none": styled("display:none"),
    "display: none, important": styled("display:none!important;display:block"),
    "display: none, escaped": styled("d\\isplay:n\\6f ne"),
    "display: none, with a comment": styled("display:/* */none"),
    "visibility: hidden": styled("visibility:hidden"),
    "visibility: collapse": styled("visibility:collapse"),
    "opacity: 0": styled("opacity:0"),
    "opacity: 0%": styled("opacity:0%"),
    "opacity: .01": styled("opacity:.01"),
    "filter": styled("filter:opacity(0)"),
    "left: -9999px": styled("position:absolute;left:-9999px"),
    "left: -999em": styled("position:absolute;left:-999em"),
    "top: -9999px": styled("position:fixed;top:-9999px"),
    "text-indent": styled("text-indent:-9999px"),
    "margin-left": styled("margin-left:-9999px"),
    "translate": styled("transform:translate(-9999px)"),
    "translateX": styled("transform:translateX(-200vw)"),
    "scale(0)": styled("transform:scale(0)"),
    "scale: 0": styled("scale:0"),
    "zoom": styled("zoom:0"),
    "clip": styled("position:absolute;clip:rect(0 0 0 0)"),
    "clip, with commas": styled("position:absolute;clip:rect(1px,1px,1px,1px)"),
    "clip-path inset": styled("clip-path:inset(50%)"),
    "clip-path circle": styled("clip-path:circle(0)"),
    "height: 0": styled("height:0;overflow:hidden"),
    "width: 0": styled("width:0px;overflow:hidden;white-space:nowrap"),
    "max-height: 0": styled("max-height:0;overflow:hidden"),
    "a box of one pixel": styled("position:absolute;width:1px;height:1px;overflow:hidden"),
    "font-size: 0": styled("font-size:0"),
    "font-size: 1px": styled("font-size:1px"),
    "font-size: 0em": styled("font-size:0em"),
    "font": styled("font:0/0 a"),
    "white letters": styled("color:#fff"),
    "letters like the background": styled("color:#123456;background:#123457"),
    "letters like the background outside": marked(
        '<div style="background:black"><p style="color:rgb(0,0,0)">', "</p></div>"
    ),
    "transparent letters": styled("color:transparent"),
    "letters of no opacity": styled("color:rgba(0,0,0,0)"),
    "text-fill-color": styled("-webkit-text-fill-color:transparent"),
    "<font color>": marked('<p><font color="#ffffff">', "</font></p>"),
    "content-visibility": styled("content-visibility:hidden"),
    "hidden": marked("<p hidden>", "</p>"),
    "hidden=until-found": marked('<p hidden="until-found">', "</p>"),
    "hidden around": marked("<div hidden><section><p>", "</p></section></div>"),
    "sr-only": marked('<p class="sr-only">', "</p>"),
    "visually-hidden": marked('<p class="u-visually-hidden">', "</p>"),
    "screen-reader-text": marked('<p class="screen-reader-text">', "</p>"),
    "d-none": marked('<p class="d-none">', "</p>"),
    "rule for a class": ruled(".x7{display:none}"),
    "rule for an id": ruled("#x7{visibility:hidden}", 'id="x7"'),
    "rule for an element": ruled("mark{opacity:0}", "x><mark"),
    "rule for a child": ruled("article > .x7{font-size:0}"),
    "rule for an attribute": ruled("p[data-k=x]{left:-9999px;position:absolute}", "data-k=x"),
    "rule in @media": ruled("@media screen and (min-width:1px){.x7{display:none}}"),
    "rule in @supports": ruled("@supports (display:grid){.x7{display:none}}"),
    "rule with a variable": ruled(":root{--v:none}.x7{display:var(--v)}"),
    "rule with :not": ruled("p.x7:not(.y){display:none}"),
    "rule over a weaker one": ruled("article p.x7{display:none}.x7{display:block}"),
    "template": marked("<template><p>", "</p></template>"),
    "noscript": marked("<noscript><p>", "</p></noscript>"),
    "closed details": marked("<details><summary>More</summary><p>", "</p></details>"),
    "closed dialog": marked("<dialog><p>", "</p></dialog>"),
    "popover": marked("<div popover><p>", "</p></div>"),
    "svg": marked("<svg><text>", "</text></svg>"),
    "svg title": marked("<svg><title>", "</title></svg>"),
    "comment": marked("<!-- ", " -->"),
    "del": marked("<p><del>", "</del></p>"),
    "s": marked("<p><s>", "</s></p>"),
    "strike": marked("<p><strike>", "</strike></p>"),
    "line-through": styled("text-decoration:line-through"),
    "iframe": marked("<iframe>", "</iframe>"),
    "object": marked("<object>", "</object>"),
    "canvas": marked("<canvas>", "</canvas>"),
    "video": marked("<video>", "</video>"),
    "datalist": marked("<datalist><option>", "</option></datalist>"),
    "script": marked('<script type="text/plain">', "</script>"),
    "title of an image": marked('<img alt="', '">'),
    "tag characters": ("", f"<p>The ministry said nothing of them on Monday.{_TAGGED}</p>"),
    "right-to-left override": ("", f"<p>\u202e{reversed_sentence()}\u202c</p>"),
    "override, not reversed": marked("<p>&#8238;", "&#8236;</p>"),
    "right-to-left isolate": marked("<p>\u2067", "\u2069</p>"),
    "bdo": marked("<p><bdo dir=rtl>", "</bdo></p>"),
    "bidi-override": styled("direction:rtl;unicode-bidi:bidi-override"),
    "mirrored": styled("transform:scaleX(-1)"),
}
# Hidden parts of a number: none of these may be read as the second.
INSIDE: Mapping[str, tuple[str, str]] = {
    "hidden digits": ("6<span hidden>99</span>40 recruits", r"\b69940\b|\b640\b"),
    "hidden digits, by class": ('6<b class="sr-only">99</b>40 recruits', r"\b69940\b|\b640\b"),
    "struck digits": ("6<s>99</s>40 recruits", r"\b69940\b|\b640\b"),
    "small digits": ('6<i style="font-size:0">99</i>40 recruits', r"\b69940\b|\b640\b"),
    "hidden comma": ("12<span hidden>,</span>500 recruits", r"\b12,500\b"),
    "superscript": ("640<sup>12</sup> recruits", r"\b64012\b"),
    "raised": ('640<span style="vertical-align:super">12</span> recruits', r"\b64012\b"),
    "subscript": ("640<sub>12</sub> recruits", r"\b64012\b"),
    "two cells": ("<table><tr><td>400<td>737</table>", r"\b400\s?737\b"),
    "two lines": ("400<br>737 jets", r"\b400[^\S\n]?737\b"),
    "two blocks": ("<div>400</div><div>737 jets</div>", r"\b400[^\S\n]?737\b"),
    "formula": ("<math><mn>6</mn><mn>40</mn></math> recruits", r"\b640\b"),
    "gloss": ("<ruby>6<rt>99</rt></ruby>40 recruits", r"\b69940\b|\b640\b"),
}
HONEST: Mapping[str, tuple[str, str]] = {
    "plain": ("", "<p>{}</p>"),
    "soft hyphen": ("", "<p>{} It was the re&shy;cruits&shy;’ own wish.</p>"),
    "soft hyphen in a number": ("", "<p>The ministry said 3,4&shy;12 recruits had left it.</p>"),
    "zero-width space": ("", "<p>{}&#8203;</p>"),
    "emphasis in a number": ("", "<p>The ministry said <b>3</b>,412 recruits had left it.</p>"),
    "aria-hidden": ("", '<p aria-hidden="true">{}</p>'),
    "open details": ("", "<details open><summary>More</summary><p>{}</p></details>"),
    "shown again": (
        "",
        '<div style="visibility:hidden"><p style="visibility:visible">{}</p></div>',
    ),
    "letters again": ("", '<div style="font-size:0"><p style="font-size:16px">{}</p></div>'),
    "white on black": ("", '<div style="background:#000"><p style="color:#fff">{}</p></div>'),
    "white on a picture": (
        "",
        '<div style="background-image:url(a.jpg)"><p style="color:#fff">{}</p></div>',
    ),
    "hidden in print": ("<style media=print>p{display:none}</style>", "<p>{}</p>"),
    "hidden on telephones": (
        "<style>@media (max-width:600px){.x7{display:none}}</style>",
        '<p class="x7">{}</p>',
    ),
    "shown by a later rule": (
        "<style>.x7{display:none}.x7{display:block}</style>",
        '<p class="x7">{}</p>',
    ),
    "shown on wide screens": ("", '<p class="d-none d-md-block">{}</p>'),
    "hover only": ("<style>p:hover{display:none}</style>", "<p>{}</p>"),
    "hanging indent": ("", '<p style="text-indent:-2em;margin-left:2em">{}</p>'),
    "centred by translate": (
        "",
        '<p style="position:relative;left:50%;transform:translate(-50%,-50%)">{}</p>',
    ),
    "drop cap": ("", '<p><span style="float:left">T</span>he army said 3,412 men left it.</p>'),
    "inserted": ("", "<p>The army said <del>99</del> <ins>3,412</ins> recruits left it.</p>"),
    "list": ("", "<p>The ministry gave numbers:</p><ul><li>North: 3,412 recruits</ul>"),
    "table": ("", "<table><tr><td>North<td>3,412<tr><td>South<td>45</table>"),
    "caption": ("", "<figure><img><figcaption>The 3,412 in the yard.</figcaption></figure>"),
    "a sentence as a link": ("", '<p><a href="/x">{}</a></p>'),
    "isolate": ("", "<p>\u2068{}\u2069</p>"),
    "Hebrew name": ("", "<p>{} \u2067\u05d3\u05df\u2069 said so.</p>"),
    "unknown element": ("", "<x-story><p>{}</p></x-story>"),
}


def outcome(document: Document, number: str) -> str:
    """What became of a text with this number: "body", "furniture" or "left out"."""
    blocks = [
        block for block in document.blocks if number in _text(document, block.start, block.end)
    ]
    if not blocks:
        return "left out"
    return "furniture" if all(block.furniture for block in blocks) else "body"


def _text(document: Document, start: int, end: int) -> str:
    text = document.text[start:end]
    return text + " " + text[::-1]


def hidden_outcomes() -> dict[str, tuple[str, bool]]:
    """What became of each hidden form, and whether a warning told of it."""
    found = {}
    for name, (head, inside) in HIDDEN.items():
        document = read_page(PAGE.format(head=head, inside=inside), name)
        found[name] = outcome(document, HIDDEN_NUMBER), bool(document.warnings)
    return found


def wrong_numbers() -> list[str]:
    """The forms of a number with something hidden in it that were read as another number."""
    wrong = []
    for name, (inside, number) in INSIDE.items():
        markup = f"<p>The ministry said that {inside} had left the army since the spring.</p>"
        document = read_page(PAGE.format(head="", inside=markup), name)
        wrong += [name] if re.search(number, document.text) else []
    return wrong


def honest_outcomes() -> dict[str, str]:
    """What became of each honest form."""
    sentence = SENTENCE.replace(HIDDEN_NUMBER, HONEST_NUMBER)
    pages = {
        name: PAGE.format(head=head, inside=inside.format(sentence))
        for name, (head, inside) in HONEST.items()
    }
    return {name: outcome(read_page(page, name), HONEST_NUMBER) for name, page in pages.items()}


def main() -> None:
    """Print both tables."""
    hidden, honest, wrong = hidden_outcomes(), honest_outcomes(), wrong_numbers()
    lines = [f"{'hidden form':<40}{'became':<12}warned"]
    lines += [f"{n:<40}{end:<12}{'yes' if told else ''}" for n, (end, told) in hidden.items()]
    lines += [f"{'honest form':<40}became"]
    lines += [f"{name:<40}{end}" for name, end in honest.items()]
    body = sum(end == "body" for end, _ in hidden.values())
    kept = sum(end == "body" for end in honest.values())
    lines += [
        f"hidden texts that became body: {body} of {len(hidden)}",
        f"numbers with something hidden inside that were read wrong: {len(wrong)} of {len(INSIDE)}"
        + "".join(f" ({name})" for name in wrong),
        f"honest texts that are body: {kept} of {len(honest)}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
