"""An environment of its own for each peer, made from its committed requirements."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from evals.comparisons.peers.configurations import HERE, OURS
from extractor.errors import ExtractorError


def python_for(system: str, work: Path) -> Path:
    """The interpreter that runs a system's adapter; a peer's environment is made if it is not up
    to date.

    Args:
        system: name as in `configurations.yaml`, or the extractor's own.
        work: folder for the environments.

    Raises:
        ExtractorError: the environment cannot be made.
    """
    if system == OURS:
        return Path(sys.executable)
    requirements = HERE / "requirements" / f"{system}.txt"
    folder = work / "environments" / system
    python = folder / "bin" / "python"
    stamp = folder / "requirements.sha256"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        stamp.unlink(missing_ok=True)
        install = [python, "-m", "pip", "install", "-q", "--require-hashes", "-r", requirements]
        _run([sys.executable, "-m", "venv", "--clear", folder], system)
        _run(install, system)
        stamp.write_text(wanted)
    return python


def _run(command: list[str | Path], system: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = " ".join(done.stderr.split())[-300:]
        raise ExtractorError(
            f"{system}: its environment cannot be made ({reason}) - check the package index, then "
            "run the same command again"
        )
