"""Cost of `extractor --help` against a typer program that does nothing, as a ratio of wall times.

Both are started in turn, so that what else the machine does falls on both alike; the median of the
runs of each is taken. Run it with the interpreter that has the package installed.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15
EMPTY = """
import typer
app = typer.Typer(add_completion=False)
@app.command()
def main() -> None:
    pass
app(["--help"])
"""
OURS = "from extractor.cli import app; app(['--help'])"


def seconds(code: str) -> float:
    """Wall time of one interpreter that runs `code`."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Print both medians and their ratio."""
    for code in (EMPTY, OURS):
        seconds(code)  # the first start also writes byte code
    pairs = [(seconds(EMPTY), seconds(OURS)) for _ in range(RUNS)]
    empty, ours = (statistics.median(times) for times in zip(*pairs, strict=True))
    report = f"empty typer program {empty:.3f} s, extractor {ours:.3f} s: {ours / empty:.2f} times"
    sys.stdout.write(f"{report}\n")


if __name__ == "__main__":
    main()
