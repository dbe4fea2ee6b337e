"""The graph of nearest neighbours."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array


def laplacian(X: Array, neighbors: int) -> Array:
    """I - D^(-1/2) W D^(-1/2) (n, n), W the cosines between neighbours.

    Rows are neighbours of themselves; an edge joins two rows when either is among the other's ``neighbors``. Negative
    cosines count as 0.

    :param X: (n, d), of unit length.
    """
    cosines, n = np.maximum(X @ X.T, 0.0), len(X)
    cosines[np.diag_indices(n)] = 1.0  # zero rows, too, are their own neighbours
    k = min(neighbors, n - 1)
    near = np.argpartition(-cosines, k, axis=1)[:, : k + 1] if k < n - 1 else np.tile(np.arange(n), (n, 1))
    W = np.zeros((n, n))
    np.put_along_axis(W, near, np.take_along_axis(cosines, near, axis=1), axis=1)
    W = np.maximum(np.maximum(W, W.T), np.eye(n))
    roots = 1.0 / np.sqrt(W.sum(axis=1))
    return np.asarray(np.eye(n) - roots[:, None] * W * roots)
