"""Tiny-ImageNet's base classes by their names: with the shipped encoder, which has seen all of them, and with one that
is trained here without the classes in question."""

from __future__ import annotations

import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from benchmarks.describing.case import Case

UNSEEN, SEED = 20, 0
EPOCHS, SIZE = 1, 64
"""One pass, about two minutes of processor time: an encoder that any machine can make again, not a good one."""
TRAIN, TEST = 30, 20
SHIPPED = "zoo:photo-resnet"


@dataclass(frozen=True, eq=False)
class Pictures:
    """:param X: uint8 (n, 64, 64, 3). :param y: (n,) class indices. :param test: bool (n,), of the folder val."""

    X: Array
    y: Array
    test: Array
    names: tuple[str, ...]

    @property
    def unseen(self) -> tuple[int, ...]:
        """Twenty classes, drawn once."""
        return tuple(np.random.default_rng(SEED).permutation(len(self.names))[:UNSEEN].tolist())


def pictures(data: Path, per_class: int) -> Pictures:
    """Of each class so many training images and all 20 validation images; names are the first of WordNet's synonyms."""
    from PIL import Image

    folder = data / "tinyimagenet_base140"
    lines = (folder / "classes.tsv").read_text(encoding="utf-8").splitlines()
    named = dict(line.split("\t", 1) for line in lines)
    ids = sorted(named)
    taken: dict[tuple[str, str], list[str]] = {}
    with ZipFile(folder / "tinyimagenet_base140.zip") as packed:
        for path in sorted(packed.namelist()):
            if path.endswith(".JPEG"):
                part, label = path.split("/")[:2]
                taken.setdefault((part, label), []).append(path)
        chosen = [(ids.index(label), part == "val", path) for (part, label), paths in sorted(taken.items())
                  for path in (paths if part == "val" else paths[:per_class])]  # fmt: skip
        X = np.stack([np.asarray(Image.open(io.BytesIO(packed.read(path))).convert("RGB")) for *_, path in chosen])
    y, test = np.array([label for label, *_ in chosen]), np.array([held for _, held, _ in chosen])
    return Pictures(X, y, test, tuple(named[label].split(",")[0] for label in ids))


def shipped(found: Pictures, attributes: Array) -> Case:
    """The features of the encoder that ships. It was trained on all 140 classes, with their labels."""
    return _case(f"Tiny-ImageNet, {SHIPPED} (saw these classes)", found, SHIPPED, attributes)


def own(data: Path, attributes: Array) -> Case:
    """The features of an encoder that is trained here on the images of the other 120 classes alone."""
    found = pictures(data, 150)
    with tempfile.TemporaryDirectory() as folder:
        uri = f"zoo:{trained(found, Path(folder))}"
        few = np.concatenate([np.flatnonzero((found.y == label) & ~found.test)[:TRAIN] for label in np.unique(found.y)])
        kept = np.sort(np.concatenate([few, np.flatnonzero(found.test)]))
        part = Pictures(found.X[kept], found.y[kept], found.test[kept], found.names)
        return _case("Tiny-ImageNet, encoder trained without them", part, uri, attributes)


def trained(found: Pictures, folder: Path) -> Path:
    """An entry of a zoo, trained by the recipe ``supervised`` on the training images of the seen classes."""
    from autotransfer.plugins import load_catalogue
    from autotransfer.pretraining.job import Order, pretrain
    from autotransfer.pretraining.supervised import Supervised

    rows = ~found.test & ~np.isin(found.y, found.unseen)
    path = folder / "seen.npz"
    np.savez(path, X=found.X[rows], y=np.array(found.names)[found.y[rows]])
    order = Order(str(path), Supervised(), str(folder / "encoder"), epochs=EPOCHS, size=SIZE)
    pretrain(order, load_catalogue().hook, lambda words: print(words, file=sys.stderr, flush=True))
    return folder / "encoder"


def _case(name: str, found: Pictures, uri: str, attributes: Array) -> Case:
    from autotransfer.pretrained.zoo_source import open_zoo_source

    source = open_zoo_source(uri)
    if source is None or source.encoder is None:
        raise TypeError(f"{uri} is no encoder")
    rows = Dataset(name, Modality.IMAGE, found.X)
    return Case(name, source.encoder.fit(rows).transform(rows), found.y, attributes, [found.unseen], found.test)
