"""The command line of the soak bench: `python -m tests.soak faults --documents 20000 --seed 1`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping

from tests.soak.bench import Outcome
from tests.soak.faults import run_faults
from tests.soak.kill import run_kill
from tests.soak.memory import run_memory
from tests.soak.mutated import run_mutations
from tests.soak.peers import run_peers

# Command -> what it runs, what its size is called, how large it is unless told.
COMMANDS: Mapping[str, tuple[Callable[[int, int], Outcome], str, int]] = {
    "faults": (run_faults, "documents", 20_000),
    "memory": (run_memory, "documents", 100_000),
    "kill": (run_kill, "times", 300),
    "mutations": (run_mutations, "replies", 100_000),
    "peers": (run_peers, "documents", 2_000),
}


def main() -> int:
    """Run one bench and print what it found; 1 where something was not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, size, default) in COMMANDS.items():
        command = commands.add_parser(name)
        command.add_argument(f"--{size}", dest="size", metavar=size.upper(), type=int)
        command.add_argument("--seed", type=int, default=1)
        command.set_defaults(size=default)
    given = parser.parse_args()
    outcome = COMMANDS[given.command][0](given.size, given.seed)
    sys.stdout.write(f"{outcome}\n")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
