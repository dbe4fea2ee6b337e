"""Features that stand for kernels."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_adaptation.kernel_features import kernel_chain

from autotransfer.task import Context


@pytest.mark.parametrize("shape", [(30, 4), (10, 25)], ids=["tall", "wide"])
def test_linear_features_say_what_coefficients_of_all_rows_say(shape: tuple[int, int]) -> None:
    """The problems min a^T K M K a + |a|^2 over a^T K H K a and its small form have equal eigenvalues, for any M."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=shape)
    n = len(X)
    F = kernel_chain(X[: n // 2], X[n // 2 :], "linear", 1.0, unit=True, ctx=Context())(X)
    U = X / np.linalg.norm(X, axis=1, keepdims=True)
    K, H, e = U @ U.T, np.eye(n) - 1.0 / n, rng.normal(size=(n, 1))
    np.testing.assert_allclose(F @ F.T, K @ K, atol=1e-8)
    large = np.linalg.eigvals(np.linalg.solve(np.eye(n) + K @ e @ e.T @ K, K @ H @ K)).real
    small = np.linalg.eigvals(np.linalg.solve(np.eye(F.shape[1]) + F.T @ e @ e.T @ F, F.T @ H @ F)).real
    np.testing.assert_allclose(np.sort(small)[-3:], np.sort(large)[-3:], rtol=1e-6)


def test_gaussian_features_are_kernel_values_with_all_rows_when_they_are_few() -> None:
    """k(x, y) = exp(-|x - y|^2 / (bandwidth * median)) of rows with a mean squared length of 1."""
    X = np.random.default_rng(1).normal(size=(40, 3))
    chain = kernel_chain(X[:25], X[25:], "gaussian", 2.0, unit=False, ctx=Context())
    Z = X / np.sqrt(np.square(X).sum(axis=1).mean())
    squares = np.square(Z[:, None] - Z).sum(axis=2)
    expected = np.exp(-squares / (2.0 * np.median(squares[np.tri(40, k=-1, dtype=bool)])))
    np.testing.assert_allclose(np.sort(chain(X), axis=1), np.sort(expected, axis=1), atol=1e-10)


def test_many_rows_are_spanned_by_some_of_them() -> None:
    """600 rows: 500 anchors; 1100 columns: 512 directions first."""
    rng = np.random.default_rng(2)
    few = kernel_chain(rng.normal(size=(400, 2)), rng.normal(size=(200, 2)), "gaussian", 1.0, unit=False, ctx=Context())
    assert few(np.zeros((3, 2))).shape == (3, 500)
    wide = rng.normal(size=(30, 1100))
    assert kernel_chain(wide[:20], wide[20:], "primal", 1.0, unit=False, ctx=Context())(wide).shape[1] <= 512


@pytest.mark.parametrize("kernel", ["primal", "linear", "gaussian"])
def test_rows_without_variation_stay_finite(kernel: str) -> None:
    """All zero, and a single row a side."""
    for X in (np.zeros((6, 3)), np.ones((2, 3))):
        F = kernel_chain(X[:1], X[1:], kernel, 1.0, unit=True, ctx=Context())(X)
        assert np.isfinite(F).all()
