"""Canonical correlations against a generalised eigenvalue problem."""

from __future__ import annotations

import numpy as np
from autotransfer_crosslingual.cca import canonical_maps, inverse_root
from scipy.linalg import eigh


def pair(rng) -> tuple[np.ndarray, np.ndarray]:
    Z = rng.normal(size=(200, 3))
    X = Z @ rng.normal(size=(3, 5)) + rng.normal(size=(200, 5))
    Y = Z @ rng.normal(size=(3, 4)) + rng.normal(size=(200, 4))
    return X - X.mean(axis=0), Y - Y.mean(axis=0)


def test_correlations_are_those_of_the_eigenvalue_problem(rng) -> None:
    """Cxy Cyy⁻¹ Cyx a = ρ² Cxx a, by scipy."""
    X, Y = pair(rng)
    Cxx, Cyy, Cxy = X.T @ X, Y.T @ Y, X.T @ Y
    squares = eigh(Cxy @ np.linalg.solve(Cyy, Cxy.T), Cxx, eigvals_only=True)[::-1][:4]
    _, _, found = canonical_maps(X, Y, 0.0)
    np.testing.assert_allclose(np.square(found), squares, atol=1e-9)


def test_columns_are_uncorrelated_and_each_is_as_correlated_as_said(rng) -> None:
    X, Y = pair(rng)
    A, B, found = canonical_maps(X, Y, 0.0)
    P, Q = X @ A, Y @ B
    np.testing.assert_allclose(P.T @ P / len(X), np.eye(4), atol=1e-9)
    np.testing.assert_allclose(P.T @ Q / len(X), np.diag(found), atol=1e-9)


def test_a_ridge_lowers_correlations_and_few_rows_stay_finite(rng) -> None:
    X, Y = pair(rng)
    assert (canonical_maps(X, Y, 0.5)[2] < canonical_maps(X, Y, 0.0)[2]).all()
    for rows in (1, 3):
        assert all(np.isfinite(part).all() for part in canonical_maps(X[:rows], Y[:rows], 0.1))
    assert not inverse_root(np.zeros((2, 2)), 0.1).any()
