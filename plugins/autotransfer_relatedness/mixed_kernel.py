"""MMD^2 with the mean of five Gaussian kernels, whose widths follow the distances of the rows."""

from __future__ import annotations

import sys

import numpy as np

from autotransfer.data import Array
from autotransfer_relatedness.rows import choose

_CHUNK = 500
"""Kernel rows in memory at a time."""


def mixed_mmd2(S: Array, T: Array, scale: float) -> float:
    """The unbiased estimate for (m, d) and (n, d) rows, two each at least; see :func:`bandwidths` for ``scale`` > 0."""
    # Loading PyTorch takes longer than this; where something else needs it already, its operators are faster.
    return _by_operator(S, T, scale) if "torch" in sys.modules else _by_numpy(S, T, scale)


def bandwidths(scale: float) -> list[float]:
    """Of the five kernels, for a median of squared distances."""
    return [scale * factor for factor in (0.25, 0.5, 1.0, 2.0, 4.0)]


def _by_operator(S: Array, T: Array, scale: float) -> float:
    import torch

    from autotransfer.kernels import mmd2

    x, y = (torch.from_numpy(np.ascontiguousarray(sample)) for sample in (S, T))
    return float(mmd2(x, y, bandwidths(scale))) / 5.0


def _by_numpy(S: Array, T: Array, scale: float) -> float:
    m, n = len(S), len(T)
    # k(x, x) = 1 is taken off both diagonals.
    within_source = (_kernel_sum(S, S, scale) - m) / (m * (m - 1))
    within_target = (_kernel_sum(T, T, scale) - n) / (n * (n - 1))
    return within_source + within_target - 2.0 * _kernel_sum(S, T, scale) / (m * n)


def _kernel_sum(A: Array, B: Array, scale: float) -> float:
    """Sum of the mixed kernel over all pairs of rows."""
    total = 0.0
    for start in range(0, len(A), _CHUNK):
        kernel = np.exp(_squared_distances(A[start : start + _CHUNK], B) / (-4.0 * scale))
        total += float(kernel.sum())
        for _ in range(4):
            # Halving the bandwidth squares the kernel: one exponential serves all five.
            np.square(kernel, out=kernel)
            total += float(kernel.sum())
    return total / 5.0


def _squared_distances(A: Array, B: Array) -> Array:
    squares = np.einsum("ij,ij->i", A, A)[:, None] + np.einsum("ij,ij->i", B, B) - 2.0 * (A @ B.T)
    return np.asarray(np.maximum(squares, 0.0))


def median_squared_distance(X: Array, rng: np.random.Generator) -> float:
    """Over pairs of at most 1,000 of the rows."""
    X = X[choose(rng, len(X), 1000)]
    return float(np.median(_squared_distances(X, X)[np.triu_indices(len(X), 1)]))
