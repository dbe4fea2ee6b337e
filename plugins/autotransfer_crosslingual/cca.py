"""Directions of two sets of vectors that vary together."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array


def canonical_maps(X: Array, Y: Array, ridge: float) -> tuple[Array, Array, Array]:
    """Canonical correlation analysis (Hotelling, Biometrika 28, 1936): A and B whose columns give uncorrelated X A and
    Y B of variance 1, each column as correlated with its partner as can be.

    :param X: (n, k) centred. :param Y: (n, l) centred, row by row the partner. :param ridge: added to the variances,
        in units of their mean.
    :returns: A (k, m), B (l, m) and the correlations (m,), m the smaller of k and l.
    """
    n = max(len(X), 1)
    left, right = (inverse_root(Z.T @ Z / n, ridge) for Z in (X, Y))
    U, correlations, Vt = np.linalg.svd(left @ (X.T @ Y / n) @ right, full_matrices=False)
    return np.asarray(left @ U), np.asarray(right @ Vt.T), correlations


def inverse_root(covariance: Array, ridge: float) -> Array:
    """(C + ridge · mean variance · I)^(-1/2), directions without variance left out."""
    values, vectors = np.linalg.eigh(covariance)
    mean = max(float(values.mean()), 0.0)
    raised = values + ridge * mean
    known = raised > 1e-10 * max(float(raised.max(initial=0.0)), 1e-300)
    return np.asarray((vectors[:, known] / np.sqrt(raised[known])) @ vectors[:, known].T)
