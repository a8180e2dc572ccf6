"""The child process that holds the embedded engine. Run as a script, never imported.

Arguments: one JSON object with `path`, `slots`, `context_tokens`, `threads`. The key that requests
must carry is the first line of standard input. One line of JSON with the address goes to standard
output once the model is loaded; the process ends when standard input does, which it also does when
the parent is killed.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import xllamacpp  # type: ignore[import-untyped]

PROMPT_CACHE_MIB = 512


def start(options: dict[str, Any], key: str) -> Any:
    """Load the model and serve it on an ephemeral loopback port."""
    params = xllamacpp.CommonParams()
    params.model.path = options["path"]
    params.n_parallel = options["slots"]
    params.n_ctx = options["slots"] * options["context_tokens"]
    params.cpuparams.n_threads = options["threads"]
    params.port = 0
    params.api_keys = [key]
    params.verbosity = -1
    params.no_extra_bufts = True
    params.cache_ram_mib = PROMPT_CACHE_MIB
    params.ui = False
    params.endpoint_slots = False
    return xllamacpp.Server(params)


def main() -> None:
    """Serve until standard input ends."""
    # The C++ side may print; only the address may reach the parent.
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    key = sys.stdin.readline().strip()
    server = start(json.loads(sys.argv[1]), key)
    print(json.dumps({"address": server.listening_address}), file=answer, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
