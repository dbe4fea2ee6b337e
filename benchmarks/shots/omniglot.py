"""Omniglot: the two minimal background sets to learn from, the 20 official one-shot runs to be tested by."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset, Modality
from autotransfer.task import Source, Task

BACKGROUND = ("images_background_small1.zip", "images_background_small2.zip")
RUNS = "oneshot_all_runs.zip"
WAYS = 20


@dataclass(frozen=True, eq=False)
class Characters:
    """:param images: (n, 105, 105) uint8. :param y: (n,) characters. :param alphabet: (n,)."""

    images: Array
    y: Array
    alphabet: Array

    def source(self, alphabets: Array) -> Source:
        """The drawings of these alphabets, each a domain."""
        kept = np.isin(self.alphabet, alphabets)
        classes = np.unique(self.y[kept], return_inverse=True)[1]
        rows = Dataset("omniglot", Modality.IMAGE, self.images[kept], classes, self.alphabet[kept])
        names = tuple(str(label) for label in range(int(classes.max()) + 1))
        return Source("omniglot", Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS, rows, names)


def background(data: Path) -> Characters:
    """All drawings of the two minimal sets, those that stand in both once."""
    found: dict[str, Array] = {}
    for archive in BACKGROUND:
        with ZipFile(data / "omniglot" / archive) as packed:
            drawings = (name for name in sorted(packed.namelist()) if name.endswith(".png"))
            found |= {name.partition("/")[2]: _image(packed.read(name)) for name in drawings}
    y = np.unique([name.rpartition("/")[0] for name in found], return_inverse=True)[1]
    alphabet = np.unique([name.partition("/")[0] for name in found], return_inverse=True)[1]
    return Characters(np.stack(list(found.values())), y, alphabet)


def official_runs(data: Path) -> Iterator[tuple[Task, Dataset]]:
    """Of each run a task of twenty drawings, one a class, and twenty more to be told."""
    with ZipFile(data / "omniglot" / RUNS) as packed:
        for run in range(1, 21):
            folder = f"run{run:02d}"
            lines = packed.read(f"{folder}/class_labels.txt").decode().splitlines()
            pairs = [line.split() for line in lines if line.strip()]
            classes = [f"{folder}/training/class{label:02d}.png" for label in range(1, WAYS + 1)]
            shown = np.stack([_image(packed.read(name)) for name in classes])
            asked = np.stack([_image(packed.read(name)) for name, _ in pairs])
            y = np.array([classes.index(name) for _, name in pairs])
            yield _task(folder, shown, np.arange(WAYS)), Dataset(folder, Modality.IMAGE, asked, y)


def held_out_runs(
    characters: Characters, alphabets: Array, count: int, seed: int = 0
) -> Iterator[tuple[Task, Dataset]]:
    """The same of characters of these alphabets: twenty of one alphabet (all where there are fewer), two drawings of
    each by two people."""
    rng = np.random.default_rng(seed)
    for index in range(count):
        here = np.flatnonzero(characters.alphabet == alphabets[index % len(alphabets)])
        chosen = rng.permutation(np.unique(characters.y[here]))[:WAYS]
        pairs = np.stack([rng.permutation(here[characters.y[here] == label])[:2] for label in chosen])
        images, y = characters.images, np.arange(len(chosen))
        name = f"held out {index}"
        yield _task(name, images[pairs[:, 0]], y), Dataset(name, Modality.IMAGE, images[pairs[:, 1]], y)


def _task(name: str, images: Array, y: Array) -> Task:
    return Task(Dataset(name, Modality.IMAGE, images, y), tuple(str(label) for label in y))


def _image(content: bytes) -> Array:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("L"), np.uint8)
