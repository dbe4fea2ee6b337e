"""Decoded once, and again when the file is another."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from autotransfer.data import Dataset, Modality
from autotransfer.testing.networks import NETWORKS
from autotransfer.trainable import Blocks, Trainable
from autotransfer.tuning import prepared as module
from autotransfer.tuning.prepared import prepared


@dataclass(frozen=True)
class Counting(Trainable):
    """Mean levels of files; notes how many it was asked for."""

    name: str
    asked: list[int]

    def __hash__(self) -> int:
        return hash(self.name)

    def build(self) -> torch.nn.Module:
        return torch.nn.Identity()

    def prepare(self, data: Dataset) -> torch.Tensor:
        self.asked.append(len(data))
        return torch.stack([torch.tensor(np.asarray(Image.open(path)).mean()) for path in data.inputs])

    def blocks(self, module: torch.nn.Module) -> Blocks:
        return ()

    def head(self) -> None:
        return None


@pytest.fixture
def files(tmp_path: Path) -> Dataset:
    for level in (10, 20, 30):
        Image.new("L", (4, 4), level).save(tmp_path / f"{level}.png")
    paths = [str(tmp_path / f"{level}.png") for level in (10, 20, 30)]
    return Dataset("files", Modality.IMAGE, np.array(paths, dtype=object))


def test_each_file_is_decoded_once_in_whatever_order(files: Dataset) -> None:
    encoder = Counting("once", [])
    assert prepared(encoder, files.take(np.array([0, 1]))).tolist() == [10, 20]
    assert prepared(encoder, files.take(np.array([2, 1, 0, 2]))).tolist() == [30, 20, 10, 30]
    assert sum(encoder.asked) <= 4


def test_a_changed_file_is_decoded_again(files: Dataset) -> None:
    encoder = Counting("changed", [])
    prepared(encoder, files)
    path = Path(files.inputs[0])
    Image.new("L", (4, 4), 99).save(path)
    os.utime(path, ns=(1, 1))
    assert prepared(encoder, files).tolist() == [99, 20, 30]
    assert encoder.asked == [3, 1]


def test_beyond_the_limit_nothing_is_kept(files: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 8)
    encoder = Counting("many", [])
    for _ in range(2):
        assert prepared(encoder, files).tolist() == [10, 20, 30]
    assert encoder.asked == [3, 3]


def test_arrays_texts_and_nothing_go_to_the_encoder_as_they_are() -> None:
    for network in NETWORKS.values():
        image = network.modality is Modality.IMAGE
        inputs = np.zeros((2, 16, 16, 3), np.uint8) if image else np.array(["a", "b"], dtype=object)
        data = Dataset("rows", network.modality, inputs)
        for rows in (data, data.take(np.arange(0))):
            assert torch.equal(prepared(network, rows), network.prepare(rows))
