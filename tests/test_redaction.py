"""A secret is masked in whatever form, and nothing else is."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote

import pytest

from extractor.redaction import (
    keep_password,
    keep_secret,
    redacted,
    redacted_body,
    without_password,
)

KEY = 'sk-proj-Ab3/dEf6"hIj9+kLm&NoPqRs=TuVwXyZ01234'
FORMS = {
    "whole": KEY,
    "header": f"Authorization: Bearer {KEY}",
    "upper case": KEY.upper(),
    "query": f"https://llm.invalid/?key={quote(KEY, safe='')}&x=1",
    "path": f"https://llm.invalid/{quote(KEY)}",
    "json": json.dumps({"key": KEY}),
    "json in json": json.dumps({"body": json.dumps({"key": KEY})}),
    "code points": "".join(f"\\u{ord(c):04x}" for c in KEY),
    "html": html.escape(KEY),
    "entities": "".join(f"&#{ord(c)};" for c in KEY),
    "base64": base64.b64encode(KEY.encode()).decode(),
    "basic": base64.b64encode(f"user:{KEY}".encode()).decode(),
    "basic, other length": base64.b64encode(f"me:{KEY}:x".encode()).decode(),
    "base64 for urls": base64.urlsafe_b64encode(f"a{KEY}".encode()).decode(),
    "hexadecimal": KEY.encode().hex(),
    "beginning": f"key {KEY[:20]} is wrong",
    "middle": KEY[11:30],
    "end": KEY[-12:],
    "masked": f"{KEY[:8]}{'*' * 20}{KEY[-4:]}",
    "masked with points": f"{KEY[:6]}......{KEY[-6:]}",
    "masked but for the end": f"********{KEY[-6:]}",
    "broken in two": f"{KEY[:22]}\n{KEY[22:]}",
}


def telling(text: str) -> list[str]:
    """Parts of the key that can still be read, six characters each, as they are or decoded."""
    folded = text.lower()
    return [KEY[i : i + 6] for i in range(len(KEY) - 5) if KEY[i : i + 6].lower() in folded]


@pytest.mark.parametrize("form", FORMS)
def test_nothing_of_it_can_be_read(form: str) -> None:
    keep_secret(KEY)
    text = f"before {FORMS[form]} after"
    found = redacted(text)
    assert found != text
    assert len(found) == len(text)
    assert found.startswith("before ") and found.endswith(" after")
    assert telling(found) == []
    for encoded in ("base64", "basic", "hexadecimal", "code points", "entities"):
        inner = FORMS[encoded]
        assert all(inner[i : i + 16] not in found for i in range(0, len(inner) - 15))


def test_escapes_of_json_are_seen_through() -> None:
    keep_secret(KEY)
    mixed = "".join(f"\\u{ord(c):04x}" if i % 3 == 0 or c == '"' else c for i, c in enumerate(KEY))
    body = f'{{"error": {{"message": "wrong key {mixed}", "code": "é"}}}}'.encode()
    clean = redacted_body(body)
    assert telling(clean.decode()) == []
    assert json.loads(clean)["error"]["code"] == "é"


@pytest.mark.parametrize("body", [b'{"a": "\\u00e9"}', b"\xff\xfe\\u", b"plain", b""])
def test_a_body_without_secrets_stays_byte_for_byte(body: bytes) -> None:
    keep_secret(KEY)
    assert redacted_body(body) is body or redacted_body(body) == body


@pytest.mark.parametrize(
    "text",
    [
        "A task-force of risk-averse skippers... ask- sk-",
        "sk-proj is how such keys begin, sk-proj-",
        "*** 640 people ***",
        "project Ab3 in the middle",
    ],
)
def test_other_words_stay(text: str) -> None:
    keep_secret(KEY)
    assert redacted(text) == text


def test_placeholders_are_no_secrets() -> None:
    for word in (None, "", "none", "EMPTY", "  x  "):
        keep_secret(word)
    assert redacted("none of them was EMPTY, x") == "none of them was EMPTY, x"


def test_a_short_key_is_masked_as_a_word() -> None:
    keep_secret("ab12cd")
    assert redacted("key ab12cd, not xab12cdx") == "key ******, not xab12cdx"


def test_passwords_in_addresses() -> None:
    url = "https://user:p%40ssw0rd-1@llm.invalid:8443/v1"
    keep_password(url)
    assert without_password(url) == "https://llm.invalid:8443/v1"
    assert redacted("p%40ssw0rd-1 or p@ssw0rd-1") == "************ or **********"
