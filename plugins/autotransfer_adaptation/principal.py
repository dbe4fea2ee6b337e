"""Leading principal directions of many wide rows, in seconds."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array

_FIT_ROWS = 5000
"""Rows that directions are computed from; more are thinned out evenly."""


def principal_directions(X: Array, dims: int, seed: int) -> Array:
    """Orthonormal directions of largest variance, (d, k) with k at most ``dims`` and the rank of the centred rows.

    Exact where one side is small, else a randomised decomposition in single precision (Halko, Martinsson and Tropp,
    Finding Structure with Randomness, SIAM Review 2011, https://doi.org/10.1137/090771806).

    :param X: (n, d).
    """
    X = X[:: 1 + len(X) // _FIT_ROWS]
    centered = X - X.mean(axis=0) if len(X) else X
    if min(centered.shape) > 4 * dims:
        from sklearn.utils.extmath import randomized_svd

        _, values, rows = randomized_svd(centered.astype(np.float32), dims, n_iter=2, random_state=seed)
        rows, values = rows.astype(np.float64), values.astype(np.float64)
    else:
        values, rows = _thin(centered)
    rank = int(np.sum(values > 1e-7 * values.max(initial=np.finfo(float).tiny)))
    return np.asarray(rows[: min(dims, rank)].T)


def narrowed(S: Array, T: Array, dims: int, seed: int) -> tuple[Array, Array]:
    """Rows of two domains on the ``dims`` leading directions of both together; as they are when not wider."""
    if S.shape[1] <= dims:
        return S, T
    directions = principal_directions(np.concatenate([S, T]), dims, seed)
    return S @ directions, T @ directions


def _thin(centered: Array) -> tuple[Array, Array]:
    """Singular values, descending, and right singular vectors as rows."""
    n, d = centered.shape
    if n >= d:
        eigenvalues, vectors = np.linalg.eigh(centered.T @ centered)
        return np.sqrt(np.maximum(eigenvalues[::-1], 0.0)), vectors.T[::-1]
    _, values, rows = np.linalg.svd(centered, full_matrices=False)
    return values, rows
