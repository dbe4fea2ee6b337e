"""The features in which the methods that look for components are linear."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array
from autotransfer.task import Context
from autotransfer_adaptation.chain import Chain, Divide, Gaussian, Project, UnitRows
from autotransfer_adaptation.distances import median_squared_distance
from autotransfer_adaptation.principal import principal_directions

KERNELS = ("linear", "gaussian", "primal")
_ANCHORS = 500
"""Rows at most that Gaussian components are spanned by."""
_WIDEST, _PROJECTED = 1024, 512
"""Wider rows are first projected on so many principal directions."""


def kernel_chain(S: Array, T: Array, kernel: str, bandwidth: float, *, unit: bool, ctx: Context) -> Chain:
    """The map x -> f(x) such that components z = A^T f(x) with the penalty ||A||^2 are those of the kernel.

    ``primal``: f(x) = x. ``linear``: coefficients of all n training rows X are looked for, z = A^T X x with A (n, k);
    as A matters only within the span of X, f(x) = V s^(1/2) x for X^T X = V s V^T says the same with d numbers.
    ``gaussian``: f(x) = k(x, anchors), the anchors all rows of both domains, or 500 of them drawn at random (the
    subset of regressors: Smola and Schölkopf, Sparse Greedy Matrix Approximation for Machine Learning, ICML 2000).
    Its width is ``bandwidth`` times the median squared distance.

    :param unit: rows are scaled to unit length first; otherwise all by one number to a mean squared length of 1.
    """
    chain = Chain()
    X = np.concatenate([S, T])
    if X.shape[1] > _WIDEST:
        chain = chain.then(Project(principal_directions(X, _PROJECTED, ctx.seed)))
    length = float(np.sqrt(np.square(chain(X)).sum(axis=1).mean()))
    chain = chain.then(UnitRows() if unit else Divide(length or 1.0))
    if kernel == "primal":
        return chain
    X = chain(X)
    if kernel == "linear":
        spread, V = np.linalg.eigh(X.T @ X)
        kept = spread > 1e-12 * max(float(spread[-1]), 1e-300)
        return chain.then(Project(V[:, kept] * np.sqrt(spread[kept])))
    anchors = X[np.sort(ctx.rng().permutation(len(X))[:_ANCHORS])]
    return chain.then(Gaussian(anchors, 1.0 / (bandwidth * median_squared_distance(anchors))))
