from __future__ import annotations

from pathlib import Path

import numpy as np

from autotransfer.data import Dataset, Modality
from autotransfer.pretrained.specs import ResNetSpec, TextSpec
from autotransfer.pretraining import prepared as module
from autotransfer.pretraining.prepared import prepared

SPEC = ResNetSpec(size=8, widths=(8,), depths=(1,))


def files(folder: Path) -> Dataset:
    return Dataset("photos", Modality.IMAGE, np.array(sorted(str(path) for path in folder.rglob("*.png")), object))


def test_images_are_decoded_once(photos: Path, tmp_path: Path, monkeypatch) -> None:
    data = files(photos)
    monkeypatch.setattr(module, "_CHUNK", 50)
    first = prepared(SPEC, data, tmp_path)
    np.testing.assert_array_equal(first, SPEC.rows(data))
    monkeypatch.setattr(module, "_write", None)
    np.testing.assert_array_equal(prepared(SPEC, data, tmp_path), first)
    assert [path.suffix for path in tmp_path.iterdir()] == [".npy"]


def test_another_size_and_changed_files_are_decoded_anew(photos: Path, tmp_path: Path) -> None:
    data = files(photos)
    prepared(SPEC, data, tmp_path)
    assert prepared(ResNetSpec(size=4, widths=(8,), depths=(1,)), data, tmp_path).shape[2:] == (4, 4)
    path = Path(data.inputs[0])
    content = path.read_bytes()
    path.write_bytes(Path(data.inputs[-1]).read_bytes())
    try:
        np.testing.assert_array_equal(prepared(SPEC, data, tmp_path)[:1], SPEC.rows(data.take(np.arange(1))))
    finally:
        path.write_bytes(content)


def test_texts_and_nothing_need_no_file(tmp_path: Path) -> None:
    texts = Dataset("texts", Modality.TEXT, np.array(["a b", "a"], object))
    assert prepared(TextSpec(("a", "b"), width=4, heads=1), texts, tmp_path).shape == (2, 3)
    nothing = Dataset("none", Modality.IMAGE, np.empty(0, object))
    assert prepared(SPEC, nothing, tmp_path).shape == (0, 3, 8, 8)
    assert list(tmp_path.iterdir()) == []
