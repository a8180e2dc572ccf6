#!/bin/sh
# The main job on one seed with the embedded model; fails unless a grounded figure comes out.
# EXTRACTOR and SEED can be given, so that a test can run it against a dead engine.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "${EXTRACTOR:-}" ]; then
    make .venv/.stamps/local
    EXTRACTOR=.venv/bin/extractor
fi
"$EXTRACTOR" annotate "${SEED:-seeds/004_66f85db3f566e3a1.txt}" --records figures \
    --store "$work/store.db" -o "$work/out.jsonl"
"${PYTHON:-.venv/bin/python}" .ci/grounded.py "$work/out.jsonl" "${SEED:-seeds/004_66f85db3f566e3a1.txt}"
