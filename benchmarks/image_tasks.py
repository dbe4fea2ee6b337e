"""Image classification with few labels: what the zoo is tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autotransfer.data import Dataset
from autotransfer.problem import RawData, ReadOptions


@dataclass(frozen=True, eq=False)
class ImageTask:
    """:param raw: the training rows as ``fit`` takes them. ``train``: the same with class numbers."""

    raw: RawData
    train: Dataset
    test: Dataset
    n_classes: int


def cifar10_20(data: Path, seed: int) -> ImageTask:
    """CIFAR-10 with 20 training images of each class, drawn by the seed, and 2,000 test images."""
    return _task(f"{data}/cifar10_jpg/cifar10_jpg.zip", "train", "test", 20, seed)


def hymenoptera(data: Path, seed: int) -> ImageTask:
    """Ants and bees in the data set's own parts: 243 images and 153."""
    return _task(f"{data}/hymenoptera/hymenoptera.zip", "train", "val", 10**6, seed)


TASKS: dict[str, Callable[[Path, int], ImageTask]] = {"cifar10_20": cifar10_20, "hymenoptera": hymenoptera}


def _task(archive: str, train: str, test: str, per_class: int, seed: int) -> ImageTask:
    known, unknown = _read(f"{archive}/{train}"), _read(f"{archive}/{test}")
    classes = sorted(set(known.labels if known.labels is not None else ()))
    labelled, held = (_labelled(raw, classes) for raw in (known, unknown))
    rng = np.random.default_rng(seed)
    rows = [np.sort(rng.permutation(np.flatnonzero(labelled.labels == k))[:per_class]) for k in range(len(classes))]
    few = labelled.take(np.concatenate(rows))
    names = np.array([classes[label] for label in few.labels], dtype=object)
    return ImageTask(RawData(known.name, few.modality, few.inputs, names), few, held, len(classes))


def _read(uri: str) -> RawData:
    from autotransfer.readers import read

    raw = read(uri, ReadOptions())
    if raw is None or raw.labels is None:
        raise LookupError(f"{uri}: no labelled images there")
    return raw


def _labelled(raw: RawData, classes: list[str]) -> Dataset:
    y = np.searchsorted(np.array(classes, dtype=object), np.asarray(raw.labels)).astype(np.int64)
    return Dataset(raw.name, raw.modality, np.asarray(raw.inputs), y)
