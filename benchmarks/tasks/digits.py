"""Handwritten digits: USPS (Hull, PAMI 1994), MNIST (LeCun et al., Proceedings of the IEEE 1998), scikit-learn's."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np

from autotransfer.data import Array
from benchmarks.tasks.poison import relabel_at_random
from benchmarks.tasks.rows import Rows, split_per_class
from benchmarks.tasks.task import Parts, Recipe

PER_CLASS = 5


def _bytes(images: Array, white: float) -> Array:
    return np.asarray(np.round(images / white * 255), dtype=np.uint8)


def usps(data: Path, part: str) -> Rows:
    """16 × 16 images; part: train (7,291) or test (2,007)."""
    with np.load(data / "digits_mnist10k_usps" / "digits.npz") as file:
        return Rows(_bytes(file[f"usps_{part}_X"], file["usps_scale"]), file[f"usps_{part}_y"].astype(np.int64))


def mnist(data: Path) -> Rows:
    """10,000 images, 28 × 28."""
    with np.load(data / "digits_mnist10k_usps" / "digits.npz") as file:
        return Rows(file["mnist_test_X"], file["mnist_test_y"].astype(np.int64))


def sklearn_digits() -> Rows:
    """1,797 images, 8 × 8."""
    from sklearn.datasets import load_digits

    images, y = load_digits(return_X_y=True)
    return Rows(_bytes(images.reshape(-1, 8, 8), 16), y.astype(np.int64))


def _photographs(data: Path, seed: int) -> Rows:
    """2,000 grey 32 × 32 photographs (CIFAR-10, test part), its ten classes named like digits in random order."""
    from PIL import Image

    with zipfile.ZipFile(data / "cifar10_jpg" / "cifar10_jpg.zip") as archive:
        names = sorted(name for name in archive.namelist() if "test/" in name and name.endswith(".jpg"))
        images = [np.asarray(Image.open(io.BytesIO(archive.read(name))).convert("L")) for name in names]
    kinds = np.array([name.split("/")[-2] for name in names])
    return Rows(np.stack(images), relabel_at_random(kinds, np.arange(10), seed))


def _load_usps(data: Path, seed: int) -> Parts:
    train, _ = split_per_class(usps(data, "train"), PER_CLASS, seed)
    sources = {"mnist": mnist(data), "digits": sklearn_digits()}
    return Parts(train, usps(data, "test"), sources, unrelated=_photographs(data, seed))


def _load_mnist(data: Path, seed: int) -> Parts:
    train, test = split_per_class(mnist(data), PER_CLASS, seed)
    return Parts(train, test, {"usps": usps(data, "train")}, unrelated=_photographs(data, seed))


USPS = Recipe("usps", _load_usps)
MNIST = Recipe("mnist", _load_mnist)
