"""Images with captions, in folders and in archives; what is wrong with them is said in one line."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.problem import RawData, ReadOptions
from autotransfer.readers import read

ROWS = "file,caption\npics/0.png,a red box\npics/1.png,two  cats\n0.png,\n"


def picture(path: Path, seed: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng(seed).integers(0, 255, (8, 8, 3), dtype=np.uint8)).save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three images, one of them in the folder itself, two with a caption."""
    place = tmp_path / "walks"
    for seed, name in enumerate(("pics/0.png", "pics/1.png", "0.png")):
        picture(place / name, seed)
    (place / "captions.csv").write_text(ROWS, "utf-8")
    return place


def pairs(uri: object) -> RawData:
    found = read(str(uri), ReadOptions())
    assert found is not None
    return found


def refused(uri: object) -> str:
    with pytest.raises(InputError) as caught:
        read(str(uri), ReadOptions())
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_rows_are_pairs(folder: Path) -> None:
    found = pairs(folder)
    assert (found.name, found.modality, found.labels) == ("walks", Modality.IMAGE, None)
    assert [Path(path).name for path in found.inputs] == ["0.png", "1.png"]
    assert found.captions.tolist() == ["a red box", "two cats"]
    assert found.notes == ("walks: 1 rows of captions.csv have no caption; left out",)


def test_an_image_may_have_several_captions_and_others_none(folder: Path) -> None:
    picture(folder / "more/2.png")
    (folder / "captions.csv").write_text("caption;file\nred;pics/0.png\nwarm;pics/0.png\n", "utf-8")
    found = pairs(folder)
    assert found.captions.tolist() == ["red", "warm"]
    assert len(set(found.inputs)) == 1
    assert found.notes == ("walks: 3 images have no row in captions.csv; left out",)


def test_damaged_images_are_left_out(folder: Path) -> None:
    (folder / "pics/1.png").write_bytes(b"no image")
    found = pairs(folder)
    assert found.captions.tolist() == ["a red box"]
    assert "1 of 3 images are corrupt or empty and were skipped: pics/1.png" in found.notes[0]


@pytest.mark.parametrize("inner", ["", "walks/"], ids=["plain", "one folder"])
def test_archives_hold_them_too(tmp_path: Path, folder: Path, monkeypatch, inner: str) -> None:
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path / "cache"))
    with ZipFile(tmp_path / "trip.zip", "w") as packed:
        for path in folder.rglob("*.*"):
            packed.write(path, inner + str(path.relative_to(folder)))
    found = pairs(tmp_path / "trip.zip")
    assert found.name == "trip"
    assert found.captions.tolist() == ["a red box", "two cats"]


def test_archives_with_captions_that_point_outside_are_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path / "cache"))
    picture(tmp_path / "secret.png")
    picture(tmp_path / "1.png")
    with ZipFile(tmp_path / "bad.zip", "w") as packed:
        packed.write(tmp_path / "1.png", "1.png")
        packed.writestr("captions.csv", f"file,caption\n1.png,one\n{tmp_path}/secret.png,two\n")
    assert "secret.png' points outside its folder" in refused(tmp_path / "bad.zip")


@pytest.mark.parametrize("name", ["../0.png", "/etc/passwd", "pics/../../x.png", r"pics\0.png", "C:/0.png", '""'])
def test_names_that_leave_the_folder_are_refused(folder: Path, name: str) -> None:
    (folder / "captions.csv").write_text(f"file,caption\npics/0.png,fine\n{name},evil\n", "utf-8")
    assert ("is empty" if name == '""' else "points outside its folder") in refused(folder)


def test_what_is_missing_is_named(folder: Path) -> None:
    captions = folder / "captions.csv"
    captions.write_text("file,caption\npics/7.png,gone\npics/8.png,gone\n", "utf-8")
    assert "there is no image 'pics/7.png' and 1 others; correct the column file" in refused(folder)
    captions.write_text("image,caption\npics/0.png,x\n", "utf-8")
    assert "no column 'file'; name its columns file and caption" in refused(folder)
    captions.write_text("file,caption\npics/0.png,\n", "utf-8")
    assert "no row has a readable image and a caption" in refused(folder)
    captions.write_text("", "utf-8")
    assert "the file is empty" in refused(folder)


def test_folders_without_captions_are_others(folder: Path) -> None:
    (folder / "captions.csv").unlink()
    (folder / "0.png").unlink()
    assert pairs(folder).captions is None
