"""Usage: grounded.py OUT.jsonl ARTICLE. Fails unless OUT has a figure and all are in ARTICLE."""

import json
import sys
from pathlib import Path

lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
article = Path(sys.argv[2]).read_text(encoding="utf-8")
spans = [
    mention["number"]
    for line in lines
    for figure in json.loads(line)["figures"] or []
    for mention in figure["mentions"]
]
grounded = [span for span in spans if article[span["start"] : span["end"]] == span["text"]]
sys.stdout.write(f"{len(grounded)} of {len(spans)} stated numbers stand in the article\n")
sys.exit(0 if grounded and len(grounded) == len(spans) else 1)
