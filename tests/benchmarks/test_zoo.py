"""The zoo's benchmark on toy images and a network initialised at random."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autotransfer.nets.seeding import reproducible
from autotransfer.pretrained.entry import save_entry
from autotransfer.pretrained.network import PretrainedNetwork
from autotransfer.pretrained.specs import resnet
from benchmarks import image_tasks, zoo
from benchmarks.image_tasks import ImageTask


@pytest.fixture
def task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ImageTask:
    """Bright and dark images, ten and thirty of each class to train on, and a network as the zoo's."""
    rng = np.random.default_rng(0)
    with zipfile.ZipFile(tmp_path / "toy.zip", "w") as archive:
        for part, count in (("train", 30), ("test", 20)):
            for name, level in (("bright", 190), ("dark", 70)):
                for index in range(count):
                    content = BytesIO()
                    pixels = np.clip(rng.normal(level, 30, (12, 12, 3)), 0, 255).astype(np.uint8)
                    Image.fromarray(pixels).save(content, "PNG")
                    archive.writestr(f"{part}/{name}/{index}.png", content.getvalue())
    spec = resnet(16, 16)
    with reproducible(0, "cpu"):
        arrays = {name: tensor.numpy() for name, tensor in spec.build().state_dict().items()}
    save_entry(tmp_path / "net", {"name": "net"}, PretrainedNetwork(spec, arrays))
    monkeypatch.setattr(zoo, "MODEL", f"zoo:{tmp_path / 'net'}")
    monkeypatch.setattr(zoo, "SCRATCH_STEPS", 3)
    return image_tasks._task(f"{tmp_path / 'toy.zip'}", "train", "test", 10, 0)


def test_a_task_has_few_rows_of_each_class_and_other_test_rows(task: ImageTask) -> None:
    assert np.bincount(task.train.labels).tolist() == [10, 10]
    assert np.bincount(task.test.labels).tolist() == [20, 20]
    assert not set(task.train.inputs) & set(task.test.inputs)
    assert [task.raw.labels[0], task.raw.labels[-1]] == ["bright", "dark"]


def test_every_way_to_see_the_images_has_a_row(task: ImageTask) -> None:
    rows = list(zoo.compared("toy", task, 0))
    assert [row["features"] for row in rows] == [zoo.MODEL, "hog", "pixels_rgb", "from scratch"]
    assert rows[2]["accuracy"] == 1.0  # brightness is all there is
    assert all(0 <= row["accuracy"] <= 1 for row in rows)
    expected = 100 * (rows[0]["accuracy"] - rows[3]["accuracy"])
    assert zoo.gain(rows, "toy") == pytest.approx(expected)


def test_requests_are_noted_once_whether_the_cache_answers_or_not(task: ImageTask) -> None:
    from autotransfer.features import FeatureCache
    from autotransfer.pretrained.zoo_source import open_zoo_source

    encoder = open_zoo_source(zoo.MODEL).encoder
    cache = FeatureCache(None)
    with zoo.watched() as seconds:
        cache.encode(encoder, task.train, task.train)
        cache.encode(encoder, task.train, task.train)
        encoder.fit(task.train).transform(task.test)
    assert len(seconds) == 3
