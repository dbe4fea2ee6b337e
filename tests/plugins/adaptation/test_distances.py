"""Distances against SciPy's."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.distances import median_squared_distance, squared_distances
from scipy.spatial.distance import cdist, pdist


def test_equals_scipy() -> None:
    """||a - b||^2, also where rows coincide."""
    rng = np.random.default_rng(0)
    A, B = rng.normal(size=(30, 5)), rng.normal(size=(20, 5))
    B[0] = A[0]
    np.testing.assert_allclose(squared_distances(A, B), cdist(A, B, "sqeuclidean"), atol=1e-12)
    assert (squared_distances(A, B) >= 0).all()


def test_median_is_over_different_rows() -> None:
    """Equal to SciPy's pairs; 1 for a single row and for equal rows."""
    X = np.random.default_rng(1).normal(size=(15, 3))
    np.testing.assert_allclose(median_squared_distance(X), np.median(pdist(X, "sqeuclidean")))
    assert median_squared_distance(X[:1]) == median_squared_distance(np.ones((4, 2))) == 1.0
