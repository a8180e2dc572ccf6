"""Secrets kept out of everything that is written: one function, `redacted`, over one set of them.

Whoever takes a secret in (settings, an endpoint) says so with `keep_secret`. A server's words pass
`redacted` where they enter (`extractor.models.transport`), and whatever is printed, logged or
stored passes it once more at the edge. A secret is masked with as many stars as it has characters,
so that nothing else in a text moves.

Found are a secret as it is and in lower or upper case, in a URL (percent-encoded), in JSON and HTML
(escaped), in Base64 at any offset and hexadecimal; a part of it of twelve characters or more; and
what servers make of it: `sk-ab******wxyz`.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit, urlunsplit

SHORTEST = 6  # shorter ones are placeholders ("none") and words of the language
ENCODED_FROM = 8  # encodings and parts of shorter ones would be found by chance
PART = 12
_STEP = 5
_GRAM = PART - _STEP + 1  # a part of PART characters holds one that begins at a multiple of _STEP
_MASKS = r"[*\u2022\u00b7\u2026.xX#_]"
_secrets: dict[str, None] = {}


def keep_secret(secret: str | None) -> None:
    """From now on `redacted` masks `secret`; nothing that is shorter than a key can be."""
    if secret is not None and len(secret.strip()) >= SHORTEST:
        _secrets.setdefault(secret.strip())


def redacted(text: str) -> str:
    """`text` with every secret masked, as long as it was."""
    if not _secrets:
        return text
    lower = text.lower()
    for secret in tuple(_secrets):
        needles, pattern = _found_by(secret)
        if any(needle in lower for needle in needles):
            text = pattern.sub(lambda match: "*" * len(match.group()), text)
    return text


def redacted_body(body: bytes) -> bytes:
    """The same for the body of a reply, which may be JSON with any of its characters escaped."""
    text = body.decode("latin-1")
    found = redacted(text)
    if _secrets and "\\u" in found and (plain := _without_escapes(body)) is not None:
        clean = redacted(plain)
        if clean != plain:
            return clean.encode("utf-8", "backslashreplace")
    return body if found == text else found.encode("latin-1")


def _without_escapes(body: bytes) -> str | None:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False)
    except (ValueError, RecursionError):
        return None


def without_password(url: str) -> str:
    """`url` as it may be shown: without user and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def keep_password(url: str | None) -> None:
    """`keep_secret` for the password in a URL, as it is written and as it is meant."""
    password = urlsplit(url or "").password
    if password:
        keep_secret(password)
        keep_secret(unquote(password))


@lru_cache(maxsize=64)
def _found_by(secret: str) -> tuple[tuple[str, ...], re.Pattern[str]]:
    """What a text must hold, in lower case, before the pattern is worth trying; the pattern."""
    if len(secret) < ENCODED_FROM:
        return (secret.lower(),), re.compile(rf"(?<!\w){re.escape(secret)}(?!\w)", re.IGNORECASE)
    wholes = sorted(_forms(secret), key=len, reverse=True)
    pieces = [secret[i : i + PART] for i in range(len(secret) - PART + 1)]
    grams = [secret[i : i + _GRAM] for i in range(0, len(secret) - _GRAM + 1, _STEP)]
    shown = [re.escape(whole) for whole in wholes]
    # A part, as far as it goes: overlapping pieces are found one after the other.
    shown += [_longest(secret, i) for i in range(len(pieces))]
    shown += _masked(secret)
    needles = (*wholes, *(grams if pieces else ()), secret[:3], "**", "\u2022\u2022")
    return tuple(needle.lower() for needle in needles), re.compile("|".join(shown), re.IGNORECASE)


def _longest(secret: str, start: int) -> str:
    """Matches `secret` from `start`, at least PART characters of it."""
    first, rest = secret[start : start + PART], secret[start + PART :]
    return re.escape(first) + "".join(f"(?:{re.escape(c)}" for c in rest) + ")?" * len(rest)


def _masked(secret: str) -> Iterator[str]:
    """Beginning and end with marks between, or one of the two: `sk-ab***wxyz`, `***wxyz`."""
    begins = "".join(f"(?:{re.escape(c)}" for c in secret[3:PART]) + ")?" * len(secret[3:PART])
    ends = "|".join(re.escape(secret[-n:]) for n in range(PART - 1, 1, -1))
    yield rf"{re.escape(secret[:3])}{begins}{_MASKS}{{3,}}(?:{ends})?"
    yield rf"[*\u2022]{{2,}}(?:{ends})"


def _forms(secret: str) -> set[str]:
    raw = secret.encode("utf-8", "surrogatepass")
    plain = json.dumps(secret)[1:-1]
    units = secret.encode("utf-16-be", "surrogatepass").hex()
    escaped = "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
    forms = {secret, raw.decode("latin-1"), plain, plain.replace("/", "\\/"), escaped, raw.hex()}
    forms |= {json.dumps(plain)[1:-1], json.dumps(escaped)[1:-1], html.escape(secret)}
    forms |= {quote(raw, safe=""), quote(raw), "".join(f"%{byte:02x}" for byte in raw)}
    forms |= {"".join(f"&#{ord(c)};" for c in secret), secret[::-1]}
    for offset in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            # Whatever stands before and after it, these characters depend on the secret alone.
            whole = encode(b"\0" * offset + raw).decode()
            forms.add(whole[-(-offset * 8 // 6) : (offset + len(raw)) * 8 // 6])
    return forms
