"""Rows of toy problems, drawn from a fixed seed."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.testing.render import read_only, render

WIDTH = 6


def means(classes: int) -> Array:
    """Class means on a circle of radius 2 in the first two of the features; (classes, WIDTH)."""
    angles = 2 * np.pi * np.arange(classes) / classes
    means = np.zeros((classes, WIDTH))
    means[:, 0], means[:, 1] = 2 * np.cos(angles), 2 * np.sin(angles)
    return means


class Draw:
    """Rows from one generator."""

    def __init__(self, seed: int, modality: Modality) -> None:
        self.rng = np.random.default_rng(seed)
        self.modality = modality

    def rows(self, name: str, X: Array, y: Array) -> Dataset:
        return Dataset(name, self.modality, render(X, self.modality), read_only(y))

    def latent_blobs(self, n: int, degrees: float = 0.0, classes: int = 3) -> tuple[Array, Array]:
        """Gaussian classes around :func:`means`, turned in the plane of the first two features."""
        y = self.rng.permutation(np.arange(n) % classes)
        X = means(classes)[y] + self.rng.normal(0, 0.7, (n, WIDTH))
        cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        X[:, :2] = X[:, :2] @ np.array([[cos, sin], [-sin, cos]])
        return X, y

    def blobs(self, name: str, n: int, degrees: float = 0.0, classes: int = 3) -> Dataset:
        return self.rows(name, *self.latent_blobs(n, degrees, classes))

    def halves(self, name: str, n: int, centre: float = 0.0) -> Dataset:
        """Two classes on both sides of the plane x0 + x1 = 0."""
        X = self.rng.normal(0, 1, (n, WIDTH))
        X[:, 0] += centre
        return self.rows(name, X, (X[:, 0] + X[:, 1] > 0).astype(np.int64))

    def halves_unlabeled(self, n: int) -> Dataset:
        return self.halves("unlabeled", n).without_labels()

    def values(self, name: str, n: int, offset: float = 0.0) -> Dataset:
        """y = 2 x0 - x1 + noise, inputs and values offset."""
        X = self.rng.normal(offset, 1, (n, WIDTH))
        return self.rows(name, X, 2 * X[:, 0] - X[:, 1] + offset + self.rng.normal(0, 0.3, n))

    def latent_noise(self, n: int) -> tuple[Array, Array]:
        return self.rng.normal(2, 4, (n, WIDTH)), self.rng.integers(0, 3, n)
