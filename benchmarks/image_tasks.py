"""Image classification with few labels: what the zoo is tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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


def cifar10_few(per_class: int, data: Path, seed: int) -> ImageTask:
    """CIFAR-10 with as many training images of each class as said."""
    return _task(f"{data}/cifar10_jpg/cifar10_jpg.zip", "train", "test", per_class, seed)


def style(domain: str, tested: int, data: Path, seed: int) -> ImageTask:
    """One style of PACS: 20 training images of each of seven classes, drawn by the seed, and so many others to test."""
    raw = _read(f"{data}/pacs64/pacs64.zip/{domain}")
    classes = sorted(set(raw.labels if raw.labels is not None else ()))
    rows, rng = _labelled(raw, classes), np.random.default_rng(seed)
    drawn = [rng.permutation(np.flatnonzero(rows.labels == k)) for k in range(len(classes))]
    few, held = (np.concatenate([part[cut] for part in drawn]) for cut in (slice(20), slice(20, 20 + tested)))
    return _given(raw, rows.take(few), rows.take(held), classes)


TASKS: dict[str, Callable[[Path, int], ImageTask]] = {"cifar10_20": cifar10_20, "hymenoptera": hymenoptera}
FEWER: dict[str, Callable[[Path, int], ImageTask]] = {
    "cifar10_5": partial(cifar10_few, 5),
    "cifar10_10": partial(cifar10_few, 10),
    "pacs_sketch": partial(style, "sketch", 100),
}
"""Further ones, for networks that are trained."""


def _task(archive: str, train: str, test: str, per_class: int, seed: int) -> ImageTask:
    known, unknown = _read(f"{archive}/{train}"), _read(f"{archive}/{test}")
    classes = sorted(set(known.labels if known.labels is not None else ()))
    labelled, held = (_labelled(raw, classes) for raw in (known, unknown))
    rng = np.random.default_rng(seed)
    rows = [np.sort(rng.permutation(np.flatnonzero(labelled.labels == k))[:per_class]) for k in range(len(classes))]
    return _given(known, labelled.take(np.concatenate(rows)), held, classes)


def _given(raw: RawData, few: Dataset, held: Dataset, classes: list[str]) -> ImageTask:
    names = np.array([classes[label] for label in few.labels], dtype=object)
    return ImageTask(RawData(raw.name, few.modality, few.inputs, names), few, held, len(classes))


def _read(uri: str) -> RawData:
    from autotransfer.readers import read

    raw = read(uri, ReadOptions())
    if raw is None or raw.labels is None:
        raise LookupError(f"{uri}: no labelled images there")
    return raw


def _labelled(raw: RawData, classes: list[str]) -> Dataset:
    y = np.searchsorted(np.array(classes, dtype=object), np.asarray(raw.labels)).astype(np.int64)
    return Dataset(raw.name, raw.modality, np.asarray(raw.inputs), y)
