"""Differences of means as coefficients of rows."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.discrepancy import (
    UNKNOWN,
    class_coefficients,
    mean_coefficients,
    normalized,
    scatter_of,
    shares,
)


def test_coefficients_give_differences_of_means() -> None:
    """F^T e = mean_S - mean_T, and per class; classes that one side lacks, and unknown rows, take no part."""
    rng = np.random.default_rng(0)
    F = rng.normal(size=(9, 3))
    ys, yt = np.array([0, 0, 1, 2, 1]), np.array([1, UNKNOWN, 0, 1])
    np.testing.assert_allclose(F.T @ mean_coefficients(5, 4), F[:5].mean(axis=0) - F[5:].mean(axis=0))
    L = class_coefficients(ys, yt, 4)
    expected = [F[:5][ys == c].mean(axis=0) - F[5:][yt == c].mean(axis=0) for c in (0, 1)]
    np.testing.assert_allclose(F.T @ L, np.transpose(expected))
    np.testing.assert_allclose(scatter_of(F, L), F.T @ L @ L.T @ F)


def test_norm_is_one() -> None:
    """||L L^T||_F = 1; zero stays zero."""
    L = np.random.default_rng(1).normal(size=(20, 3))
    np.testing.assert_allclose(np.linalg.norm(normalized(L) @ normalized(L).T), 1.0)
    np.testing.assert_array_equal(normalized(np.zeros((4, 2))), 0.0)


def test_shares_sum_to_one_in_each_present_class() -> None:
    """1 / n_c each."""
    np.testing.assert_allclose(shares(np.array([0, 0, 2]), 3).sum(axis=0), [1.0, 0.0, 1.0])
