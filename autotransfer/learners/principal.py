"""Coordinates in which an L2-penalised linear problem is small and well conditioned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array
from autotransfer.learners.rows import Rows

_LARGEST = 512
"""Above so many rows and columns the eigenvectors cost more than they save."""
_SMALL = 2_000_000
"""Up to so many entries a double precision copy is cheap."""


@dataclass(frozen=True, eq=False)
class Coordinates:
    """``X - mean = Z basis⁺``: weights in the coordinates, A, mean ``W = basis A`` and cost ``½ Σ ridge · A²``.

    The optimum of an L2-penalised loss lies in the span of the rows, and a rotation leaves the penalty as it is, so
    nothing is lost: n coordinates are enough for d > n columns.

    :param Z: (n, r).
    :param ridge: (r,).
    :param basis: (d, r), or None for the identity.
    :param mean: (d,), or None for zeros.
    """

    Z: Array
    ridge: Array
    basis: Array | None
    mean: Array | None

    def back(self, A: Array, b: Array) -> tuple[Array, Array]:
        """Weights (d, m) and intercepts (m,) for the original columns."""
        W = A if self.basis is None else self.basis @ A
        return W, b if self.mean is None else b - self.mean @ W


def coordinates(rows: Rows, l2: float, *, centre: bool) -> Coordinates:
    """Principal coordinates, scaled so that loss plus penalty is about equally curved in all of them.

    :param l2: > 0.
    :param centre: subtract the weighted mean first; only for models with a free intercept.
    """
    n, d = rows.X.shape
    if min(n, d) > _LARGEST:
        return Coordinates(rows.X, np.full(d, l2), None, None)
    X = rows.X.astype(np.float64) if n * d <= _SMALL else rows.X
    mean = None
    if centre:
        mean = np.average(X, axis=0, weights=rows.weights.astype(X.dtype))
        X = X - mean
    V, spread = _rotation(X)
    # A logistic loss curves by at most 1/4 of what a squared loss does.
    scale = 1.0 / np.sqrt(0.25 * rows.weights.mean() * spread + l2)
    basis = V * scale
    return Coordinates(X @ basis.astype(X.dtype), l2 * scale**2, basis, mean)


def _rotation(X: Array) -> tuple[Array, Array]:
    """Right singular vectors (d, r) and squared singular values (r,)."""
    n, d = X.shape
    if d <= n:
        spread, V = np.linalg.eigh((X.T @ X).astype(np.float64))
        return V, np.maximum(spread, 0.0)
    wide = X.astype(np.float64)
    spread, U = np.linalg.eigh(wide @ wide.T)
    kept = spread > 1e-13 * max(float(spread[-1]), 1e-300)
    return wide.T @ (U[:, kept] / np.sqrt(spread[kept])), spread[kept]
