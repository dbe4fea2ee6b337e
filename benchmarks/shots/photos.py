"""Five-way tasks of photographs: classes of CIFAR-10, and twenty of Tiny-ImageNet that nothing learns from but the
encoder that ships."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from autotransfer_fewshot.anil import Anil
from autotransfer_fewshot.baseline_plus_plus import BaselinePlusPlus
from autotransfer_fewshot.cosine_classifier import CosineClassifier
from autotransfer_fewshot.maml import Maml
from autotransfer_fewshot.matching_networks import MatchingNetworks
from autotransfer_fewshot.nearest_centroid import NearestCentroid
from autotransfer_fewshot.prototypical_networks import PrototypicalNetworks
from autotransfer_fewshot.simple_shot import SimpleShot

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.encoder import FittedEncoder
from autotransfer.encoders.pixels_rgb import PixelsRgbEncoder
from autotransfer.method import Method
from autotransfer.problem import ReadOptions
from autotransfer.task import Source
from benchmarks.describing.images import SHIPPED, Pictures, pictures, trained
from benchmarks.shots.measure import episodes, interval, on_runs, say

SHOTS = (1, 5)
SCRATCH = "from scratch"
NOVEL, SAW = "Tiny-ImageNet, 20 classes", " (saw these)"


@dataclass(frozen=True, eq=False)
class Photos:
    """:param base: images of classes to learn from. :param targets: name -> images of other classes."""

    base: Dataset
    targets: dict[str, Dataset]
    pictures: Pictures


def photos(data: Path, per_class: int) -> Photos:
    """``per_class``: training images of each of the 120 classes to learn from."""
    found = pictures(data, per_class)
    new = np.isin(found.y, found.unseen)
    kept = ~new & ~found.test
    base = Dataset("base", Modality.IMAGE, found.X[kept], np.unique(found.y[kept], return_inverse=True)[1])
    held = Dataset("novel", Modality.IMAGE, found.X[new & found.test], found.y[new & found.test])
    return Photos(base, {"CIFAR-10": _cifar(data), NOVEL: held}, found)


def _cifar(data: Path) -> Dataset:
    from autotransfer.encoders.images import read_pixels
    from autotransfer.readers import read

    raw = read(f"{data}/cifar10_jpg/cifar10_jpg.zip/test", ReadOptions())
    if raw is None or raw.labels is None:
        raise LookupError(f"{data}: no labelled images of CIFAR-10 there")
    rows = Dataset("cifar10", raw.modality, raw.inputs)  # type: ignore[arg-type]
    y = np.unique(raw.labels.astype(str), return_inverse=True)[1]
    return Dataset("cifar10", Modality.IMAGE, read_pixels(rows, 32, 3), y)


def table(found: Photos, passes: int, count: int) -> Iterator[dict[str, Any]]:
    """Rows of all methods: on pixels, on the encoder that ships, and from scratch."""
    yield from on_encoder(found, PixelsRgbEncoder().fit(found.base), "pixels", [NearestCentroid()], count)
    yield from on_encoder(found, _zoo(SHIPPED), SHIPPED, featured(passes), count)
    yield from _compared(found, SCRATCH, found.base, found.targets, scratch(passes), count)


def featured(passes: int) -> list[Method]:
    """What works on features of an encoder, with or without training on those of the base classes."""
    return [
        NearestCentroid(),
        SimpleShot(),
        CosineClassifier(),
        PrototypicalNetworks(passes=passes, width=128),
        MatchingNetworks(passes=passes, width=128),
        BaselinePlusPlus(epochs=passes, width=128),
        Maml(passes=max(1, passes // 4), width=128),
        Anil(passes=max(1, passes // 4), width=128),
    ]


def scratch(passes: int) -> list[Method]:
    """What learns a network from the base classes' images."""
    return [
        PrototypicalNetworks(passes=passes, augment="crop"),
        MatchingNetworks(passes=passes, augment="crop"),
        BaselinePlusPlus(epochs=passes, augment="crop"),
        Maml(passes=max(1, passes // 4), augment="crop"),
        Anil(passes=max(1, passes // 4), augment="crop"),
    ]


def own_encoder(found: Photos, data: Path, passes: int, count: int) -> Iterator[dict[str, Any]]:
    """The same on an encoder that is trained here without the twenty classes."""
    with tempfile.TemporaryDirectory() as folder:
        place = trained(pictures(data, 150), Path(folder))
        yield from on_encoder(found, _zoo(f"zoo:{place}"), "encoder trained without them", featured(passes), count)


def on_encoder(
    found: Photos, encoder: FittedEncoder, name: str, methods: list[Method], count: int
) -> Iterator[dict[str, Any]]:
    """Features of base and target images by one encoder."""

    def encoded(rows: Dataset) -> Dataset:
        return rows.with_inputs(encoder.transform(rows))

    targets = {target: encoded(rows) for target, rows in found.targets.items()}
    yield from _compared(found, name, encoded(found.base), targets, methods, count)


def _compared(
    found: Photos, name: str, base: Dataset, targets: dict[str, Dataset], methods: list[Method], count: int
) -> Iterator[dict[str, Any]]:
    classes = tuple(f"base {label}" for label in range(int(base.labels.max()) + 1))
    source = Source("base", Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS, base, classes)
    sets = [episodes(rows, np.unique(rows.labels), shots, count) for rows in targets.values() for shots in SHOTS]
    for method in methods:
        done = on_runs(method, source, sets)
        means = [interval(one) for one in done.accuracies]
        for place, target in enumerate(targets):
            one, five = means[2 * place : 2 * place + 2]
            say(f"{target}, {name}: {method.name}: {one[0]:.3f}, {five[0]:.3f}")
            yield {
                "table": f"{target}, 5-way, {count} tasks (accuracy)",
                "features": name + (SAW if name == SHIPPED and target == NOVEL else ""),
                "method": method.name,
                "1-shot %": 100 * one[0],
                "± 1": 100 * one[1],
                "5-shot %": 100 * five[0],
                "± 5": 100 * five[1],
                "cpu s": done.seconds,
                "peak MiB": done.peak,
            }


def _zoo(uri: str) -> FittedEncoder:
    from autotransfer.pretrained.zoo_source import open_zoo_source

    source = open_zoo_source(uri)
    if source is None or source.encoder is None:
        raise TypeError(f"{uri} is no encoder")
    return source.encoder.fit(Dataset("nothing", Modality.IMAGE, np.empty((0, 64, 64, 3), np.uint8)))
