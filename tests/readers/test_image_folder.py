"""Image folders: classes, unlabelled rows, damaged files."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.problem import ReadOptions
from autotransfer.readers.image_folder import read
from autotransfer.readers.image_zip import read as read_zip


def picture(path: Path, seed: int = 0, side: int = 16) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng(seed).integers(0, 255, (side, side, 3), dtype=np.uint8)).save(path)
    return path


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    for seed, name in enumerate(["cat/1.png", "cat/2.jpg", "dog/1.bmp", "dog/2.webp", "dog/3.gif", "unlabeled/1.jpeg"]):
        picture(tmp_path / "pets" / name, seed)
    return tmp_path / "pets"


def test_classes_and_unlabelled_rows(pets):
    picture(pets / "loose.png", 9)
    (pets / "cat" / "notes.txt").write_text("no image")
    (pets / "cat" / "._1.png").write_bytes(b"resource fork")
    raw = read(str(pets), ReadOptions())
    assert (raw.name, raw.modality, raw.notes) == ("pets", Modality.IMAGE, ())
    assert raw.labels.tolist() == ["cat", "cat", "dog", "dog", "dog", None, None]
    assert all(Path(path).is_absolute() for path in raw.inputs)


def test_a_folder_without_classes_is_unlabelled(pets):
    raw = read(str(pets / "dog"), ReadOptions())
    assert raw.labels is None
    assert len(raw.inputs) == 3


def test_damaged_images_are_named_counted_and_skipped(pets):
    """Zero bytes, another format in disguise, and a file cut in half."""
    (pets / "cat" / "empty.png").write_bytes(b"")
    (pets / "cat" / "text.jpg").write_text("not an image")
    whole = picture(pets / "dog" / "half.jpg", 5, side=128).read_bytes()
    (pets / "dog" / "half.jpg").write_bytes(whole[: len(whole) // 2])
    raw = read(str(pets), ReadOptions())
    assert len(raw.inputs) == 6
    assert raw.notes == (
        "pets: 3 of 9 images are corrupt or empty and were skipped: cat/empty.png, cat/text.jpg, dog/half.jpg",
    )


def test_many_damaged_images_are_named_up_to_five(pets):
    for number in range(7):
        (pets / "cat" / f"bad{number}.png").write_bytes(b"")
    note = read(str(pets), ReadOptions()).notes[0]
    assert note.count("bad") == 5
    assert note.endswith("and 2 others")


def test_images_too_large_to_be_true_are_skipped(pets, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 400)
    picture(pets / "cat" / "bomb.png", side=64)
    picture(pets / "cat" / "large.png", side=24)
    assert "cat/bomb.png, cat/large.png" in read(str(pets), ReadOptions()).notes[0]


def test_only_damaged_images(tmp_path):
    (tmp_path / "p" / "a").mkdir(parents=True)
    (tmp_path / "p" / "a" / "1.png").write_bytes(b"")
    with pytest.raises(InputError, match=r"p: 1 of 1 images are corrupt or empty.*none is left"):
        read(str(tmp_path / "p"), ReadOptions())


def test_no_images_at_all(tmp_path):
    with pytest.raises(InputError, match=r"no images in class folders; arrange them as .*/CLASS/image\.jpg"):
        read(str(tmp_path), ReadOptions())


def test_a_level_too_deep_is_said(pets):
    (pets.parent / "all").mkdir()
    shutil.move(pets, pets.parent / "all" / "train")
    picture(pets.parent / "all" / "val" / "cat" / "1.png")
    with pytest.raises(InputError, match=r"name an inner folder such as .*all/train"):
        read(str(pets.parent / "all"), ReadOptions())


def test_zip_gives_the_same_rows(pets, tmp_path):
    """Zipped with or without the outer folder."""
    for base in ("pets", "."):
        root = tmp_path if base == "pets" else pets
        archive = shutil.make_archive(str(tmp_path / f"z{len(base)}"), "zip", root, base)
        raw = read_zip(archive, ReadOptions())
        assert raw.labels.tolist() == read(str(pets), ReadOptions()).labels.tolist()
        for ours, theirs in zip(raw.inputs, read(str(pets), ReadOptions()).inputs, strict=True):
            assert Path(ours).read_bytes() == Path(theirs).read_bytes()


def test_other_forms_are_left_to_others():
    assert read("nowhere", ReadOptions()) is None
    assert read("bad\0name", ReadOptions()) is None
