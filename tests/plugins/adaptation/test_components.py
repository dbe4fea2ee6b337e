"""The generalised eigenproblem against SciPy's general solver."""

from __future__ import annotations

import numpy as np
import scipy.linalg
from autotransfer_adaptation.components import smallest_components, whitening


def test_equals_a_general_solver() -> None:
    """Up to signs: eigenvectors of (D + p I, F^T H F) of smallest eigenvalues, each of length 1."""
    rng = np.random.default_rng(0)
    F, B = rng.normal(size=(40, 6)) @ rng.normal(size=(6, 6)), rng.normal(size=(6, 2))
    centered = F - F.mean(axis=0)
    values, vectors = scipy.linalg.eig(B @ B.T + 0.3 * np.eye(6), centered.T @ centered)
    expected = vectors[:, np.argsort(values.real)[:3]].real
    expected /= np.linalg.norm(expected, axis=0)
    found = smallest_components(whitening(F), B @ B.T, 0.3, 3)
    np.testing.assert_allclose(np.abs(np.sum(found * expected, axis=0)), 1.0, atol=1e-8)


def test_indefinite_discrepancies_are_solved_too() -> None:
    """What keeps classes apart enters with a minus sign: the smallest quotient is still found."""
    rng = np.random.default_rng(1)
    F = rng.normal(size=(30, 4))
    D = np.diag([1.0, -50.0, 2.0, 3.0])
    found = smallest_components(whitening(F), D, 0.1, 1)[:, 0]
    assert abs(found[1]) > 0.9


def test_rank_bounds_the_number() -> None:
    """Three rows have rank 2 about their mean; rows without spread give one column of their own."""
    F = np.random.default_rng(2).normal(size=(3, 5))
    assert smallest_components(whitening(F), np.zeros((5, 5)), 1.0, 10).shape == (5, 2)
    assert smallest_components(whitening(np.ones((4, 5))), np.zeros((5, 5)), 1.0, 10).shape == (5, 1)
