"""The rotation that brings one set of vectors nearest to another."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array


def rotation(X: Array, Y: Array) -> Array:
    """Schönemann, "A generalized solution of the orthogonal Procrustes problem", Psychometrika 31, 1966: the orthogonal
    W that minimises ‖X W - Y‖, U Vᵀ of the singular value decomposition of Xᵀ Y.

    :param X: (n, k). :param Y: (n, k), row by row what X should be near to.
    """
    U, _, Vt = np.linalg.svd(X.T @ Y)
    return np.asarray(U @ Vt)
