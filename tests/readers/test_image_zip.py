"""Hostile and damaged archives, with real files."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import pytest
from PIL import Image

from autotransfer.errors import InputError
from autotransfer.problem import ReadOptions
from autotransfer.readers.image_zip import read, unpack


def png(seed: int) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(seed).integers(0, 255, (8, 8), dtype=np.uint8)).save(file, "png")
    return file.getvalue()


def archive(path: Path, entries: dict[str, bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            info = ZipInfo(name)
            info.filename = name  # ZipInfo would clean it
            packed.writestr(info, content, ZIP_DEFLATED)
    return path


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(str(path), ReadOptions())
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["../../evil.png", "/tmp/evil.png", "a/../../evil.png"])
def test_traversal_writes_nothing(tmp_path, monkeypatch, name):
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path / "cache"))
    path = archive(tmp_path / "e.zip", {"a/1.png": png(0), name: png(1)})
    assert "points outside its folder; refused" in refused(path)
    assert not list(tmp_path.rglob("*.png"))


def test_symbolic_link_is_refused(tmp_path):
    with ZipFile(tmp_path / "l.zip", "w") as packed:
        link = ZipInfo("a/1.png")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    assert "is a symbolic link; refused" in refused(tmp_path / "l.zip")


def test_zip_bomb_is_refused_before_unpacking(tmp_path, monkeypatch):
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path / "cache"))
    path = archive(tmp_path / "b.zip", {"a/1.png": bytes(40 * 2**20)})
    assert path.stat().st_size < 10**5
    assert "refused as a zip bomb" in refused(path)
    assert not [entry for entry in tmp_path.rglob("*") if entry.is_file() and entry.stat().st_size > 10**6]


@pytest.mark.parametrize("damage", ["no zip", "cut", "flip"])
def test_damaged_archives(tmp_path, damage):
    content = archive(tmp_path / "d.zip", {"a/1.png": png(0) * 50, "b/2.png": png(1)}).read_bytes()
    broken = {"no zip": b"hello", "cut": content[:-30], "flip": content[:60] + b"\xff" * 20 + content[80:]}[damage]
    (tmp_path / "d.zip").write_bytes(broken)
    assert "not an intact zip archive" in refused(tmp_path / "d.zip")


@pytest.mark.parametrize("names", [("c/a.png", "c/a.png/b.png"), (f"{'c' * 300}/a.png",)])
def test_names_that_no_file_system_holds(tmp_path, names):
    """One entry below another that is a file; a name that is too long."""
    message = refused(archive(tmp_path / "a.zip", dict.fromkeys(names, png(0))))
    assert "a.zip: cannot be unpacked below" in message


def test_unpacked_once_and_left_whole_by_failures(tmp_path, monkeypatch):
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path / "cache"))
    path = archive(
        tmp_path / "z.zip", {"a/1.png": png(0), "b/2.png": png(1), "__MACOSX/a/1.png": b"x", "readme.txt": b"x"}
    )
    folder = unpack(str(path), path)
    before = folder.stat().st_mtime_ns
    assert unpack(str(path), path) == folder
    assert folder.stat().st_mtime_ns == before
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.*")) == ["a/1.png", "b/2.png"]
    assert [entry.name for entry in folder.parent.iterdir()] == [folder.name]


def test_inner_folder(tmp_path):
    path = archive(
        tmp_path / "z.zip", {f"{part}/{c}/1.png": png(i) for i, c in enumerate("ab") for part in ("train", "val")}
    )
    raw = read(f"{path}/train", ReadOptions())
    assert (raw.name, raw.labels.tolist()) == ("train", ["a", "b"])
    with pytest.raises(InputError, match="the archive has no folder 'test' with images; it has train, val"):
        read(f"{path}/test", ReadOptions())
    with pytest.raises(InputError, match="the archive has no folder"):
        read(f"{path}/train/../..", ReadOptions())


def test_other_forms_are_left_to_others():
    assert read("folder", ReadOptions()) is None
