"""Rows of real image classes, as the zoo's encoder sees them: what simulated sources are made of."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image

from autotransfer.data import Array, Dataset, Modality
from autotransfer.plugins import load_catalogue

SPACE, ROWS = "zoo:photo-resnet", 20
_ARCHIVES = {
    "pacs": ("pacs64/pacs64.zip", ("art_painting", "cartoon", "photo", "sketch")),
    "tinyimagenet": ("tinyimagenet_base140/tinyimagenet_base140.zip", ("train",)),
    "cifar10": ("cifar10_jpg/cifar10_jpg.zip", ("train",)),
}


def real_classes(data: Path) -> dict[str, Array]:
    """Domain -> (classes, 20, d) encoded rows. Some 200 classes of eight domains."""
    images: dict[str, Array] = {}
    for name, (file, parts) in _ARCHIVES.items():
        images |= {f"{name} {part}": _archive(data / file, part) for part in parts}
    images["mnist"] = _digits(data)
    images["pneumonia"] = _lungs(data)
    encoder = load_catalogue().hook.open_source(uri=SPACE).encoder
    found = {}
    for name, stack in images.items():
        rows = Dataset(name, Modality.IMAGE, stack.reshape(-1, *stack.shape[2:]))
        found[name] = encoder.fit(rows).transform(rows).reshape(*stack.shape[:2], -1)
    return found


def _archive(file: Path, part: str) -> Array:
    """(classes, 20, height, width, 3) uint8: the first images of each class folder of a part."""
    with zipfile.ZipFile(file) as archive:
        folders: dict[str, list[str]] = defaultdict(list)
        for name in sorted(archive.namelist()):
            path = PurePosixPath(name)
            if path.suffix.lower() in (".jpg", ".jpeg") and path.parts[-3] == part:
                folders[path.parts[-2]].append(name)
        chosen = [names[:ROWS] for names in folders.values() if len(names) >= ROWS]
        return np.stack([np.stack([_image(archive.read(name)) for name in names]) for names in chosen])


def _image(content: bytes) -> Array:
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("RGB"))


def _digits(data: Path) -> Array:
    with np.load(data / "digits_mnist10k_usps" / "digits.npz", allow_pickle=False) as file:
        return _firsts(file["mnist_test_X"], file["mnist_test_y"])


def _lungs(data: Path) -> Array:
    with np.load(data / "pneumoniamnist" / "pneumoniamnist.npz", allow_pickle=False) as file:
        return _firsts(file["val_images"], file["val_labels"].ravel())


def _firsts(images: Array, labels: Array) -> Array:
    """The first rows of each class, in three channels."""
    chosen = np.stack([images[np.flatnonzero(labels == label)[:ROWS]] for label in np.unique(labels)])
    return np.repeat(chosen[..., None], 3, axis=-1)
