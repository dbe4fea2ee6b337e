"""Nearest rows by one matrix product."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array


def nearest(queries: Array, rows: Array, k: int, *, themselves: bool = True) -> Array:
    """Positions of the k nearest rows (Euclidean) of each query, (n, k), in no order.

    :param k: at most the number of rows, less 1 without ``themselves``.
    :param themselves: False where queries are the rows, and no row is to be its own neighbour.
    """
    # A query's own norm changes nothing.
    distances = np.einsum("ij,ij->i", rows, rows) - 2.0 * (queries @ rows.T)
    if not themselves:
        np.fill_diagonal(distances, np.inf)
    return np.argpartition(distances, k - 1, axis=1)[:, :k]
