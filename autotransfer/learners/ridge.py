"""The ridge solver: L2-penalised least squares."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array
from autotransfer.learners.principal import Coordinates, coordinates
from autotransfer.learners.rows import Rows


def solve_ridge(rows: Rows, l2: float, *, intercept: bool = True) -> tuple[Array, Array]:
    """Minimise ``½ Σ wᵢ (yᵢ - xᵢ W - b)² + ½ l2 ‖W‖²``.

    :param l2: > 0.
    :param intercept: whether there is a b; it is not penalised.
    :returns: W (d, 1) and b (1,).
    """
    space = coordinates(rows, l2, centre=intercept)
    level = np.average(rows.y, weights=rows.weights) if intercept else 0.0
    if space.basis is None:
        A, b = _iterate(rows, l2, level if intercept else None)
        return A[:, None], np.array([b])
    A = _eliminate(space, rows, rows.y - level)
    return space.back(A[:, None], np.array([level]))


def _eliminate(space: Coordinates, rows: Rows, y: Array) -> Array:
    Z = space.Z.astype(np.float64)
    gram = Z.T @ (Z * rows.weights[:, None])
    gram[np.diag_indices_from(gram)] += space.ridge
    return np.asarray(np.linalg.solve(gram, Z.T @ (rows.weights * y)))


def _iterate(rows: Rows, l2: float, level: float | None) -> tuple[Array, float]:
    """Conjugate gradients: where forming the Gram matrix would take seconds."""
    from scipy.sparse.linalg import LinearOperator, cg

    X, weights, d = rows.X, rows.weights, rows.X.shape[1]
    mean = np.zeros(d) if level is None else np.asarray(X.T @ weights.astype(X.dtype), np.float64) / weights.sum()

    def forward(w: Array) -> Array:
        return np.asarray(np.asarray(X @ w.astype(X.dtype), np.float64) - mean @ w)

    def backward(r: Array) -> Array:
        r = weights * r
        return np.asarray(np.asarray(X.T @ r.astype(X.dtype), np.float64) - mean * r.sum())

    normal = LinearOperator((d, d), matvec=lambda w: backward(forward(w.ravel())) + l2 * w.ravel(), dtype=np.float64)
    found = cg(normal, backward(rows.y - (level or 0.0)), rtol=1e-6, maxiter=200)
    A = np.asarray(found[0])
    return A, (level or 0.0) - float(mean @ A)
