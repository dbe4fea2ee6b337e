"""The Laplacian of the neighbours' graph."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.graph import laplacian


def _unit(shape: tuple[int, int]) -> np.ndarray:
    X = np.random.default_rng(0).normal(size=shape)
    return X / np.linalg.norm(X, axis=1, keepdims=True)


def test_is_a_normalised_laplacian() -> None:
    """Symmetric, eigenvalues in [0, 2], and D^(1/2) 1 in its null space."""
    L = laplacian(_unit((40, 3)), 4)
    np.testing.assert_allclose(L, L.T)
    values, vectors = np.linalg.eigh(L)
    assert values[0] > -1e-9
    assert values[-1] <= 2.0
    null = vectors[:, 0] * np.sign(vectors[0, 0])
    assert values[0] < 1e-9
    assert (null > -1e-9).all()


def test_edges_join_neighbours_either_way() -> None:
    """W_ij > 0 off the diagonal exactly when i is among the k nearest of j, or the other way round, by cosine."""
    X, k = _unit((25, 3)), 3
    cosines = X @ X.T
    near = np.argsort(-cosines, axis=1)[:, : k + 1]
    expected = np.zeros((25, 25), dtype=bool)
    np.put_along_axis(expected, near, values=True, axis=1)
    expected = (expected | expected.T) & (cosines > 0)
    np.testing.assert_array_equal((laplacian(X, k) < 0) | np.eye(25, dtype=bool), expected)


def test_few_and_zero_rows() -> None:
    """More neighbours than rows, and rows without a direction: finite."""
    assert np.isfinite(laplacian(np.zeros((3, 2)), 10)).all()
    assert laplacian(_unit((1, 2)), 5).shape == (1, 1)
