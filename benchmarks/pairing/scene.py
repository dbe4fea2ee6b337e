"""Pairs from CIFAR-10 and PACS: which images are learned from, which are searched, which classes nobody names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.problem import ReadOptions
from autotransfer.readers import read
from benchmarks.pairing.captions import HELD_OUT, KNOWN, TEMPLATES, Fact
from benchmarks.pairing.looks import looks

KINDS = {"art_painting": "painting", "cartoon": "cartoon", "photo": "photo", "sketch": "sketch"}
NAMES = tuple(KNOWN)
UNSEEN, SEARCHED = 4, 200
"""Classes that no pair shows or names, and pairs to be told apart at most."""


@dataclass(frozen=True, eq=False)
class Pictures:
    """:param paths: of all images (n,). :param facts: of each. :param test: bool (n,), never learned from."""

    paths: Array
    facts: tuple[Fact, ...]
    test: Array


@dataclass(frozen=True, eq=False)
class Scene:
    """One draw.

    :param pairs: images of seen classes with captions by :data:`TEMPLATES`.
    :param searched: test images of seen classes, no two of which the same can be said of, with captions by
        :data:`HELD_OUT`.
    :param tested: test images of all classes; ``y`` are positions in :data:`NAMES`.
    :param unseen: positions of the classes that no pair is of.
    """

    pairs: Dataset
    searched: Dataset
    tested: Dataset
    unseen: Array

    @property
    def seen(self) -> Array:
        """Positions of the other classes."""
        return np.setdiff1d(np.arange(len(NAMES)), self.unseen)


def pictures(data: Path) -> Pictures:
    """CIFAR-10 in its own parts, and PACS, of which every fifth image of a class and kind is for the test."""
    paths: list[str] = []
    found: list[tuple[str, str, bool]] = []
    for part in ("train", "test"):
        rows, labels = _read(f"{data}/cifar10_jpg/cifar10_jpg.zip/{part}")
        paths += rows
        found += [(name, "photo", part == "test") for name in labels]
    for folder, kind in KINDS.items():
        rows, labels = _read(f"{data}/pacs64/pacs64.zip/{folder}")
        paths += rows
        found += [(name, kind, place % 5 == 0) for place, name in enumerate(labels)]
    everything = np.array(paths, dtype=object)
    colours, shades = looks(Dataset("all", Modality.IMAGE, everything))
    facts = tuple(Fact(n, k, c, s) for (n, k, _), c, s in zip(found, colours, shades, strict=True))
    return Pictures(everything, facts, np.array([held for *_, held in found]))


def scene(everything: Pictures, per_class: int, seed: int) -> Scene:
    """:param per_class: pairs of each seen class, and a fifth as many test images of every class."""
    rng = np.random.default_rng(seed)
    unseen = np.sort(rng.permutation(len(NAMES))[:UNSEEN])
    y = np.array([NAMES.index(fact.name) for fact in everything.facts])
    among = ~np.isin(y, unseen)

    def some(allowed: Array, count: int) -> Array:
        of_each = [rng.permutation(np.flatnonzero(allowed & (y == label)))[:count] for label in np.unique(y[allowed])]
        return np.sort(np.concatenate(of_each))

    def rows(chosen: Array, templates: tuple[str, ...] | None) -> Dataset:
        said = None if templates is None else _said(everything, chosen, templates, rng)
        return Dataset("pictures", Modality.IMAGE, everything.paths[chosen], y[chosen], captions=said)

    learned, tested = some(~everything.test & among, per_class), some(everything.test, max(10, per_class // 5))
    searched = _different(everything, rng.permutation(np.flatnonzero(everything.test & among)))[:SEARCHED]
    pairs = rows(learned, TEMPLATES).without_labels()
    return Scene(pairs, rows(searched, HELD_OUT).without_labels(), rows(tested, None), unseen)


def _said(everything: Pictures, chosen: Array, templates: tuple[str, ...], rng: np.random.Generator) -> Array:
    drawn = rng.integers(len(templates), size=len(chosen))
    captions = [everything.facts[row].caption(templates[t]) for row, t in zip(chosen, drawn, strict=True)]
    return np.array(captions, dtype=object)


def _different(everything: Pictures, order: Array) -> Array:
    """The first image of each fact."""
    first: dict[Fact, int] = {}
    for row in order.tolist():
        first.setdefault(everything.facts[row], row)
    return np.array(list(first.values()))


def _read(uri: str) -> tuple[list[str], list[str]]:
    raw = read(uri, ReadOptions())
    if raw is None or raw.labels is None:
        raise LookupError(f"{uri}: no labelled images there")
    return np.asarray(raw.inputs).tolist(), raw.labels.tolist()
