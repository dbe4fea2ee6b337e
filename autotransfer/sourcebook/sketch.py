"""A source, or a target, in a few vectors: the mean of each class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from autotransfer.data import Array

MOST = 16
"""Vectors that a sketch has at most."""
_BINS, _CLUSTER = 4, 10


@final
@dataclass(frozen=True, eq=False)
class Sketch:
    """:param means: (p, d) float32, 1 <= p <= 16. :param shares: (p,) of the rows, adding up to 1."""

    means: Array
    shares: Array


def sketch(X: Array, y: Array | None) -> Sketch:
    """Of encoded rows X (n, d), n >= 1.

    :param y: (n,) class numbers or other names: the mean of each class, similar ones together where there are more than
        16 (k-means of class means). Floats: the mean of each quarter of the values. None: one mean.
    """
    means, counts = _class_means(np.asarray(X, dtype=np.float64), _groups(len(X), y))
    return Sketch(*_shared(*_together(means, counts, MOST)))


def sketch_unseen(X: Array) -> Sketch:
    """Of encoded rows (n, d) whose labels must not be looked at: means of clusters of ten rows or more, on average."""
    return Sketch(*_shared(*_together(np.asarray(X, dtype=np.float64), np.ones(len(X)), max(1, len(X) // _CLUSTER))))


def _shared(means: Array, counts: Array) -> tuple[Array, Array]:
    return means.astype(np.float32), counts / counts.sum()


def _groups(n: int, y: Array | None) -> Array:
    if y is None:
        return np.zeros(n, dtype=np.int64)
    if np.asarray(y).dtype.kind == "f":
        cuts = np.quantile(y, np.linspace(0, 1, _BINS + 1)[1:-1])
        return np.searchsorted(cuts, y, side="right")
    return np.unique(y, return_inverse=True)[1]


def _class_means(X: Array, group: Array, weights: Array | None = None) -> tuple[Array, Array]:
    present, group = np.unique(group, return_inverse=True)
    counts = np.bincount(group, weights)
    sums = np.zeros((len(present), X.shape[1]))
    np.add.at(sums, group, X if weights is None else X * weights[:, None])
    return sums / counts[:, None], counts


def _together(means: Array, counts: Array, most: int) -> tuple[Array, Array]:
    """At most ``most`` means, and never more than a sketch has, by k-means."""
    if len(means) <= min(most, MOST):
        return means, counts
    most = min(most, MOST, len(np.unique(means, axis=0)))
    from sklearn.cluster import KMeans

    found = KMeans(most, n_init=1, random_state=0).fit(means, sample_weight=counts)
    return _class_means(means, found.labels_, counts)
