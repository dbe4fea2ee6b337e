"""The logistic solver: L2-penalised logistic regression with two or more classes."""

from __future__ import annotations

from typing import Any

import numpy as np

from autotransfer.data import Array
from autotransfer.learners.links import probabilities, sigmoid
from autotransfer.learners.newton import minimize_newton
from autotransfer.learners.principal import coordinates
from autotransfer.learners.rows import Rows

_FEW, _QUICK = 160, 30_000_000
"""Up to so many weights, and products in their second derivatives, a dozen Newton steps cost less than a hundred
gradients."""
_MANY = 2_000_000
"""From so many products in a score on, single precision pays."""


def solve_logistic(
    rows: Rows, l2: float, offset: Array | None = None, *, intercept: bool = True
) -> tuple[Array, Array]:
    """Minimise ``Σ wᵢ loss(yᵢ, offsetᵢ + xᵢ W + b) + ½ l2 ‖W‖²``.

    :param l2: > 0.
    :param offset: (n, m) fixed part of the scores; None: zeros. m is 1 for two classes, else the number of classes.
    :param intercept: whether there is a b; it is not penalised.
    :returns: W (d, m) and b (m,).
    """
    space = coordinates(rows, l2, centre=intercept)
    Z = np.column_stack([space.Z, np.ones(len(rows.y), space.Z.dtype)]) if intercept else space.Z
    ridge = np.append(space.ridge, 0.0) if intercept else space.ridge
    m = 1 if rows.n_classes == 2 else rows.n_classes
    fixed = np.zeros((len(rows.y), m)) if offset is None else offset
    A = _minimum(Z, rows, ridge, fixed).reshape(Z.shape[1], m)
    return space.back(A[: len(space.ridge)], A[-1] if intercept else np.zeros(m))


def _minimum(Z: Array, rows: Rows, ridge: Array, offset: Array) -> Array:
    m = offset.shape[1]
    start = np.zeros(Z.shape[1] * m)
    if len(start) <= _FEW and len(Z) * len(start) ** 2 <= _QUICK and Z.dtype == np.float64:
        return minimize_newton(
            lambda flat: logistic_objective(flat, Z, rows, ridge, offset),
            lambda flat: logistic_curvature(flat, Z, rows, ridge, offset),
            start,
        )
    import scipy.optimize

    options: Any = {"maxiter": 200, "gtol": 1e-6, "ftol": 1e-10}
    if Z.dtype == np.float32:
        # Large: sums over float32 products are known to about 1e-5, asking for more only wastes line searches.
        options = {"maxiter": 60, "gtol": 1e-4, "ftol": 1e-7}
    elif Z.size * m > _MANY:
        Z, options = Z.astype(np.float32), {"maxiter": 200, "gtol": 1e-5, "ftol": 1e-8}
    minimize: Any = scipy.optimize.minimize
    rest = (Z, rows, ridge, offset)
    return np.asarray(minimize(logistic_objective, start, rest, jac=True, method="L-BFGS-B", options=options).x)


def logistic_objective(flat: Array, Z: Array, rows: Rows, ridge: Array, offset: Array) -> tuple[float, Array]:
    """Penalised loss per unit of weight, and its gradient.

    :param flat: (r * m,) weights of the coordinates Z (n, r).
    :param ridge: (r,) penalty of each coordinate.
    :param offset: (n, m) fixed scores.
    """
    A = flat.reshape(Z.shape[1], -1)
    losses, residual = _loss(_scores(A, Z, offset), rows.y)
    total = rows.weights.sum()
    residual *= rows.weights
    value = rows.weights @ losses + 0.5 * (ridge @ (A * A)).sum()
    gradient = np.asarray(residual.astype(Z.dtype, copy=False) @ Z, np.float64).T + ridge[:, None] * A
    return float(value / total), gradient.ravel() / total


def logistic_curvature(flat: Array, Z: Array, rows: Rows, ridge: Array, offset: Array) -> Array:
    """Second derivatives (r * m, r * m) of :func:`logistic_objective`."""
    r = Z.shape[1]
    scores = _scores(flat.reshape(r, -1), Z, offset)
    shares = sigmoid(scores) if len(scores) == 1 else probabilities(scores.T).T
    blocks = np.empty((r, len(scores), r, len(scores)))
    for a, first in enumerate(shares):
        for b, second in enumerate(shares[: a + 1]):
            spread = rows.weights * first * ((1.0 - first) if a == b else -second)
            blocks[:, a, :, b] = blocks[:, b, :, a] = Z.T @ (Z * spread[:, None])
        blocks[np.arange(r), a, np.arange(r), a] += ridge
    return np.asarray(blocks.reshape(len(flat), len(flat)) / rows.weights.sum())


def _scores(A: Array, Z: Array, offset: Array) -> Array:
    """Shape (m, n): sums over a few classes are fast along the first axis."""
    return np.asarray(A.T.astype(Z.dtype, copy=False) @ Z.T, np.float64) + offset.T


def _loss(scores: Array, y: Array) -> tuple[Array, Array]:
    """Losses (n,) and their derivative by the scores (m, n), which are overwritten."""
    if len(scores) == 1:
        logits = scores[0]
        small = np.exp(-np.abs(logits))
        losses = np.maximum(logits, 0.0) + np.log1p(small) - y * logits
        return losses, (np.where(logits >= 0, 1.0, small) / (1.0 + small) - y)[None]
    each = np.arange(len(y))
    scores -= scores.max(axis=0)
    own = scores[y, each]
    np.exp(scores, out=scores)
    total = scores.sum(axis=0)
    scores /= total
    scores[y, each] -= 1.0
    return np.log(total) - own, scores
