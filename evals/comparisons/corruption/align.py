"""Align words to a text with LangExtract, at its default settings. Runs in LangExtract's own venv.

Reads one JSON array of [words, text] pairs from standard input, writes one array of alignment
statuses (null where nothing was aligned) to standard output.
"""

from __future__ import annotations

import json
import sys

from langextract.core.data import Extraction
from langextract.resolver import Resolver


def status(words: str, text: str) -> str | None:
    """LangExtract's status for one extraction: match_exact, match_lesser, match_fuzzy or None."""
    extraction = Extraction(extraction_class="count", extraction_text=words)
    (aligned,) = Resolver().align([extraction], text, token_offset=0, char_offset=0)
    return aligned.alignment_status.value if aligned.alignment_status else None


if __name__ == "__main__":
    pairs = json.load(sys.stdin)
    json.dump([status(words, text) for words, text in pairs], sys.stdout)
