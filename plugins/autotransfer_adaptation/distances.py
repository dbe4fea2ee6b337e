"""Squared Euclidean distances between rows, and their typical size."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array


def squared_distances(A: Array, B: Array) -> Array:
    """(m, n) of rows A (m, d) and B (n, d), never negative."""
    squares: Array = A @ (-2.0 * B.T)
    squares += np.einsum("ij,ij->i", A, A)[:, None]
    squares += np.einsum("ij,ij->i", B, B)
    return np.maximum(squares, 0.0, out=squares)


def median_squared_distance(X: Array) -> float:
    """Between different rows of X (n, d); 1 where there is none or where it is 0."""
    if len(X) < 2:
        return 1.0
    return float(np.median(squared_distances(X, X)[np.tri(len(X), k=-1, dtype=bool)])) or 1.0
